// An order that is captured in parts: what each part takes, what is told of it, and how it ends. Whatever becomes of a
// part, what the order says was paid is what Stripe says was received.
import assert from "node:assert/strict";
import { dayMs, minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../../kernel/store/tables.ts";
import { createOrder, startWorld, timesTold, type World, wishedADayAgo } from "../../../testing/index.ts";
import { killAtEachAwait } from "../../../testing/killed.ts";

const on = onEachDatabase<BillingTables>;

async function held(world: World, id = "order_1"): Promise<string> {
  await createOrder(world, id, { capture: "manual", multicapture: true });
  await world.pay(id, "pm_card_visa");
  await world.advance(10 * secondMs);
  return (await world.run(world.billing.orders.get(id))).stripe.paymentIntentId as string;
}

async function figures(world: World, id = "order_1") {
  const { status, amountPaid, amountCapturable } = await world.run(world.billing.orders.get(id));
  return [status, amountPaid, amountCapturable];
}

/** What was told, in a word each, with its amount: facts of different types come in no order. */
function told(world: World): string[] {
  return world.facts.map(({ type, data }) => `${type}${"amount" in data ? ` ${data.amount.amount}` : ""}`).sort();
}

on("parts are taken as they are sent, and the one that completes the total is the last", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  const payment = await held(world);
  assert.deepEqual(await figures(world), ["authorized", 0, 2500]);
  const first = await world.run(orders.capture("order_1", { id: "part_1", amount: 700 }));
  assert.deepEqual([first.outcome, first.value.status, first.value.amountPaid], ["done", "partially_captured", 700]);
  assert.deepEqual([first.value.amountCapturable, first.value.paidAt], [1800, null]);
  const again = await world.run(orders.capture("order_1", { id: "part_1", amount: 700 }));
  assert.deepEqual([again.outcome, again.value.amountPaid], ["done", 700], "the same part");
  for (const other of [{ amount: 701 }, { amount: 700, final: true }, {}]) {
    await assert.rejects(world.run(orders.capture("order_1", { id: "part_1", ...other })), { code: "conflict" });
  }
  await assert.rejects(world.run(orders.capture("order_1", { id: "part_2", amount: 1801 })), {
    code: "invalid_amount",
    message: /more than the 1800 \(18\.00 EUR\) that are left/,
  });
  await world.run(orders.capture("order_1", { id: "part_2", amount: 700 }));
  const last = await world.run(orders.capture("order_1", { id: "part_3", amount: 1100 }));
  assert.deepEqual([last.outcome, last.value.status, last.value.amountPaid], ["done", "paid", 2500]);
  assert.ok(last.value.paidAt);
  await world.advance(10 * secondMs);
  const { status, amount_received } = await world.run(world.stripe.paymentIntents.retrieve(payment));
  assert.deepEqual([status, amount_received], ["succeeded", 2500]);
  const captured = ["order.captured 1100", "order.captured 700", "order.captured 700"];
  assert.deepEqual(told(world), ["order.authorized 2500", ...captured, "order.paid 2500"]);
  const repeated = await world.run(orders.capture("order_1", { id: "part_3", amount: 1100 }));
  assert.equal(repeated.outcome, "done", "the last part too is the same when it is given again");
  const none = world.run(orders.capture("order_1", { id: "part_4", amount: 1 }));
  await assert.rejects(none, { code: "wrong_state", message: /is paid and cannot be captured/ });
  await world.close();
});

type End = (world: World, payment: string) => Promise<unknown>;

/** How the rest of an order is let go of which 700 of 2500 were captured, or more. */
const ends: Record<string, { readonly end: End; readonly paid: number }> = {
  "a last part": {
    end: ({ run, billing }) => run(billing.orders.capture("order_1", { id: "part_2", amount: 300, final: true })),
    paid: 1000,
  },
  "the one capture that takes a part": {
    end: ({ run, billing }) => run(billing.orders.capture("order_1", { amount: 300 })),
    paid: 1000,
  },
  "a cancel": {
    async end({ run, billing }) {
      for (let nth = 0; nth < 2; nth++) {
        const { outcome, value } = await run(billing.orders.cancel("order_1", { reason: "sold out" }));
        assert.deepEqual([outcome, value.status, value.amountPaid], ["done", "paid", 700]);
      }
    },
    paid: 700,
  },
  "time: a bank holds nothing for ever": { end: (world) => world.advance(8 * dayMs), paid: 700 },
  "the Dashboard's last capture": {
    end: ({ run, stripe }, payment) => run(stripe.paymentIntents.capture(payment, { amount_to_capture: 100 })),
    paid: 800,
  },
  "the Dashboard's cancel": {
    end: ({ run, stripe }, payment) => run(stripe.paymentIntents.cancel(payment)),
    paid: 700,
  },
};

for (const [what, { end, paid }] of Object.entries(ends)) {
  on(`what was taken stays, and the rest is let go and told, by ${what}`, async ({ url }) => {
    const world = await startWorld({ url });
    const { orders, refunds } = world.billing;
    const payment = await held(world);
    await world.run(orders.capture("order_1", { id: "part_1", amount: 700 }));
    await end(world, payment);
    await world.advance(20 * secondMs);
    assert.deepEqual(await figures(world), ["paid", paid, 0]);
    const more = paid === 700 ? [] : [`order.captured ${paid - 700}`];
    const rest = [`order.released ${2500 - paid}`, `order.paid ${paid}`];
    assert.deepEqual(told(world), ["order.authorized 2500", "order.captured 700", ...more, ...rest].sort());
    const back = await world.run(refunds.create({ id: "r_1", orderId: "order_1" }));
    assert.deepEqual([back.outcome, back.value.amount.amount], ["done", paid]);
    const { data: flags } = await world.run(world.billing.flags.list());
    assert.deepEqual(flags, []);
    await world.close();
  });
}

on("what a part took is refunded while the rest is held, and the rest is captured all the same", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders, refunds } = world.billing;
  await held(world);
  await world.run(orders.capture("order_1", { id: "part_1", amount: 700 }));
  const tooMuch = world.run(refunds.create({ id: "r_1", orderId: "order_1", amount: 701 }));
  await assert.rejects(tooMuch, { code: "invalid_amount", message: /7\.00 EUR that are left/ });
  const back = await world.run(refunds.create({ id: "r_2", orderId: "order_1" }));
  assert.deepEqual([back.outcome, back.value.amount.amount], ["done", 700]);
  const last = await world.run(orders.capture("order_1", { id: "part_2" }));
  assert.deepEqual([last.outcome, last.value.status, last.value.amountPaid], ["done", "paid", 2500]);
  await world.advance(10 * secondMs);
  assert.equal((await world.run(orders.get("order_1"))).amountRefunded, 700);
  assert.deepEqual((await world.run(world.billing.flags.list())).data, []);
  await world.close();
});

on("parts that a look jumped over are told as one, with all that they took", async ({ url }) => {
  const world = await startWorld({ url });
  const payment = await held(world);
  world.setWebhooks(false);
  for (const amount_to_capture of [200, 300]) {
    await world.run(world.stripe.paymentIntents.capture(payment, { amount_to_capture, final_capture: false }));
  }
  await world.run(world.billing.orders.settled("order_1"));
  assert.deepEqual(await figures(world), ["partially_captured", 500, 2000]);
  await world.run(world.billing.orders.capture("order_1", { id: "part_1", amount: 2000 }));
  await world.advance(10 * secondMs);
  const facts = ["order.authorized 2500", "order.captured 2000", "order.captured 500", "order.paid 2500"];
  assert.deepEqual(told(world), facts);
  await world.close();
});

on(
  "the Dashboard takes a part while ours is in the air: neither is lost, and no last part too early",
  async ({ url }) => {
    const world = await startWorld({ url });
    const { orders } = world.billing;
    const payment = await held(world);
    world.setWebhooks(false);
    const theirs = (amount_to_capture: number) =>
      world.run(world.stripe.paymentIntents.capture(payment, { amount_to_capture, final_capture: false }));
    await theirs(500);
    // As far as we know this completes the total, and by Stripe's count it is too much.
    const whole = world.run(orders.capture("order_1", { id: "part_1", amount: 2500 }));
    await assert.rejects(whole, { code: "stripe_refused", message: /amount/ });
    world.setWebhooks(true);
    await world.advance(minuteMs);
    assert.deepEqual(await figures(world), ["partially_captured", 500, 2000], "the refusal was looked at");
    const next = await world.run(orders.capture("order_1", { id: "part_1", amount: 1500, attempt: 2 }));
    assert.deepEqual([next.outcome, next.value.amountPaid], ["done", 2000]);
    world.setWebhooks(false);
    await theirs(100);
    // As far as we know some is left, and by Stripe's count this takes all: nothing is held any more.
    const rest = await world.run(orders.capture("order_1", { id: "part_2", amount: 400 }));
    assert.deepEqual([rest.outcome, rest.value.status, rest.value.amountPaid], ["done", "paid", 2500]);
    world.setWebhooks(true);
    await world.advance(8 * dayMs);
    assert.deepEqual(await figures(world), ["paid", 2500, 0]);
    const facts = ["order.captured 1500", "order.captured 500", "order.captured 500", "order.paid 2500"];
    assert.deepEqual(told(world).slice(1), facts);
    await world.close();
  },
);

on("two parts at once are both taken, and the second does not end what the first may not have", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  const payment = await held(world);
  world.fail("POST /v1/payment_intents/", "unheard", 2);
  const wishes = [1000, 1500].map((amount) => orders.capture("order_1", { id: `part_${amount}`, amount }));
  const answers = await world.run(Promise.all(wishes));
  assert.deepEqual(
    answers.map(({ outcome }) => outcome),
    ["done", "done"],
  );
  await world.advance(minuteMs);
  assert.deepEqual(await figures(world), ["paid", 2500, 0]);
  assert.equal((await world.run(world.stripe.paymentIntents.retrieve(payment))).amount_received, 2500);
  await world.close();
});

on("a part whose cancel is under way is not taken, and one that is on its way is not undone by it", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  await held(world);
  world.fail("POST /v1/payment_intents/", "lost", 1_000);
  const part = orders.capture("order_1", { id: "part_1", amount: 700 });
  await world.advance(secondMs);
  const cancel = orders.cancel("order_1");
  const [first, second] = await world.run(Promise.all([part, cancel]));
  assert.deepEqual([first.outcome, second.outcome], ["processing", "processing"]);
  const late = world.run(orders.capture("order_1", { id: "part_2", amount: 700 }));
  await assert.rejects(late, { code: "wrong_state", message: /is being canceled/ });
  world.mend();
  await world.advance(10 * minuteMs);
  const { status, amountPaid, amountRefunded } = await world.run(orders.get("order_1"));
  assert.deepEqual(
    [status, amountPaid, amountRefunded],
    ["canceled", 700, 700],
    "what came after the cancel goes back",
  );
  await world.close();
});

on("a card that is not captured in parts is captured once, and says so", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  world.setWebhooks(false); // So that nobody has told of the charge.
  await createOrder(world, "order_1", { capture: "manual", multicapture: true });
  await world.run(orders.checkout("order_1"));
  const { paymentIntentId } = (await world.run(orders.get("order_1"))).stripe;
  // As when the account is not enabled for it: what is asked for is not there.
  const card = { request_multicapture: "never" } as const;
  await world.run(world.stripe.paymentIntents.update(paymentIntentId as string, { payment_method_options: { card } }));
  await world.pay("order_1", "pm_card_visa");
  await world.run(orders.settled("order_1"));
  await assert.rejects(world.run(orders.capture("order_1", { id: "part_1", amount: 700 })), {
    code: "wrong_state",
    message: "Order order_1 is paid with a card that is not captured in parts",
    hint: '`orders.capture("order_1", { amount })` takes the money once, and lets the rest go.',
  });
  const part = { amount_to_capture: 700, final_capture: false };
  await assert.rejects(world.run(world.stripe.paymentIntents.capture(paymentIntentId as string, part)));
  const whole = await world.run(orders.capture("order_1", { id: "part_1" }));
  assert.deepEqual([whole.outcome, whole.value.status, whole.value.amountPaid], ["done", "paid", 2500]);
  world.setWebhooks(true);
  await createOrder(world, "order_2", { capture: "manual" });
  await world.pay("order_2", "pm_card_visa");
  await world.advance(10 * secondMs);
  await assert.rejects(world.run(orders.capture("order_2", { id: "part_1", amount: 700 })), {
    code: "wrong_state",
    message: "Order order_2 was not created to be captured in parts",
    hint: /orders\.capture\("order_2", { amount }\).*multicapture: true/,
  });
  const once = await world.run(orders.capture("order_2", { id: "part_1", amount: 700, final: true }));
  assert.deepEqual([once.outcome, once.value.status, once.value.amountPaid], ["done", "paid", 700]);
  await world.close();
});

on("what cannot be wished of parts is refused by name", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  const refused = (work: Promise<unknown>, field: string) =>
    assert.rejects(world.run(work), (error: { code?: string; details?: { field?: string } }) => {
      assert.deepEqual([error.code, error.details?.field], ["invalid_params", field]);
      return true;
    });
  await refused(createOrder(world, "order_1", { multicapture: true }), "multicapture");
  await refused(createOrder(world, "order_1", { capture: "manual", multicapture: "yes" as never }), "multicapture");
  await createOrder(world, "order_1", { capture: "manual", multicapture: true });
  await refused(orders.capture("order_1", { id: "a b", amount: 1 }), "id");
  await refused(orders.capture("order_1", { id: "part_1", final: 1 as never }), "final");
  await refused(orders.capture("order_1", { amount: 1, final: true } as never), "final");
  const unpaid = world.run(orders.capture("order_1", { id: "part_1", amount: 1 }));
  await assert.rejects(unpaid, { code: "wrong_state", message: /is created and cannot be captured/ });
  await createOrder(world, "order_1", { capture: "manual", multicapture: true });
  await assert.rejects(createOrder(world, "order_1", { capture: "manual" }), { code: "conflict" });
  await world.close();
});

on("killed at any await, a part is taken once and told once", async ({ url }) => {
  const world = await startWorld({ url });
  const part = { id: "part_1", amount: 700 };
  const payments = new Map<string, string>();
  await killAtEachAwait(world, {
    oneIn: 11,
    async prepare(id) {
      payments.set(id, await held(world, id));
      return (billing) => billing.orders.capture(id, part);
    },
    async verify(id, { outcome }) {
      assert.deepEqual([outcome, ...(await figures(world, id))], ["done", "partially_captured", 700, 1800], id);
      const payment = await world.run(world.stripe.paymentIntents.retrieve(payments.get(id) ?? ""));
      assert.equal(payment.amount_received, 700, id);
      assert.equal(timesTold(world, "order.captured", id), 1, id);
    },
  });
  await world.close();
});

on("a part that nobody answers for a day is found by its mark, or expires untaken", async ({ url, sql }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  for (const [id, fault] of [
    ["found", "unheard"],
    ["expired", "lost"],
  ] as const) {
    await held(world, id);
    world.fail("POST /v1/payment_intents/", fault, 1_000);
    assert.equal((await world.run(orders.capture(id, { id: "part_1", amount: 700 }))).outcome, "processing");
    await wishedADayAgo(sql);
    world.mend();
    await world.advance(10 * minuteMs);
  }
  assert.deepEqual(await figures(world, "found"), ["partially_captured", 700, 1800]);
  assert.equal((await world.run(orders.capture("found", { id: "part_1", amount: 700 }))).outcome, "done");
  assert.deepEqual(await figures(world, "expired"), ["authorized", 0, 2500]);
  const late = world.run(orders.capture("expired", { id: "part_1", amount: 700 }));
  await assert.rejects(late, { code: "wrong_state", message: /not carried out in time/ });
  const anew = await world.run(orders.capture("expired", { id: "part_1", amount: 700, attempt: 2 }));
  assert.deepEqual([anew.outcome, anew.value.amountPaid], ["done", 700]);
  await world.close();
});
