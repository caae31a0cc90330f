// What REST adds to orders: a part that is captured has an id, the body's or the request's own.
import assert from "node:assert/strict";
import { onEachDoor } from "../testing.ts";

const lines = [{ description: "Tea", quantity: 2, unitAmount: 1_250 }];

onEachDoor(
  "an order is captured in parts over REST, and a repeated request takes no second part",
  async ({ world }) => {
    const order = { id: "order_1", currency: "eur", lines, capture: "manual", multicapture: true };
    const { status, body } = await world.rest("POST /v1/orders", order);
    assert.deepEqual([status, body.multicapture, body.amountCapturable], [201, true, 0]);
    const checkout = await world.rest("POST /v1/orders/order_1/checkout", {});
    await world.confirm(checkout.body.clientSecret, "pm_card_visa");
    assert.equal((await world.rest("POST /v1/orders/order_1/settled")).body.amountCapturable, 2500);
    const capture = "POST /v1/orders/order_1/capture";
    const named = { id: "part_1", amount: 700 };
    for (let nth = 0; nth < 2; nth++) {
      const { value } = (await world.rest(capture, named)).body;
      assert.deepEqual([value.status, value.amountPaid, value.amountCapturable], ["partially_captured", 700, 1800]);
    }
    const byKey = { headers: { "idempotency-key": "part-2" } };
    for (let nth = 0; nth < 2; nth++) {
      const part = await world.rest(capture, { amount: 300, final: false }, byKey);
      assert.deepEqual([part.status, part.body.value.amountPaid], [200, 1000]);
    }
    assert.equal((await world.rest(capture, { id: "part-2", amount: 301 })).status, 409);
    const nameless = await world.rest(capture, { amount: 300, final: false });
    assert.deepEqual([nameless.status, nameless.body.error.field], [400, "Idempotency-Key"]);
    assert.match(nameless.body.error.message, /^A part needs an id of yours/);
    const unlike = await world.rest(capture, { final: true }, { headers: { "idempotency-key": "a/b" } });
    assert.deepEqual([unlike.status, unlike.body.error.reason], [400, "not_an_id"]);
    const { value } = (await world.rest(capture, { amount: 500 }, { headers: { "idempotency-key": "once" } })).body;
    assert.deepEqual([value.status, value.amountPaid, value.amountCapturable], ["paid", 1500, 0]);
  },
);
