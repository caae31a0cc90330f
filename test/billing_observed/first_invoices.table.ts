// What a subscription is billed when it begins.
import { day, invoice, line, lines, price, subscribe, subscription } from "./calls.ts";
import type { Play, Shown } from "./play.ts";

/** Paid in the second in which it was made. */
const paidAt = (second: number, amount: number): Shown => ({
  created: second,
  period_start: second,
  period_end: second,
  billing_reason: "subscription_create",
  status: "paid",
  auto_advance: false,
  attempted: true,
  attempt_count: 1,
  starting_balance: 0,
  ending_balance: 0,
  subtotal: amount,
  total: amount,
  amount_due: amount,
  number: /^[0-9A-Z]{8}-0001$/,
});

interface First {
  readonly version?: string;
  readonly start: number;
  readonly end: number;
  readonly amount: number;
  readonly label?: string;
}

const plain = (unit: string, amount: number) => `1${unit} × Plan (at $${amount / 100}.00 / month)`;

/** Before basil a line says what it is of by a word of its own. */
const ofSubscription = (version?: string): Shown =>
  version !== undefined && version < "2025-03-31"
    ? { type: "subscription", proration: false, discountable: true }
    : {
        parent: { type: "subscription_item_details", subscription_item_details: { proration: false } },
        discountable: true,
      };

const firstPaid = ({ version, start, end, amount, label }: First): Play => ({
  why: `a first invoice of ${amount} at ${start}`,
  sure: "recorded",
  seen: { "first-invoice-paid": 1 },
  version,
  start,
  steps: [
    price("plan", amount, { label }),
    subscribe("plan", "", { status: "active" }),
    ...invoice({
      ...paidAt(start, amount),
      lines: lines(line(amount, plain(label ? ` ${label}` : "", amount), [start, end], ofSubscription(version))),
    }),
  ],
});

const discounted = ({ version, start, end, label }: Omit<First, "amount">, seen: Play["seen"]): Play => ({
  why: `ten dollars off the first invoice at ${start}`,
  sure: "recorded",
  seen,
  version,
  start,
  steps: [
    price("plan", 2500, { label }),
    { call: "POST /v1/coupons", form: "amount_off=1000&currency=usd&duration=forever", as: "coupon" },
    subscribe("plan", version && version < "2022" ? "coupon={coupon.id}" : "discounts[0][coupon]={coupon.id}"),
    ...invoice({
      ...paidAt(start, 2500),
      total: 1500,
      amount_due: 1500,
      discounts: [/^di_/],
      total_discount_amounts: [{ amount: 1000 }],
      ...(version !== undefined && version > "2022" && { subtotal_excluding_tax: 2500, total_excluding_tax: 1500 }),
      lines: lines(
        line(2500, plain(label ? ` ${label}` : "", 2500), [start, end], {
          ...ofSubscription(version),
          discount_amounts: [{ amount: 1000 }],
        }),
      ),
    }),
  ],
});

const withShirt = (version: string, start: number, end: number): Play => ({
  why: `a shirt on the first invoice under ${version}`,
  sure: "recorded",
  seen: { "add-invoice-items": 1 },
  version,
  start,
  steps: [
    price("plan", 1000, { label: "user" }),
    { call: "POST /v1/prices", form: "currency=usd&unit_amount=1500&product_data[name]=T-Shirt", as: "shirt" },
    subscribe("plan", "add_invoice_items[0][price]={shirt.id}", { status: "active" }),
    ...invoice({
      ...paidAt(start, 2500),
      lines: lines(
        line(1500, "T-Shirt", [start, end], {
          quantity: 1,
          discountable: true,
          ...(version < "2025-03-31"
            ? { type: "invoiceitem", proration: false, price: { unit_amount: 1500 } }
            : { parent: { type: "invoice_item_details", invoice_item_details: { proration: false } } }),
        }),
        line(1000, "1 user × Plan (at $10.00 / month)", [start, end], ofSubscription(version)),
      ),
    }),
  ],
});

const open: Shown = {
  status: "open",
  attempted: true,
  attempt_count: 0,
  auto_advance: true,
  next_payment_attempt: null,
};

/** A card that asks leaves it open: nobody has tried in vain yet. */
const asking = (start: number, seen: Play["seen"], version?: string): Play => ({
  why: `a card that asks leaves the first invoice open at ${start}`,
  sure: "recorded",
  seen,
  version,
  start,
  card: "pm_card_threeDSecure2Required",
  steps: [
    price("plan", 2500),
    subscribe("plan", "", { status: "incomplete" }),
    ...invoice({ ...paidAt(start, 2500), ...open }),
  ],
});

const sentFrom = 1_789_948_580;

export const firstInvoicePlays: readonly Play[] = [
  firstPaid({ version: "2020-08-27", start: 1_629_140_201, end: 1_631_818_601, amount: 1900 }),
  firstPaid({
    version: "2024-12-18.acacia",
    start: 1_743_018_565,
    end: 1_745_696_965,
    amount: 1000,
    label: "user",
  }),
  firstPaid({
    version: "2025-02-24.acacia",
    start: 1_743_019_144,
    end: 1_745_697_544,
    amount: 1900,
    label: "user",
  }),
  firstPaid({ start: 1_766_666_505, end: 1_769_344_905, amount: 2000 }),
  discounted({ version: "2019-08-14", start: 1_573_012_038, end: 1_575_604_038 }, { "first-invoice-paid": 1 }),
  discounted({ version: "2020-08-27", start: 1_598_921_421, end: 1_601_513_421 }, { discount: 1 }),
  discounted({ version: "2022-11-15", start: 1_669_071_424, end: 1_671_663_424 }, { discount: 1 }),
  discounted({ version: "2023-08-16", start: 1_692_649_571, end: 1_695_327_971, label: "user" }, { discount: 1 }),
  discounted(
    { version: "2024-12-18.acacia", start: 1_743_018_556, end: 1_745_696_956, label: "user" },
    { discount: 1 },
  ),
  withShirt("2023-10-16", 1_698_153_809, 1_700_832_209),
  withShirt("2025-02-24.acacia", 1_743_019_161, 1_745_697_561),
  withShirt("2025-03-31.basil", 1_744_915_417, 1_747_507_417),
  asking(1_743_019_094, { "first-invoice-unpaid": 1 }, "2025-02-24.acacia"),
  asking(1_774_905_661, { "first-invoice-unpaid": 2 }, "2026-03-25.dahlia"),
  {
    why: "a card that asks makes no subscription where that is not wanted",
    sure: "recorded",
    seen: { "first-invoice-unpaid": 1 },
    version: "2026-08-26.dahlia",
    card: "pm_card_threeDSecure2Required",
    steps: [
      price("plan", 1000),
      {
        ...subscribe("plan", "payment_behavior=error_if_incomplete"),
        refused: {
          status: 402,
          type: "card_error",
          code: "subscription_payment_intent_requires_action",
          param: undefined,
          decline_code: undefined,
          doc_url: undefined,
        },
      },
      { call: "GET /v1/subscriptions", form: "status=all&customer={customer}", shows: { data: [] } },
      { call: "GET /v1/invoices", form: "customer={customer}", shows: { data: [] } },
    ],
  },
  {
    why: "what nobody has tried to pay is voided when its subscription expires",
    sure: "recorded",
    seen: { "first-invoice-unpaid": 1 },
    start: 1_764_924_822,
    card: null,
    steps: [
      price("plan", 1500),
      subscribe("plan", "payment_behavior=default_incomplete", { status: "incomplete" }),
      { until: 1_764_924_822 + day },
      subscription({ status: "incomplete_expired" }),
      ...invoice({
        ...paidAt(1_764_924_822, 1500),
        status: "void",
        attempted: false,
        attempt_count: 0,
        next_payment_attempt: null,
      }),
    ],
  },
  {
    why: "who is sent invoices is active, with a first one that is a draft",
    sure: "recorded",
    seen: { "send-invoice-first": 1, "subscription-lifecycle": 1 },
    version: "2026-08-26.dahlia",
    start: sentFrom,
    card: null,
    steps: [
      price("plan", 1000),
      subscribe("plan", "collection_method=send_invoice&days_until_due=30", {
        status: "active",
        days_until_due: 30,
        latest_invoice: /^in_/,
        pending_setup_intent: null,
        default_payment_method: null,
      }),
      ...invoice({
        status: "draft",
        auto_advance: true,
        number: null,
        attempted: false,
        due_date: sentFrom + 30 * day,
      }),
      { until: sentFrom + 3601 },
      ...invoice({ status: "open", number: /-0001$/ }),
    ],
  },
];
