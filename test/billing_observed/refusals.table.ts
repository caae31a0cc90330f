// What Stripe was seen to refuse about invoices and subscriptions, word for word.
import { price, subscribe } from "./calls.ts";
import type { Address, Call, Play, Step } from "./play.ts";

const newest = "2026-08-26.dahlia";

interface Refused {
  readonly form?: string;
  readonly status?: 400 | 404;
  readonly code?: string;
  readonly param?: string;
}

/** What is not named is not there. */
const refuses = (call: Address, message: string, { form = "", status = 400, code, param }: Refused = {}): Call => ({
  call,
  form,
  refused: { status, type: "invalid_request_error", code, param, message },
});

const isMissing = (call: Address, param: string, message: string): Call =>
  refuses(call, message, { status: 404, code: "resource_missing", param });

const refused = (why: string, count: number, ...steps: readonly Step[]): Play => ({
  why,
  sure: "recorded",
  seen: { "error-billing": count },
  version: newest,
  steps,
});

const invoices = "/v1/invoices/in_nope";
const noInvoice = "No such invoice: 'in_nope'";
const subscriptions = "/v1/subscriptions/sub_nope";
const noSubscription = "No such subscription: 'sub_nope'";
const invoice: Call = { call: "POST /v1/invoices", form: "customer={customer}", as: "invoice" };
const item: Call = {
  call: "POST /v1/invoiceitems",
  form: "customer={customer}&invoice={invoice.id}&amount=2000&currency=usd",
};
const pay: Call = { call: "POST /v1/invoices/{invoice.id}/pay" };
const creating = "customer={customer}&items[0][price]={plan.id}";
const one = "/v1/subscriptions/{subscription.id}" as const;
const noMore = "No such subscription: '{subscription.id}'";

export const refusalPlays: readonly Play[] = [
  refused(
    "an invoice that is not there is called by two names",
    7,
    isMissing(`GET ${invoices}`, "invoice", noInvoice),
    isMissing(`DELETE ${invoices}`, "invoice", noInvoice),
    isMissing(`POST ${invoices}/send`, "invoice", noInvoice),
    { ...isMissing(`POST ${invoices}/add_lines`, "invoice", noInvoice), form: "lines[0][amount]=5" },
    isMissing(`POST ${invoices}`, "id", noInvoice),
    isMissing(`POST ${invoices}/pay`, "id", noInvoice),
    isMissing(`POST ${invoices}/mark_uncollectible`, "id", noInvoice),
  ),
  refused(
    "what is not a parameter of an invoice",
    1,
    refuses("POST /v1/invoices", "Received unknown parameter: nope", {
      form: "customer={customer}&nope=1",
      code: "parameter_unknown",
      param: "nope",
    }),
  ),
  refused(
    "a paid invoice is neither sent, deleted nor paid again",
    3,
    invoice,
    item,
    pay,
    refuses(
      "POST /v1/invoices/{invoice.id}/send",
      "This invoice cannot be sent right now. Please contact us via https://support.stripe.com/contact with details, " +
        "so we can help.",
    ),
    refuses("DELETE /v1/invoices/{invoice.id}", "You can only delete draft invoices."),
    invoice,
    pay,
    refuses("POST /v1/invoices/{invoice.id}/pay", "Invoice is already paid"),
  ),
  refused(
    "a subscription that is not there",
    2,
    isMissing(`GET ${subscriptions}`, "id", noSubscription),
    isMissing(`DELETE ${subscriptions}`, "id", noSubscription),
  ),
  refused(
    "what is sent of a subscription does not go together",
    4,
    price("plan", 1000),
    refuses("POST /v1/subscriptions", "Missing required param: items.", {
      form: "customer={customer}",
      code: "parameter_missing",
      param: "items",
    }),
    refuses(
      "POST /v1/subscriptions",
      "If invoice collection method is 'send_invoice', you must specify 'days_until_due'.",
      {
        form: `${creating}&collection_method=send_invoice`,
      },
    ),
    refuses(
      "POST /v1/subscriptions",
      "You can only specify 'days_until_due' if invoice collection method is 'send_invoice'.",
      { form: `${creating}&days_until_due=7` },
    ),
    refuses(
      "POST /v1/subscriptions",
      "You cannot set `trial_end` or `trial_period_days` when `trial_from_plan=true`.",
      { form: `${creating}&trial_end=4102444800&trial_from_plan=true` },
    ),
  ),
  refused(
    "subscriptions are looked for by a status that they have",
    1,
    refuses(
      "GET /v1/subscriptions",
      "Invalid status: must be one of active, past_due, unpaid, canceled, incomplete, incomplete_expired, trialing, " +
        "paused, all, or ended",
      { form: "status=bogus", param: "status" },
    ),
  ),
  refused(
    "an item of a subscription that is not there has other words",
    1,
    refuses("GET /v1/subscription_items/si_nope", "Invalid subscription_item id: si_nope", { status: 404 }),
  ),
  refused(
    "who is not paused does not resume, and who is canceled is not there for most",
    4,
    price("plan", 1000),
    subscribe("plan"),
    refuses(`POST ${one}/resume`, "You can only resume a subscription if it is `paused`."),
    { call: `DELETE ${one}` },
    refuses(`POST ${one}`, "A canceled subscription can only update its cancellation_details and metadata.", {
      form: "description=x",
      code: "invalid_canceled_subscription_fields",
    }),
    isMissing(`DELETE ${one}`, "id", noMore),
    isMissing(`POST ${one}/resume`, "id", noMore),
  ),
  refused(
    "two customers do not begin their invoices alike",
    1,
    { call: "POST /v1/customers", form: "email=bob@shop.test&invoice_prefix=GOLD7", as: "bob" },
    refuses(
      "POST /v1/customers/{customer}",
      "This invoice number prefix is taken by customer: {bob.id}. Please enter a different prefix.",
      { form: "invoice_prefix=GOLD7", param: "invoice_prefix" },
    ),
  ),
  {
    why: "nobody can pay for a subscription, in 2019 as today",
    sure: "recorded",
    seen: { error: 1 },
    version: "2019-08-14",
    card: null,
    steps: [
      {
        call: "POST /v1/plans",
        form: "id=small-monthly&amount=1000&currency=usd&interval=month&product[name]=Small",
      },
      {
        call: "POST /v1/subscriptions",
        form:
          "customer={customer}&items[0][plan]=small-monthly&off_session=true&trial_from_plan=true" +
          "&expand[0]=pending_setup_intent&expand[1]=latest_invoice.payment_intent",
        refused: {
          status: 400,
          type: "invalid_request_error",
          code: "resource_missing",
          param: undefined,
          message: /^This customer has no attached payment source or default payment method\./,
        },
      },
    ],
  },
];
