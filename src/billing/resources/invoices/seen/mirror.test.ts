// Invoices as rows: their lines, all of them; drafts that come and go; and how an open one is being paid.
import assert from "node:assert/strict";
import { hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingSql, BillingTables } from "../../../kernel/store/tables.ts";
import { startWorld, type World } from "../../../testing/index.ts";
import { assertMirrored, mirrored, monthly, payer, payWith, subscribe } from "../../../testing/mirrored.ts";

const on = onEachDatabase<BillingTables>;

async function draft({ stripe, run }: World, customer: string, linesCount: number): Promise<string> {
  const { id } = await run(
    stripe.invoices.create({ customer, currency: "eur", auto_advance: false }).then((made) => made),
  );
  const lines = Array.from({ length: linesCount }, (_, nth) => ({ amount: 100 + nth, description: `Line ${nth}` }));
  if (linesCount > 0) await run(stripe.invoices.addLines(id, { lines }).then((made) => made));
  return id;
}

async function lineCount(sql: BillingSql, invoice: string): Promise<number> {
  const rows = await sql.read("lines", (reader) =>
    reader.selectFrom("invoice_lines").select("id").where("invoice", "=", invoice).execute(),
  );
  return rows.length;
}

on("all lines of an invoice are rows, and a line that is taken away is taken away", async ({ url, sql }) => {
  const world = await startWorld({ url });
  const customer = await payer(world, "user_1");
  const id = await draft(world, customer, 25);
  await world.advance(minuteMs);
  await assertMirrored(world, sql, customer);
  assert.equal(await lineCount(sql, id), 25);
  const [first] = (await world.run(world.stripe.invoices.listLineItems(id).then((list) => list))).data;
  const lines = [{ id: first?.id ?? "", behavior: "delete" as const }];
  await world.run(world.stripe.invoices.removeLines(id, { lines }).then((made) => made));
  await world.advance(minuteMs);
  await assertMirrored(world, sql, customer);
  assert.equal(await lineCount(sql, id), 24);
  const raw = await sql.read("raw", (reader) =>
    reader.selectFrom("mirror").select("raw").where("id", "=", id).executeTakeFirstOrThrow(),
  );
  assert.ok(!Buffer.from(raw.raw).toString("utf8").includes("Line 7"), "raw holds no lists");
  await world.close();
});

on("a draft that is deleted leaves a tombstone and no row, whichever event comes last", async ({ url, sql }) => {
  const world = await startWorld({ url });
  const customer = await payer(world, "user_1");
  const seen = await draft(world, customer, 2);
  await world.advance(minuteMs);
  world.setWebhooks(false);
  const unseen = await draft(world, customer, 1);
  for (const id of [seen, unseen]) await world.run(world.stripe.invoices.del(id).then((gone) => gone));
  const { data } = await world.run(world.stripe.events.list({ limit: 100 }).then((list) => list));
  // The newest first.
  for (const event of data.filter(({ type }) => type.startsWith("invoice."))) {
    assert.equal(await world.deliver(event), 200);
    await world.advance(10 * secondMs);
  }
  await world.advance(2 * hourMs);
  await assertMirrored(world, sql, customer);
  const rows = await sql.read("rows", async (reader) => [
    ...(await reader.selectFrom("invoices").select("id").execute()),
    ...(await reader.selectFrom("invoice_lines").select("id").execute()),
    ...(await reader.selectFrom("receipts").select("id").where("state", "in", ["open", "dead"]).execute()),
  ]);
  assert.deepEqual(rows, []);
  const tombstones = await sql.read("tombstones", (reader) =>
    reader.selectFrom("mirror").select("id").where("tombstone", "=", 1).orderBy("id").execute(),
  );
  assert.deepEqual(
    tombstones.map(({ id }) => id),
    [seen, unseen].sort(),
  );
  await world.close();
});

on("an invoice that could not be paid says what became of the payment, and follows it", async ({ url, sql }) => {
  const world = await startWorld({ url });
  const customer = await payer(world, "user_1", "pm_card_chargeCustomerFail");
  const price = await monthly(world, 1000);
  const { latest_invoice } = await subscribe(world, customer, { items: [{ price }] });
  await world.advance(minuteMs);
  await assertMirrored(world, sql, customer);
  const payment = async () => (await mirrored(sql, String(latest_invoice))).payment as Record<string, unknown>;
  assert.deepEqual(
    [(await payment()).status, ((await payment()).failure as { code: string }).code],
    ["requires_payment_method", "card_declined"],
  );
  const paymentIntent = String((await payment()).paymentIntent);
  await payWith(world, customer, "pm_card_authenticationRequired");
  const confirmed = world.stripe.paymentIntents.confirm(paymentIntent, {
    payment_method: "pm_card_threeDSecure2Required",
    return_url: "https://shop.example/back",
  });
  await world.run(confirmed.then((made) => made));
  await world.advance(minuteMs);
  assert.equal((await payment()).status, "requires_action");
  await assertMirrored(world, sql, customer);
  await world.close();
});
