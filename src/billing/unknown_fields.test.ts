// A field that nobody knows is refused by name, with the name that was meant: types see it in TypeScript alone, and
// only where the object is written in place. Every public method that takes an object, every field of it.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { testPorts } from "#kit/create_ports.ts";
import { isProblem, type Problem } from "#kit/problems.ts";
import { adoptDatabase, type Billing, type BillingOptions, createBilling } from "./index.ts";
import { optionsFor } from "./testing/index.ts";

const options = optionsFor("sqlite::memory:");
const ports = testPorts({ seed: 1, fetch: () => Promise.reject(new TypeError("fetch failed")) });
const billing = await createBilling(options, ports);
after(() => billing.close());

const instant = new Date(0);
const page = { cursor: "x", limit: 1, from: instant, to: instant };
const line = { description: "Tea", quantity: 1, unitAmount: 100 };
const address = { line1: "a", line2: "b", city: "c", state: "d", postalCode: "e", country: "DE" };
const profile = {
  email: "a@b.test",
  name: "A",
  phone: "+49",
  address,
  locale: "de",
  taxExempt: "none",
  metadata: { a: "b" },
};
const order = {
  id: "o",
  currency: "eur",
  lines: [line],
  customerId: "u",
  capture: "manual",
  multicapture: true,
  incrementalAuthorization: true,
  metadata: { a: "b" },
};

const invoice = {
  id: "i",
  customerId: "u",
  currency: "eur",
  lines: [line],
  collection: "send",
  daysUntilDue: 14,
  dueAt: undefined,
  method: undefined,
  memo: "m",
  footer: "f",
  customFields: [],
  metadata: {},
  taxes: "rates",
  finalize: true,
  send: true,
  validForMs: 60_000,
  attempt: 1,
};

const tier = { upTo: "inf", unitAmount: { eur: 1 }, flatAmount: { eur: 1 } };
const tiered = { tiersMode: "volume", tiers: [tier] };
const addOn = {
  name: "A",
  description: "D",
  unitLabel: "seat",
  taxCode: "txcd_1",
  features: {},
  prices: { day: { eur: 1 } },
};
const plan = { ...addOn, trialDays: 1 };
const catalog = {
  namespace: "n",
  taxBehavior: "inclusive",
  features: {},
  plans: { pro: plan },
  addOns: { more: addOn },
};
const coupon = {
  name: "Launch",
  percentOff: 20,
  amountOff: undefined,
  duration: "repeating",
  months: 3,
  redeemBy: "2027-12-31T23:59:59Z",
  maxRedemptions: 1,
  appliesTo: ["pro"],
};
const changed = {
  ...{ plan: "pro", every: "month", quantity: 1, addOns: { a: 1 }, coupon: "c", promotionCode: "C" },
  ...{ when: "now", prorate: true },
};
const withPrice = (price: object) => ({ ...catalog, plans: { pro: { ...plan, prices: { month: price } } } });

interface Row {
  /** All that it takes. */
  readonly good: object;
  run(billing: Billing, given: never): unknown;
}

const table: Record<string, Row> = {
  tick: { good: { maxMs: 1 }, run: (b, given) => b.tick(given) },
  on: { good: { id: "shop" }, run: (b, given) => b.on("order.paid", () => undefined, given) },
  import: {
    good: {
      idFrom: { metadata: "user_id" },
      dryRun: true,
      onProgress: () => undefined,
      signal: new AbortController().signal,
    },
    run: (b, given) => b.import(given),
  },
  "import idFrom": { good: { metadata: "user_id", csv: "" }, run: (b, idFrom) => b.import({ idFrom }) },
  "access.grant": {
    good: { id: "", customerId: "", feature: "", limit: 1, until: new Date(), reason: "", by: "" },
    run: (b, given) => b.access.grant(given),
  },
  "access.revoke": { good: { reason: "", by: "" }, run: (b, given) => b.access.revoke("gift_1", given) },
  "catalog.plan": { good: catalog, run: (b, given) => b.catalog.plan(given) },
  "catalog.apply": { good: catalog, run: (b, given) => b.catalog.apply(given) },
  "catalog.apply options": {
    good: { ifPlan: "x", onChange: () => undefined },
    run: (b, given) => b.catalog.apply(catalog as never, given),
  },
  "catalog.plan plan": {
    good: plan,
    run: (b, given) => b.catalog.plan({ ...catalog, plans: { pro: given } } as never),
  },
  "catalog.plan add-on": {
    good: addOn,
    run: (b, given) => b.catalog.plan({ ...catalog, addOns: { more: given } } as never),
  },
  "catalog.plan coupon": {
    good: coupon,
    run: (b, given) => b.catalog.plan({ ...catalog, coupons: { launch: given } } as never),
  },
  "catalog.plan price": { good: tiered, run: (b, given) => b.catalog.plan(withPrice(given) as never) },
  "catalog.plan tier": {
    good: tier,
    run: (b, given) => b.catalog.plan(withPrice({ ...tiered, tiers: [given] }) as never),
  },
  "customers.ensure": { good: { id: "u", ...profile, attempt: 1 }, run: (b, given) => b.customers.ensure(given) },
  "customers.ensure address": {
    good: address,
    run: (b, given) => b.customers.ensure({ id: "u", address: given }),
  },
  "customers.link": {
    good: { id: "u", stripeCustomerId: "cus_1", attempt: 1 },
    run: (b, given) => b.customers.link(given),
  },
  "customers.update": { good: { ...profile, attempt: 1 }, run: (b, given) => b.customers.update("u", given) },
  "customers.addTaxId": {
    good: { id: "t", type: "eu_vat", value: "DE136695976", attempt: 1 },
    run: (b, given) => b.customers.addTaxId("u", given),
  },
  "customers.removeTaxId": { good: { attempt: 1 }, run: (b, given) => b.customers.removeTaxId("u", "t", given) },
  "customers.list": {
    good: { ...page, email: "a@b.test", name: "A", stripeId: "cus_1", metadata: { a: "b" } },
    run: (b, given) => b.customers.list(given),
  },
  "methods.collect": {
    good: { id: "card_1", returnUrl: "https://shop.test", usage: "on_session", setAsDefault: true, attempt: 1 },
    run: (b, given) => b.methods.collect("u", given),
  },
  "methods.setDefault": {
    good: { id: "choice_1", attempt: 1 },
    run: (b, given) => b.methods.setDefault("u", "pm_1", given),
  },
  "methods.remove": { good: { attempt: 1 }, run: (b, given) => b.methods.remove("u", "pm_1", given) },
  "orders.create": { good: order, run: (b, given) => b.orders.create(given) },
  "orders.create lines[0]": { good: line, run: (b, given) => b.orders.create({ ...order, lines: [given] } as never) },
  "orders.list": {
    good: { ...page, status: "paid", customerId: "u", email: "a@b.test", stripeId: "pi_1", amount: 1, currency: "eur" },
    run: (b, given) => b.orders.list(given),
  },
  "orders.checkout": {
    good: { returnUrl: "https://shop.test", savedMethods: true, attempt: 1 },
    run: (b, given) => b.orders.checkout("o", given),
  },
  "orders.charge": {
    good: { method: "pm_1", offSession: true, validForMs: 60_000, attempt: 1 },
    run: (b, given) => b.orders.charge("o", given),
  },
  "orders.capture": {
    good: { id: "part_1", amount: 1, final: true, attempt: 1 },
    run: (b, given) => b.orders.capture("o", given),
  },
  "orders.increment": {
    good: { id: "more", lines: [line], attempt: 1 },
    run: (b, given) => b.orders.increment("o", given),
  },
  "orders.increment lines[0]": {
    good: line,
    run: (b, given) => b.orders.increment("o", { id: "more", lines: [given] } as never),
  },
  "orders.cancel": { good: { reason: "No", attempt: 1 }, run: (b, given) => b.orders.cancel("o", given) },
  "refunds.create": {
    good: { id: "r", orderId: "o", amount: 1, reason: "duplicate", attempt: 1 },
    run: (b, given) => b.refunds.create(given),
  },
  "refunds.list": {
    good: { ...page, orderId: "o", status: "failed", stripeId: "re_1", amount: 1 },
    run: (b, given) => b.refunds.list(given),
  },
  "subscriptions.start": {
    good: {
      ...{ id: "s", customerId: "u", plan: "pro", every: "month", currency: "eur", quantity: 1 },
      ...{ addOns: [{ name: "a", quantity: 1, every: "once" }], trial: { days: 1, withoutMethod: "pause" } },
      ...{ coupon: "c", promotionCode: "C", method: "pm_1", offSession: true, collection: "send_invoice" },
      ...{ daysUntilDue: 1, taxes: { rates: ["txr_1"] }, metadata: {}, namespace: "n", validForMs: 60_000 },
      returnUrl: "https://shop.test",
      attempt: 1,
    },
    run: (b, given) => b.subscriptions.start(given),
  },
  "subscriptions.cancel": {
    good: { id: "c", when: "now", refund: "none", reason: "other", comment: "c", attempt: 1 },
    run: (b, given) => b.subscriptions.cancel("sub_1", given),
  },
  "subscriptions.undo": { good: { id: "u", attempt: 1 }, run: (b, given) => b.subscriptions.undo("sub_1", given) },
  "subscriptions.pause": {
    good: { id: "p", invoices: "void", resumesAt: new Date(0), attempt: 1 },
    run: (b, given) => b.subscriptions.pause("sub_1", given),
  },
  "subscriptions.resume": {
    good: { id: "r", billingCycleAnchor: "now", returnUrl: "https://shop.test", attempt: 1 },
    run: (b, given) => b.subscriptions.resume("sub_1", given),
  },
  "subscriptions.discount": {
    good: { id: "d", coupon: "launch", namespace: "n", attempt: 1 },
    run: (b, given) => b.subscriptions.discount("sub_1", given),
  },
  "subscriptions.preview": {
    good: changed,
    run: (b, given) => b.subscriptions.preview("sub_1", given),
  },
  "subscriptions.change": {
    good: {
      ...{ ...changed, id: "c", ifUnpaid: "keep_old", offSession: true, validForMs: 60_000 },
      ...{ returnUrl: "https://shop.test", attempt: 1 },
    },
    run: (b, given) => b.subscriptions.change("sub_1", given),
  },
  "subscriptions.undoChange": {
    good: { id: "u", attempt: 1 },
    run: (b, given) => b.subscriptions.undoChange("sub_1", given),
  },
  "subscriptions.setMethod": {
    good: { id: "m", method: "pm_1", attempt: 1 },
    run: (b, given) => b.subscriptions.setMethod("sub_1", given),
  },
  "subscriptions.list": {
    good: { ...page, customerId: "u", status: "active", startId: "s" },
    run: (b, given) => b.subscriptions.list(given),
  },
  "invoices.create": { good: invoice, run: (b, given) => b.invoices.create(given) },
  "invoices.create lines[0]": {
    good: { ...line, price: undefined, taxes: [] },
    run: (b, given) => b.invoices.create({ ...invoice, lines: [given] } as never),
  },
  "invoices.create customFields[0]": {
    good: { name: "PO", value: "1" },
    run: (b, given) => b.invoices.create({ ...invoice, customFields: [given] } as never),
  },
  "invoices.discard": { good: { attempt: 1 }, run: (b, given) => b.invoices.discard("in_1", given) },
  "invoices.finalize": { good: { attempt: 1 }, run: (b, given) => b.invoices.finalize("in_1", given) },
  "invoices.void": { good: { attempt: 1 }, run: (b, given) => b.invoices.void("in_1", given) },
  "invoices.writeOff": { good: { attempt: 1 }, run: (b, given) => b.invoices.writeOff("in_1", given) },
  "invoices.send": { good: { id: "mail", attempt: 1 }, run: (b, given) => b.invoices.send("in_1", given) },
  "invoices.pay": {
    good: { id: "t", method: "pm_1", offSession: true, outOfBand: false, validForMs: 60_000, attempt: 1 },
    run: (b, given) => b.invoices.pay("in_1", given),
  },
  "invoices.credit": {
    good: { id: "c", amount: 1, lines: undefined, to: "refund", reason: "duplicate", memo: "m", attempt: 1 },
    run: (b, given) => b.invoices.credit("in_1", given),
  },
  "invoices.credit lines[0]": {
    good: { line: "il_1", description: undefined, quantity: 1, amount: undefined, unitAmount: undefined },
    run: (b, given) => b.invoices.credit("in_1", { id: "c", amount: 1, lines: [given] } as never),
  },
  "invoices.link": {
    good: { returnUrl: "https://shop.test" },
    run: (b, given) => b.invoices.link("in_1", given),
  },
  "invoices.list": {
    good: { ...page, customerId: "u", status: "open", subscriptionId: "sub_1", number: "N-1" },
    run: (b, given) => b.invoices.list(given),
  },
  "inbox.list": {
    good: { ...page, state: "dead", type: "a.b", objectId: "pi_1" },
    run: (b, given) => b.inbox.list(given),
  },
  "flags.list": { good: { ...page, state: "open", kind: "k", subject: "s" }, run: (b, given) => b.flags.list(given) },
  "operations.list": {
    good: { ...page, state: "open", verb: "v", subject: "s" },
    run: (b, given) => b.operations.list(given),
  },
  "operations.end": { good: { reason: "No" }, run: (b, given) => b.operations.end("op", given) },
  "deliveries.list": {
    good: { ...page, state: "open", handler: "h", type: "a.b", subject: "s" },
    run: (b, given) => b.deliveries.list(given),
  },
  "deliveries.get": { good: { factId: "f", handler: "h" }, run: (b, given) => b.deliveries.get(given) },
  "deliveries.retry": { good: { factId: "f", handler: "h" }, run: (b, given) => b.deliveries.retry(given) },
  createBilling: {
    good: {
      ...options,
      schema: undefined,
      returnOrigins: [],
      secret: "x",
      allowPrivateTargets: true,
      bootstrapKey: "x",
    },
    run: (_, given) => createBilling(given, ports),
  },
  "createBilling stripe": {
    good: { ...options.stripe, apiBase: "http://127.0.0.1:1", stripeJsUrl: "http://127.0.0.1:1" },
    run: (_, stripe) => createBilling({ ...options, stripe } as BillingOptions, ports),
  },
  adoptDatabase: {
    good: { database: "sqlite::memory:", schema: undefined, as: "copy" },
    run: (_, given) => adoptDatabase(given, ports),
  },
};

/** What takes no object beside its ids. */
const withoutObject = [
  "fetch",
  "takeWebhook",
  "start",
  "drain",
  "close",
  "access.check",
  "access.checkMany",
  "access.grants",
  "access.list",
  "catalog.get",
  "customers.get",
  "methods.list",
  "methods.settled",
  "orders.get",
  "orders.settled",
  "refunds.get",
  "subscriptions.get",
  "invoices.get",
  "invoices.credits",
  "inbox.get",
  "inbox.replay",
  "inbox.catchUp",
  "flags.get",
  "flags.resolve",
  "operations.get",
  "operations.retry",
];

test("every method is here, and no other", () => {
  const methods = Object.entries(billing).flatMap(([name, value]) =>
    typeof value === "function" ? [name] : Object.keys(value as object).map((method) => `${name}.${method}`),
  );
  const listed = Object.keys(table).filter((name) => !name.includes(" ") && !/^[a-z]+[A-Z]\w*$/.test(name));
  assert.deepEqual(methods.sort(), [...listed, ...withoutObject].sort());
});

/** As fingers do: two letters swapped. */
function misspelt(name: string): string {
  const [first = "", second = ""] = name.slice(-2);
  const swapped = `${name.slice(0, -2)}${second}${first}`;
  return swapped === name ? `${name}s` : swapped;
}

async function refusalOf(row: Row, given: object): Promise<Problem> {
  try {
    await row.run(billing, given as never);
  } catch (error) {
    assert.ok(isProblem(error), String(error));
    return error;
  }
  throw new Error(`${JSON.stringify(given)} was taken`);
}

for (const [method, row] of Object.entries(table)) {
  test(`${method} refuses each field that is misspelt, and says which it was to be`, async () => {
    for (const [name, value] of Object.entries(row.good)) {
      const { [name]: _left, ...rest } = row.good as Record<string, unknown>;
      const wrong = misspelt(name);
      const refusal = await refusalOf(row, { ...rest, [wrong]: value });
      assert.match(refusal.code, /^invalid_(params|config)$/);
      assert.match(refusal.message, new RegExp(`has no (field|option) ${wrong}$`), "by its name");
      assert.match(refusal.hint ?? "", new RegExp(`^Did you mean ${name}\\? There are `));
      assert.ok(
        Object.keys(row.good).every((known) => refusal.hint?.includes(known)),
        "and what else there is",
      );
    }
    const unlike = await refusalOf(row, { ...row.good, somethingElse: undefined });
    assert.match(`${unlike.message} ${unlike.hint}`, /has no (field|option) somethingElse There are /);
  });
}
