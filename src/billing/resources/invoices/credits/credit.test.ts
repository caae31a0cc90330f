// What an invoice asked too much is taken back: before it is paid and after, by amount and by lines, and never more in
// all than it asked.
import assert from "node:assert/strict";
import { minuteMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { stride } from "#kit/testing.ts";
import type { BillingTables } from "../../../kernel/store/tables.ts";
import { startWorld, type World } from "../../../testing/index.ts";
import { draftOf, openInvoice } from "../../../testing/invoice_verbs.table.ts";

const on = onEachDatabase<BillingTables>;

async function paidInvoice(world: World, customerId: string): Promise<string> {
  const id = await openInvoice(world, customerId);
  await world.run(world.billing.invoices.pay(id, { id: "pay_1" }));
  await world.advance(minuteMs);
  return id;
}

const notes = async ({ run, stripe }: World, invoice: string) =>
  (await run(stripe.creditNotes.list({ invoice }).then((list) => list))).data;

const told = (world: World) =>
  world.facts.filter(({ type }) => type.startsWith("invoice.credit")).map(({ type }) => type.replace("invoice.", ""));

on("a credit of an open invoice makes less due, and all of it settles it", async ({ url }) => {
  const world = await startWorld({ url });
  const { invoices } = world.billing;
  const id = await openInvoice(world, "user_1");
  const first = await world.run(invoices.credit(id, { id: "c_1", amount: 500, reason: "order_change" }));
  assert.deepEqual([first.outcome, first.value.id, first.value.status], ["done", "c_1", "issued"]);
  assert.deepEqual(first.value.amount, { amount: 500, currency: "eur" });
  await world.advance(minuteMs);
  assert.equal((await world.run(invoices.get(id))).amounts.remaining, 2000);
  const refused = { code: "wrong_state", message: /only makes less due/ };
  await assert.rejects(world.run(invoices.credit(id, { id: "c_2", amount: 1, to: "refund" })), refused);
  const rest = await world.run(invoices.credit(id, { id: "c_3" }));
  assert.equal(rest.value.amount.amount, 2000);
  await world.advance(minuteMs);
  assert.equal((await world.run(invoices.get(id))).status, "paid");
  await assert.rejects(world.run(invoices.credit(id, { id: "c_4", amount: 1, to: "balance" })), {
    code: "invalid_amount",
    message: /Nothing is left/,
  });
  const again = await world.run(invoices.credit(id, { id: "c_3" }));
  assert.deepEqual([again.outcome, again.value.amount.amount], ["done", 2000]);
  assert.equal((await notes(world, id)).length, 2);
  assert.deepEqual(told(world), ["credited", "credited"]);
  const listed = await world.run(invoices.credits(id));
  assert.deepEqual(
    listed.map((one) => [one.id, one.status, one.amount.amount]),
    [
      ["c_1", "issued", 500],
      ["c_3", "issued", 2000],
    ],
  );
  await world.close();
});

on("what was paid goes to the balance, back, or another way, as the caller says", async ({ url }) => {
  const world = await startWorld({ url });
  const { invoices } = world.billing;
  const id = await paidInvoice(world, "user_1");
  await assert.rejects(world.run(invoices.credit(id, { id: "c_0", amount: 100 })), {
    code: "wrong_state",
    hint: /Say `to`/,
  });
  for (const [n, to] of (["balance", "refund", "out_of_band"] as const).entries()) {
    const credited = await world.run(invoices.credit(id, { id: `c_${n + 1}`, amount: 500, to, memo: "Sorry" }));
    assert.equal(credited.outcome, "done", to);
  }
  const { stripeCustomerId } = await world.run(world.billing.customers.get("user_1"));
  const customer = await world.run(world.stripe.customers.retrieve(stripeCustomerId as string).then((one) => one));
  assert.equal("balance" in customer && customer.balance, -500);
  const { data: refunds } = await world.run(world.stripe.refunds.list());
  assert.deepEqual(
    refunds.map(({ amount }) => amount),
    [500],
  );
  assert.equal((await world.run(invoices.get(id))).amounts.postPaymentCreditNotes, 1500);
  await assert.rejects(world.run(invoices.credit(id, { id: "c_5", amount: 1001, to: "refund" })), {
    code: "invalid_amount",
    message: /more than the 10.00 EUR that are left/,
  });
  await world.close();
});

on("lines are credited by quantity or amount, and another sum than said is refused", async ({ url }) => {
  const world = await startWorld({ url });
  const { invoices } = world.billing;
  const id = await openInvoice(world, "user_1");
  const [line] = (await world.run(invoices.get(id))).lines;
  assert.ok(line);
  const byAmount = [{ line: line.id, amount: 700 }];
  const credited = await world.run(invoices.credit(id, { id: "c_1", amount: 700, lines: byAmount }));
  assert.deepEqual([credited.outcome, credited.value.amount.amount], ["done", 700]);
  const own = [{ description: "For the trouble", unitAmount: 300 }];
  assert.equal((await world.run(invoices.credit(id, { id: "c_2", amount: 300, lines: own }))).outcome, "done");
  const lines = [{ line: line.id, amount: 100 }];
  for (const wrong of [{ lines }, { amount: 1, lines: [{ line: line.id }] }, { amount: 1, lines: [] }]) {
    const refused = world.run(invoices.credit(id, { id: "c_3", ...wrong } as never));
    await assert.rejects(refused, { code: "invalid_params" });
  }
  assert.equal((await notes(world, id)).length, 2);
  await world.close();
});

on("two credits at once, and one of the Dashboard, never come to more than the invoice", async ({ url }) => {
  const world = await startWorld({ url });
  const { invoices } = world.billing;
  const id = await paidInvoice(world, "user_1");
  world.setWebhooks(false);
  const foreign = world.stripe.creditNotes.create({ invoice: id, amount: 1000, out_of_band_amount: 1000 });
  await world.run(foreign.then((made) => made));
  const wish = (n: number) => invoices.credit(id, { id: `c_${n}`, amount: 1000, to: "balance" });
  const both = await world.run(Promise.allSettled([wish(1), wish(2)]));
  assert.deepEqual(both.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  const [refused] = both.flatMap((one) => (one.status === "rejected" ? [one.reason as { code: string }] : []));
  assert.equal(refused?.code, "invalid_amount");
  const total = (await notes(world, id)).reduce((sum, { amount }) => sum + amount, 0);
  assert.equal(total, 2000);
  await world.close();
});

on("what Stripe refuses is set free, and a voided note counts no more", async ({ url }) => {
  const world = await startWorld({ url });
  const { invoices } = world.billing;
  const id = await openInvoice(world, "user_1");
  world.fail("POST /v1/credit_notes", 400);
  const wish = { id: "c_1", amount: 2500 };
  await assert.rejects(world.run(invoices.credit(id, wish)), { code: "stripe_refused" });
  const [failed] = await world.run(invoices.credits(id));
  assert.equal(failed?.status, "failed");
  assert.equal((await world.run(invoices.credit(id, { id: "c_2", amount: 100 }))).outcome, "done");
  const [note] = await notes(world, id);
  await world.run(world.stripe.creditNotes.voidCreditNote(note?.id ?? "").then((made) => made));
  await world.advance(minuteMs);
  assert.deepEqual(told(world), ["credited", "credit_voided"]);
  assert.equal((await world.run(invoices.credit(id, { ...wish, attempt: 2 }))).outcome, "done");
  const draft = await draftOf(world, "user_2");
  await assert.rejects(world.run(invoices.credit(draft, { id: "c" })), { code: "wrong_state", hint: /discard/ });
  await world.close();
});

/** In `npm test` every so many of them. */
const step = stride(13);

on("killed at any await, a credit is made once and told once", async ({ url }) => {
  const world = await startWorld({ url });
  const dieAt = async (name: string, point?: number) => {
    const id = await openInvoice(world, name);
    const { life, billing } = await world.mortalTwin(point);
    const points = { before: life.points.length, after: 0 };
    const wish = { id: "c_1", amount: 700 };
    await world.run(Promise.race([billing.invoices.credit(id, wish), life.death]));
    points.after = life.points.length;
    life.kill();
    assert.equal((await world.run(world.billing.invoices.credit(id, wish))).outcome, "done", name);
    await world.advance(2 * minuteMs);
    assert.deepEqual(
      (await notes(world, id)).map(({ amount }) => amount),
      [700],
      name,
    );
    assert.deepEqual(
      (await world.run(world.billing.invoices.credits(id))).map(({ status }) => status),
      ["issued"],
      name,
    );
    const facts = world.facts.filter(
      ({ type, data }) => type === "invoice.credited" && "invoiceId" in data && data.invoiceId === id,
    );
    assert.equal(new Set(facts.map((fact) => fact.id)).size, 1, name);
    return points;
  };
  const alive = await dieAt("user_0");
  const count = alive.after - alive.before;
  assert.ok(count > 5, `only ${count} awaits`);
  for (let nth = 1; nth <= count; nth += step) await dieAt(`user_${nth}`, alive.before + nth);
  await world.close();
});
