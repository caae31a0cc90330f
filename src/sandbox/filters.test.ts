// Every filter that a list declares is held: what it answers are exactly those of whom it is true.
import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { minuteMs } from "#kit/clock.ts";
import { schemaFiles } from "./kernel/schema/files.ts";
import { canonicalOperation } from "./kernel/schema/schema.ts";
import { resources } from "./resources/index.ts";
import { doEverything, type Json } from "./resources/testing.ts";
import { type SandboxWorld, startWorld } from "./testing.ts";

/** What is sent, and of whom it is true. */
type Asked = readonly [form: string, isMeant: (object: Json) => unknown];
type Filter = (objects: readonly Json[]) => readonly Asked[];

function valueAt(object: Json, path: string): unknown {
  return path.split(".").reduce<unknown>((part, step) => (part as Json | null | undefined)?.[step], object) ?? null;
}

function sample(objects: readonly Json[], path: string): unknown[] {
  const values = new Set(objects.map((object) => valueAt(object, path)).filter((value) => value !== null));
  assert.ok(values.size > 0, `somebody has ${path}`);
  return [...values].slice(0, 3);
}

/** Each of the first few values that there are, and others that nobody may have. */
function is(param: string, path = param, others: readonly unknown[] = []): Filter {
  return (objects) => {
    const found = sample(objects, path);
    const asked = typeof found[0] === "boolean" ? [true, false] : [...found, ...others];
    return asked.map((value): Asked => [`${param}=${value}`, (object) => valueAt(object, path) === value]);
  };
}

function isOneOf(param: string, path: string): Filter {
  return (objects) => {
    const values = sample(objects, path).slice(0, 2);
    const form = values.map((value) => `${param}[]=${value}`).join("&");
    return [[form, (object) => values.includes(valueAt(object, path))]];
  };
}

function lies(param: string, path = param): Filter {
  return (objects) => {
    const numbers = objects.map((object) => Number(valueAt(object, path))).filter((number) => number > 0);
    const middle = numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? assert.fail(param);
    const at = (object: Json) => Number(valueAt(object, path) ?? Number.NaN);
    return [
      [`${param}=${middle}`, (object) => at(object) === middle],
      [`${param}[gte]=${middle}`, (object) => at(object) >= middle],
      [`${param}[gt]=${middle}`, (object) => at(object) > middle],
      [`${param}[lte]=${middle}`, (object) => at(object) <= middle],
      [`${param}[lt]=${middle}`, (object) => at(object) < middle],
    ];
  };
}

/** Of values that are known beforehand. */
const asked =
  (...rows: readonly Asked[]): Filter =>
  () =>
    rows;

const isOver = ({ status }: Json) => status === "canceled" || status === "incomplete_expired";

const ofNoOther = "there are no accounts of the second version";

/** By list, then by parameter: how it is held, or why it is not. */
const lists: Readonly<Record<string, Readonly<Record<string, Filter | string>>>> = {
  "/v1/events": {
    created: lies("created"),
    type: is("type"),
    types: isOneOf("types", "type"),
    delivery_success: "nothing in an event says it; the events' own tests do",
  },
  "/v1/webhook_endpoints": {},
  "/v1/payment_methods": {
    customer: "without it those of nobody are listed",
    customer_account: ofNoOther,
    type: is("type", "type", ["link"]),
    allow_redisplay: is("allow_redisplay", "allow_redisplay", ["limited"]),
  },
  "/v1/payment_method_configurations": { active: is("active"), application: "there are no platforms" },
  "/v1/products": {
    active: is("active"),
    created: lies("created"),
    ids: isOneOf("ids", "id"),
    shippable: is("shippable"),
    type: is("type", "type", ["good"]),
    url: is("url"),
  },
  "/v1/entitlements/features": {
    archived: asked(["archived=false", ({ active }) => active === true], ["archived=true", () => false]),
    lookup_key: is("lookup_key"),
  },
  "/v1/products/:id/features": {},
  "/v1/product_catalog/trial_offers": {
    active: is("active"),
    created: "it does not show when it was made; its own test asks",
    prices: is("prices[]", "price"),
  },
  "/v1/entitlements/active_entitlements": { customer: "without it there is no list" },
  "/v1/prices": {
    active: is("active"),
    created: lies("created"),
    currency: is("currency"),
    lookup_keys: isOneOf("lookup_keys", "lookup_key"),
    product: is("product"),
    recurring: is("recurring[interval]", "recurring.interval"),
    type: is("type"),
  },
  "/v1/plans": { active: is("active"), created: lies("created"), product: is("product") },
  "/v1/coupons": { created: lies("created") },
  "/v1/tax_codes": {},
  "/v1/tax_rates": { active: is("active"), created: lies("created"), inclusive: is("inclusive") },
  "/v1/invoice_rendering_templates": { status: is("status") },
  "/v1/shipping_rates": {
    active: is("active"),
    created: lies("created"),
    currency: is("currency", "fixed_amount.currency"),
  },
  "/v1/promotion_codes": {
    active: is("active"),
    code: is("code"),
    coupon: (objects) => is("coupon", "promotion.coupon")(objects.filter(({ active }) => active)),
    created: lies("created"),
    customer: is("customer"),
    customer_account: ofNoOther,
  },
  "/v1/test_helpers/test_clocks": {},
  "/v1/customers": { created: lies("created"), email: is("email"), test_clock: "the clocks' own tests hold it" },
  "/v1/customers/:id/tax_ids": {},
  "/v1/tax_ids": { owner: "without it the account's own are listed" },
  "/v1/customers/:id/payment_methods": {
    allow_redisplay: is("allow_redisplay"),
    type: is("type", "type", ["link"]),
  },
  "/v1/customers/:id/sources": { object: is("object") },
  "/v1/customers/:id/balance_transactions": { created: lies("created"), invoice: is("invoice") },
  "/v1/balance_transactions": {
    created: lies("created"),
    currency: is("currency"),
    payout: "nothing in a transaction says it; the payouts' own tests do",
    source: is("source"),
    type: is("type"),
  },
  "/v1/charges": {
    created: lies("created"),
    customer: is("customer"),
    payment_intent: is("payment_intent"),
    transfer_group: is("transfer_group"),
  },
  "/v1/refunds": { charge: is("charge"), created: lies("created"), payment_intent: is("payment_intent") },
  "/v1/disputes": { charge: is("charge"), created: lies("created"), payment_intent: is("payment_intent") },
  "/v1/radar/early_fraud_warnings": {
    charge: is("charge"),
    created: lies("created"),
    payment_intent: is("payment_intent"),
  },
  "/v1/payment_intents": { created: lies("created"), customer: is("customer"), customer_account: ofNoOther },
  "/v1/invoice_payments": {
    created: lies("created"),
    invoice: is("invoice"),
    payment: is("payment[type]=payment_intent&payment[payment_intent]", "payment.payment_intent"),
    status: is("status"),
  },
  "/v1/invoiceitems": {
    created: lies("created", "date"),
    customer: is("customer"),
    customer_account: ofNoOther,
    invoice: is("invoice"),
    pending: asked(
      ["pending=true", ({ invoice }) => invoice === null],
      ["pending=false", ({ invoice }) => invoice !== null],
    ),
  },
  "/v1/invoices": {
    collection_method: is("collection_method"),
    created: lies("created"),
    customer: is("customer"),
    customer_account: ofNoOther,
    due_date: lies("due_date"),
    status: is("status"),
    subscription: is("subscription", "parent.subscription_details.subscription"),
  },
  "/v1/invoices/:id/lines": {},
  "/v1/credit_notes": {
    created: lies("created"),
    customer: is("customer"),
    customer_account: ofNoOther,
    invoice: is("invoice"),
  },
  "/v1/credit_notes/:id/lines": {},
  "/v1/credit_notes/preview/lines": Object.fromEntries(
    (
      "amount credit_amount effective_at email_type invoice lines memo metadata out_of_band_amount reason " +
      "refund_amount refunds shipping_cost"
    )
      .split(" ")
      .map((name) => [name, "it says what is previewed"]),
  ),
  "/v1/reviews": { created: lies("created") },
  "/v1/setup_attempts": { created: lies("created"), setup_intent: "without it there is no list" },
  "/v1/setup_intents": {
    attach_to_self: is("attach_to_self"),
    created: lies("created"),
    customer: is("customer"),
    customer_account: ofNoOther,
    payment_method: is("payment_method"),
  },
  "/v1/subscription_schedules": {
    canceled_at: lies("canceled_at"),
    completed_at: lies("completed_at"),
    created: lies("created"),
    customer: is("customer"),
    customer_account: ofNoOther,
    released_at: lies("released_at"),
    scheduled: asked(["scheduled=true", ({ status }) => status === "not_started"], ["scheduled=false", () => true]),
  },
  "/v1/subscriptions": {
    automatic_tax: asked(["automatic_tax[enabled]=true", () => false], ["automatic_tax[enabled]=false", () => true]),
    collection_method: is("collection_method", "collection_method", ["send_invoice"]),
    created: lies("created"),
    current_period_end: lies("current_period_end", "items.data.0.current_period_end"),
    current_period_start: lies("current_period_start", "items.data.0.current_period_start"),
    customer: is("customer"),
    customer_account: ofNoOther,
    plan: is("plan", "items.data.0.plan.id"),
    price: is("price", "items.data.0.price.id"),
    status: asked(
      ["status=active", ({ status }) => status === "active"],
      ["status=canceled", ({ status }) => status === "canceled"],
      ["status=ended", isOver],
      ["status=all", () => true],
    ),
    test_clock: "the clocks' own tests hold it",
  },
  "/v1/subscription_items": { subscription: "without it there is no list" },
  "/v1/payouts": {
    arrival_date: lies("arrival_date"),
    created: lies("created"),
    destination: is("destination"),
    status: is("status"),
  },
};

const paging = new Set(["ending_before", "expand", "limit", "starting_after"]);

/** Of every list in the manifests, what the newest SDK may filter by. */
function declared(): Record<string, string[]> {
  const { operations, defs } = schemaFiles.family("endive");
  const found = resources.flatMap(({ routes }) =>
    routes.flatMap(({ method, path }) => {
      const operation = canonicalOperation(`${method} ${path}`);
      const { page, params } = operations[operation] ?? {};
      if (page !== "list") return [];
      const schema = typeof params === "object" && "ref" in params ? defs[params.ref] : params;
      const names = typeof schema === "object" && "object" in schema ? Object.keys(schema.object) : [];
      const filters = names.map((name) => name.replace("?", "")).filter((name) => !paging.has(name));
      return [[operation.slice("GET ".length), filters.toSorted()] as const];
    }),
  );
  return Object.fromEntries(found);
}

/** What is in no list yet, a customer of whom there is something in each, and what lists need to show all there is. */
async function makeRich({ stripe, clock }: SandboxWorld) {
  const product = await stripe.products.create({ name: "Shoes", url: "https://shop.test/shoes", shippable: true });
  const currency = "usd";
  await stripe.prices.create({ product: product.id, currency, unit_amount: 1, lookup_key: "shoes" });
  const { id: customer } = await stripe.customers.create({ email: "rich@shop.test", source: "tok_visa" });
  await stripe.customers.createSource(customer, { source: "btok_us_verified" });
  const always = await stripe.paymentMethods.create({
    type: "card",
    card: { token: "tok_visa" },
    allow_redisplay: "always",
  });
  await stripe.paymentMethods.attach(always.id, { customer });
  await stripe.customers.createBalanceTransaction(customer, { amount: -300, currency });
  const { id: invoice } = await stripe.invoices.create({
    customer,
    collection_method: "send_invoice",
    days_until_due: 9,
  });
  await stripe.invoiceItems.create({ customer, invoice, amount: 500, currency });
  await stripe.invoices.finalizeInvoice(invoice);
  await stripe.creditNotes.create({ invoice, amount: 5 });
  await stripe.charges.create({ amount: 900, currency, source: "tok_visa", transfer_group: "spring" });
  for (const trouble of ["riskLevelElevated", "createDispute", "createIssuerFraudRecord"]) {
    await stripe.charges.create({ amount: 900, currency, source: `tok_${trouble}` });
  }
  await clock.advance(minuteMs);
  const { id: coupon } = await stripe.coupons.create({ percent_off: 5 });
  await stripe.promotionCodes.create({ promotion: { type: "coupon", coupon }, customer });
  await stripe.setupIntents.create({ attach_to_self: true });
  const setup = await stripe.setupIntents.create({
    customer,
    confirm: true,
    payment_method: "pm_card_visa",
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
  });
  const whole: Readonly<Record<string, string>> = {
    "/v1/setup_attempts": `setup_intent=${setup.id}`,
    "/v1/subscriptions": "status=all",
  };
  return { customer, whole };
}

suite("the filters of lists", () => {
  const world = startWorld();
  let rich: Awaited<ReturnType<typeof makeRich>>;
  before(async () => {
    await doEverything(world);
    rich = await makeRich(world);
  });

  /** All pages of a list. */
  const all = async (path: string, form: string, after = ""): Promise<readonly Json[]> => {
    const { status, json } = await world.call("GET", path, `limit=100&${form}${after}`);
    assert.equal(status, 200, `${path} ${form} ${JSON.stringify(json.error)}`);
    const data = json.data as Json[];
    return json.has_more === true ? [...data, ...(await all(path, form, `&starting_after=${data.at(-1)?.id}`))] : data;
  };

  test("each has a row, and so has each of its filters", () => {
    const rows = Object.entries(lists).map(([path, filters]) => [path, Object.keys(filters).toSorted()] as const);
    assert.deepEqual(Object.fromEntries(rows), declared());
  });

  for (const [path, filters] of Object.entries(lists)) {
    const held = Object.entries(filters).filter((row): row is [string, Filter] => typeof row[1] !== "string");
    if (held.length === 0) continue;
    test(`${path}: ${held.map(([name]) => name).join(", ")}`, async () => {
      const address = path.replace(":id", rich.customer);
      const base = rich.whole[path] ?? "";
      const objects = await all(address, base);
      const ids = (some: readonly Json[]) => some.map(({ id }) => id);
      for (const [param, filter] of held) {
        let isNarrower = false;
        for (const [form, isMeant] of filter(objects)) {
          const found = await all(address, param === "status" ? form : `${base}&${form}`);
          assert.deepEqual(ids(found), ids(objects.filter(isMeant)), form);
          isNarrower ||= found.length < objects.length;
        }
        assert.ok(isNarrower, `${param} leaves somebody out`);
      }
    });
  }
});
