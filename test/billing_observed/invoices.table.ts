// Invoices and what is put on them, from the draft to the end.
import { day, invoice, line, lines, price, subscribe } from "./calls.ts";
import type { Call, Play, Seen, Shown, Step } from "./play.ts";

const newest = "2026-08-26.dahlia";
const begun = 1_789_948_600;
const hour = 3600;

interface Billing {
  readonly why: string;
  readonly seen: Seen;
  readonly steps: readonly Step[];
}

const billing = ({ why, seen, steps }: Billing): Play => ({
  why,
  sure: "recorded",
  seen,
  version: newest,
  start: begun,
  steps,
});

const draft = (form = "", shows: Shown = {}): Call => ({
  call: "POST /v1/invoices",
  form: `customer={customer}${form}`,
  as: "invoice",
  shows,
});

const add = (amount: number, form = "", as = "item"): Call => ({
  call: "POST /v1/invoiceitems",
  form: `customer={customer}&amount=${amount}&currency=usd&description=Consulting${form}`,
  as,
});

const onDraft = "&invoice={invoice.id}";

const post = (action: string, shows: Shown, form = ""): Call => ({
  call: `POST /v1/invoices/{invoice.id}${action}`,
  form,
  as: "invoice",
  shows,
});

const get = (shows: Shown): Call => ({ call: "GET /v1/invoices/{invoice.id}", as: "invoice", shows });

/** As the first item has. */
const samePrice: Shown = {
  price_details: {
    price: "{item.pricing.price_details.price}",
    product: "{item.pricing.price_details.product}",
  },
};

const byMail = "&collection_method=send_invoice&days_until_due=30";

/** Stripe took up to 41 seconds to begin, and up to 56 more than its hour; here both are on time. */
const renewal = (start: number, end: number, next: number): Play => ({
  why: `a month that ends at ${end} is billed then, and paid an hour later`,
  sure: "recorded",
  seen: { "renewal-timing": 1 },
  start,
  steps: [
    price("plan", 1500),
    subscribe("plan"),
    { until: end },
    ...invoice({ status: "draft", webhooks_delivered_at: end, created: end }),
    { until: end + hour + 1 },
    ...invoice({
      billing_reason: "subscription_cycle",
      status: "paid",
      subtotal: 1500,
      total: 1500,
      amount_due: 1500,
      attempted: true,
      attempt_count: 1,
      starting_balance: 0,
      ending_balance: 0,
      period_start: start,
      period_end: end,
      created: end,
      webhooks_delivered_at: end,
      status_transitions: { finalized_at: end + hour + 1, paid_at: end + hour + 1 },
      lines: lines(line(1500, "1 × Plan (at $15.00 / month)", [end, next], { quantity: 1, discountable: true })),
    }),
  ],
});

export const invoicePlays: readonly Play[] = [
  billing({
    why: "a draft that will be sent is finalized an hour later, and nobody is charged",
    seen: { "draft-window": 1 },
    steps: [
      draft(`&auto_advance=true${byMail}`, {
        automatically_finalizes_at: begun + hour + 1,
        next_payment_attempt: null,
        due_date: begun + 30 * day,
      }),
    ],
  }),
  billing({
    why: "a draft stays one unless it is told to advance, and leaves behind what waits",
    seen: { "draft-window": 1 },
    steps: [
      add(2000),
      draft("", {
        auto_advance: false,
        automatically_finalizes_at: null,
        next_payment_attempt: null,
        status: "draft",
        number: null,
        effective_at: null,
        ending_balance: null,
        period_start: begun,
        period_end: begun,
        billing_reason: "manual",
        currency: "usd",
        webhooks_delivered_at: begun,
        total: 0,
        lines: lines(),
      }),
    ],
  }),
  billing({
    why: "whoever switches it off and on again has the hour of the beginning",
    seen: { "draft-window": 1 },
    steps: [
      draft("&auto_advance=true"),
      { until: begun + 600 },
      post("", { automatically_finalizes_at: null, next_payment_attempt: null }, "auto_advance=false"),
      post(
        "",
        { automatically_finalizes_at: begun + hour + 1, next_payment_attempt: begun + hour },
        "auto_advance=true",
      ),
    ],
  }),
  billing({
    why: "what was on a draft goes with it",
    seen: { "invoice-delete": 1, "invoice-lifecycle": 1 },
    steps: [
      add(2000),
      draft("&pending_invoice_items_behavior=include", { total: 2000 }),
      {
        call: "DELETE /v1/invoices/{invoice.id}",
        all: { id: "{invoice.id}", object: "invoice", deleted: true },
      },
      { call: "GET /v1/invoiceitems/{item.id}", refused: { status: 404, code: "resource_missing" } },
      { call: "GET /v1/invoiceitems", form: "pending=true&customer={customer}", shows: { data: [] } },
    ],
  }),
  billing({
    why: "finalized it is open, and nobody has tried to charge it",
    seen: { "invoice-finalize": 1 },
    steps: [
      draft("&auto_advance=true"),
      add(2000, onDraft),
      get({ rendering: { pdf: { page_size: "auto" } } }),
      post("/finalize", {
        status: "open",
        attempted: false,
        automatically_finalizes_at: null,
        next_payment_attempt: null,
        ending_balance: 0,
        auto_advance: true,
        number: /^[0-9A-Z]{8}-0001$/,
        effective_at: begun,
        status_transitions: { finalized_at: begun },
        rendering: { pdf: { page_size: "letter" } },
      }),
    ],
  }),
  billing({
    why: "a draft is finalized and paid by one call",
    seen: { "invoice-pay": 1 },
    steps: [
      draft(),
      add(2000, onDraft),
      { until: begun + 5 },
      post("/pay", {
        status: "paid",
        status_transitions: { finalized_at: begun + 5, paid_at: begun + 5 },
        attempt_count: 1,
        effective_at: begun + 5,
        number: /-0001$/,
        auto_advance: false,
      }),
    ],
  }),
  billing({
    why: "sending a draft finalizes it; sending it again changes nothing",
    seen: { "invoice-lifecycle": 2 },
    steps: [
      draft(`&auto_advance=true${byMail}`),
      add(4400, onDraft),
      { until: begun + 5 },
      post("/send", {
        status: "open",
        number: /-0001$/,
        effective_at: begun + 5,
        status_transitions: { finalized_at: begun + 5 },
        auto_advance: true,
        automatically_finalizes_at: null,
        attempted: false,
        due_date: begun + 30 * day,
      }),
      { until: begun + 9 },
      { call: "POST /v1/invoices/{invoice.id}/send", shows: { status: "open", effective_at: begun + 5 } },
    ],
  }),
  billing({
    why: "what is said of a paid invoice may change",
    seen: { "invoice-lifecycle": 1 },
    steps: [
      draft(),
      add(2000, onDraft),
      post("/pay", { status: "paid" }),
      post("", { status: "paid", metadata: { order: "7" } }, "metadata[order]=7"),
    ],
  }),
  billing({
    why: "how it is shown is said of an invoice of one's own, and not of a subscription's",
    seen: { "invoice-lifecycle": 1 },
    steps: [
      draft("", {
        rendering: { amount_tax_display: null, pdf: { page_size: "auto" }, template: null, template_version: null },
      }),
      price("plan", 1000),
      subscribe("plan"),
      ...invoice({ rendering: null }),
    ],
  }),
  billing({
    why: "an amount gets a price and a product of its own, and waits",
    seen: { "invoice-item": 1, "version-keys": 1 },
    steps: [
      {
        ...add(2000),
        shows: {
          frozen_fields: [],
          invoicing_rules: [],
          quantity: 1,
          quantity_decimal: "1",
          proration: false,
          discountable: true,
          invoice: null,
          parent: null,
          customer_account: null,
          period: { start: begun, end: begun },
          net_amount: undefined,
          proration_details: undefined,
          pricing: {
            type: "price_details",
            unit_amount_decimal: "2000",
            price_details: { price: /^price_/, product: /^prod_/ },
          },
        },
      },
    ],
  }),
  billing({
    why: "the same words for the same amount have the same price, another amount has another one",
    seen: { "invoice-line": 2 },
    steps: [
      add(2000),
      { ...add(2000, "", "again"), shows: { pricing: samePrice } },
      draft(),
      {
        call: "POST /v1/invoices/{invoice.id}/add_lines",
        form: "lines[0][amount]=2000&lines[0][description]=Consulting",
        as: "invoice",
        shows: {
          lines: {
            data: [
              {
                pricing: samePrice,
              },
            ],
          },
        },
      },
      {
        call: "POST /v1/invoices/{invoice.id}/lines/{invoice.lines.data.0.id}",
        form: "amount=2500",
        as: "line",
        shows: {
          object: "line_item",
          amount: 2500,
          pricing: { price_details: { product: "{item.pricing.price_details.product}" } },
        },
      },
      {
        call: "GET /v1/prices/{line.pricing.price_details.price}",
        shows: { unit_amount: 2500 },
      },
    ],
  }),
  renewal(1_763_888_335, 1_766_480_335, 1_769_158_735),
  renewal(1_763_891_944, 1_766_483_944, 1_769_162_344),
  renewal(1_763_892_053, 1_766_484_053, 1_769_162_453),
];
