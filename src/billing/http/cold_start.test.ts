// A process that has just begun, on a machine whose clock is two hours wrong, writes down what one on a right clock
// would have written. While Stripe does not say what time it is, it writes nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hourMs, secondMs } from "#kit/clock.ts";
import { silentLog } from "#kit/log.ts";
import { openSql } from "#kit/sql/open.ts";
import { createTestDatabase, type EngineName, engineNames, noPostgres } from "#kit/sql/testing.ts";
import { cases, isWholeOnPostgres } from "#kit/testing.ts";
import { dumpTables } from "../../testing/dump.ts";
import { webhookRequest } from "../../testing/webhook.ts";
import type { Billing } from "../api/index.ts";
import type { BillingSql, BillingTables } from "../kernel/store/tables.ts";
import { createOrder, optionsFor, saveCard, startWorld, type World } from "../testing/index.ts";
import { startMachine } from "../testing/machine.ts";

const bootstrapKey = `bk_test_${"cold".repeat(11)}`;
const options = { bootstrapKey, allowPrivateTargets: true };
const line = { description: "Tea", quantity: 1, unitAmount: 900 };

interface Given {
  readonly billing: Billing;
  readonly world: World;
  /** What waits for a human, and an endpoint, a key and a link that were made before. */
  readonly made: Readonly<
    Record<"flag" | "operation" | "other" | "fact" | "receipt" | "endpoint" | "key" | "link" | "method", string>
  >;
}

/** Every door by which something is written. */
const entrances: Readonly<Record<string, (given: Given) => Promise<unknown>>> = {
  "a payer's link": ({ billing, made }) => answered(billing.fetch(new Request(made.link))),
  "customers.ensure": ({ billing }) => billing.customers.ensure({ id: "user_1", email: "ada@shop.test" }),
  "orders.create": ({ billing }) => billing.orders.create({ id: "new", currency: "eur", lines: [line] }),
  "orders.checkout": ({ billing }) => billing.orders.checkout("created"),
  "orders.charge": ({ billing, made }) => billing.orders.charge("chargeable", { method: made.method }),
  "orders.capture": ({ billing }) => billing.orders.capture("authorized"),
  "orders.cancel": ({ billing }) => billing.orders.cancel("created"),
  "orders.settled": ({ billing }) => billing.orders.settled("waiting"),
  "refunds.create": ({ billing }) => billing.refunds.create({ id: "r_1", orderId: "paid", amount: 100 }),
  "operations.retry": ({ billing, made }) => billing.operations.retry(made.operation),
  "operations.end": ({ billing, made }) => billing.operations.end(made.other, { reason: "It made nothing." }),
  "deliveries.retry": ({ billing, made }) => billing.deliveries.retry({ factId: made.fact, handler: "gone" }),
  "flags.resolve": ({ billing, made }) => billing.flags.resolve(made.flag),
  "inbox.replay": ({ billing, made }) => billing.inbox.replay(made.receipt),
  "inbox.catchUp": ({ billing }) => billing.inbox.catchUp(),
  tick: ({ billing }) => billing.tick({ maxMs: secondMs }),
  drain: ({ billing }) => billing.drain(),
  "a webhook": ({ billing, world }) => answered(billing.fetch(webhook(world))),
  "POST /v1/orders": (given) => rest(given, "POST /v1/orders", { id: "new", currency: "eur", lines: [line] }),
  "POST /v1/keys": (given) => rest(given, "POST /v1/keys", { name: "shop", scopes: ["read"] }),
  "DELETE /v1/keys": (given) => rest(given, `DELETE /v1/keys/${given.made.key}`),
  "POST /v1/endpoints": (given) => rest(given, "POST /v1/endpoints", { url: "http://127.0.0.1:9/", types: ["*"] }),
  "rotate an endpoint": (given) => rest(given, `POST /v1/endpoints/${given.made.endpoint}/rotate`, {}),
  "DELETE /v1/endpoints": (given) => rest(given, `DELETE /v1/endpoints/${given.made.endpoint}`),
};

for (const engine of engineNames) {
  test(`a cold start on a clock two hours wrong dates nothing by it, at whatever door (${engine})`, async (t) => {
    if (engine === "postgres" && !isWholeOnPostgres) return t.skip("a clock is the same on both");
    const right = await throughAllDoors(engine, { aheadMs: 0 });
    if (right === undefined) return t.skip(noPostgres);
    for (const { name, before, after, refusal } of right) {
      assert.equal(refusal, undefined, name);
      assert.notDeepEqual(after, before, `${name} writes something`);
    }
    for (const aheadMs of [2 * hourMs, -2 * hourMs].slice(0, cases(1, 2))) {
      const wrong = (await throughAllDoors(engine, { aheadMs })) ?? [];
      for (const [n, { name, after }] of wrong.entries())
        assert.deepEqual(after, right[n]?.after, `${name} ${aheadMs}`);
    }
  });

  test(`while Stripe does not say what time it is, only orders are written down (${engine})`, async (t) => {
    const cut = await throughAllDoors(engine, { aheadMs: 2 * hourMs, isCut: true });
    if (cut === undefined) return t.skip(noPostgres);
    for (const { name, before, after, refusal } of cut) {
      if (name === "orders.create") {
        assert.equal(refusal, undefined, "a shop takes orders while Stripe is away");
        assert.equal(after.length, before.length + 1, "the order, and nothing beside it");
        continue;
      }
      assert.deepEqual(after, before, `${name} writes nothing`);
      assert.match(String(refusal), /time is not known|not reachable right now/, name);
    }
  });
}

interface Entered {
  readonly name: string;
  /** All rows, line by line. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly refusal: unknown;
}

/** One after the other, each in a process of its own that has just begun. */
async function throughAllDoors(
  engine: EngineName,
  { aheadMs, isCut = false }: { aheadMs: number; isCut?: boolean },
): Promise<readonly Entered[] | undefined> {
  const database = await createTestDatabase(engine);
  if (!database) return undefined;
  const { url } = database;
  const world = await startWorld({ url, isStarted: false, options });
  const { clock, random } = world.ports;
  const sql = await openSql<BillingTables>({ url, clock, random: random("seen"), log: silentLog() });
  // Tickets are given before a request leaves, and are numbers, not instants.
  const seen = async () => (await dumpTables(sql as never)).split("\n").filter((row) => !row.startsWith("limits "));
  try {
    const made = await prepare(world, sql);
    world.setWebhooks(false); // what comes by itself would be written beside
    if (isCut) for (const method of ["GET", "POST"]) world.fail(method, "lost", 1_000);
    const entered: Entered[] = [];
    for (const [name, enter] of Object.entries(entrances)) {
      // Stripe's Date has whole seconds: at one, what is learnt from it is exact.
      await world.advance(secondMs - (clock.now() % secondMs));
      const before = await seen();
      const machine = await startMachine(world, { url, aheadMs, options, seed: entered.length + 1 });
      const entering = enter({ billing: machine.billing, world, made });
      const refusal = await world.run(entering.then(nothing, (error: unknown) => error));
      await machine.close();
      entered.push({ name, before, after: await seen(), refusal });
    }
    return entered;
  } finally {
    await world.close();
    await sql.close();
    await database.drop();
  }
}

const nothing = () => undefined;

/** Orders at each stage, and something of everything that waits for a human. */
async function prepare(world: World, sql: BillingSql): Promise<Given["made"]> {
  const { billing } = world;
  for (const id of ["paid", "waiting", "created"]) await createOrder(world, id);
  await createOrder(world, "authorized", { capture: "manual" });
  const method = await saveCard(world, "payer", { isDefault: false });
  await createOrder(world, "chargeable", { customerId: "payer" });
  const { url: link } = await world.run(billing.orders.checkout("waiting"));
  for (const id of ["paid", "authorized"]) await world.pay(id, "pm_card_visa");
  await world.advance(secondMs);
  await world.run(billing.drain());
  const given = { billing, world };
  const { id: endpoint } = await rest(given, "POST /v1/endpoints", { url: "http://127.0.0.1:9/", types: ["*"] });
  const { id: key } = await rest(given, "POST /v1/keys", { name: "old", scopes: ["read"] });
  await world.pay("waiting", "pm_card_visa");
  return { link, endpoint, key, method, ...(await leaveForAHuman(sql)) } as Given["made"];
}

async function leaveForAHuman(sql: BillingSql) {
  return sql.write("left", async (tx) => {
    const flag = { id: "flag_1", kind: "k", subject: "s", detail: "d", created_at: 1, resolved_at: null };
    await tx.insertInto("flags").values(flag).execute();
    const { id: fact } = await tx.selectFrom("facts").select("id").orderBy("id").executeTakeFirstOrThrow();
    const dead = { state: "dead", attempts: 30, next_at: 1, until: 0, error: "Broken", ended_at: 1 } as const;
    await tx
      .insertInto("deliveries")
      .values({ ...dead, fact, handler: "gone", occurred_at: 1 })
      .execute();
    const park = (subject: string) =>
      tx
        .updateTable("operations")
        .set({ state: "parked" })
        .where("verb", "=", "orders.checkout")
        .where("subject", "=", subject)
        .returning("id")
        .executeTakeFirstOrThrow();
    const [operation, other] = [await park("waiting"), await park("paid")];
    const { id: receipt } = await tx.selectFrom("receipts").select("id").orderBy("id").executeTakeFirstOrThrow();
    return { flag: flag.id, fact, operation: operation.id, other: other.id, receipt };
  });
}

async function rest({ billing, world }: Pick<Given, "billing" | "world">, call: string, body?: unknown) {
  const [method, path] = call.split(" ") as [string, string];
  const headers = { authorization: `Bearer ${bootstrapKey}`, "content-type": "application/json" };
  const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
  const answer = world.run(answered(billing.fetch(new Request(`http://127.0.0.1:12222${path}`, init))));
  return (await answer) as { id: string };
}

/** What is refused is thrown, as in TypeScript. */
async function answered(answering: Promise<Response>): Promise<unknown> {
  const answer = await answering;
  const text = await answer.text();
  if (answer.status < 400) return text.startsWith("{") ? JSON.parse(text) : text;
  throw new Error(`${answer.status} ${text}`);
}

function webhook(world: World): Request {
  const object = { id: "x", object: "y" };
  const event = { id: "evt_1", object: "event", type: "a.b", created: 1, livemode: false, data: { object } };
  const [secret] = optionsFor("").stripe.webhookSecrets;
  return webhookRequest(event, { now: world.ports.clock.now(), secret: secret as string });
}
