// An account that was at Stripe before is taken in: whose it is said to be, what hangs on it, and what is left out.
import assert from "node:assert/strict";
import { minuteMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { ImportReport } from "../../api/index.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { startWorld, type World } from "../../testing/index.ts";
import { addCustomer, openAccount } from "./testing.ts";

const on = onEachDatabase<BillingTables>;
const idFrom = { metadata: "user_id" };

function ofKind({ kinds }: ImportReport, kind: string): readonly number[] {
  const { ours, others } = kinds.find((one) => one.kind === kind) ?? assert.fail(kind);
  return [ours, others];
}

const placedOf = ({ customers }: ImportReport) => [customers.found, customers.placed];
const posts = (world: World) => world.requests.filter((request) => request.startsWith("POST"));

on("customers and what hangs on them are taken in, and nothing is written at Stripe", async ({ url }) => {
  const world = await startWorld({ url });
  const account = await openAccount(world, 12);
  const taxed = account.placed.get("user_3") ?? assert.fail("user_3");
  await world.run(world.stripe.customers.createTaxId(taxed, { type: "eu_vat", value: "DE136695976" }));
  // More than a list shows of them.
  const many = account.placed.get("user_4") ?? assert.fail("user_4");
  const inTheirStates = Array.from({ length: 11 }, (_, n) => `${n + 10}-1234567`);
  for (const value of inTheirStates)
    await world.run(world.stripe.customers.createTaxId(many, { type: "us_ein", value }));
  await world.advance(minuteMs);
  const dry = await world.run(world.billing.import({ idFrom, dryRun: true }));
  assert.deepEqual((await world.run(world.billing.customers.list())).data, [], "a dry run takes nothing in");
  const report = await world.run(world.billing.import({ idFrom }));
  assert.deepEqual(report.customers, { found: 15, placed: 12 });
  assert.deepEqual(
    report.notPlaced.map(({ stripeCustomerId, id, reason }) => [stripeCustomerId, id, reason]).sort(),
    [[account.withoutId, null, "no_id"], ...account.twice.map((one) => [one, "twin", "claimed_twice"])].sort(),
  );
  assert.deepEqual(ofKind(report, "payment_method"), [12, 0]);
  assert.deepEqual(ofKind(report, "payment_intent"), [12, 2]);
  assert.deepEqual(ofKind(report, "charge"), [12, 2]);
  assert.deepEqual(ofKind(report, "refund"), [4, 1]);
  assert.deepEqual(ofKind(report, "dispute"), [1, 0]);
  const { text: dryText, ...dryData } = dry;
  const { text, ...data } = report;
  assert.deepEqual(dryData, { ...data, isDryRun: true }, "a dry run reports the same");
  assert.match(dryText, /^12 of 15 customers can be placed\. This was a dry run/);
  assert.match(text, /^12 of 15 customers are placed\.\n {2}payment_method: 12\n/);
  assert.match(text, /^ {2}payment_intent: 12, and 2 of nobody's$/m);
  const again = await world.run(world.billing.import({ idFrom }));
  assert.deepEqual(again, report, "given once more it reports the same");
  assert.deepEqual(posts(world), [], "nothing is written at Stripe");
  await world.advance(minuteMs);
  const aboutTaxIds = world.requests.filter((request) => request.includes("tax_ids"));
  assert.deepEqual(
    new Set(aboutTaxIds),
    new Set([`GET /v1/customers/${many}/tax_ids`]),
    "no tax id is asked for alone",
  );
  const reads = world.requests.length;
  const methods = await world.run(world.billing.methods.list("user_3"));
  assert.deepEqual(
    methods.map(({ last4, isDefault }) => [last4, isDefault]),
    [["4242", false]],
  );
  const { subscriptions, invoices } = world.billing;
  const ofCustomer = { customerId: "user_3" };
  assert.deepEqual((await world.run(subscriptions.list(ofCustomer))).data, []);
  assert.deepEqual((await world.run(invoices.list(ofCustomer))).data, []);
  assert.equal(world.requests.length, reads, "what they have is known");
  const { stripeCustomerId, name, taxIds } = await world.run(world.billing.customers.get("user_3"));
  assert.deepEqual([stripeCustomerId, name], [taxed, "Name of user_3"]);
  assert.deepEqual(
    taxIds.map(({ value }) => value),
    ["DE136695976"],
  );
  const { taxIds: all } = await world.run(world.billing.customers.get("user_4"));
  assert.deepEqual(all.map(({ value }) => value).sort(), inTheirStates);
  assert.deepEqual(world.facts, [], "what was before is not told");
  const { data: flags } = await world.run(world.billing.flags.list({ state: "open" }));
  assert.deepEqual(
    flags.map(({ kind }) => kind),
    ["payment_disputed"],
    "but a dispute that is open wants an answer",
  );
  await world.close();
});

on("whom it took in is followed from then on, and what happened meanwhile is caught up with", async ({ url }) => {
  const world = await startWorld({ url, isStarted: false });
  const { placed } = await openAccount(world, 3);
  const one = placed.get("user_1") as string;
  const hasSeen = new Set<string>();
  const onProgress = ({ stage }: { stage: string }) => hasSeen.add(stage);
  world.setWebhooks(false);
  await world.run(world.billing.import({ idFrom, onProgress }));
  assert.ok(hasSeen.has("customers") && hasSeen.has("payment_intent"), [...hasSeen].join());
  await world.run(world.stripe.paymentMethods.attach("pm_card_mastercard", { customer: one }));
  await world.run(world.stripe.customers.update(one, { name: "Ada" }));
  await world.advance(45 * minuteMs);
  await world.run(world.billing.start());
  await world.advance(2 * minuteMs);
  const cards = (await world.run(world.billing.methods.list("user_1"))).map(({ last4 }) => last4);
  assert.deepEqual(cards.sort(), ["4242", "4444"], "also where nobody worked for an hour");
  await world.close();
});

on("what the host has said of a customer stays, and who is linked to another is left out", async ({ url }) => {
  const world = await startWorld({ url });
  const { customers } = world.billing;
  const said = await addCustomer(world, { user_id: "user_1" });
  const other = await addCustomer(world, { user_id: "user_2" });
  const stolen = await addCustomer(world, { user_id: "user_4" });
  const bad = await addCustomer(world, { user_id: "no id" });
  world.fail("POST /v1/customers", 400);
  await assert.rejects(world.run(customers.ensure({ id: "user_1", phone: "+49" })), { code: "stripe_refused" });
  const { stripeCustomerId: own } = await world.run(customers.ensure({ id: "user_2" }));
  await world.run(customers.link({ id: "user_3", stripeCustomerId: stolen }));
  const report = await world.run(world.billing.import({ idFrom }));
  await world.advance(minuteMs);
  assert.deepEqual(
    new Map(report.notPlaced.map(({ stripeCustomerId, reason, detail }) => [stripeCustomerId, [reason, detail]])),
    new Map(
      [
        [other, ["id_is_linked", `Customer user_2 has ${own} at Stripe, and cannot have ${other} too`]],
        [stolen, ["customer_is_linked", `${stolen} is customer user_3, and cannot be user_4 too`]],
        [bad, ["bad_id", "metadata.user_id says no id, and an id is 1 to 200 of A-Z a-z 0-9 _ . : @ -"]],
      ].sort() as never,
    ),
  );
  const taken = await world.run(customers.get("user_1"));
  assert.deepEqual([taken.stripeCustomerId, taken.phone, taken.name], [said, "+49", "Name of user_1"]);
  const at = await world.run(world.stripe.customers.retrieve(said));
  assert.equal("phone" in at && at.phone, "+49", "and is told to Stripe");
  await world.close();
});

on("ids come from a file, or from a function; whom the file names in vain is told", async ({ url }) => {
  const world = await startWorld({ url });
  const [one, two, three] = [await addCustomer(world, {}), await addCustomer(world, {}), await addCustomer(world, {})];
  const deleted = await addCustomer(world, {});
  await world.run(world.stripe.customers.del(deleted));
  const csv = `\uFEFFhost_id,"stripe_customer_id",note\r\nuser_1,${one},"a, ""b""\nc"\r\n\r\nuser_2,"${two}",\r\n`;
  const more = `user_3,${deleted},\r\nuser_4,cus_none,\r\nuser_5,${three},\r\nuser_6,${three},`;
  const report = await world.run(world.billing.import({ idFrom: { csv: csv + more } }));
  assert.deepEqual(placedOf(report), [3, 2]);
  assert.deepEqual(
    report.notPlaced.map(({ stripeCustomerId, reason }) => [stripeCustomerId, reason]).sort(),
    [
      [deleted, "deleted"],
      ["cus_none", "unknown"],
      [three, "named_twice"],
    ].sort(),
  );
  assert.equal((await world.run(world.billing.customers.get("user_2"))).stripeCustomerId, two);
  const byFunction = await world.run(
    world.billing.import({ idFrom: async ({ id }) => (id === three ? "user_3" : id === one ? "user_1" : null) }),
  );
  assert.deepEqual(placedOf(byFunction), [3, 3], "who was placed before need not be named");
  for (const [wrong, what] of [
    ["a,b\n1,2", /does not begin with its columns' names/],
    [`stripe_customer_id,host_id\n${one},`, /has no id of yours in line 2/],
    [`stripe_customer_id,host_id\n\nuser_1,${one}`, /has no Customer's id in line 3/],
    [`stripe_customer_id,host_id\n${one},a,b`, /has 3 columns in line 2/],
    [`stripe_customer_id,host_id\n"${one}"x,a`, /has a quote out of its place in line 2/],
  ] as const) {
    await assert.rejects(world.run(world.billing.import({ idFrom: { csv: wrong } })), (error: Error) => {
      assert.match(error.message, what);
      return true;
    });
  }
  await world.close();
});

on("of two at once the second is refused, and goes on when the first was stopped", async ({ url }) => {
  const world = await startWorld({ url });
  await openAccount(world, 9);
  const twin = await world.twin();
  const stopped = new AbortController();
  let pages = 0;
  const onProgress = () => {
    if (++pages === 12) stopped.abort(new Error("Ctrl-C"));
  };
  const [first, second] = await world.run(
    Promise.allSettled([
      world.billing.import({ idFrom, onProgress: () => undefined }),
      twin.import({ idFrom: { metadata: "user_id" } }),
    ]),
  );
  assert.equal(first?.status, "fulfilled");
  assert.ok(second?.status === "fulfilled" || String(second?.reason).includes("Another process"), String(second));
  await assert.rejects(world.run(world.billing.import({ idFrom, onProgress, signal: stopped.signal })), /Ctrl-C/);
  const reads = world.requests.length;
  const ended = await world.run(twin.import({ idFrom }));
  assert.ok(world.requests.length - reads < reads / 2, "it goes on where the other stopped");
  assert.deepEqual(ended, first?.status === "fulfilled" && first.value);
  await world.close();
});

on("customers on test clocks are found, and those who come while the others are read", async ({ url }) => {
  const world = await startWorld({ url });
  await openAccount(world, 2);
  const clock = await world.run(world.stripe.testHelpers.testClocks.create({ frozen_time: 1_900_000_000 }));
  const metadata = { user_id: "timeless" };
  await world.run(world.stripe.customers.create({ test_clock: clock.id, metadata }));
  let isLate = true;
  const report = await world.run(
    world.billing.import({
      idFrom: async (customer) => {
        if (isLate) {
          isLate = false;
          await world.stripe.customers.create({ metadata: { user_id: "late" } });
        }
        return customer.metadata.user_id;
      },
    }),
  );
  assert.deepEqual(placedOf(report), [7, 4]);
  for (const id of ["timeless", "late"]) await world.run(world.billing.customers.get(id));
  await world.close();
});

on("subscriptions and invoices are taken in, those that are over and those on test clocks too", async ({ url }) => {
  const world = await startWorld({ url, isStarted: false });
  const { stripe } = world;
  const plans = { pro: { name: "Pro", prices: { month: { eur: 1900 } } } } as const;
  await world.run(world.billing.catalog.apply({ plans }));
  const { prices } = await world.run(world.billing.catalog.get());
  const inCatalog = prices["bursar-pro-month-eur"] as string;
  const product = await world.run(stripe.products.create({ name: "Old plan" }));
  const recurring = { interval: "month" } as const;
  const old = await world.run(
    stripe.prices.create({ product: product.id, currency: "eur", unit_amount: 900, recurring }),
  );
  const clock = await world.run(stripe.testHelpers.testClocks.create({ frozen_time: 1_900_000_000 }));
  const subscribe = async (user_id: string, price: string, more: { test_clock?: string } = {}) => {
    const paid = { payment_method: "pm_card_visa", invoice_settings: { default_payment_method: "pm_card_visa" } };
    const { id: customer } = await world.run(stripe.customers.create({ metadata: { user_id }, ...paid, ...more }));
    return world.run(stripe.subscriptions.create({ customer, items: [{ price }] }));
  };
  await subscribe("user_1", inCatalog);
  const ofOld = await subscribe("user_2", old.id);
  await world.run(stripe.subscriptions.cancel(ofOld.id));
  await subscribe("user_3", inCatalog, { test_clock: clock.id });
  const report = await world.run(world.billing.import({ idFrom }));
  assert.deepEqual(
    [placedOf(report), ofKind(report, "subscription")],
    [
      [3, 3],
      [3, 0],
    ],
  );
  assert.deepEqual(
    [ofKind(report, "invoice"), ofKind(report, "invoice_payment")],
    [
      [3, 0],
      [3, 0],
    ],
  );
  assert.deepEqual(report.catalog.subscriptions, [{ id: ofOld.id, prices: [old.id] }]);
  const dry = await world.run(world.billing.import({ idFrom, dryRun: true }));
  assert.deepEqual([dry.kinds, dry.catalog], [report.kinds, report.catalog]);
  await world.close();
});

on("what no catalog speaks of is told", async ({ url }) => {
  const world = await startWorld({ url });
  const plans = { pro: { name: "Pro", prices: { month: { eur: 1900 } } } } as const;
  await world.run(world.billing.catalog.apply({ plans }));
  const product = await world.run(world.stripe.products.create({ name: "Old plan" }));
  const old = { product: product.id, currency: "eur", unit_amount: 900, recurring: { interval: "month" } } as const;
  const price = await world.run(world.stripe.prices.create({ ...old, lookup_key: "old" }));
  const { catalog, text } = await world.run(world.billing.import({ idFrom }));
  assert.deepEqual(catalog, {
    products: [{ id: product.id, name: "Old plan" }],
    prices: [{ id: price.id, product: product.id, lookupKey: "old" }],
    subscriptions: [],
  });
  assert.match(text, new RegExp(`1 products that no catalog speaks of:\n {2}${product.id} {2}Old plan`));
  await world.close();
});
