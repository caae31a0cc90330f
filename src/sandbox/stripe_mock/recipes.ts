// How what a placeholder stands for is made, in a state that the call at hand can work with: by the calls that a
// program would make, inside one draft.
import type { StripeObject } from "../kernel/state/noun.ts";
import type { DraftCall } from "../kernel/wire/seed.ts";

/** What a recipe knows. */
export interface Kitchen {
  readonly call: DraftCall;
  /** Runs what a noun does later: `happen("dispute.openDisputes", charge.id)`. */
  readonly happen: (job: string, id: string) => void;
  /** Writes down the events of what was done so far, and answers the newest. */
  readonly recorded: () => StripeObject;
  /** The newest object of a kind that the draft has made by the way. */
  readonly made: (object: string) => StripeObject;
  /** What the object is to be called: `pi_123`. */
  readonly id: string;
  /** The call that the object is for: `POST /v1/payment_intents/:id/capture`. */
  readonly operation: string;
  /** What comes with that call. */
  readonly sent: Readonly<Record<string, string>>;
  /** Whose it is: the placeholder of that prefix that the call names, or one that is made now. */
  readonly owner: (prefix: string, fresh: () => StripeObject) => string;
}

export type Recipe = (kitchen: Kitchen) => StripeObject;

const never = { automatic_payment_methods: { enabled: "true", allow_redirects: "never" } };
const price = { amount: "2000", currency: "usd" };
const holding = {
  capture_method: "manual",
  confirm: "true",
  payment_method_options: { card: { request_incremental_authorization: "if_available" } },
};
const number = { account_number: "000123456789", routing_number: "110000000" };
const proof = {
  us_bank_account: { account_holder_type: "individual", ...number },
  billing_details: { name: "Jenny Rosen" },
};
const consent = { mandate_data: { customer_acceptance: { type: "offline" } } };

/** What the suites call otherwise than Stripe does. */
export const aliases: readonly (readonly [from: RegExp, to: string])[] = [
  [/^\/v1\/accounts\/acct_(?:123|xyz|x{4,})$/, "/v1/account"],
  [/^(\/v1\/payment_method_configurations)\/foo$/, "$1/pmc_123"],
  [/^(\/v1\/tax_codes)\/txcd_(?:123|xyz|x{4,})$/, "$1/txcd_10000000"],
  [/\b(setup_intent=)si_/, "$1seti_"],
];

/** What a call cannot do without although it names nothing: money to pay out. */
export const needed: Readonly<Record<string, readonly string[]>> = { "POST /v1/payouts": ["ch_123"] };

/** What is listed where the address does not end in the word for all of its kind. */
export const listedBelow: Readonly<Record<string, string>> = {
  "/v1/charges/:id/refunds": "refund",
  "/v1/customers/:id/balance_transactions": "customer_balance_transaction",
  "/v1/customers/:id/bank_accounts": "bank_account",
  "/v1/customers/:id/cards": "card",
  "/v1/customers/:id/payment_methods": "payment_method",
  "/v1/customers/:id/sources": "card",
  "/v1/customers/:id/subscriptions": "subscription",
  "/v1/customers/:id/tax_ids": "tax_id",
  "/v1/invoices/:id/lines": "line_item",
  "/v1/plans": "price",
  "/v1/products/:id/features": "product_feature",
};

const customerOf = ({ call, owner }: Kitchen) => owner("cus", () => call("/v1/customers", {}));
const chargeOf = ({ call, owner }: Kitchen) => owner("ch", () => call("/v1/charges", { ...price, source: "tok_visa" }));

/** Who can be billed, and pays. */
function payingCustomer({ call }: Kitchen): StripeObject {
  const card = { payment_method: "pm_card_visa", invoice_settings: { default_payment_method: "pm_card_visa" } };
  return call("/v1/customers", { email: "jenny@example.com", ...card });
}

const payer = (kitchen: Kitchen) => kitchen.owner("cus", () => payingCustomer(kitchen));

function monthly({ call }: Kitchen): string {
  const terms = { recurring: { interval: "month" }, product_data: { name: "Placeholder" } };
  return call("/v1/prices", { currency: "usd", unit_amount: "2000", ...terms }).id;
}

function subscribed(kitchen: Kitchen): StripeObject {
  const { call, operation } = kitchen;
  const coupon = () => call("/v1/coupons", { percent_off: "25", duration: "forever" }).id;
  const discount = operation.endsWith("/discount") ? { discounts: [{ coupon: coupon() }] } : {};
  const prices = operation === "DELETE /v1/subscription_items/:id" ? 2 : 1; // One stays.
  const items = Array.from({ length: prices }, () => ({ price: monthly(kitchen) }));
  return call("/v1/subscriptions", { customer: payer(kitchen), items, ...discount });
}

/** Its trial has ended, and nobody has said how it is paid. */
function paused(kitchen: Kitchen): StripeObject {
  const { call } = kitchen;
  const customer = call("/v1/customers", {}).id;
  const trial = { trial_period_days: "1", trial_settings: { end_behavior: { missing_payment_method: "pause" } } };
  const { id } = call("/v1/subscriptions", { customer, items: [{ price: monthly(kitchen) }], ...trial });
  return call(`/v1/subscriptions/${id}`, { trial_end: "now" });
}

function draftInvoice(kitchen: Kitchen): StripeObject {
  const { call } = kitchen;
  const customer = payer(kitchen);
  call("/v1/invoiceitems", { customer, ...price });
  return call("/v1/invoices", { customer, pending_invoice_items_behavior: "include" });
}

function openInvoice(kitchen: Kitchen): StripeObject {
  return kitchen.call(`/v1/invoices/${draftInvoice(kitchen).id}/finalize`, {});
}

/** An account whose owner has still to tell of small deposits. */
function unproved({ call }: Kitchen, path: string, wish: object): StripeObject {
  const on = { display_preference: { preference: "on" } };
  const { id } = call("/v1/payment_method_configurations", { us_bank_account: on });
  const method = { payment_method_data: { type: "us_bank_account", ...proof }, payment_method_configuration: id };
  return call(path, { ...wish, ...method, ...consent, confirm: "true", return_url: "https://example.com" });
}

const vat = { type: "eu_vat", value: "DE123456789" };
const placeholder = { name: "Placeholder" };

/** Its key is of no other: that of the product it is made for. */
function feature({ call }: Kitchen, product: string): StripeObject {
  return call("/v1/entitlements/features", { lookup_key: product, ...placeholder });
}

type Billed = StripeObject & { readonly customer: string };

/** By `object`. */
export const recipes: Readonly<Record<string, Recipe>> = {
  balance_transaction({ call, made }) {
    call("/v1/charges", { ...price, source: "tok_visa" });
    return made("balance_transaction");
  },
  bank_account(kitchen) {
    const { call, operation } = kitchen;
    const account = { object: "bank_account", country: "US", currency: "usd", ...number };
    const source = operation.endsWith("/verify") ? account : "btok_us_verified";
    return call(`/v1/customers/${customerOf(kitchen)}/sources`, { source });
  },
  card: (kitchen) => kitchen.call(`/v1/customers/${customerOf(kitchen)}/sources`, { source: "tok_visa" }),
  charge({ call, operation }) {
    if (operation === "POST /v1/payouts") {
      return call("/v1/charges", { amount: "900000", currency: "usd", source: "tok_bypassPending" });
    }
    const isHeld = operation.endsWith("/capture");
    return call("/v1/charges", { ...price, source: "tok_visa", ...(isHeld ? { capture: "false" } : {}) });
  },
  confirmation_token: ({ call }) => call("/v1/test_helpers/confirmation_tokens", { payment_method: "pm_card_visa" }),
  coupon: ({ call }) => call("/v1/coupons", { percent_off: "25", duration: "once" }),
  customer(kitchen) {
    const { call, operation } = kitchen;
    if (operation.endsWith(" /v1/customers/:id/discount")) {
      const { id: coupon } = call("/v1/coupons", { percent_off: "25", duration: "forever" });
      return call("/v1/customers", { coupon }, "acacia"); // No call of today gives one.
    }
    return operation.includes("subscription") ? payingCustomer(kitchen) : call("/v1/customers", {});
  },
  customer_balance_transaction: (kitchen) => {
    const path = `/v1/customers/${customerOf(kitchen)}/balance_transactions`;
    return kitchen.call(path, { amount: "-500", currency: "usd" });
  },
  dispute({ call, happen, made }) {
    happen("dispute.openDisputes", call("/v1/charges", { ...price, source: "tok_createDispute" }).id);
    return made("dispute");
  },
  "entitlements.active_entitlement"(kitchen) {
    const { call, made } = kitchen;
    const { id: product } = call("/v1/products", placeholder);
    const { id: entitlement_feature } = feature(kitchen, product);
    call(`/v1/products/${product}/features`, { entitlement_feature });
    const terms = { currency: "usd", unit_amount: "2000", recurring: { interval: "month" } };
    call("/v1/subscriptions", {
      customer: payer(kitchen),
      items: [{ price: call("/v1/prices", { product, ...terms }).id }],
    });
    return made("entitlements.active_entitlement");
  },
  "entitlements.feature": (kitchen) => feature(kitchen, kitchen.call("/v1/products", placeholder).id),
  ephemeral_key: (kitchen) => kitchen.call("/v1/ephemeral_keys", { customer: customerOf(kitchen) }),
  event({ call, recorded }) {
    call("/v1/customers", {});
    return recorded();
  },
  invoice(kitchen) {
    const isOpen = /\/(?:attach_payment|pay|send|void|mark_uncollectible)$/.test(kitchen.operation);
    return isOpen ? openInvoice(kitchen) : draftInvoice(kitchen);
  },
  invoice_payment(kitchen) {
    openInvoice(kitchen);
    return kitchen.made("invoice_payment");
  },
  invoiceitem: (kitchen) => kitchen.call("/v1/invoiceitems", { customer: payer(kitchen), ...price }),
  line_item(kitchen) {
    const invoice = kitchen.owner("in", () => draftInvoice(kitchen));
    kitchen.call(`/v1/invoices/${invoice}/add_lines`, { lines: [{ description: "Placeholder", amount: "2000" }] });
    return kitchen.made("line_item");
  },
  mandate({ call, made }) {
    call("/v1/setup_intents", {
      confirm: "true",
      payment_method: "pm_sepaDebit_success_de",
      return_url: "https://example.com",
      ...consent,
    });
    return made("mandate");
  },
  payment_intent(kitchen) {
    const { call, operation } = kitchen;
    if (operation.endsWith("/verify_microdeposits")) return unproved(kitchen, "/v1/payment_intents", price);
    if (operation.endsWith("/attach_payment")) {
      const { customer } = call(`/v1/invoices/${kitchen.owner("in", () => openInvoice(kitchen))}`, {}) as Billed;
      return call("/v1/payment_intents", { ...price, customer });
    }
    const wish = { ...price, ...never, payment_method: "pm_card_visa" };
    const isHeld = /\/(?:capture|increment_authorization)$/.test(operation);
    return call("/v1/payment_intents", { ...wish, ...(isHeld ? holding : {}) });
  },
  payment_method(kitchen) {
    const { call, operation, sent } = kitchen;
    const method = call("/v1/payment_methods", { type: "card", card: { token: "tok_visa" } });
    const isTheirs = operation.includes("customers") || (operation.startsWith("GET") && sent.customer !== undefined);
    const isFree = !/^POST \/v1\/payment_methods\/:id(?:\/detach)?$/.test(operation) && !isTheirs;
    return isFree ? method : call(`/v1/payment_methods/${method.id}/attach`, { customer: customerOf(kitchen) });
  },
  payment_method_configuration: ({ call }) => call("/v1/payment_method_configurations", {}),
  payout({ call, happen, operation }) {
    call("/v1/charges", { amount: "9000", currency: "usd", source: "tok_bypassPending" });
    const payout = call("/v1/payouts", { amount: "1000", currency: "usd" });
    for (const job of operation.endsWith("/reverse") ? ["sendOff", "arrive"] : []) happen(`payout.${job}`, payout.id);
    return payout;
  },
  price({ call, operation }) {
    const isRecurring = /\/v1\/plans|subscription/.test(operation);
    const terms = isRecurring ? { recurring: { interval: "month" } } : {};
    return call("/v1/prices", {
      currency: "usd",
      unit_amount: "2000",
      product_data: { name: "Placeholder" },
      ...terms,
    });
  },
  product: ({ call }) => call("/v1/products", placeholder),
  product_feature(kitchen) {
    const { call, owner } = kitchen;
    const { id: own } = call("/v1/products", placeholder);
    const { id: entitlement_feature } = feature(kitchen, own);
    return call(`/v1/products/${owner("prod", () => call("/v1/products", placeholder))}/features`, {
      entitlement_feature,
    });
  },
  "radar.early_fraud_warning"({ call, happen, made }) {
    happen("radar.early_fraud_warning.warn", call("/v1/charges", { ...price, source: "tok_visa" }).id);
    return made("radar.early_fraud_warning");
  },
  promotion_code({ call }) {
    const { id: coupon } = call("/v1/coupons", { percent_off: "25", duration: "once" });
    return call("/v1/promotion_codes", { promotion: { type: "coupon", coupon } });
  },
  refund: (kitchen) => kitchen.call("/v1/refunds", { charge: chargeOf(kitchen), amount: "100" }),
  review({ call, happen, made }) {
    happen("review.openReview", call("/v1/charges", { ...price, source: "tok_riskLevelElevated" }).id);
    return made("review");
  },
  setup_intent(kitchen) {
    const { call, operation } = kitchen;
    if (operation.endsWith("/verify_microdeposits")) return unproved(kitchen, "/v1/setup_intents", {});
    const isTried = operation.endsWith("/setup_attempts");
    const wish = { ...never, payment_method: "pm_card_visa" };
    return call("/v1/setup_intents", { ...wish, ...(isTried ? { confirm: "true" } : {}) });
  },
  source: ({ call }) => call("/v1/sources", { type: "card", token: "tok_visa" }),
  subscription: (kitchen) => (kitchen.operation.endsWith("/resume") ? paused(kitchen) : subscribed(kitchen)),
  tax_id: (kitchen) =>
    kitchen.operation.includes("customers")
      ? kitchen.call(`/v1/customers/${customerOf(kitchen)}/tax_ids`, vat)
      : kitchen.call("/v1/tax_ids", vat),
  subscription_schedule(kitchen) {
    const items = [{ price: monthly(kitchen) }];
    return kitchen.call("/v1/subscription_schedules", {
      customer: payer(kitchen),
      start_date: "1893456000",
      phases: [{ items }],
    });
  },
  tax_rate: ({ call }) => call("/v1/tax_rates", { display_name: "VAT", percentage: "20", inclusive: "false" }),
  // It goes only forwards, and no more than two years at once.
  "test_helpers.test_clock": ({ call, sent }) =>
    call("/v1/test_helpers/test_clocks", {
      frozen_time: String(Math.max(1, Number(sent.frozen_time ?? "1893456000") - 60)),
    }),
  token: ({ call, id }) =>
    call(
      "/v1/tokens",
      id.startsWith("btok_")
        ? { bank_account: { country: "US", currency: "usd", ...number, account_number: "000222222227" } }
        : { card: { number: "4242424242424242", exp_month: "12", exp_year: "2040" } },
    ),
  webhook_endpoint: ({ call }) =>
    call("/v1/webhook_endpoints", { url: "https://example.com/hook", enabled_events: ["charge.succeeded"] }),
};
