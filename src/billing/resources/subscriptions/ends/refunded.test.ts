// What was paid and is not used goes back when a subscription ends at once: to the cent what Stripe would credit, never
// more than was paid, and once.
import assert from "node:assert/strict";
import { dayMs, hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import { seededRandom } from "#kit/random.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { cases } from "#kit/testing.ts";
import type { BillingTables } from "../../../kernel/store/tables.ts";
import { applied } from "../../../testing/access.ts";
import { startWorld, type World } from "../../../testing/index.ts";
import { killAtEachAwait } from "../../../testing/killed.ts";
import { monthly, payer, subscribe } from "../../../testing/mirrored.ts";
import { openFlags } from "../../../testing/subscribers.ts";
import { subscriber } from "../../../testing/subscription_verbs.table.ts";

const on = onEachDatabase<BillingTables>;

const ending = { id: "stop", when: "now", refund: "refund" } as const;

async function backOf({ run, stripe }: World): Promise<number[]> {
  const { data } = await run(stripe.refunds.list({ limit: 100 }).then((list) => list));
  return data.map(({ amount }) => amount).reverse();
}

const told = (world: World) =>
  world.facts.flatMap(({ type, data }) =>
    type.startsWith("refund.") && "refundId" in data ? [`${type} ${data.refundId}`] : [],
  );

/** The nearest whole number of a / b; of two as near, the lower one. */
function rounded(a: bigint, b: bigint): bigint {
  const double = 2n * a - b;
  const [quotient, rest] = [double / (2n * b), double % (2n * b)];
  return rest > 0n ? quotient + 1n : quotient;
}

on("at any second what goes back is what Stripe would credit, and a second reckoning says", async ({ url }) => {
  const world = await startWorld({ url });
  const { subscriptions, refunds } = world.billing;
  const random = seededRandom(1, "unused");
  for (let nth = 0; nth < cases(2, 20); nth++) {
    const [amount, quantity, percentage] = [random.integer(100, 9_999), random.integer(1, 3), random.integer(0, 25)];
    const rate = { display_name: "VAT", percentage, inclusive: nth % 2 === 0 };
    const { id: tax } = await world.run(world.stripe.taxRates.create(rate).then((made) => made));
    const price = await monthly(world, amount);
    const items = [{ price, quantity, tax_rates: [tax] }];
    const made: string[] = [];
    for (const name of ["refunded", "credited"]) {
      const customer = await payer(world, `user_${nth}_${name}`);
      made.push((await subscribe(world, customer, { items })).id);
    }
    const [id = "", other = ""] = made;
    await world.advance(random.integer(minuteMs, 27 * dayMs));
    const [item] = (await world.run(subscriptions.get(id))).items;
    assert.ok(item);
    const reckoned = (endedAt: Date | null) => {
      const [start, end, now] = [item.currentPeriodStart, item.currentPeriodEnd, endedAt].map((at) =>
        BigInt((at?.getTime() ?? 0) / secondMs),
      ) as [bigint, bigint, bigint];
      const net = -rounded(-(end - now) * BigInt(amount * quantity), end - start);
      return Number(rate.inclusive ? net : net + (net * BigInt(percentage) * 2n + 100n) / 200n);
    };
    const ended = await world.run(subscriptions.cancel(id, ending));
    assert.deepEqual([ended.outcome, ended.value.status], ["done", "canceled"]);
    const back = await world.run(refunds.get(`${id}:stop`));
    assert.equal(back.amount.amount, reckoned(ended.value.endedAt));
    const credited = await world.run(subscriptions.cancel(other, { ...ending, refund: "credit" }));
    const { latest_invoice } = await world.run(world.stripe.subscriptions.retrieve(other).then((one) => one));
    const last = await world.run(world.stripe.invoices.retrieve(String(latest_invoice)).then((one) => one));
    assert.equal(-last.total, reckoned(credited.value.endedAt));
  }
  await world.close();
});

/** Pays 10 € for a month, and 30 € more for the rest of it from the tenth day on: two invoices. */
async function withAddOn(world: World, name: string): Promise<string> {
  const id = await subscriber(world, name);
  const price = await monthly(world, 3000);
  await world.advance(10 * dayMs);
  const change = { items: [{ price }], proration_behavior: "always_invoice" as const };
  await world.run(world.stripe.subscriptions.update(id, change).then((one) => one));
  await world.advance(5 * dayMs);
  return id;
}

on("what two invoices were paid for goes back by both, less what went back before", async ({ url }) => {
  const world = await startWorld({ url });
  const { subscriptions, refunds, invoices } = world.billing;
  for (const before of [0, 900]) {
    const id = await withAddOn(world, `less_${before}`);
    const { data: paid } = await world.run(invoices.list({ subscriptionId: id, status: "paid" }));
    const [addOn, first] = paid;
    assert.deepEqual([paid.length, first?.amounts.paid], [2, 1000]);
    const kind = { id: `kind_${before}`, invoiceId: first?.id ?? "", amount: before };
    if (before > 0) assert.equal((await world.run(refunds.create(kind))).outcome, "done");
    const details = { cancel_now: true, proration_behavior: "create_prorations" as const };
    const asked = world.stripe.invoices.createPreview({ subscription: id, subscription_details: details });
    const { total } = await world.run(asked.then((preview) => preview));
    assert.equal((await world.run(subscriptions.cancel(id, ending))).outcome, "done");
    const back = [await world.run(refunds.get(`${id}:stop`)), await world.run(refunds.get(`${id}:stop:2`))];
    const amountOf = (invoice: string | undefined) =>
      back.find(({ invoiceId }) => invoiceId === invoice)?.amount.amount ?? 0;
    const half = amountOf(first?.id);
    if (before === 0) assert.deepEqual([half + amountOf(addOn?.id), half > 450 && half < 550], [-total, true]);
    else assert.deepEqual([half, amountOf(addOn?.id) > 1400], [100, true], "no more than was left");
  }
  await world.close();
});

on("of what is not paid nothing goes back, and what is open is taken back where that is wished", async ({ url }) => {
  const world = await startWorld({ url });
  const { subscriptions } = world.billing;
  const trial = await subscriber(world, "trial", { trial_period_days: 7 });
  assert.equal((await world.run(subscriptions.cancel(trial, ending))).outcome, "done");
  for (const openInvoices of ["leave", "void"] as const) {
    const id = await subscriber(world, openInvoices);
    const customer = String((await world.run(world.stripe.subscriptions.retrieve(id).then((one) => one))).customer);
    const bad = await world.run(
      world.stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer }).then((one) => one),
    );
    const settings = { invoice_settings: { default_payment_method: bad.id } };
    await world.run(world.stripe.customers.update(customer, settings).then((one) => one));
    await world.advance(31 * dayMs + 2 * hourMs);
    assert.equal((await world.run(subscriptions.get(id))).status, "past_due");
    const wish = { ...ending, openInvoices };
    assert.equal((await world.run(subscriptions.cancel(id, wish))).outcome, "done");
    await world.advance(minuteMs);
    const all = (await world.run(world.billing.invoices.list({ subscriptionId: id }))).data;
    const latest = openInvoices === "leave" ? "open" : "void";
    assert.deepEqual(
      all.map(({ status }) => status),
      [latest, "paid"],
    );
    assert.equal((await world.run(subscriptions.cancel(id, wish))).outcome, "done");
  }
  assert.deepEqual(await backOf(world), []);
  assert.deepEqual(await openFlags(world), []);
  await world.close();
});

on("what does not go together is refused by name", async ({ url }) => {
  const world = await startWorld({ url });
  const { subscriptions } = world.billing;
  const id = await subscriber(world, "1");
  const later = new Date(world.ports.clock.now() + 5 * dayMs);
  for (const [when, more, field] of [
    ["period_end", { refund: "refund" }, "refund"],
    [later, { refund: "refund" }, "refund"],
    [later, { openInvoices: "void" }, "openInvoices"],
    ["period_end", { openInvoices: "void" }, "openInvoices"],
  ] as const) {
    await assert.rejects(world.run(subscriptions.cancel(id, { id: "stop", when, ...more })), {
      code: "invalid_params",
      details: { field },
    });
  }
  await world.run(world.stripe.subscriptions.cancel(id).then((one) => one));
  await assert.rejects(world.run(subscriptions.cancel(id, ending)), { code: "wrong_state" });
  await world.close();
});

on(
  "what went back may not be used any more; what failed to is told and flagged, and can be sent again",
  async ({ url }) => {
    const world = await startWorld({ url });
    const { subscriptions, refunds, access } = world.billing;
    const price = await applied(world);
    const customer = await payer(world, "user_1");
    const { id } = await subscribe(world, customer, { items: [{ price: price("pro") }] });
    await world.advance(minuteMs);
    const may = async () => (await world.run(access.check("user_1", "export"))).reason;
    world.fail("POST /v1/refunds", 400);
    const { outcome, value } = await world.run(subscriptions.cancel(id, ending));
    assert.deepEqual([outcome, value.status], ["done", "canceled"]);
    const failed = await world.run(refunds.get(`${id}:stop`));
    assert.deepEqual([failed.status, await may()], ["failed", "canceled_with_time_left"]);
    await world.advance(minuteMs);
    assert.deepEqual(told(world), [`refund.failed ${id}:stop`]);
    const [flag] = (await world.run(world.billing.flags.list({ state: "open" }))).data;
    assert.deepEqual([flag?.kind, flag?.subject], ["cancel_refund_failed", failed.invoiceId]);
    assert.ok(failed.invoiceId);
    const again = { id: "again", invoiceId: failed.invoiceId, amount: failed.amount.amount };
    assert.equal((await world.run(refunds.create(again))).outcome, "done");
    // Given again, the end is done, and nothing goes back twice.
    assert.equal((await world.run(subscriptions.cancel(id, ending))).outcome, "done");
    assert.deepEqual(await backOf(world), [failed.amount.amount]);
    assert.equal(await may(), "none", "whoever has sent it");
    const next = await subscribe(world, customer, { items: [{ price: price("pro") }] });
    await world.advance(minuteMs);
    assert.equal(await may(), "active");
    await world.run(subscriptions.cancel(next.id, ending));
    assert.equal(await may(), "none");
    await world.close();
  },
);

on("lost answers end it once and give back once, and until that is done it is processing", async ({ url }) => {
  const world = await startWorld({ url });
  const { subscriptions, refunds } = world.billing;
  const id = await subscriber(world, "1");
  world.fail("DELETE /v1/subscriptions", "unheard");
  world.fail("POST /v1/refunds", "lost", 100);
  const { outcome, value } = await world.run(subscriptions.cancel(id, ending));
  assert.deepEqual([outcome, value.status], ["processing", "canceled"]);
  world.mend();
  world.fail("POST /v1/refunds", "unheard");
  await world.advance(10 * minuteMs);
  assert.equal((await world.run(subscriptions.cancel(id, ending))).outcome, "done");
  const back = await world.run(refunds.get(`${id}:stop`));
  assert.deepEqual([back.status, await backOf(world)], ["succeeded", [back.amount.amount]]);
  assert.deepEqual(told(world), [`refund.succeeded ${id}:stop`]);
  await world.close();
});

on("an end with its refund, killed at any await, gives back once and is told once", async ({ url }) => {
  const world = await startWorld({ url });
  const ids = new Map<string, string>();
  await killAtEachAwait(world, {
    oneIn: 60,
    async prepare(name) {
      const id = await subscriber(world, name);
      await world.advance(3 * dayMs);
      ids.set(name, id);
      return (billing) => billing.subscriptions.cancel(id, ending);
    },
    async verify(name, { outcome }) {
      const id = ids.get(name) ?? "";
      assert.equal(outcome, "done", name);
      assert.equal((await world.run(world.billing.subscriptions.get(id))).status, "canceled", name);
      const back = await world.run(world.billing.refunds.get(`${id}:stop`));
      const { data } = await world.run(world.billing.refunds.list({ invoiceId: back.invoiceId ?? "" }));
      assert.deepEqual([data.length, back.status], [1, "succeeded"], name);
      assert.equal(told(world).filter((one) => one === `refund.succeeded ${id}:stop`).length, 1, name);
    },
  });
  assert.equal((await backOf(world)).length, ids.size);
  assert.deepEqual(await openFlags(world), []);
  await world.close();
});
