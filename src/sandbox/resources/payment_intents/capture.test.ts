// Held money in parts, and more of it. https://docs.stripe.com/payments/multicapture
// and https://docs.stripe.com/payments/incremental-authorization
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { dayMs } from "#kit/clock.ts";
import { type SandboxWorld, startWorld } from "../../testing.ts";

type Asked = Stripe.PaymentIntentCreateParams.PaymentMethodOptions.Card;

const inParts: Asked = { request_multicapture: "if_available" };
const growing: Asked = { request_incremental_authorization: "if_available" };

async function held(world: SandboxWorld, card: Asked, method = "pm_card_visa") {
  const intent = await world.stripe.paymentIntents.create({
    amount: 1000,
    currency: "usd",
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
    payment_method: method,
    payment_method_options: { card },
    capture_method: "manual",
    confirm: true,
    expand: ["latest_charge"],
  });
  return { id: intent.id, charge: intent.latest_charge as Stripe.Charge };
}

const expand = ["latest_charge"];
const figures = ({ status, amount_capturable, amount_received, latest_charge }: Stripe.PaymentIntent) => {
  const { captured, amount_captured, refunded } = latest_charge as Stripe.Charge;
  return [status, amount_capturable, amount_received, captured, amount_captured, refunded];
};

async function told(world: SandboxWorld, work: () => Promise<unknown>): Promise<string[]> {
  const before = (await world.eventTypes()).length;
  await work();
  return (await world.eventTypes()).slice(before);
}

suite("a payment captured in parts", () => {
  test("keeps the rest held until the last capture, and each part is booked", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { id, charge } = await held(world, inParts);
    assert.equal(charge.payment_method_details?.card?.multicapture?.status, "available");
    const first = await stripe.paymentIntents.capture(id, { amount_to_capture: 700, final_capture: false, expand });
    assert.deepEqual(figures(first), ["requires_capture", 300, 700, false, 700, false]);
    const last = await stripe.paymentIntents.capture(id, { amount_to_capture: 200, final_capture: true, expand });
    assert.deepEqual(figures(last), ["succeeded", 0, 900, true, 900, false]);
    const { data } = await stripe.balanceTransactions.list({ source: charge.id });
    assert.deepEqual(data.map(({ amount }) => amount).sort(), [200, 700]);
    assert.ok(data.some((one) => one.id === (last.latest_charge as Stripe.Charge).balance_transaction));
  });

  test("tells how much is left each time, and that it is captured at the end", async () => {
    const world = startWorld();
    const { id } = await held(world, inParts);
    const capture = (amount_to_capture: number, final_capture: boolean) =>
      told(world, () => world.stripe.paymentIntents.capture(id, { amount_to_capture, final_capture }));
    const left = "payment_intent.amount_capturable_updated";
    assert.deepEqual(await capture(700, false), [left, "charge.updated"]);
    assert.deepEqual(await capture(100, true), [left, "charge.captured", "payment_intent.succeeded", "charge.updated"]);
  });

  test("has been paid when its rest is let go, by a cancel, by time or by a last capture of nothing", async () => {
    const ends: ((world: SandboxWorld, id: string) => Promise<unknown>)[] = [
      ({ stripe }, id) => stripe.paymentIntents.cancel(id),
      ({ clock }) => clock.advance(8 * dayMs),
      ({ stripe }, id) => stripe.paymentIntents.capture(id, { amount_to_capture: 0 }),
    ];
    for (const end of ends) {
      const world = startWorld();
      const { id } = await held(world, inParts);
      await world.stripe.paymentIntents.capture(id, { amount_to_capture: 400, final_capture: false });
      await end(world, id);
      const after = await world.stripe.paymentIntents.retrieve(id, { expand });
      assert.deepEqual(figures(after), ["succeeded", 0, 400, true, 400, false]);
    }
  });

  test("is refunded up to what was captured, and is refunded in full only after its last capture", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { id } = await held(world, inParts);
    await assert.rejects(stripe.refunds.create({ payment_intent: id }), { statusCode: 400 });
    await stripe.paymentIntents.capture(id, { amount_to_capture: 400, final_capture: false });
    await assert.rejects(stripe.refunds.create({ payment_intent: id, amount: 401 }), { statusCode: 400 });
    await stripe.refunds.create({ payment_intent: id });
    const before = await stripe.paymentIntents.retrieve(id, { expand });
    assert.deepEqual(figures(before), ["requires_capture", 600, 400, false, 400, false]);
    const after = await stripe.paymentIntents.capture(id, { amount_to_capture: 0, expand });
    assert.deepEqual(figures(after), ["succeeded", 0, 400, true, 400, true]);
  });

  test("is taken no further than it is held, and no oftener than fifty times before the last", async () => {
    const world = startWorld();
    const { id } = await held(world, inParts);
    const part = (amount_to_capture: number) =>
      world.stripe.paymentIntents.capture(id, { amount_to_capture, final_capture: false });
    await part(500);
    await assert.rejects(part(501), { code: "amount_too_large" });
    for (let nth = 2; nth <= 50; nth++) await part(1);
    await assert.rejects(part(1), { message: /50 times/ });
    const { amount_received } = await world.stripe.paymentIntents.capture(id);
    assert.equal(amount_received, 1000);
  });

  test("is not what was not asked for, or what is not held", async () => {
    const world = startWorld();
    const { charge } = await held(world, { request_multicapture: "never" });
    assert.equal(charge.payment_method_details?.card?.multicapture?.status, "unavailable");
  });
});

suite("more of a payment held", () => {
  test("is what the bank agrees to hold, and is captured as one", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { id, charge } = await held(world, growing);
    assert.equal(charge.payment_method_details?.card?.incremental_authorization?.status, "available");
    const events = await told(world, async () => {
      const more = await stripe.paymentIntents.incrementAuthorization(id, { amount: 1500, expand });
      assert.deepEqual(figures(more), ["requires_capture", 1500, 0, false, 0, false]);
      assert.equal((more.latest_charge as Stripe.Charge).amount, 1500);
      assert.equal((more.latest_charge as Stripe.Charge).payment_method_details?.card?.amount_authorized, 1500);
    });
    assert.deepEqual(events, ["payment_intent.amount_capturable_updated", "charge.updated"]);
    const after = await stripe.paymentIntents.capture(id, { expand });
    assert.deepEqual(figures(after), ["succeeded", 0, 1500, true, 1500, false]);
  });

  test("is the whole that is to be held, and more than before", async () => {
    const world = startWorld();
    const { id } = await held(world, growing);
    for (const amount of [500, 1000]) {
      await assert.rejects(world.stripe.paymentIntents.incrementAuthorization(id, { amount }), { param: "amount" });
    }
  });

  test("is asked for ten times at most, and a bank that refuses leaves what it holds", async () => {
    const world = startWorld();
    const more = (amount: number) => world.stripe.paymentIntents.incrementAuthorization(id, { amount, expand });
    const { id } = await held(world, growing);
    world.sandbox.faults.add({ kind: "charge_declined", times: 1 });
    await assert.rejects(more(1100), { code: "card_declined", statusCode: 402 });
    const kept = await world.stripe.paymentIntents.retrieve(id, { expand });
    assert.deepEqual(figures(kept), ["requires_capture", 1000, 0, false, 0, false]);
    for (let nth = 2; nth <= 10; nth++) await more(1000 + nth);
    await assert.rejects(more(2000), { message: /maximum of 10/ });
  });

  test("is not to be had of a card that does not offer it, was not asked, or was captured in part", async () => {
    const world = startWorld();
    const refused = async (id: string) =>
      assert.rejects(world.stripe.paymentIntents.incrementAuthorization(id, { amount: 1500 }), { statusCode: 400 });
    await refused((await held(world, growing, "pm_card_jcb")).id);
    await refused((await held(world, {})).id);
    const both = await held(world, { ...inParts, ...growing });
    await world.stripe.paymentIntents.capture(both.id, { amount_to_capture: 100, final_capture: false });
    await refused(both.id);
  });
});
