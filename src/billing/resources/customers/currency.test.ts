// One customer is billed in one currency, which Stripe sets; orders are in any.
import assert from "node:assert/strict";
import { minuteMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { coreOn } from "../../testing/core.ts";
import { createOrder, startWorld } from "../../testing/index.ts";
import { refuseOtherCurrency } from "./index.ts";

const on = onEachDatabase<BillingTables>;

on("the first invoice decides what a customer is billed in, and orders are in any currency", async ({ url, open }) => {
  const world = await startWorld({ url });
  const sql = await open({ clock: world.ports.clock });
  const core = await coreOn(world, sql);
  const bill = (currency: string) => world.run(refuseOtherCurrency(core, "user_1", currency));
  const { stripeCustomerId } = await world.run(world.billing.customers.ensure({ id: "user_1" }));
  const customer = stripeCustomerId as string;
  const shown = async () => (await world.run(world.billing.customers.get("user_1"))).currency;
  await bill("eur");
  await createOrder(world, "order_1", { customerId: "user_1", currency: "usd" });
  await world.pay("order_1", "pm_card_visa");
  await world.advance(minuteMs);
  assert.equal(await shown(), null, "a payment is not a bill");
  const { id: invoice } = await world.run(world.stripe.invoices.create({ customer, currency: "chf" }));
  await world.run(world.stripe.invoiceItems.create({ customer, invoice, amount: 500, currency: "chf" }));
  await world.advance(minuteMs);
  assert.equal(await shown(), "chf");
  await bill("chf");
  await assert.rejects(bill("eur"), {
    code: "wrong_state",
    message: "Customer user_1 is billed in chf, and cannot be billed in eur",
    details: { field: "currency", customerId: "user_1", currency: "chf", asked: "eur" },
  });
  await createOrder(world, "order_2", { customerId: "user_1", currency: "eur" });
  await world.pay("order_2", "pm_card_visa");
  assert.equal((await world.run(world.billing.orders.settled("order_2"))).status, "paid");
  await assert.rejects(world.run(refuseOtherCurrency(core, "user_9", "eur")), { code: "not_found" });
  await world.close();
});

on("nobody is refused for a currency that Stripe knows no more", async ({ url, open, sql }) => {
  const world = await startWorld({ url });
  const core = await coreOn(world, await open({ clock: world.ports.clock }));
  await world.run(world.billing.customers.ensure({ id: "user_1" }));
  await sql.write("old", async (tx) => {
    await tx.updateTable("customers").set({ currency: "chf" }).execute();
    const row = await tx
      .selectFrom("mirror")
      .select(["id", "row"])
      .where("kind", "=", "customer")
      .executeTakeFirstOrThrow();
    const old = JSON.stringify({ ...JSON.parse(row.row), currency: "chf" });
    await tx.updateTable("mirror").set({ row: old }).where("id", "=", row.id).execute();
  });
  await world.run(refuseOtherCurrency(core, "user_1", "eur"));
  assert.equal((await world.run(world.billing.customers.get("user_1"))).currency, null);
  await world.close();
});
