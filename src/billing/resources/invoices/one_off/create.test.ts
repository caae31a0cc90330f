// One command makes an invoice of the host's lines: of these and no others, once, whole, and sent or charged once.
import assert from "node:assert/strict";
import type Stripe from "stripe";
import { dayMs, hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { stride } from "#kit/testing.ts";
import type { CreateInvoice } from "../../../api/index.ts";
import type { BillingTables } from "../../../kernel/store/tables.ts";
import { saveCard, startWorld, type World } from "../../../testing/index.ts";

const on = onEachDatabase<BillingTables>;

const wish: CreateInvoice = {
  id: "invoice_1",
  customerId: "user_1",
  currency: "eur",
  lines: [
    { description: "Consulting", quantity: 3, unitAmount: 12_000 },
    { description: "Discount", unitAmount: -1_000 },
  ],
  collection: "send",
  daysUntilDue: 14,
};

async function billed({ run, billing }: World, id = "user_1"): Promise<void> {
  await run(billing.customers.ensure({ id, email: `${id}@example.test` }));
}

async function made(world: World): Promise<Stripe.Invoice[]> {
  return (await world.run(world.stripe.invoices.list({ limit: 100 }).then((list) => list))).data;
}

async function mails(world: World): Promise<number> {
  return (await world.run(world.stripe.events.list({ limit: 100, type: "invoice.sent" }))).data.length;
}

const told = (world: World) =>
  world.facts.filter(({ type }) => type.startsWith("invoice.")).map(({ type }) => type.replace("invoice.", ""));

on("an invoice is made of its lines, final and sent, under the host's id", async ({ url }) => {
  const world = await startWorld({ url });
  await billed(world);
  const { customer } = await pending(world);
  const whole = {
    ...wish,
    memo: "Thank you",
    footer: "A company",
    customFields: [{ name: "PO", value: "4711" }],
    metadata: { project: "7" },
  };
  const { outcome, value } = await world.run(world.billing.invoices.create(whole));
  assert.equal(outcome, "done");
  const [invoice] = await made(world);
  assert.ok(invoice && value.invoice);
  assert.deepEqual([value.id, value.invoice.id, value.invoice.ownId], ["invoice_1", invoice.id, "invoice_1"]);
  assert.deepEqual(
    [invoice.customer, invoice.status, invoice.total, invoice.auto_advance],
    [customer, "open", 35_000, false],
  );
  assert.deepEqual([invoice.description, invoice.footer], ["Thank you", "A company"]);
  assert.deepEqual(invoice.custom_fields, [{ name: "PO", value: "4711" }]);
  assert.equal(invoice.metadata?.project, "7");
  assert.equal((invoice.due_date ?? 0) - invoice.created, (14 * dayMs) / secondMs);
  assert.deepEqual(invoice.lines.data.map(({ amount }) => amount).sort(), [-1_000, 36_000], "and nothing that waited");
  const again = await world.run(world.billing.invoices.create(whole));
  assert.deepEqual([again.outcome, again.value.invoice?.id], ["done", invoice.id]);
  await assert.rejects(world.run(world.billing.invoices.create({ ...whole, memo: "Other" })), { code: "conflict" });
  await assert.rejects(world.run(world.billing.invoices.create({ ...whole, finalize: false })), { code: "conflict" });
  await world.advance(minuteMs);
  assert.deepEqual([(await made(world)).length, await mails(world)], [1, 1]);
  assert.deepEqual(told(world), ["finalized"]);
  const [fact] = world.facts.filter(({ type }) => type === "invoice.finalized");
  assert.ok(fact && "ownId" in fact.data);
  assert.equal(fact.data.ownId, "invoice_1");
  await world.close();
});

/** Something of the customer that waits for an invoice, and a coupon that they have for whatever they buy. */
async function pending(world: World): Promise<{ customer: string }> {
  const { stripeCustomerId } = await world.run(world.billing.customers.get("user_1"));
  const customer = stripeCustomerId as string;
  await world.run(world.stripe.invoiceItems.create({ customer, amount: 99, currency: "eur" }).then((item) => item));
  return { customer };
}

on("a draft stays a draft, one that is not to be sent is not, and what costs nothing is paid", async ({ url }) => {
  const world = await startWorld({ url });
  await billed(world);
  const { invoices } = world.billing;
  const draft = await world.run(invoices.create({ ...wish, id: "a", finalize: false }));
  assert.deepEqual([draft.outcome, draft.value.invoice?.status], ["done", "draft"]);
  const unsent = await world.run(invoices.create({ ...wish, id: "b", send: false }));
  assert.equal(unsent.value.invoice?.status, "open");
  const lines = [{ description: "Tea", unitAmount: 0 }];
  const free = await world.run(invoices.create({ ...wish, id: "c", lines }));
  assert.deepEqual([free.outcome, free.value.invoice?.status], ["done", "paid"]);
  assert.equal(await mails(world), 0);
  const final = await world.run(invoices.finalize(draft.value.invoice?.id ?? ""));
  assert.equal(final.value.status, "open");
  await world.close();
});

on("a price of the catalog is a line, and one that is paid again and again is none", async ({ url }) => {
  const world = await startWorld({ url });
  await billed(world);
  const plans = { pro: { name: "Pro", prices: { month: { eur: 1900 } } } };
  const addOns = { setup: { name: "Setup", prices: { once: { eur: 5000 } } } };
  await world.run(world.billing.catalog.apply({ plans, addOns }));
  const lines = [{ price: "bursar-setup-once-eur", quantity: 2 }];
  const { value } = await world.run(world.billing.invoices.create({ ...wish, lines }));
  assert.equal(value.invoice?.amounts.total, 10_000);
  for (const [price, says] of [
    ["bursar-pro-month-eur", /paid again and again/],
    ["bursar-none", /no price bursar-none/],
  ] as const) {
    const refused = world.run(world.billing.invoices.create({ ...wish, id: "other", lines: [{ price }] }));
    await assert.rejects(refused, { code: "invalid_params", message: says });
  }
  assert.equal((await made(world)).length, 1);
  await world.close();
});

on("what is charged at once is paid, asked of the customer, or declined; the invoice stands", async ({ url }) => {
  const world = await startWorld({ url });
  const charge = { ...wish, collection: "charge", daysUntilDue: undefined } as const;
  for (const [card, outcome, status] of [
    ["pm_card_visa", "done", "paid"],
    ["pm_card_chargeCustomerFail", "declined", "open"],
    ["pm_card_authenticationRequired", "action_required", "open"],
  ] as const) {
    const customerId = `user_${outcome}`;
    const method = await saveCard(world, customerId, { card });
    const input = { ...charge, id: `invoice_${outcome}`, customerId, method };
    const ended = await world.run(world.billing.invoices.create(input));
    assert.deepEqual([ended.outcome, ended.value.invoice?.status], [outcome, status]);
    assert.equal((await world.run(world.billing.invoices.create(input))).outcome, outcome, "given again");
  }
  assert.equal((await world.run(world.stripe.charges.list())).data.filter(({ paid }) => paid).length, 1);
  assert.equal((await made(world)).length, 3);
  await world.close();
});

on("what Stripe refuses on the way is taken back, and the next attempt makes another", async ({ url }) => {
  const world = await startWorld({ url });
  await billed(world);
  const { invoices } = world.billing;
  const untaxable = { ...wish, id: "finalize", taxes: "stripe" } as const;
  for (const [input, isBroken] of [
    [{ ...wish, id: "lines" }, true],
    [untaxable, false],
  ] as const) {
    if (isBroken) world.fail("POST /v1/invoices/", 400);
    await assert.rejects(world.run(invoices.create(input)), { code: "stripe_refused" }, input.id);
    await assert.rejects(world.run(invoices.create(input)), { code: "stripe_refused" }, input.id);
    await world.advance(minuteMs);
    assert.deepEqual(await made(world), [], input.id);
  }
  assert.equal((await world.run(invoices.create({ ...wish, id: "lines", attempt: 2 }))).outcome, "done");
  assert.equal((await made(world)).length, 1);
  assert.deepEqual(told(world), ["finalized"]);
  assert.deepEqual((await world.run(world.billing.flags.list({ state: "open" }))).data, []);
  await world.close();
});

on(
  "an id may be given anew after its draft was refused, by a customer without an address to mail to",
  async ({ url }) => {
    const world = await startWorld({ url });
    await world.run(world.billing.customers.ensure({ id: "user_1" }));
    await assert.rejects(world.run(world.billing.invoices.create(wish)), {
      code: "stripe_refused",
      message: /[Ee]mail/,
    });
    await billed(world);
    const { outcome } = await world.run(world.billing.invoices.create({ ...wish, attempt: 2 }));
    assert.equal(outcome, "done");
    await world.close();
  },
);

/** In `npm test` every so many of them. */
const step = stride(13);

on("killed at any await, it is made once, mailed once and told once", async ({ url }) => {
  const world = await startWorld({ url });
  await billed(world);
  const dieAt = async (id: string, point?: number) => {
    const { life, billing } = await world.mortalTwin(point);
    const points = { before: life.points.length, after: 0 };
    const input = { ...wish, id };
    await world.run(Promise.race([billing.invoices.create(input), life.death]));
    points.after = life.points.length;
    life.kill();
    const { outcome, value } = await world.run(world.billing.invoices.create(input));
    assert.deepEqual([outcome, value.invoice?.status, value.invoice?.amounts.total], ["done", "open", 35_000], id);
    await world.advance(2 * minuteMs);
    const all = (await made(world)).filter(({ metadata }) => metadata?.bursar_invoice === id);
    assert.equal(all.length, 1, id);
    const sent = (await world.run(world.stripe.events.list({ limit: 100, type: "invoice.sent" }))).data;
    assert.equal(sent.filter(({ data }) => "id" in data.object && data.object.id === all[0]?.id).length, 1, id);
    const facts = world.facts.filter(
      ({ type, data }) => type === "invoice.finalized" && "ownId" in data && data.ownId === id,
    );
    assert.equal(new Set(facts.map((fact) => fact.id)).size, 1, id);
    return points;
  };
  const alive = await dieAt("invoice_0");
  const count = alive.after - alive.before;
  assert.ok(count > 10, `only ${count} awaits`);
  for (let nth = 1; nth <= count; nth += step) await dieAt(`invoice_${nth}`, alive.before + nth);
  await world.close();
});

on("answers that stay away, a slow Stripe and a day without webhooks make one invoice", async ({ url, sql }) => {
  const world = await startWorld({ url });
  await billed(world);
  world.setWebhooks(false);
  const { invoices } = world.billing;
  for (const fault of ["unheard", "slow", "lost"] as const) {
    const id = `invoice_${fault}`;
    world.fail("POST /v1/invoices", fault, fault === "slow" ? 1 : 3);
    await world.run(invoices.create({ ...wish, id }));
    await world.advance(5 * minuteMs);
    world.mend();
    assert.equal((await world.run(invoices.create({ ...wish, id }))).outcome, "done", fault);
  }
  world.fail("POST /v1/invoices", "unheard", 1_000);
  assert.equal((await world.run(invoices.create({ ...wish, id: "old" }))).outcome, "processing");
  await sql.write("a day ago", async (tx) => {
    await tx
      .updateTable("calls")
      .set((eb) => ({ first_sent_at: eb("first_sent_at", "-", 23 * hourMs) }))
      .where("state", "!=", "answered")
      .execute();
  });
  world.mend();
  await world.advance(10 * minuteMs);
  assert.equal((await world.run(invoices.create({ ...wish, id: "old" }))).value.invoice?.status, "open");
  world.setWebhooks(true);
  await world.advance(10 * minuteMs);
  assert.deepEqual([(await made(world)).length, await mails(world)], [4, 4]);
  assert.deepEqual(told(world).filter((type) => type === "finalized").length, 4);
  await world.close();
});

on("by fetch and tick alone what was promised is made, and what grew too old is told", async ({ url, sql }) => {
  const world = await startWorld({ url, isStarted: false });
  await billed(world);
  world.setWebhooks(false);
  world.fail("POST /v1/invoices", "lost", 1_000);
  for (const id of ["made", "late"]) {
    assert.equal((await world.run(world.billing.invoices.create({ ...wish, id }))).outcome, "processing");
  }
  await sql.write("older", async (tx) => {
    await tx
      .updateTable("operations")
      .set((eb) => ({ created_at: eb("created_at", "-", dayMs) }))
      .where("subject", "=", "late")
      .execute();
  });
  world.mend();
  for (let n = 0; n < 5; n++) {
    await world.advance(minuteMs);
    await world.run(world.billing.tick({ maxMs: 10 * secondMs }));
  }
  assert.deepEqual([(await made(world)).length, await mails(world)], [1, 1]);
  assert.deepEqual(told(world).sort(), ["finalized", "not_made"]);
  await world.close();
});
