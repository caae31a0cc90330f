// More is held for an order: it grows once Stripe has agreed, and not before; whoever refuses leaves it as it was.
import assert from "node:assert/strict";
import { minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { linesMax, type Order, type OrderLine } from "../../../api/index.ts";
import type { BillingTables } from "../../../kernel/store/tables.ts";
import { createOrder, startWorld, timesTold, type World, wishedADayAgo } from "../../../testing/index.ts";
import { killAtEachAwait } from "../../../testing/killed.ts";

const on = onEachDatabase<BillingTables>;
type Wished = NonNullable<Parameters<typeof createOrder>[2]>;

const minibar: OrderLine = { description: "Minibar", quantity: 1, unitAmount: 700 };
const night: OrderLine = { description: "A night", quantity: 2, unitAmount: 5000 };

async function held(world: World, id = "order_1", more: Wished = {}, card = "pm_card_visa"): Promise<string> {
  await createOrder(world, id, { capture: "manual", incrementalAuthorization: true, ...more });
  await world.pay(id, card);
  await world.advance(10 * secondMs);
  return (await world.run(world.billing.orders.get(id))).stripe.paymentIntentId as string;
}

function figures({ status, total, lines, amountCapturable, amountPaid }: Order) {
  return [status, total.amount, lines.map(({ description }) => description).join(", "), amountCapturable, amountPaid];
}

async function standing(world: World, id = "order_1") {
  return figures(await world.run(world.billing.orders.get(id)));
}

function told(world: World): string[] {
  return world.facts.map(({ type, data }) => `${type}${"amount" in data ? ` ${data.amount.amount}` : ""}`).sort();
}

const before = ["authorized", 2500, "Tea", 2500, 0];

on("an order grows by lines when more is held, and is captured as one", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  const payment = await held(world);
  for (let nth = 0; nth < 2; nth++) {
    const { outcome, value } = await world.run(orders.increment("order_1", { id: "bar", lines: [minibar] }));
    assert.deepEqual([outcome, ...figures(value)], ["done", "authorized", 3200, "Tea, Minibar", 3200, 0]);
  }
  const other = world.run(orders.increment("order_1", { id: "bar", lines: [night] }));
  await assert.rejects(other, { code: "conflict" });
  await world.run(orders.increment("order_1", { id: "night", lines: [night, minibar] }));
  assert.deepEqual(await standing(world), ["authorized", 13900, "Tea, Minibar, A night, Minibar", 13900, 0]);
  assert.equal((await world.run(world.stripe.paymentIntents.retrieve(payment))).amount, 13900);
  const same = await createOrder(world, "order_1", { capture: "manual", incrementalAuthorization: true });
  assert.equal(same.total.amount, 13900, "created again it is what it has become");
  const captured = await world.run(orders.capture("order_1"));
  assert.deepEqual([captured.outcome, captured.value.status, captured.value.amountPaid], ["done", "paid", 13900]);
  const late = await world.run(orders.increment("order_1", { id: "bar", lines: [minibar] }));
  assert.deepEqual([late.outcome, late.value.status], ["done", "paid"], "given again it is still the same");
  await world.advance(10 * secondMs);
  const facts = ["order.incremented 13900", "order.incremented 3200", "order.paid 13900"];
  assert.deepEqual(told(world), ["order.authorized 2500", ...facts]);
  assert.deepEqual((await world.run(world.billing.flags.list())).data, []);
  await world.close();
});

on("a bank that refuses leaves what it holds, and is asked again by the next attempt", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  await held(world);
  world.sandbox.faults.add({ kind: "charge_declined", times: 1 });
  const wish = { id: "bar", lines: [minibar] };
  for (let nth = 0; nth < 2; nth++) {
    const refused = await world.run(orders.increment("order_1", wish));
    assert.ok(refused.outcome === "declined");
    assert.deepEqual(figures(refused.value), before);
  }
  const again = await world.run(orders.increment("order_1", { ...wish, attempt: 2 }));
  assert.deepEqual([again.outcome, again.value.total.amount], ["done", 3200]);
  for (let nth = 3; nth <= 10; nth++) {
    await world.run(orders.increment("order_1", { id: `bar_${nth}`, lines: [minibar] }));
  }
  const tooOften = world.run(orders.increment("order_1", { id: "bar_11", lines: [minibar] }));
  await assert.rejects(tooOften, { code: "stripe_refused", message: /maximum of 10/ });
  assert.equal((await world.run(orders.get("order_1"))).total.amount, 2500 + 9 * 700);
  assert.equal((await world.run(orders.capture("order_1"))).value.amountPaid, 2500 + 9 * 700);
  await world.close();
});

interface Refused {
  readonly prepare: (world: World) => Promise<unknown>;
  readonly message: RegExp;
  readonly hint: RegExp;
}

const byAnother = /Have what comes on top paid by an order of its own/;
const refusals: Record<string, Refused> = {
  "the order was not created for it": {
    prepare: (world) => held(world, "order_1", { incrementalAuthorization: false }),
    message: /was not created to have more held/,
    hint: /incrementalAuthorization: true/,
  },
  "the card does not offer it": {
    prepare: (world) => held(world, "order_1", {}, "pm_card_jcb"),
    message: /is paid with a card on which no more can be held/,
    hint: byAnother,
  },
  "nothing is held": {
    prepare: (world) => createOrder(world, "order_1", { capture: "manual", incrementalAuthorization: true }),
    message: /is created and cannot be incremented/,
    hint: /capture: "manual"/,
  },
  "a part was captured": {
    async prepare(world) {
      await held(world, "order_1", { multicapture: true });
      await world.run(world.billing.orders.capture("order_1", { id: "part_1", amount: 100 }));
    },
    message: /was captured in part, and no more can be held for it/,
    hint: /paid by an order of its own/,
  },
  "it is being canceled": {
    async prepare(world) {
      await held(world);
      world.fail("POST /v1/payment_intents/", "lost", 1_000);
      await world.run(world.billing.orders.cancel("order_1"));
    },
    message: /is being canceled and cannot be incremented/,
    hint: /Create another order/,
  },
};

for (const [what, { prepare, message, hint }] of Object.entries(refusals)) {
  on(`no more is asked for where ${what}, and that says what to do`, async ({ url }) => {
    const world = await startWorld({ url });
    await prepare(world);
    const was = await standing(world);
    const sent = () => world.requests.filter((line) => line.includes("increment_authorization")).length;
    const wish = world.run(world.billing.orders.increment("order_1", { id: "bar", lines: [minibar] }));
    await assert.rejects(wish, { code: "wrong_state", message, hint });
    assert.deepEqual([await standing(world), sent()], [was, 0]);
    await world.close();
  });
}

on("two at once are one after the other: the second is told to come again, and adds to the first", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  await held(world);
  world.setWebhooks(false); // or the order has grown before the answer is there
  world.fail("POST /v1/payment_intents/", "unheard");
  const first = orders.increment("order_1", { id: "bar", lines: [minibar] });
  await world.advance(10);
  const second = () => world.run(orders.increment("order_1", { id: "night", lines: [night] }));
  await assert.rejects(second(), { code: "wrong_state", message: /is being incremented at this moment/ });
  assert.equal((await world.run(first)).outcome, "done");
  assert.equal((await second()).value.total.amount, 13200);
  await world.close();
});

on("what is held is known before the answer is, and the order is never called mispaid", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  await held(world);
  world.fail("POST /v1/payment_intents/", "unheard", 1);
  world.fail("POST /v1/payment_intents/", "lost", 1_000);
  const wish = { id: "bar", lines: [minibar] };
  assert.equal((await world.run(orders.increment("order_1", wish))).outcome, "processing");
  const seen = await world.run(orders.settled("order_1"));
  assert.deepEqual(figures(seen), ["authorized", 3200, "Tea, Minibar", 3200, 0]);
  world.mend();
  await world.advance(10 * minuteMs);
  assert.equal((await world.run(orders.increment("order_1", wish))).outcome, "done");
  assert.deepEqual(told(world), ["order.authorized 2500", "order.incremented 3200"]);
  assert.deepEqual((await world.run(world.billing.flags.list())).data, []);
  await world.close();
});

on("more that is held and that nobody wished here is not what the order costs", async ({ url }) => {
  const world = await startWorld({ url });
  const payment = await held(world);
  await world.run(world.stripe.paymentIntents.incrementAuthorization(payment, { amount: 2600 }));
  await world.advance(10 * secondMs);
  assert.deepEqual(await standing(world), ["mispaid", 2500, "Tea", 2600, 0]);
  assert.deepEqual(told(world), ["order.authorized 2500", "order.mispaid 2600"]);
  await world.close();
});

on("what cannot be wished of an increment is refused by name", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  await held(world);
  const refused = (wish: object, code: string, field: string) =>
    assert.rejects(
      world.run(orders.increment("order_1", wish as never)),
      (error: { code?: string; details?: { field?: string } }) => {
        assert.deepEqual([error.code, error.details?.field], [code, field]);
        return true;
      },
    );
  const free = { ...minibar, unitAmount: 0 };
  await refused({ lines: [minibar] }, "invalid_params", "id");
  await refused({ id: "bar" }, "invalid_params", "lines");
  await refused({ id: "bar", lines: [] }, "invalid_params", "lines");
  await refused({ id: "bar", lines: [{ ...minibar, quantity: 0 }] }, "invalid_params", "lines[0].quantity");
  await refused({ id: "bar", lines: [minibar], attempt: 0 }, "invalid_params", "attempt");
  await refused({ id: "bar", lines: [free] }, "invalid_amount", "lines");
  await refused({ id: "bar", lines: [{ ...minibar, unitAmount: 99_999_999 }] }, "invalid_amount", "lines");
  await refused({ id: "bar", lines: Array(linesMax).fill(minibar) }, "invalid_params", "lines");
  await assert.rejects(world.run(orders.increment("none", { id: "bar", lines: [minibar] })), { code: "not_found" });
  assert.deepEqual(await standing(world), before);
  await world.close();
});

on("killed at any await, more is held once and told once", async ({ url }) => {
  const world = await startWorld({ url });
  const wish = { id: "bar", lines: [minibar] };
  await killAtEachAwait(world, {
    oneIn: 13,
    async prepare(id) {
      await held(world, id);
      return (billing) => billing.orders.increment(id, wish);
    },
    async verify(id, { outcome }) {
      const after = await standing(world, id);
      assert.deepEqual([outcome, ...after], ["done", "authorized", 3200, "Tea, Minibar", 3200, 0], id);
      assert.equal(timesTold(world, "order.incremented", id), 1, id);
    },
  });
  await world.close();
});

on("an increment that nobody answers for a day is found, or expires and is wished again", async ({ url, sql }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  const wish = { id: "bar", lines: [minibar] };
  for (const [id, fault] of Object.entries({ found: "unheard", expired: "lost" } as const)) {
    await held(world, id);
    world.setWebhooks(false);
    world.fail("POST /v1/payment_intents/", fault, 1_000);
    assert.equal((await world.run(orders.increment(id, wish))).outcome, "processing");
    await wishedADayAgo(sql);
    world.mend();
    await world.advance(10 * minuteMs);
    world.setWebhooks(true);
  }
  assert.equal((await world.run(orders.increment("found", wish))).value.total.amount, 3200);
  assert.deepEqual(await standing(world, "expired"), before);
  const late = world.run(orders.increment("expired", wish));
  await assert.rejects(late, { code: "wrong_state", message: /not carried out in time/ });
  const anew = await world.run(orders.increment("expired", { ...wish, attempt: 2 }));
  assert.deepEqual([anew.outcome, anew.value.total.amount], ["done", 3200]);
  await world.close();
});
