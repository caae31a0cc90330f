import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { minuteMs } from "#kit/clock.ts";
import { type SandboxWorld, startWorld } from "../../sandbox_world.test.ts";

async function pay(world: SandboxWorld, card = "visa", more = ""): Promise<string> {
  const form =
    "amount=2000&currency=eur&confirm=true&automatic_payment_methods[enabled]=true" +
    `&automatic_payment_methods[allow_redirects]=never&payment_method=pm_card_${card}${more}`;
  return String((await world.call("POST", "/v1/payment_intents", form)).json.id);
}

const refund = (world: SandboxWorld, form: string) => world.call("POST", "/v1/refunds", form);

suite("refunds", () => {
  test("parts add up to the whole, and not a cent more", async () => {
    const world = startWorld();
    const intent = await pay(world);
    const first = await refund(world, `payment_intent=${intent}&amount=500&reason=requested_by_customer`);
    assert.deepEqual([first.json.status, first.json.amount], ["succeeded", 500]);
    const over = await refund(world, `payment_intent=${intent}&amount=1501`);
    assert.equal(over.status, 400);
    assert.equal(over.error.message, "Refund amount (€15.01) is greater than unrefunded amount on charge (€15.00)");
    assert.equal((await refund(world, `payment_intent=${intent}`)).json.amount, 1500);
    const again = await refund(world, `charge=${first.json.charge}&amount=1`);
    assert.equal(again.error.code, "charge_already_refunded");
    const { json: charge } = await world.call("GET", `/v1/charges/${first.json.charge}`);
    assert.deepEqual([charge.refunded, charge.amount_refunded], [true, 2000]);
    const { json: list } = await world.call("GET", "/v1/refunds", `payment_intent=${intent}`);
    assert.equal((list.data as object[]).length, 2);
  });

  test("the events of a refund come in the order seen at Stripe", async () => {
    const world = startWorld();
    const intent = await pay(world);
    const before = (await world.eventTypes()).length;
    await refund(world, `payment_intent=${intent}`);
    assert.deepEqual((await world.eventTypes()).slice(before), [
      "refund.created",
      "charge.refunded",
      "refund.updated",
      "charge.refund.updated",
    ]);
    const { json } = await world.call("GET", "/v1/events", "type=charge.refunded");
    const [event] = json.data as { data: { previous_attributes: object } }[];
    assert.deepEqual(event?.data.previous_attributes, { amount_refunded: 0, refunded: false });
  });

  test("what cannot be refunded says why", async () => {
    const world = startWorld();
    const held = await pay(world, "visa", "&capture_method=manual");
    assert.match(
      String((await refund(world, `payment_intent=${held}`)).error.message),
      /must cancel the PaymentIntent/,
    );
    assert.deepEqual(Object.keys((await refund(world, "")).error), ["message", "request_log_url", "type"]);
    const missing = await refund(world, "payment_intent=pi_no");
    assert.deepEqual([missing.status, missing.error.code], [400, "resource_missing"]);
    const intent = await pay(world);
    assert.equal((await refund(world, `payment_intent=${intent}&amount=0`)).status, 400);
  });

  test("a pending refund settles, and a failing one gives the money back", async () => {
    const world = startWorld();
    const { json: pending } = await refund(world, `payment_intent=${await pay(world, "pendingRefund")}`);
    const { json: failing } = await refund(world, `payment_intent=${await pay(world, "refundFail")}`);
    assert.deepEqual([pending.status, failing.status], ["pending", "succeeded"]);
    await world.clock.advance(2 * minuteMs);
    const { json: settled } = await world.call("GET", `/v1/refunds/${pending.id}`);
    const { json: failed } = await world.call("GET", `/v1/refunds/${failing.id}`);
    assert.deepEqual([settled.status, failed.status, failed.failure_reason], ["succeeded", "failed", "unknown"]);
    const { json: charge } = await world.call("GET", `/v1/charges/${failing.charge}`);
    assert.deepEqual([charge.refunded, charge.amount_refunded], [false, 0]);
    assert.ok((await world.eventTypes()).includes("refund.failed"));
  });

  test("cancel is refused wherever the table does not allow it", async () => {
    const world = startWorld();
    const { json } = await refund(world, `payment_intent=${await pay(world)}`);
    const answer = await world.call("POST", `/v1/refunds/${json.id}/cancel`);
    assert.equal(answer.status, 400);
    assert.equal(answer.error.message, "Canceling this refund is unsupported.");
  });
});
