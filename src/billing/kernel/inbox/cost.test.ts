// What receipts cost the database, counted through the port: many that are worked together cost hardly more than one.
import assert from "node:assert/strict";
import { secondMs } from "#kit/clock.ts";
import type { Faults } from "#kit/sql/engine.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { type Billing, createBilling } from "../../index.ts";
import { leaveCatchUp, optionsFor, startWorld, type World } from "../../testing/index.ts";
import type { BillingSql, BillingTables } from "../store/tables.ts";

interface Cost {
  transactions: number;
  statements: number;
}

interface Counted {
  readonly billing: Billing;
  /** Of the units whose label begins with `inbox.`. */
  readonly cost: Cost;
}

/** Another process on the world's database, whose transactions and statements are counted. */
async function count(world: World, url: string): Promise<Counted> {
  const cost = { transactions: 0, statements: 0 };
  const faults: Faults = ({ point, label }) => {
    if (!label.startsWith("inbox.")) return;
    if (point === "begin") cost.transactions++;
    if (point === "statement") cost.statements++;
  };
  const fetch = (input: string | URL | Request, init?: RequestInit) => world.sandbox.fetch(new Request(input, init));
  const ports = { ...world.ports, fetch, mortality: { faults, atDeath: () => {} } };
  return { cost, billing: await world.run(createBilling(optionsFor(url), ports)) };
}

/** Events that tell of paid orders, `each` for every customer; nobody has heard of them yet. */
async function paidOrders(
  world: World,
  sql: BillingSql,
  input: { name: string; customers: number; each: number },
): Promise<object[]> {
  const { value: instance } = await sql.read("instance", (reader) =>
    reader.selectFrom("settings").select("value").where("key", "=", "instance").executeTakeFirstOrThrow(),
  );
  const events: object[] = [];
  for (let n = 0; n < input.customers; n++) {
    const customerId = `${input.name}_${n}`;
    const { stripeCustomerId } = await world.run(world.billing.customers.ensure({ id: customerId }));
    for (let m = 0; m < input.each; m++) {
      const id = `${customerId}_${m}`;
      const lines = [{ description: "Tea", quantity: 1, unitAmount: 2500 }];
      await world.run(world.billing.orders.create({ id, currency: "eur", lines, customerId }));
      const made = world.stripe.paymentIntents.create({
        amount: 2500,
        currency: "eur",
        customer: stripeCustomerId as string,
        metadata: { bursar_instance: instance, bursar_order: id },
        confirm: true,
        payment_method: "pm_card_visa",
        return_url: "https://shop.example/back",
      });
      const object = await world.run(made.then((intent) => intent));
      await sql.write("made", async (tx) => {
        await tx.updateTable("orders").set({ payment_intent: object.id }).where("id", "=", id).execute();
      });
      const created = Math.floor(world.ports.clock.now() / secondMs);
      const about = { object: "event", created, livemode: false, api_version: "2026-10-28.endive" };
      events.push({ id: `evt_${id}`, ...about, type: "payment_intent.succeeded", data: { object } });
    }
  }
  return events;
}

async function costOf(world: World, { billing, cost }: Counted, events: readonly object[]): Promise<Cost> {
  await Promise.all(events.map((event) => world.deliver(event)));
  Object.assign(cost, { transactions: 0, statements: 0 });
  await world.run(billing.tick({ maxMs: 60 * secondMs }));
  return { ...cost };
}

onEachDatabase<BillingTables>("many receipts cost hardly more statements than one", async ({ url, sql, t }) => {
  const world = await startWorld({ url, isStarted: false });
  world.setWebhooks(false);
  await leaveCatchUp(sql);
  const counted = await count(world, url);
  const measure = async (name: string, customers: number, each: number) => {
    const cost = await costOf(world, counted, await paidOrders(world, sql, { name, customers, each }));
    t.diagnostic(`${name}: ${cost.transactions} transactions, ${cost.statements} statements`);
    return cost;
  };
  const one = await measure("one", 1, 1);
  const ofOne = await measure("forty_of_one_customer", 1, 40);
  const ofEight = await measure("forty_of_eight_customers", 8, 5);
  const { data: paid } = await world.run(world.billing.orders.list({ status: "paid", limit: 100 }));
  assert.equal(paid.length, 81);
  assert.ok(one.transactions <= 8 && one.statements <= 22, "one receipt");
  assert.ok(ofOne.statements <= one.statements + 2, "one customer's receipts are worked together");
  assert.ok(ofEight.statements <= 8 * one.statements, "each customer's receipts are worked together");
  await world.run(counted.billing.close());
  await world.close();
});
