// An invoice is paid: with a saved method, as paid elsewhere, by a debit that takes days, or after its payment failed;
// by whoever comes first, and once.
import assert from "node:assert/strict";
import { dayMs, minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../../kernel/store/tables.ts";
import { type FaultKind, startWorld, type World, wishedADayAgo } from "../../../testing/index.ts";
import { openInvoice } from "../../../testing/invoice_verbs.table.ts";
import { monthly, payer, payWith, subscribe } from "../../../testing/mirrored.ts";

const on = onEachDatabase<BillingTables>;

async function saved({ stripe, run, billing }: World, customerId: string, card: string): Promise<string> {
  const { stripeCustomerId: customer } = await run(billing.customers.get(customerId));
  return (await run(stripe.paymentMethods.attach(card, { customer: customer as string }).then((made) => made))).id;
}

function told(world: World, id?: string): string[] {
  const isOf = (data: object) => id === undefined || ("invoiceId" in data && data.invoiceId === id);
  const facts = world.facts.filter(({ type, data }) => type.startsWith("invoice.") && isOf(data));
  return facts.map(({ type }) => type.replace("invoice.", ""));
}

async function charges(world: World): Promise<number> {
  return (await world.run(world.stripe.charges.list({ limit: 100 }))).data.filter(({ paid }) => paid).length;
}

on("a declined card is an answer, the next try is another wish, and what is paid is paid once", async ({ url }) => {
  const world = await startWorld({ url });
  const { invoices } = world.billing;
  const id = await openInvoice(world, "user_1");
  const bad = await saved(world, "user_1", "pm_card_chargeCustomerFail");
  const declined = await world.run(invoices.pay(id, { id: "t_1", method: bad }));
  assert.ok(declined.outcome === "declined");
  assert.deepEqual([declined.code, declined.value.status], ["card_declined", "open"]);
  assert.equal((await world.run(invoices.pay(id, { id: "t_1", method: bad }))).outcome, "declined", "given again");
  await assert.rejects(world.run(invoices.pay(id, { id: "t_1" })), { code: "conflict" });
  const good = await saved(world, "user_1", "pm_card_mastercard");
  const done = await world.run(invoices.pay(id, { id: "t_2", method: good }));
  assert.deepEqual([done.outcome, done.value.status, done.value.amounts.remaining], ["done", "paid", 0]);
  assert.equal((await world.run(invoices.pay(id, { id: "t_2", method: good }))).outcome, "done");
  await assert.rejects(world.run(invoices.pay(id, { id: "t_3" })), { code: "wrong_state", message: /was paid/ });
  await world.advance(minuteMs);
  assert.equal(await charges(world), 1);
  assert.deepEqual(told(world), ["finalized", "failed", "paid"]);
  await world.close();
});

on("without anything to pay with it says so, and the link is the way", async ({ url }) => {
  const world = await startWorld({ url });
  const { stripeCustomerId } = await world.run(world.billing.customers.ensure({ id: "user_1" }));
  const customer = stripeCustomerId as string;
  const made = await world.run(
    world.stripe.invoices.create({ customer, currency: "eur", auto_advance: false }).then((draft) => draft),
  );
  const lines = [{ amount: 2500, description: "Tea" }];
  await world.run(world.stripe.invoices.addLines(made.id, { lines }).then((draft) => draft));
  await world.run(world.billing.invoices.finalize(made.id));
  await assert.rejects(world.run(world.billing.invoices.pay(made.id, { id: "t_1" })), {
    code: "wrong_state",
    message: /nothing that it could be paid with/,
    hint: /invoices\.link/,
  });
  const link = await world.run(world.billing.invoices.link(made.id));
  assert.match(link.clientSecret, /^pi_.+_secret_/);
  const paid = await world.run(world.billing.invoices.pay(made.id, { id: "cash", outOfBand: true }));
  assert.deepEqual([paid.outcome, paid.value.status], ["done", "paid"]);
  assert.equal(await charges(world), 0);
  await world.close();
});

on("of what was taken back meanwhile there is no link, also where nobody has told of it", async ({ url }) => {
  const world = await startWorld({ url });
  const id = await openInvoice(world, "user_1");
  world.setWebhooks(false);
  await world.run(world.stripe.invoices.voidInvoice(id).then((made) => made));
  await assert.rejects(world.run(world.billing.invoices.link(id)), { code: "wrong_state", message: /void/ });
  await world.close();
});

on("a bank that asks leads the customer to a page, and the invoice is paid by the same payment", async ({ url }) => {
  const world = await startWorld({ url });
  const { invoices } = world.billing;
  const id = await openInvoice(world, "user_1");
  const method = await saved(world, "user_1", "pm_card_authenticationRequired");
  const asked = await world.run(invoices.pay(id, { id: "t_1", method, offSession: false }));
  assert.ok(asked.outcome === "action_required");
  assert.match(asked.url, /\/pay\/open\//);
  await world.advance(minuteMs);
  assert.ok(told(world).includes("action_required"));
  const again = await world.run(invoices.pay(id, { id: "t_1", method, offSession: false }));
  assert.ok(again.outcome === "action_required");
  assert.equal(again.clientSecret, asked.clientSecret);
  const [intent = ""] = asked.clientSecret.split("_secret_");
  const card = { payment_method: "pm_card_visa", return_url: "https://shop.test" };
  await world.run(world.stripe.paymentIntents.confirm(intent, card).then((made) => made));
  await world.advance(minuteMs);
  assert.equal((await world.run(invoices.pay(id, { id: "t_1", method, offSession: false }))).outcome, "done");
  assert.equal(await charges(world), 1);
  await world.close();
});

/** An account that its owner has agreed to be debited of. */
async function debitOf(world: World, customerId: string, account: string): Promise<string> {
  const method = await saved(world, customerId, account);
  const { stripeCustomerId } = await world.run(world.billing.customers.get(customerId));
  const mandate_data = { customer_acceptance: { type: "offline", offline: {} } } as const;
  const setup = { customer: stripeCustomerId as string, payment_method: method, confirm: true, mandate_data };
  await world.run(world.stripe.setupIntents.create(setup).then((made) => made));
  return method;
}

on("a debit is processing for days; meanwhile nothing else pays it, and what it comes to is told", async ({ url }) => {
  const world = await startWorld({ url });
  const { invoices } = world.billing;
  for (const [account, ends] of [
    ["pm_sepaDebit_successDelayed_de", "paid"],
    ["pm_sepaDebit_failedDelayed_de", "failed"],
  ] as const) {
    const customerId = `user_${ends}`;
    const id = await openInvoice(world, customerId);
    const method = await debitOf(world, customerId, account);
    const begun = await world.run(invoices.pay(id, { id: "t_1", method }));
    assert.equal(begun.outcome, "processing");
    for (const wish of [{ id: "t_2" }, { id: "t_3", outOfBand: true }]) {
      const refused = { code: "wrong_state", message: /is being paid at this moment/ };
      await assert.rejects(world.run(invoices.pay(id, wish)), refused);
    }
    await world.advance(10 * dayMs);
    const { status } = await world.run(invoices.get(id));
    assert.equal(status, ends === "paid" ? "paid" : "open");
    assert.deepEqual(told(world, id), ["finalized", ends]);
    if (ends === "failed") {
      const voided = await world.run(invoices.void(id));
      assert.deepEqual([voided.outcome, voided.value.status], ["done", "void"]);
      await world.advance(minuteMs);
      assert.deepEqual(told(world, id), ["finalized", "failed", "voided"]);
    }
  }
  await world.close();
});

on("a renewal that failed is paid by command, and the subscription recovers", async ({ url }) => {
  const world = await startWorld({ url });
  const customer = await payer(world, "user_1", "pm_card_visa");
  const price = await monthly(world, 1000);
  await subscribe(world, customer, { items: [{ price }] });
  await payWith(world, customer, "pm_card_chargeCustomerFail");
  await world.advance(32 * dayMs);
  const { data } = await world.run(world.billing.invoices.list({ customerId: "user_1", status: "open" }));
  const [failed] = data;
  assert.ok(failed);
  assert.ok(told(world).includes("failed"));
  const link = await world.run(world.billing.invoices.link(failed.id));
  assert.match(link.clientSecret, /^pi_/);
  await payWith(world, customer, "pm_card_mastercard");
  assert.equal((await world.run(world.billing.invoices.pay(failed.id, { id: "again" }))).outcome, "done");
  await world.advance(minuteMs);
  assert.ok(world.facts.some(({ type }) => type === "subscription.recovered"));
  await world.close();
});

on("partial payments and those of elsewhere are shown by what remains", async ({ url }) => {
  const world = await startWorld({ url });
  const id = await openInvoice(world, "user_1");
  const { customer } = await world.run(world.stripe.invoices.retrieve(id).then((made) => made));
  const half = await world.run(
    world.stripe.paymentIntents
      .create({
        amount: 1000,
        currency: "eur",
        customer: customer as string,
        payment_method: "pm_card_visa",
        automatic_payment_methods: { enabled: true, allow_redirects: "never" },
        confirm: true,
      })
      .then((made) => made),
  );
  await world.run(world.stripe.invoices.attachPayment(id, { payment_intent: half.id }).then((made) => made));
  await world.advance(minuteMs);
  const shown = await world.run(world.billing.invoices.get(id));
  assert.deepEqual([shown.status, shown.amounts.paid, shown.amounts.remaining], ["open", 1000, 1500]);
  const rest = await world.run(world.billing.invoices.pay(id, { id: "rest", outOfBand: true }));
  assert.deepEqual([rest.value.status, rest.value.amounts.remaining], ["paid", 0]);
  await world.close();
});

on("a wish to pay whose answer was lost charges once, one too old charges nobody", async ({ url, sql }) => {
  const world = await startWorld({ url });
  for (const fault of ["unheard", "lost"] as const satisfies readonly FaultKind[]) {
    const id = await openInvoice(world, `user_${fault}`);
    world.setWebhooks(false);
    world.fail("POST /v1/invoices/", fault, 1_000);
    assert.equal((await world.run(world.billing.invoices.pay(id, { id: "t_1" }))).outcome, "processing");
    await wishedADayAgo(sql);
    world.mend();
    await world.advance(10 * minuteMs);
    const { status } = await world.run(world.stripe.invoices.retrieve(id).then((made) => made));
    assert.equal(status, fault === "unheard" ? "paid" : "open");
    world.setWebhooks(true);
    await world.advance(10 * minuteMs);
    assert.deepEqual(told(world, id), ["finalized", fault === "unheard" ? "paid" : "not_done"]);
  }
  await world.close();
});

on("a slow Stripe leaves `processing`, and the invoice is paid once", async ({ url }) => {
  const world = await startWorld({ url });
  const id = await openInvoice(world, "user_1");
  world.fail("POST /v1/invoices/", "slow", 100);
  assert.equal((await world.run(world.billing.invoices.pay(id, { id: "t_1" }))).outcome, "processing");
  world.mend();
  await world.advance(minuteMs);
  assert.equal((await world.run(world.billing.invoices.pay(id, { id: "t_1" }))).outcome, "done");
  assert.equal(await charges(world), 1);
  await world.close();
});

on("by fetch and tick alone, without a webhook, an invoice is paid and told", async ({ url }) => {
  const world = await startWorld({ url, isStarted: false });
  const id = await openInvoice(world, "user_1");
  world.setWebhooks(false);
  assert.equal((await world.run(world.billing.invoices.pay(id, { id: "t_1" }))).outcome, "done");
  await world.run(world.billing.tick({ maxMs: 10 * secondMs }));
  assert.ok(told(world).includes("paid"));
  await world.close();
});
