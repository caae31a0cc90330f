// What is told of what happens, and in which order. Stripe promises no order between the events of one second, and was
// seen to tell the same in several; what must come before what holds in all of them, and the order told here is one.
import { change, day, invoice, price, subscribe, update } from "./calls.ts";
import type { Counts } from "./kinds.table.ts";
import type { Call, Play, Shown, Step } from "./play.ts";

/** Types of events stand in one text, with spaces between them. */
export interface Flow extends Pick<Play, "billing" | "card" | "start" | "version"> {
  readonly why: string;
  /** How many sequences that were seen it is of, as a whole or in part. */
  readonly of?: number;
  readonly before?: readonly Step[];
  readonly steps: readonly Step[];
  /** In the order that is told here. */
  readonly told: string;
  /** Orders in which Stripe was seen to tell it, or a part of it. */
  readonly seen?: readonly string[];
  /** What was other before, of the first event of a type: all of it, or only the names of what has changed. */
  readonly previous?: Readonly<Record<string, Shown | readonly string[]>>;
}

const hour = 3600;
const begun = Date.UTC(2027, 3, 1) / 1000;
const month = 30 * day;
const plan = price("plan", 1000);
const subscribed = [plan, subscribe("plan")];
/** A feature of the plan's product. */
const reports: readonly Step[] = [
  { call: "POST /v1/entitlements/features", form: "lookup_key=reports&name=Reports", as: "feature" },
  { call: "POST /v1/products/{plan.product}/features", form: "entitlement_feature={feature.id}" },
];
const invoicing: Call = { call: "POST /v1/invoices", form: "customer={customer}", as: "invoice" };
const item: Call = {
  call: "POST /v1/invoiceitems",
  form: "customer={customer}&amount=2000&currency=usd&description=Consulting",
};
const included = "&pending_invoice_items_behavior=include";
const replaceCard = (card: string): Step[] => [
  { call: `POST /v1/payment_methods/${card}/attach`, form: "customer={customer}", as: "card" },
  { call: "POST /v1/customers/{customer}", form: "invoice_settings[default_payment_method]={card.id}" },
];

const scheduled = (form: string): Call => ({
  call: "POST /v1/subscription_schedules",
  form: `customer={customer}&start_date=now&${form}`,
  as: "schedule",
});

const paying = (form = ""): Call => ({
  call: "POST /v1/payment_intents",
  form: `amount=2000&currency=usd&payment_method_types[]=card&payment_method=pm_card_visa&confirm=true${form}`,
  as: "intent",
});

export const flows: readonly Flow[] = [
  {
    why: "a subscription that is paid at once",
    of: 5,
    before: [plan],
    steps: [subscribe("plan")],
    told: `
      customer.updated customer.subscription.created invoice.created payment_intent.created invoice.finalized
      charge.succeeded payment_intent.succeeded invoice.paid invoice.payment_succeeded
      invoice_payment.paid`,
    seen: [
      `
        customer.updated charge.succeeded payment_intent.succeeded customer.subscription.created invoice.created
        payment_intent.created invoice.finalized invoice.paid invoice.payment_succeeded invoice_payment.paid`,
      "invoice.created invoice.finalized invoice.payment_succeeded customer.subscription.created",
      `
        customer.subscription.created payment_intent.succeeded payment_intent.created invoice.created
        invoice.finalized invoice.paid invoice.payment_succeeded invoice_payment.paid`,
      `
        payment_intent.created payment_intent.succeeded invoice.created invoice.finalized invoice.paid
        invoice.payment_succeeded invoice_payment.paid`,
      "customer.subscription.created invoice.payment_succeeded",
    ],
  },
  {
    why: "a subscription that waits for its first payment",
    before: [plan],
    steps: [
      subscribe("plan", "payment_behavior=default_incomplete"),
      { call: "POST /v1/invoices/{subscription.latest_invoice}/pay" },
    ],
    told: `
      customer.updated customer.subscription.created invoice.created payment_intent.created invoice.finalized
      charge.succeeded payment_intent.succeeded customer.subscription.updated invoice.updated invoice.paid
      invoice.payment_succeeded invoice_payment.paid`,
    previous: { "customer.subscription.updated": { status: "incomplete" } },
  },
  {
    why: "a subscription that nobody pays expires",
    before: [plan, subscribe("plan", "payment_behavior=default_incomplete")],
    start: begun,
    steps: [{ until: begun + day }],
    told: "customer.subscription.updated payment_intent.canceled invoice.updated invoice.voided",
  },
  {
    why: "a month ends and the next is paid",
    of: 1,
    before: subscribed,
    start: begun,
    steps: [{ until: begun + month + 2 * hour }],
    told: `
      balance.available invoice.upcoming invoice.created customer.subscription.updated payment_intent.created
      invoice.updated invoice.finalized charge.succeeded payment_intent.succeeded invoice.updated invoice.paid
      invoice.payment_succeeded invoice_payment.paid`,
    previous: { "customer.subscription.updated": ["items", "latest_invoice"] },
  },
  {
    why: "a renewal that nobody can pay, and another card",
    before: [...subscribed, ...replaceCard("pm_card_chargeCustomerFail")],
    start: begun,
    steps: [
      { until: begun + month + 2 * hour },
      ...invoice({}),
      ...replaceCard("pm_card_visa"),
      { call: "POST /v1/invoices/{invoice.id}/pay" },
    ],
    told: `
      balance.available invoice.upcoming invoice.created customer.subscription.updated payment_intent.created
      invoice.updated invoice.finalized charge.failed payment_intent.payment_failed invoice.payment_failed
      invoice.updated
      customer.updated customer.subscription.updated payment_method.attached customer.updated charge.succeeded
      payment_intent.succeeded customer.updated customer.subscription.updated invoice.updated invoice.paid
      invoice.payment_succeeded invoice_payment.paid`,
  },
  {
    why: "an update that waited is paid",
    of: 1,
    before: [
      ...subscribed,
      ...replaceCard("pm_card_chargeCustomerFail"),
      price("more", 5000),
      {
        call: "POST /v1/subscriptions/{subscription.id}",
        form:
          "items[0][id]={subscription.items.data.0.id}&items[0][price]={more.id}&proration_behavior=always_invoice" +
          "&payment_behavior=pending_if_incomplete",
        as: "subscription",
      },
      ...replaceCard("pm_card_visa"),
    ],
    start: begun,
    steps: [{ call: "POST /v1/invoices/{subscription.latest_invoice}/pay" }],
    told: `
      charge.succeeded payment_intent.succeeded customer.subscription.updated
      customer.subscription.pending_update_applied invoice.updated invoice.paid invoice.payment_succeeded
      invoice_payment.paid`,
    seen: ["customer.subscription.updated customer.subscription.pending_update_applied"],
    previous: { "customer.subscription.updated": ["items", "pending_update", "plan"] },
  },
  {
    why: "a renewal that its payer has to confirm",
    before: [...subscribed, ...replaceCard("pm_card_threeDSecure2Required")],
    start: begun,
    steps: [{ until: begun + month + 2 * hour }],
    told: `
      balance.available invoice.upcoming invoice.created customer.subscription.updated payment_intent.created
      invoice.updated invoice.finalized payment_intent.requires_action invoice.payment_action_required
      invoice.payment_failed
      invoice.updated customer.updated customer.subscription.updated`,
  },
  {
    why: "a renewal that is tried until the subscription is canceled",
    before: [...subscribed, ...replaceCard("pm_card_chargeCustomerFail")],
    billing: { retries: [1] },
    start: begun,
    steps: [{ until: begun + month + 3 * day }],
    told: `
      balance.available invoice.upcoming invoice.created customer.subscription.updated payment_intent.created
      invoice.updated invoice.finalized charge.failed payment_intent.payment_failed invoice.payment_failed
      invoice.updated
      customer.updated customer.subscription.updated charge.failed payment_intent.payment_failed
      invoice.payment_failed invoice.updated invoice.updated customer.subscription.deleted`,
  },
  {
    why: "a trial begins",
    before: [plan],
    start: begun,
    steps: [subscribe("plan", "trial_period_days=14")],
    told: `
      customer.updated customer.subscription.created invoice.created invoice.finalized invoice.paid
      invoice.payment_succeeded`,
  },
  {
    why: "a trial ends, and a month that is paid begins",
    before: [plan, subscribe("plan", "trial_period_days=14")],
    start: begun,
    steps: [{ until: begun + 14 * day + 2 * hour }],
    told: `
      invoice.upcoming customer.subscription.trial_will_end invoice.created customer.subscription.updated
      payment_intent.created invoice.updated invoice.finalized charge.succeeded payment_intent.succeeded invoice.updated
      invoice.paid invoice.payment_succeeded invoice_payment.paid`,
    previous: { "customer.subscription.updated": ["items", "latest_invoice", "status"] },
  },
  {
    why: "a month ends on a clock that is advanced over it",
    of: 2,
    before: [
      { call: "POST /v1/test_helpers/test_clocks", form: `frozen_time=${begun}`, as: "clock" },
      { call: "POST /v1/customers", form: "test_clock={clock.id}", as: "ada" },
      { call: "POST /v1/payment_methods/pm_card_visa/attach", form: "customer={ada.id}", as: "card" },
      plan,
      {
        call: "POST /v1/subscriptions",
        form: "customer={ada.id}&items[0][price]={plan.id}&default_payment_method={card.id}",
      },
    ],
    start: begun,
    steps: [
      {
        call: "POST /v1/test_helpers/test_clocks/{clock.id}/advance",
        form: `frozen_time=${begun + month + 2 * hour}`,
      },
      { until: begun + 1 },
    ],
    told: `
      test_helpers.test_clock.advancing invoice.upcoming invoice.created customer.subscription.updated
      payment_intent.created invoice.updated invoice.finalized charge.succeeded payment_intent.succeeded invoice.updated
      invoice.paid invoice.payment_succeeded invoice_payment.paid test_helpers.test_clock.ready`,
    seen: ["test_helpers.test_clock.advancing test_helpers.test_clock.ready", "customer.subscription.updated"],
    // Under a clock the old invoice was seen to be left out.
    previous: { "customer.subscription.updated": ["items", "latest_invoice"] },
  },
  {
    why: "another price, charged at once on a new anchor, before subscriptions were flexible",
    of: 1,
    before: [plan, price("yearly", 9000, { interval: "year" }), subscribe("plan")],
    version: "2020-08-27",
    start: begun,
    steps: [{ until: begun + day }, change("[price]={yearly.id}&proration_behavior=always_invoice")],
    told: `
      invoiceitem.created invoice.created payment_intent.created invoice.finalized charge.succeeded
      payment_intent.succeeded invoice.paid invoice.payment_succeeded invoice_payment.paid
      customer.subscription.updated`,
    seen: [
      `
        invoice.created invoice.finalized invoice.paid invoice.payment_succeeded customer.subscription.updated
        invoiceitem.created`,
    ],
  },
  {
    why: "another price, charged with the next month",
    before: [plan, price("other", 3000), subscribe("plan")],
    start: begun,
    steps: [{ until: begun + day }, change("[price]={other.id}")],
    told: "invoiceitem.created invoiceitem.created customer.subscription.updated",
  },
  {
    why: "another price, charged at once",
    before: [plan, price("other", 3000), subscribe("plan")],
    start: begun,
    steps: [{ until: begun + day }, change("[price]={other.id}&proration_behavior=always_invoice")],
    told: `
      invoiceitem.created invoiceitem.created invoice.created payment_intent.created
      invoice.finalized charge.succeeded payment_intent.succeeded invoice.paid
      invoice.payment_succeeded invoice_payment.paid customer.subscription.updated`,
  },
  {
    why: "canceled at once",
    of: 1,
    before: subscribed,
    steps: [{ call: "DELETE /v1/subscriptions/{subscription.id}" }],
    told: "customer.subscription.deleted",
    seen: ["customer.subscription.deleted"],
  },
  {
    why: "canceled at the end of the month",
    of: 1,
    before: subscribed,
    start: begun,
    steps: [update("cancel_at_period_end=true"), { until: begun + month }],
    told: "customer.subscription.updated balance.available customer.subscription.deleted",
    seen: ["customer.subscription.updated customer.subscription.deleted"],
  },
  {
    why: "who was paused pays and goes on",
    of: 1,
    before: [
      plan,
      subscribe("plan", "trial_period_days=14&trial_settings[end_behavior][missing_payment_method]=pause"),
    ],
    card: null,
    start: begun,
    steps: [
      { until: begun + 14 * day },
      { call: "POST /v1/subscriptions/{subscription.id}/resume", as: "subscription" },
      ...replaceCard("pm_card_visa"),
      { call: "POST /v1/invoices/{subscription.latest_invoice}/pay" },
    ],
    told: `
      customer.subscription.trial_will_end customer.subscription.paused customer.subscription.updated
      invoice.created payment_intent.created invoice.finalized customer.subscription.updated payment_method.attached
      customer.updated charge.succeeded payment_intent.succeeded customer.subscription.resumed
      customer.subscription.updated invoice.updated invoice.paid invoice.payment_succeeded invoice_payment.paid`,
    seen: [
      "customer.subscription.paused customer.subscription.updated",
      "customer.subscription.resumed customer.subscription.updated",
    ],
  },
  {
    why: "who is paused goes on in the period of the old anchor",
    of: 1,
    version: "2026-09-30.endive",
    before: subscribed,
    start: begun,
    steps: [
      { call: "POST /v1/subscriptions/{subscription.id}/pause" },
      { call: "POST /v1/subscriptions/{subscription.id}/resume", form: "billing_cycle_anchor[type]=unchanged" },
    ],
    told: `
      invoiceitem.created customer.subscription.paused customer.subscription.updated
      invoiceitem.created customer.subscription.resumed customer.subscription.updated`,
    seen: [
      "customer.subscription.paused customer.subscription.updated",
      "customer.subscription.resumed customer.subscription.updated",
    ],
  },
  {
    why: "who is paused may use nothing until they go on",
    version: "2026-09-30.endive",
    before: [plan, ...reports, subscribe("plan")],
    start: begun,
    steps: [
      { call: "POST /v1/subscriptions/{subscription.id}/pause" },
      { call: "POST /v1/subscriptions/{subscription.id}/resume", form: "billing_cycle_anchor[type]=unchanged" },
    ],
    told: `
      invoiceitem.created customer.subscription.paused customer.subscription.updated
      entitlements.active_entitlement_summary.updated invoiceitem.created customer.subscription.resumed
      customer.subscription.updated entitlements.active_entitlement_summary.updated`,
    seen: [
      `
        customer.subscription.paused customer.subscription.updated
        entitlements.active_entitlement_summary.updated`,
      `
        customer.subscription.resumed customer.subscription.updated
        entitlements.active_entitlement_summary.updated`,
    ],
  },
  {
    why: "a one-off invoice is charged",
    of: 3,
    card: null,
    steps: [
      ...replaceCard("pm_card_visa"),
      item,
      { ...invoicing, form: `${invoicing.form}${included}` },
      { call: "POST /v1/invoices/{invoice.id}/pay" },
    ],
    told: `
      payment_method.attached customer.updated customer.updated invoiceitem.created invoice.created
      payment_intent.created invoice.updated invoice.finalized charge.succeeded payment_intent.succeeded invoice.updated
      invoice.paid invoice.payment_succeeded invoice_payment.paid`,
    seen: [
      `
        payment_method.attached customer.updated invoiceitem.created invoice.created charge.succeeded
        payment_intent.succeeded invoice.finalized invoice.paid invoice.payment_succeeded`,
      "invoice.paid invoice.payment_succeeded",
    ],
    previous: { "customer.updated": ["invoice_settings"] },
  },
  {
    why: "a one-off invoice is sent, and paid out of band",
    steps: [
      item,
      { ...invoicing, form: `${invoicing.form}${included}&collection_method=send_invoice&days_until_due=30` },
      { call: "POST /v1/invoices/{invoice.id}/send" },
      { call: "POST /v1/invoices/{invoice.id}/pay", form: "paid_out_of_band=true" },
    ],
    told: `
      customer.updated invoiceitem.created invoice.created payment_intent.created invoice.updated invoice.finalized
      invoice.sent
      invoice.updated invoice.paid invoice.payment_succeeded payment_intent.canceled`,
    previous: {
      "invoice.updated": {
        effective_at: null,
        ending_balance: null,
        hosted_invoice_url: null,
        invoice_pdf: null,
        number: null,
        rendering: { pdf: { page_size: "auto" } },
        status: "draft",
        status_transitions: { finalized_at: null },
      },
    },
  },
  {
    why: "an invoice is voided, another one written off",
    steps: ["void", "mark_uncollectible"].flatMap((end) => [
      item,
      { ...invoicing, form: `${invoicing.form}${included}` },
      { call: "POST /v1/invoices/{invoice.id}/finalize" } as const,
      { call: `POST /v1/invoices/{invoice.id}/${end}` } as const,
    ]),
    told: `
      customer.updated invoiceitem.created invoice.created payment_intent.created invoice.updated invoice.finalized
      payment_intent.canceled invoice.updated invoice.voided invoiceitem.created invoice.created payment_intent.created
      invoice.updated invoice.finalized invoice.updated invoice.marked_uncollectible`,
  },
  {
    why: "a draft advances by itself, or does not",
    of: 1,
    before: [{ ...invoicing, form: `${invoicing.form}&auto_advance=true` }],
    steps: [{ call: "POST /v1/invoices/{invoice.id}", form: "auto_advance=false" }],
    told: "invoice.updated",
    previous: { "invoice.updated": ["auto_advance", "automatically_finalizes_at", "next_payment_attempt"] },
  },
  {
    why: "a payment is refunded",
    of: 1,
    before: [paying()],
    steps: [{ call: "POST /v1/refunds", form: "payment_intent={intent.id}" }],
    told: "refund.created charge.refunded refund.updated charge.refund.updated",
    previous: { "charge.refunded": { amount_refunded: 0, refunded: false } },
  },
  {
    why: "a charge that is held is captured",
    of: 1,
    before: [paying("&capture_method=manual")],
    steps: [{ call: "POST /v1/payment_intents/{intent.id}/capture" }],
    told: "charge.captured payment_intent.succeeded charge.updated",
    previous: { "charge.captured": ["amount_captured", "captured"] },
  },
  {
    why: "what a payment brings in is known two seconds later",
    of: 1,
    before: [paying()],
    start: begun,
    steps: [{ until: begun + 5 }],
    told: "charge.updated",
    previous: { "charge.updated": { balance_transaction: null } },
  },
  {
    why: "a dispute is lost",
    of: 1,
    before: [
      {
        call: "POST /v1/payment_intents",
        form: "amount=2000&currency=usd&payment_method_types[]=card&payment_method=pm_card_createDispute&confirm=true",
      },
      { call: "GET /v1/disputes", as: "disputes" },
    ],
    start: begun,
    steps: [{ call: "POST /v1/disputes/{disputes.data.0.id}/close" }],
    told: "charge.dispute.closed",
    previous: { "charge.dispute.closed": { status: "needs_response" } },
  },
  {
    why: "a payment method is attached, changed and detached",
    of: 2,
    before: [{ call: "POST /v1/payment_methods", form: "type=card&card[token]=tok_visa", as: "card" }],
    steps: [
      { call: "POST /v1/payment_methods/{card.id}/attach", form: "customer={customer}" },
      { call: "POST /v1/payment_methods/{card.id}", form: "allow_redisplay=always" },
      { call: "POST /v1/payment_methods/{card.id}/detach" },
    ],
    told: "payment_method.attached payment_method.updated payment_method.detached",
    seen: ["payment_method.attached payment_method.updated payment_method.detached"],
    previous: { "payment_method.updated": { allow_redisplay: "unspecified" }, "payment_method.detached": ["customer"] },
  },
  {
    why: "a customer is called otherwise, and deleted",
    of: 2,
    steps: [
      { call: "POST /v1/customers/{customer}", form: "email=grace@shop.test&name=Grace" },
      { call: "DELETE /v1/customers/{customer}" },
    ],
    told: "customer.updated customer.deleted",
    seen: ["customer.updated customer.deleted"],
    previous: { "customer.updated": { email: "ada@shop.test", name: "Ada" }, "customer.deleted": {} },
  },
  {
    why: "a product is described, and deleted",
    of: 1,
    steps: [
      { call: "POST /v1/products", form: "name=Gold", as: "product" },
      { call: "POST /v1/products/{product.id}", form: "description=Shiny&metadata[a]=1" },
      { call: "DELETE /v1/products/{product.id}" },
    ],
    told: "product.created product.updated product.deleted",
    seen: ["product.created product.updated product.deleted"],
    previous: { "product.updated": { description: null, metadata: { a: null } }, "product.deleted": {} },
  },
  {
    why: "a product comes with its first price",
    of: 1,
    steps: [
      {
        call: "POST /v1/products",
        form: "name=Gold&default_price_data[currency]=usd&default_price_data[unit_amount]=500",
      },
    ],
    told: "product.created price.created",
    seen: ["product.created price.created"],
  },
  {
    why: "a lookup key goes over to another price",
    of: 1,
    before: [{ call: "POST /v1/prices", form: "currency=usd&unit_amount=500&product_data[name]=Gold&lookup_key=gold" }],
    steps: [
      {
        call: "POST /v1/prices",
        form: "currency=usd&unit_amount=600&product_data[name]=Gold&lookup_key=gold&transfer_lookup_key=true",
      },
    ],
    told: "product.created price.created price.updated",
    seen: ["price.created price.updated"],
    previous: { "price.updated": { lookup_key: "gold" } },
  },
  {
    why: "a coupon is named, and deleted",
    of: 1,
    steps: [
      { call: "POST /v1/coupons", form: "percent_off=10", as: "coupon" },
      { call: "POST /v1/coupons/{coupon.id}", form: "name=Ten&metadata[k]=1" },
      { call: "DELETE /v1/coupons/{coupon.id}" },
    ],
    told: "coupon.created coupon.updated coupon.deleted",
    seen: ["coupon.created coupon.updated coupon.deleted"],
    previous: { "coupon.updated": { name: null, metadata: { k: null } }, "coupon.deleted": {} },
  },
  {
    why: "a promotion code is taken out of use",
    of: 1,
    before: [{ call: "POST /v1/coupons", form: "percent_off=10", as: "coupon" }],
    steps: [
      {
        call: "POST /v1/promotion_codes",
        form: "promotion[type]=coupon&promotion[coupon]={coupon.id}",
        as: "code",
      },
      { call: "POST /v1/promotion_codes/{code.id}", form: "active=false" },
    ],
    told: "promotion_code.created promotion_code.updated",
    seen: ["promotion_code.created promotion_code.updated"],
    previous: { "promotion_code.updated": { active: true } },
  },
  {
    why: "a tax rate is described and taken out of use",
    of: 1,
    steps: [
      { call: "POST /v1/tax_rates", form: "display_name=VAT&percentage=10&inclusive=false", as: "rate" },
      { call: "POST /v1/tax_rates/{rate.id}", form: "active=false&description=Old" },
    ],
    told: "tax_rate.created tax_rate.updated",
    seen: ["tax_rate.created tax_rate.updated"],
    previous: { "tax_rate.updated": { active: true, description: null } },
  },
  {
    why: "a subscription to a product with a feature",
    of: 1,
    before: [plan, ...reports],
    steps: [subscribe("plan", "trial_period_days=7")],
    told: `
      customer.updated customer.subscription.created invoice.created invoice.finalized invoice.paid
      invoice.payment_succeeded entitlements.active_entitlement_summary.updated`,
    previous: { "entitlements.active_entitlement_summary.updated": { entitlements: { data: [] } } },
  },
  {
    why: "a renewal that is ahead is announced",
    of: 1,
    start: Date.UTC(2024, 0, 1) / 1000,
    before: subscribed,
    steps: [{ until: Date.UTC(2024, 0, 29) / 1000 }],
    told: "balance.available invoice.upcoming",
    seen: ["invoice.upcoming"],
  },
  {
    why: "a schedule that begins now begins its subscription, whose first invoice is a draft",
    before: [plan],
    steps: [scheduled("phases[0][items][0][price]={plan.id}")],
    told: "customer.updated customer.subscription.created invoice.created subscription_schedule.created",
    seen: ["customer.subscription.created invoice.created subscription_schedule.created"],
  },
  {
    why: "a schedule is put on a subscription",
    of: 1,
    before: subscribed,
    steps: [{ call: "POST /v1/subscription_schedules", form: "from_subscription={subscription.id}" }],
    told: "customer.subscription.updated subscription_schedule.created",
    previous: { "customer.subscription.updated": { schedule: null } },
  },
  {
    why: "a schedule lets go of its subscription",
    before: [plan, scheduled("phases[0][items][0][price]={plan.id}")],
    steps: [{ call: "POST /v1/subscription_schedules/{schedule.id}/release" }],
    told: "subscription_schedule.updated customer.subscription.updated subscription_schedule.released",
    seen: ["subscription_schedule.updated customer.subscription.updated subscription_schedule.released"],
    previous: { "customer.subscription.updated": ["schedule"] },
  },
  {
    why: "a schedule is canceled with its subscription",
    of: 1,
    before: [plan, scheduled("phases[0][items][0][price]={plan.id}")],
    steps: [{ call: "POST /v1/subscription_schedules/{schedule.id}/cancel", form: "invoice_now=false&prorate=false" }],
    told: "invoice.updated customer.subscription.deleted subscription_schedule.canceled",
    seen: ["customer.subscription.deleted subscription_schedule.canceled invoice.updated"],
    previous: { "subscription_schedule.canceled": ["canceled_at", "current_phase", "status"] },
  },
];

/** What Stripe was seen to tell where something is used that is not built here. */
export const otherOrders: readonly string[] = [
  `customer.created customer.updated customer.subscription.created payment_intent.succeeded payment_intent.created
    checkout.session.completed invoice.created invoice.finalized invoice.paid invoice.payment_succeeded
    invoiceitem.created`,
  "customer.subscription.created customer.subscription.updated",
  `invoice.created invoice.finalized invoice.paid invoice.payment_succeeded customer.subscription.deleted
    invoice_payment.paid`,
  "billing_portal.session.created customer.subscription.updated customer.subscription.deleted",
];

/** Of the sequences that were seen those that no flow is of, by what they wait for. */
export const waitingFlows: Counts = {
  Checkout: 3,
  "automations of an account": 1,
  "the customer portal": 1,
};

/** Stripe was seen to tell it once, and its SDKs know no such event any more. */
export const untoldFlows: Counts = { "`invoiceitem.updated` of an item that comes on an invoice": 1 };

export const flowsSeen = 42;

/** Of two that are told of the same object in one flow. */
export const mustPrecede: readonly (readonly [first: string, second: string])[] = [
  ["customer.created", "customer.updated"],
  ["customer.subscription.created", "customer.subscription.updated"],
  ["customer.subscription.updated", "customer.subscription.deleted"],
  ["customer.subscription.deleted", "subscription_schedule.canceled"],
  ["subscription_schedule.updated", "subscription_schedule.released"],
  ["invoice.created", "invoice.finalized"],
  ["invoice.finalized", "invoice.sent"],
  ["invoice.finalized", "invoice.paid"],
  ["invoice.finalized", "invoice.payment_failed"],
  ["invoice.finalized", "invoice.voided"],
  ["invoice.paid", "invoice.payment_succeeded"],
  ["invoice.payment_succeeded", "invoice_payment.paid"],
  ["invoice.payment_action_required", "invoice.payment_failed"],
  ["charge.succeeded", "payment_intent.succeeded"],
  ["charge.failed", "payment_intent.payment_failed"],
  ["payment_intent.payment_failed", "invoice.payment_failed"],
  ["payment_intent.succeeded", "invoice.paid"],
  ["product.created", "price.created"],
  ["coupon.created", "coupon.deleted"],
  ["payment_method.attached", "payment_method.detached"],
  ["test_helpers.test_clock.advancing", "test_helpers.test_clock.ready"],
];
