// Three replicas, processes of their own on one database, on machines whose clocks differ by half a minute, behind
// networks that are slow. A catalog is applied and its plan sold; orders are paid, captured in parts, charged, given
// back and canceled from whichever replica comes next, while one stands still and another is killed. In the end billing
// says what Stripe says, and everything was told once.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { apiVersion } from "bursar";
import { createSandbox } from "bursar/sandbox";
import Stripe from "stripe";
import { systemPorts } from "#kit/create_ports.ts";
import { silentLog } from "#kit/log.ts";
import { seededRandom } from "#kit/random.ts";
import { administer, createTestDatabase } from "#kit/sql/testing.ts";
import { cases, freePort, until } from "#kit/testing.ts";
import { createShop, patience, type Shop } from "./processes/shop.ts";
import { openRoad } from "./processes/slow_road.ts";

/** How far the replicas' clocks are ahead. */
const clocksMs = [-3_000, 0, 30_000];
const ordersMax = cases(6, 15);
const customersAtOnce = 4;
/** Of a piece on its way to Stripe, and on its way to the database, where a command asks twenty times. */
const delaysMsMax = { stripe: 200, database: 5 };

interface World {
  readonly shops: readonly Shop[];
  readonly stripe: Stripe;
  readonly databaseUrl: string;
}

test("replicas with wrong clocks and slow networks lose and double nothing (postgres)", async (t) => {
  const database = await createTestDatabase("postgres");
  if (!database) return t.skip("no PostgreSQL at the default address, and DATABASE_URL is not set");
  await using begun = new AsyncDisposableStack(); // ended in the reverse order: nobody is at the database when it goes
  begun.defer(() => database.drop());
  const world = await openWorld(begun, database.url);
  await Promise.all(world.shops.map((shop) => shop.ask("POST catalog/shop")));
  await sellAll(world);
  await waitUntilQuiet(world);
  await verify(world);
});

async function openWorld(begun: AsyncDisposableStack, databaseUrl: string): Promise<World> {
  const folder = mkdtempSync(path.join(tmpdir(), "bursar-replicas-"));
  begun.defer(() => rmSync(folder, { recursive: true, force: true }));
  const sandbox = createSandbox(systemPorts({ log: silentLog() }));
  const listening = await sandbox.listen({ host: "127.0.0.1", port: 0 });
  sandbox.start();
  begun.defer(async () => {
    await listening.close();
    await sandbox.close();
  });
  const stripe = new Stripe("sk_test_sigkill", {
    host: "127.0.0.1",
    port: listening.port,
    protocol: "http",
    telemetry: false,
  });
  const machines: { port: number; aheadMs: number; webhookSecret: string }[] = [];
  for (const aheadMs of clocksMs) {
    const port = await freePort((machines.at(-1)?.port ?? 21_000) + 1);
    const url = `http://127.0.0.1:${port}/webhooks/stripe`;
    const endpoint = await stripe.webhookEndpoints.create({ url, enabled_events: ["*"], api_version: apiVersion });
    machines.push({ port, aheadMs, webhookSecret: endpoint.secret as string });
  }
  const shops: Shop[] = [];
  for (const { port, aheadMs } of machines) {
    const shop = createShop({
      port,
      aheadMs,
      sandboxUrl: `http://127.0.0.1:${await roadTo(begun, listening.port, delaysMsMax.stripe)}`,
      database: await slowDatabase(begun, databaseUrl),
      webhookSecrets: machines.map(({ webhookSecret }) => webhookSecret),
      told: path.join(folder, `told_${port}.txt`),
    });
    begun.defer(() => shop.end());
    await shop.start();
    shops.push(shop);
  }
  return { shops, stripe, databaseUrl };
}

async function roadTo(begun: AsyncDisposableStack, to: number, delayMsMax: number): Promise<number> {
  const road = await openRoad({ to, delayMsMax, random: seededRandom(7, "road") });
  begun.defer(() => road.close());
  return road.port;
}

async function slowDatabase(begun: AsyncDisposableStack, databaseUrl: string): Promise<string> {
  const url = new URL(databaseUrl);
  url.port = String(await roadTo(begun, Number(url.port || 5432), delaysMsMax.database));
  return url.href;
}

/** What becomes of an order, in turn. */
const lives = ["paid", "refunded", "canceled", "charged", "parts", "subscribed"] as const;
const orders = Array.from({ length: ordersMax }, (_, n) => ({
  id: `order${n}`,
  life: lives[n % lives.length] as (typeof lives)[number],
  n,
}));
type Sold = (typeof orders)[number];

/** A third of the way the second replica stops; at two thirds the third one is killed, and the second goes on. */
async function sellAll({ shops, stripe }: World): Promise<void> {
  const waiting = [...orders];
  const upheaval = new Map<number, () => void | Promise<void>>([
    [Math.floor(ordersMax / 3), () => shops[1]?.stop()],
    [
      Math.floor((2 * ordersMax) / 3),
      () => {
        shops[1]?.goOn();
        return shops[2]?.restart();
      },
    ],
  ]);
  const customer = async () => {
    for (let order = waiting.shift(); order; order = waiting.shift()) {
      void upheaval.get(order.n)?.();
      await live(shops, stripe, order);
    }
  };
  await Promise.all(Array.from({ length: customersAtOnce }, customer));
}

/** Each command goes to two replicas at once, as a client does that lost its patience with the first. */
async function live(shops: readonly Shop[], stripe: Stripe, { id, life, n }: Sold): Promise<void> {
  const ask = async (call: string): Promise<unknown> => {
    const two = [shops[n % shops.length], shops[(n + 1) % shops.length]];
    return Promise.any(two.map((shop) => (shop as Shop).ask(call)));
  };
  if (life === "charged" || life === "subscribed") {
    const { stripeCustomerId } = (await ask(`POST customer/${id}`)) as { stripeCustomerId: string };
    const method = await stripe.paymentMethods.attach("pm_card_visa", { customer: stripeCustomerId });
    if (life === "subscribed") return subscribe(ask, id);
    await Promise.all([`taxId/${id}/vat`, `collect/${id}/card`].map((wish) => ask(`POST ${wish}`)));
    for (const wish of [`default/${id}/${method.id}`, `charge/${id}/${method.id}`, `noTaxId/${id}/vat`]) {
      await ask(`POST ${wish}`);
    }
    await ask(`POST remove/${id}/${method.id}`);
    return;
  }
  const made = await ask(`POST ${life === "parts" ? "held" : "order"}/${id}`);
  const { clientSecret } = made as { clientSecret: string };
  if (life === "canceled") {
    await ask(`POST cancel/${id}`);
    return;
  }
  await stripe.paymentIntents.confirm(clientSecret.split("_secret_")[0] as string, {
    payment_method: "pm_card_visa",
    return_url: "https://shop.example/thanks",
  });
  if (life === "paid") return;
  const status = life === "parts" ? "authorized" : "paid";
  const isThere = async () => ((await ask(`GET order/${id}`)) as { status: string }).status === status;
  await until(`${id} to be ${status}`, isThere, patience);
  if (life === "refunded") await Promise.all([1, 2].map((wish) => ask(`POST refund/${id}_r${wish}/${id}`)));
  if (life === "parts") for (const wish of ["increment", "part", "last"]) await ask(`POST ${wish}/${id}/${wish}1`);
}

/** One plan of a group, and one trial: of two starts at once, each from two replicas, one is refused. */
async function subscribe(ask: (call: string) => Promise<unknown>, id: string): Promise<void> {
  const starts = await Promise.all(["one", "two"].map((start) => ask(`POST subscribe/${id}/${start}`)));
  assert.equal(starts.filter((answer) => answer === "wrong_state").length, 1, `${id}: ${starts}`);
}

async function rows(databaseUrl: string, query: string): Promise<readonly Record<string, string>[]> {
  const schema = new URL(databaseUrl).searchParams.get("schema");
  return (await administer(databaseUrl, `set search_path to ${schema}; ${query}`)).at(-1)?.rows ?? [];
}

async function waitUntilQuiet({ databaseUrl }: World): Promise<void> {
  const open = `select (select count(*) from operations where state = 'open')
    + (select count(*) from receipts where state = 'open')
    + (select count(*) from deliveries where state = 'open')
    + (select count(*) from orders where status not in ('paid', 'canceled')) as count`;
  await until(
    "an end of all that is under way",
    async () => (await rows(databaseUrl, open))[0]?.count === "0",
    patience,
  );
}

async function verify({ shops, stripe, databaseUrl }: World): Promise<void> {
  const seen = await rows(databaseUrl, "select id, status, payment_intent, amount_paid, amount_refunded from orders");
  const intents = await stripe.paymentIntents.list({ limit: 100 }).autoPagingToArray({ limit: 1_000 });
  const refunds = await stripe.refunds.list({ limit: 100 }).autoPagingToArray({ limit: 1_000 });
  const paidBack = (intent: string) =>
    refunds.filter((one) => one.payment_intent === intent).reduce((sum, one) => sum + one.amount, 0);
  const ours = seen.map((row) => [row.id, row.payment_intent, Number(row.amount_paid), Number(row.amount_refunded)]);
  const theirs = intents.map((one) => [one.metadata.bursar_order, one.id, one.amount_received, paidBack(one.id)]);
  assert.deepEqual(ours.sort(), theirs.sort(), "one PaymentIntent per order, and the sums are Stripe's");
  assert.deepEqual(
    new Map(seen.map(({ id, status }) => [id, status])),
    new Map(
      seen.map(({ id }) => [id, orders.find((order) => order.id === id)?.life === "canceled" ? "canceled" : "paid"]),
    ),
  );
  for (const { id, life } of orders.filter((order) => order.life === "refunded")) {
    const back = refunds.filter(({ metadata }) => metadata?.bursar_order === id).map(({ amount }) => amount);
    assert.deepEqual(back, [100, 100], `${id} ${life}: each wish once, from whichever replica`);
  }
  await verifyAround({ stripe, databaseUrl });
  const facts = await rows(databaseUrl, "select id, type, subject from facts");
  const ofOrders = facts.filter(({ type }) => /^(order|refund)\./.test(type ?? ""));
  assert.deepEqual(transitionsOf(ofOrders), transitionsOf(expectedFacts()), "each fact once");
  const told = new Map(shops.flatMap((shop) => shop.told()).map((fact) => [fact.id, fact]));
  assert.deepEqual([...told.keys()].sort(), facts.map(({ id }) => id as string).sort(), "and the handler has each");
  const parked = `select id from operations where state = 'parked' and id not in (select subject from flags)
    union select id from receipts where state = 'dead' union select fact from deliveries where state = 'dead'`;
  assert.deepEqual(await rows(databaseUrl, parked), [], "nothing waits for a human without a flag");
}

/** What the orders were sold from and charged with: one catalog, and of each customer what was saved and let go of. */
async function verifyAround({ stripe, databaseUrl }: Omit<World, "shops">): Promise<void> {
  const { data: prices } = await stripe.prices.list({ limit: 100 });
  assert.deepEqual(
    prices.map(({ lookup_key, product }) => [lookup_key, product]),
    [["shop-pro-month-eur", "shop-pro"]],
  );
  const living = (wanted: string) => orders.filter(({ life }) => life === wanted).map(({ id }) => `user_${id}`);
  const [charged, subscribed] = [living("charged"), living("subscribed")];
  const { data: customers } = await stripe.customers.list({ limit: 100, expand: ["data.tax_ids"] });
  const own = (customer: Stripe.Customer) => String(customer.metadata.bursar_customer);
  assert.deepEqual(customers.map(own).sort(), [...charged, ...subscribed].sort());
  const { data: subscriptions } = await stripe.subscriptions.list({ limit: 100, status: "all" });
  const plans = subscriptions.map(({ customer, status }) => [
    own(customers.find(({ id }) => id === customer)!),
    status,
  ]);
  assert.deepEqual(plans.sort(), subscribed.map((id) => [id, "trialing"]).sort(), "one plan, and one trial");
  for (const { id, tax_ids } of customers.filter((customer) => charged.includes(own(customer)))) {
    assert.deepEqual([tax_ids?.data, (await stripe.customers.listPaymentMethods(id)).data], [[], []], id);
    assert.equal((await stripe.setupIntents.list({ customer: id })).data.length, 1, id);
  }
  const begun = await rows(databaseUrl, "select subject from facts where type = 'subscription.started'");
  assert.deepEqual(begun.map(({ subject }) => subject).sort(), subscriptions.map(({ id }) => id).sort());
  const all = await rows(databaseUrl, "select type, subject, data from facts where type like 'method.%'");
  const facts = all.filter(({ data }) => charged.includes(JSON.parse(data ?? "{}").customerId));
  for (const [type, times] of Object.entries({ "method.added": 1, "method.default_changed": 2, "method.removed": 1 })) {
    const told = facts.filter((fact) => fact.type === type).map(({ subject }) => subject);
    assert.equal(told.length, times * charged.length, type);
    assert.equal(new Set(told).size, charged.length, `${type} of each`);
  }
}

function expectedFacts() {
  return orders.flatMap(({ id, life }) => {
    if (life === "subscribed") return [];
    if (life === "canceled") return [{ type: "order.canceled", subject: id }];
    const held = ["authorized", "incremented", "captured", "captured"];
    const before = life === "parts" ? held.map((what) => ({ type: `order.${what}`, subject: id })) : [];
    const refunds = life === "refunded" ? [`${id}_r1`, `${id}_r2`] : [];
    return [
      ...before,
      { type: "order.paid", subject: id },
      ...refunds.flatMap((refund) => [
        { type: "refund.succeeded", subject: refund },
        { type: "order.refunded", subject: id },
      ]),
    ];
  });
}

function transitionsOf(facts: readonly { readonly type?: string; readonly subject?: string }[]): string[] {
  return facts.map(({ type, subject }) => `${type} ${subject}`).sort();
}
