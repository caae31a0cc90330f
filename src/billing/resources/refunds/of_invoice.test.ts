// What was paid for an invoice goes back: whole, in parts, beside what others sent back, and not a cent more.
import assert from "node:assert/strict";
import { minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { applied, catalog } from "../../testing/access.ts";
import { createOrder, startWorld, type World } from "../../testing/index.ts";
import { openInvoice } from "../../testing/invoice_verbs.table.ts";
import { killAtEachAwait } from "../../testing/killed.ts";
import { payer, subscribe } from "../../testing/mirrored.ts";
import { openFlags } from "../../testing/subscribers.ts";

const on = onEachDatabase<BillingTables>;

/** Of 25 €. */
async function paidInvoice(world: World, customerId = "user_1"): Promise<string> {
  const id = await openInvoice(world, customerId);
  await world.run(world.billing.invoices.pay(id, { id: "pay_1" }));
  await world.advance(minuteMs);
  return id;
}

async function paymentOf({ run, stripe }: World, invoice: string): Promise<string> {
  const { data } = await run(stripe.invoicePayments.list({ invoice }).then((list) => list));
  return String(data[0]?.payment.payment_intent);
}

async function backAtStripe({ run, stripe }: World): Promise<number> {
  const { data } = await run(stripe.refunds.list({ limit: 100 }).then((list) => list));
  return data.reduce((sum, { amount }) => sum + amount, 0);
}

const told = (world: World) =>
  world.facts.flatMap(({ type, data }) =>
    type.startsWith("refund.") && "invoiceId" in data && "refundId" in data
      ? [[type, data.refundId, data.invoiceId]]
      : [],
  );

on("an invoice goes back in parts, beside the Dashboard and credit notes, and not a cent more", async ({ url }) => {
  const world = await startWorld({ url });
  const { refunds, invoices } = world.billing;
  const invoiceId = await paidInvoice(world);
  const part = await world.run(refunds.create({ id: "r_1", invoiceId, amount: 1000, reason: "duplicate" }));
  assert.ok(part.outcome === "done");
  assert.deepEqual([part.value.invoiceId, part.value.orderId, part.value.status], [invoiceId, null, "succeeded"]);
  await world.advance(minuteMs);
  // Nobody has told of what the Dashboard and the credit note send back.
  world.setWebhooks(false);
  const payment_intent = await paymentOf(world, invoiceId);
  const { id: foreign } = await world.run(world.stripe.refunds.create({ payment_intent, amount: 300 }));
  await world.run(invoices.credit(invoiceId, { id: "c_1", amount: 200, to: "refund" }));
  await assert.rejects(world.run(refunds.create({ id: "r_2", invoiceId, amount: 1001 })), {
    code: "invalid_amount",
    message: `Refund r_2: 10.01 EUR is more than the 10.00 EUR that are left of invoice ${invoiceId}`,
    hint: /Dashboard all count/,
    details: { field: "amount", invoiceId, refundable: 1000, currency: "eur" },
  });
  world.setWebhooks(true);
  const rest = await world.run(refunds.create({ id: "r_3", invoiceId }));
  assert.deepEqual([rest.outcome, rest.value.amount.amount], ["done", 1000]);
  await assert.rejects(world.run(refunds.create({ id: "r_4", invoiceId })), { message: /nothing is left of invoice/ });
  const again = await world.run(refunds.create({ id: "r_3", invoiceId }));
  assert.deepEqual([again.outcome, again.value.stripe], ["done", rest.value.stripe]);
  await assert.rejects(world.run(refunds.create({ id: "r_3", invoiceId, amount: 1 })), { code: "conflict" });
  assert.equal(await backAtStripe(world), 2500);
  await world.advance(5 * minuteMs);
  const { data } = await world.run(refunds.list({ invoiceId }));
  const [note] = data.filter(({ id, amount }) => id !== foreign && amount.amount === 200);
  assert.deepEqual(
    told(world).sort(),
    ["r_1", "r_3", foreign, note?.id].map((id) => ["refund.succeeded", id, invoiceId]).sort(),
  );
  assert.equal((await world.run(invoices.get(invoiceId))).status, "paid");
  assert.deepEqual(
    (await world.run(refunds.list({ invoiceId, amount: 300 }))).data.map(({ id }) => id),
    [foreign],
  );
  await world.close();
});

on("what is not paid by a payment is refused with what to do, and so is what is not said", async ({ url }) => {
  const world = await startWorld({ url });
  const { refunds, invoices } = world.billing;
  const invoiceId = await openInvoice(world, "user_1");
  const wish = { id: "r_1", invoiceId };
  await assert.rejects(world.run(refunds.create(wish)), {
    code: "wrong_state",
    message: `Refund r_1: invoice ${invoiceId} is open, and only what was paid is refunded`,
    hint: /invoices\.void/,
  });
  await world.run(invoices.pay(invoiceId, { id: "p_1", outOfBand: true }));
  await assert.rejects(world.run(refunds.create(wish)), { code: "wrong_state", hint: /outside of Stripe/ });
  await createOrder(world, "order_1");
  const both = { ...wish, orderId: "order_1" } as never;
  await assert.rejects(world.run(refunds.create(both)), { code: "invalid_params", message: /and not of both/ });
  await assert.rejects(world.run(refunds.create({ id: "r_1" } as never)), { details: { field: "orderId" } });
  await assert.rejects(world.run(refunds.create({ id: "r_1", invoiceId: "order_1" })), {
    details: { field: "invoiceId" },
  });
  await assert.rejects(world.run(refunds.create({ id: "r_1", invoiceId: "in_nobodys" })), { code: "not_found" });
  await assert.rejects(world.run(refunds.create({ id: "sub_1:stop", invoiceId })), { details: { field: "id" } });
  await assert.rejects(world.run(refunds.create({ ...wish, amount: 0 })), { code: "invalid_amount" });
  await world.close();
});

on("many refunds of an invoice at once, by two processes, never give back more than was paid", async ({ url }) => {
  const world = await startWorld({ url });
  const twin = await world.twin();
  const invoiceId = await paidInvoice(world);
  const wishes = [1, 2, 3, 4].map((n) =>
    (n % 2 === 0 ? world.billing : twin).refunds.create({ id: `r_${n}`, invoiceId, amount: 900 }).then(
      ({ outcome }) => outcome,
      (error: { code: string }) => error.code,
    ),
  );
  const ends = await world.run(Promise.all(wishes));
  assert.deepEqual(ends.sort(), ["done", "done", "invalid_amount", "invalid_amount"]);
  assert.equal(await backAtStripe(world), 1800);
  await world.close();
});

on(
  "of an invoice that several payments paid, a refund is of one; what another invoice got back counts not",
  async ({ url }) => {
    const world = await startWorld({ url });
    const { refunds } = world.billing;
    const [one, other] = [await openInvoice(world, "user_1"), await openInvoice(world, "user_1")];
    const { stripeCustomerId } = await world.run(world.billing.customers.get("user_1"));
    const [card] = await world.run(world.billing.methods.list("user_1"));
    for (const [amount, ids] of [
      [1500, [one]],
      [3500, [one, other]],
    ] as const) {
      const { paymentIntents, invoices } = world.stripe;
      const making = paymentIntents.create({ customer: stripeCustomerId as string, amount, currency: "eur" });
      const { id: payment_intent } = await world.run(making.then((made) => made));
      for (const id of ids) await world.run(invoices.attachPayment(id, { payment_intent }).then((made) => made));
      const paying = { payment_method: card?.id as string, return_url: "https://shop.example/back" };
      await world.run(paymentIntents.confirm(payment_intent, paying).then((made) => made));
    }
    await world.advance(5 * minuteMs);
    await assert.rejects(world.run(refunds.create({ id: "r_0", invoiceId: one })), {
      code: "invalid_amount",
      message: `Refund r_0: 25.00 EUR of invoice ${one} were paid by 2 payments`,
      hint: /send back 15\.00 EUR at most/,
    });
    const whole = await world.run(refunds.create({ id: "r_1", invoiceId: other }));
    assert.deepEqual([whole.outcome, whole.value.amount.amount], ["done", 2500]);
    for (const [id, amount] of Object.entries({ r_2: 1500, r_3: 1000 })) {
      assert.equal((await world.run(refunds.create({ id, invoiceId: one, amount }))).outcome, "done", id);
    }
    assert.equal(await backAtStripe(world), 5000);
    await world.close();
  },
);

on(
  "what a subscription paid for may be used after its refund, and a disputed payment goes back by itself",
  async ({ url }) => {
    const world = await startWorld({ url });
    const { refunds, access } = world.billing;
    const price = await applied(world, catalog);
    const customer = await payer(world, "user_1");
    const { latest_invoice } = await subscribe(world, customer, { items: [{ price: price("pro") }] });
    await world.advance(minuteMs);
    const invoiceId = String(latest_invoice);
    assert.equal((await world.run(refunds.create({ id: "r_1", invoiceId }))).outcome, "done");
    await world.advance(minuteMs);
    assert.equal((await world.run(access.check("user_1", "export"))).allowed, true);
    assert.equal((await world.run(world.billing.subscriptions.list())).data[0]?.status, "active");
    const angry = await payer(world, "user_2", "pm_card_createDispute");
    world.setWebhooks(false);
    const disputed = await subscribe(world, angry, { items: [{ price: price("basic") }] });
    await world.advance(10 * secondMs);
    const wish = { id: "r_2", invoiceId: String(disputed.latest_invoice) };
    await assert.rejects(world.run(refunds.create(wish)), { code: "stripe_refused", message: /charged back/ });
    assert.deepEqual(await openFlags(world), ["payment_disputed"]);
    assert.equal((await world.run(refunds.get("r_2"))).status, "failed", "and nothing is reserved");
    await world.close();
  },
);

on("what was answered processing and is refused is told with its invoice", async ({ url }) => {
  const world = await startWorld({ url });
  const invoiceId = await paidInvoice(world);
  world.fail("POST /v1/refunds", "lost", 100);
  assert.equal((await world.run(world.billing.refunds.create({ id: "r_1", invoiceId }))).outcome, "processing");
  world.setWebhooks(false);
  const payment_intent = await paymentOf(world, invoiceId);
  await world.run(world.stripe.refunds.create({ payment_intent, amount: 2000 }).then((made) => made));
  world.mend();
  await world.advance(minuteMs);
  const own = told(world).filter(([, id]) => id === "r_1");
  assert.deepEqual(own, [["refund.failed", "r_1", invoiceId]]);
  const again = await world.run(world.billing.refunds.create({ id: "r_1", invoiceId, attempt: 2 }));
  assert.deepEqual([again.outcome, again.value.amount.amount], ["done", 500], "what is left now");
  await world.close();
});

on("a refund of an invoice, killed at any await, goes back once and is told once", async ({ url }) => {
  const world = await startWorld({ url });
  const ids = new Map<string, string>();
  await killAtEachAwait(world, {
    oneIn: 60,
    async prepare(name) {
      const invoiceId = await paidInvoice(world, `user_${name}`);
      ids.set(name, invoiceId);
      return (billing) => billing.refunds.create({ id: `r_${name}`, invoiceId, amount: 700 });
    },
    async verify(name, { outcome }) {
      assert.equal(outcome, "done", name);
      const payment_intent = await paymentOf(world, ids.get(name) ?? "");
      const { data } = await world.run(world.stripe.refunds.list({ payment_intent }).then((list) => list));
      assert.deepEqual(
        data.map(({ amount }) => amount),
        [700],
        name,
      );
      assert.equal(told(world).filter(([, id]) => id === `r_${name}`).length, 1, name);
    },
  });
  assert.deepEqual(await openFlags(world), []);
  await world.close();
});
