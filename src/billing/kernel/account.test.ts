// A database belongs to one account and one mode: a key of another one is refused by name, before anything is begun.
import assert from "node:assert/strict";
import { test } from "node:test";
import { secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { type Billing, createBilling } from "../index.ts";
import { createOrder, optionsFor, startWorld, type World } from "../testing/index.ts";
import { accountIn } from "./account.ts";
import type { BillingTables } from "./store/tables.ts";

const on = onEachDatabase<BillingTables>;

/** Another process on the same database, with another key of Stripe's. */
async function openWith(world: World, url: string, secretKey: string): Promise<Billing> {
  const fetch: typeof world.ports.fetch = async (input, init) =>
    secretKey.startsWith("rk_") && String(input).endsWith("/v1/account")
      ? Response.json({ error: { message: "This key may not do that." } }, { status: 403 })
      : world.ports.fetch(input, init);
  const options = optionsFor(url);
  const publishableKey = secretKey.replace(/^[sr]k/, "pk");
  return createBilling(
    { ...options, stripe: { ...options.stripe, secretKey, publishableKey } },
    { ...world.ports, fetch },
  );
}

const commands: Record<string, (billing: Billing) => Promise<unknown>> = {
  "customers.ensure": ({ customers }) => customers.ensure({ id: "user_1" }),
  "orders.create": ({ orders }) =>
    orders.create({ id: "order_2", currency: "eur", lines: [{ description: "Tea", quantity: 1, unitAmount: 500 }] }),
  "orders.checkout": ({ orders }) => orders.checkout("order_1"),
  "orders.charge": ({ orders }) => orders.charge("order_1"),
  "orders.capture": ({ orders }) => orders.capture("order_1"),
  "orders.increment": ({ orders }) =>
    orders.increment("order_1", { id: "more", lines: [{ description: "Tea", quantity: 1, unitAmount: 500 }] }),
  "orders.cancel": ({ orders }) => orders.cancel("order_1"),
  "orders.settled": ({ orders }) => orders.settled("order_1"),
  "refunds.create": ({ refunds }) => refunds.create({ id: "r_1", orderId: "order_1" }),
};

on("with the key of another account no command is begun, whatever it is", async ({ url }) => {
  const world = await startWorld({ url, isStarted: false });
  await createOrder(world, "order_1", { capture: "manual" });
  await world.pay("order_1", "pm_card_visa");
  await world.run(world.billing.orders.settled("order_1"));
  const before = world.requests.length;
  const other = await openWith(world, url, "sk_test_ofanotheraccount");
  for (const [name, give] of Object.entries(commands)) {
    await assert.rejects(world.run(give(other)), { code: "account_mismatch" }, name);
  }
  await world.run(other.close());
  const asked = world.requests.slice(before).filter((request) => request !== "GET /v1/account");
  assert.deepEqual(asked, [], "nothing was asked but whose key it is");
  await world.close();
});

on("the key of another account is refused at the start, before a command and before a tick", async ({ url }) => {
  const world = await startWorld({ url, isStarted: false });
  await createOrder(world, "order_1");
  const before = world.requests.length;
  const other = await openWith(world, url, "sk_test_ofanotheraccount");
  const refused = { code: "account_mismatch", message: /belongs to the account acct_\w+, and the key to acct_\w+/ };
  await assert.rejects(world.run(other.start()), refused);
  await assert.rejects(world.run(other.start()), refused, "and again");
  await assert.rejects(world.run(other.orders.checkout("order_1")), refused);
  await assert.rejects(world.run(other.tick({ maxMs: secondMs })), refused);
  await world.run(other.close());
  const asked = world.requests.slice(before).filter((request) => request.startsWith("POST "));
  assert.deepEqual(asked, [], "nothing was begun");
  assert.match((await world.run(world.billing.orders.checkout("order_1"))).clientSecret, /^pi_/);
  await world.close();
});

on("while Stripe does not name the account, work goes on", async ({ url, sql }) => {
  const world = await startWorld({ url, isStarted: false });
  world.fail("GET /v1/account", 500, 1_000);
  await createOrder(world, "order_1");
  assert.match((await world.run(world.billing.orders.checkout("order_1"))).clientSecret, /^pi_/);
  const account = () =>
    sql.read("account", (reader) =>
      reader.selectFrom("settings").select("value").where("key", "=", "account").executeTakeFirst(),
    );
  assert.equal(await account(), undefined);
  world.mend();
  await world.advance(61 * secondMs);
  await createOrder(world, "order_2");
  assert.match((await account())?.value ?? "", /^acct_/);
  await world.close();
});

on(
  "a key that may not read its account is known by what the account holds, and health stays green",
  async ({ url }) => {
    const world = await startWorld({ url, isStarted: false });
    await createOrder(world, "order_1");
    await world.run(world.billing.orders.checkout("order_1"));
    world.fail("GET /v1/account", 403, 1_000);
    const billing = await world.twin();
    await createOrder({ ...world, billing }, "order_2");
    const health = await world.run(billing.fetch(new Request("http://127.0.0.1:8080/ready")));
    assert.equal(health.status, 200, await health.text());
    const other = await openWith(world, url, "rk_test_ofanotheraccount");
    const refused = { code: "account_mismatch", message: /has no payment_intent pi_\w+/ };
    await assert.rejects(world.run(other.orders.checkout("order_1")), refused);
    await world.run(other.close());
    await world.close();
  },
);

on("a key of the other mode is refused when the database is opened", async ({ url, sql }) => {
  const world = await startWorld({ url });
  await sql.write("mode", async (tx) => {
    await tx.updateTable("settings").set({ value: "live" }).where("key", "=", "mode").execute();
  });
  await assert.rejects(world.twin(), { code: "mode_mismatch", message: /was used in live mode/ });
  await world.close();
});

test("Stripe's refusal of a restricted key names the account", () => {
  const message =
    "The provided key 'rk_test_***' does not have the required permissions for this endpoint on account " +
    "'acct_1PgafTB7WZ01zgkW'. Having the 'Basic account read' permission would allow this request to continue.";
  const table: [number, object, string | null][] = [
    [200, { id: "acct_1" }, "acct_1"],
    [403, { error: { message } }, "acct_1PgafTB7WZ01zgkW"],
    [403, { error: { message: "No." } }, null],
    [403, {}, null],
    [401, { error: { message } }, null],
    [500, { id: "acct_1" }, null],
  ];
  for (const [status, body, id] of table) assert.equal(accountIn(status, { ...body }), id);
});
