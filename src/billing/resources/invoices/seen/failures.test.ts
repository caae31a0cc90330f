// When an invoice's first try failed is written down once: as its event says, whatever is tried after it.
import assert from "node:assert/strict";
import { dayMs, hourMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingSql, BillingTables } from "../../../kernel/store/tables.ts";
import { startWorld } from "../../../testing/index.ts";
import { monthly, payer, payWith, subscribe } from "../../../testing/mirrored.ts";

const on = onEachDatabase<BillingTables>;

const failedAt = (sql: BillingSql) =>
  sql.read("failed", (reader) =>
    reader.selectFrom("invoices").select("failed_at").where("failed_at", "is not", null).execute(),
  );

on("it is the event's instant, and no retry moves it", async ({ url, sql }) => {
  const world = await startWorld({ url });
  const { run, stripe } = world;
  const customer = await payer(world, "user_1");
  const { id } = await subscribe(world, customer, { items: [{ price: await monthly(world, 1000) }] });
  await payWith(world, customer, "pm_card_chargeCustomerFail");
  await world.advance(31 * dayMs);
  const { data } = await run(stripe.events.list({ type: "invoice.payment_failed" }).then((list) => list));
  const first = { failed_at: (data.at(-1)?.created ?? 0) * secondMs };
  assert.deepEqual(await failedAt(sql), [first]);
  await world.advance(8 * dayMs);
  assert.deepEqual(await failedAt(sql), [first]);
  await payWith(world, customer, "pm_card_visa");
  const { latest_invoice } = await run(stripe.subscriptions.retrieve(id).then((one) => one));
  await run(stripe.invoices.pay(String(latest_invoice)).then((paid) => paid));
  await world.advance(hourMs);
  assert.deepEqual(await failedAt(sql), [first], "what has failed has failed");
  await world.close();
});
