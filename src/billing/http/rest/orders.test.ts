// What REST adds to orders: a part that is captured, and what is held on top, has an id, the body's or the request's
// own; and what is refused speaks of routes.
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

onEachDoor("more is held for an order over REST, and a repeated request raises it once", async ({ world }) => {
  const order = { id: "order_1", currency: "eur", lines, capture: "manual", incrementalAuthorization: true };
  const { status, body } = await world.rest("POST /v1/orders", order);
  assert.deepEqual([status, body.incrementalAuthorization], [201, true]);
  const bar = [{ description: "Minibar", quantity: 1, unitAmount: 700 }];
  const increment = "POST /v1/orders/order_1/increment";
  const early = await world.rest(increment, { id: "bar", lines: bar });
  assert.deepEqual([early.status, early.body.error.code], [409, "wrong_state"]);
  const checkout = await world.rest("POST /v1/orders/order_1/checkout", {});
  await world.confirm(checkout.body.clientSecret, "pm_card_visa");
  assert.equal((await world.rest("POST /v1/orders/order_1/settled")).body.amountCapturable, 2500);
  for (let nth = 0; nth < 2; nth++) {
    const { status, body } = await world.rest(increment, { id: "bar", lines: bar });
    assert.deepEqual([status, body.outcome], [200, "done"]);
    assert.deepEqual([body.value.amountCapturable, body.value.total.amount, body.value.lines.length], [3200, 3200, 2]);
  }
  const byKey = { headers: { "idempotency-key": "bar-2" } };
  for (let nth = 0; nth < 2; nth++) {
    assert.equal((await world.rest(increment, { lines: bar }, byKey)).body.value.amountCapturable, 3900);
  }
  const other = await world.rest(increment, { id: "bar", lines: [...bar, ...bar] });
  assert.deepEqual([other.status, other.body.error.code], [409, "conflict"]);
  const nameless = await world.rest(increment, { lines: bar });
  assert.deepEqual([nameless.status, nameless.body.error.field], [400, "Idempotency-Key"]);
  assert.match(nameless.body.error.message, /^A raise needs an id of yours/);
  for (const wrong of [{ id: "x" }, { id: "x", lines: [] }, { id: "x", lines: bar, amount: 700 }]) {
    assert.equal((await world.rest(increment, wrong)).status, 422, JSON.stringify(wrong));
  }
  const none = await world.rest("POST /v1/orders/order_2/increment", { id: "bar", lines: bar });
  assert.deepEqual([none.status, none.body.error.hint], [404, "Call POST /v1/orders first."]);
  const { value } = (await world.rest("POST /v1/orders/order_1/capture", {})).body;
  assert.deepEqual([value.status, value.amountPaid], ["paid", 3900]);
});

onEachDoor("what cannot be taken in parts or raised is refused in words of REST", async ({ world }) => {
  await world.rest("POST /v1/orders", { id: "order_1", currency: "eur", lines, capture: "manual" });
  const checkout = await world.rest("POST /v1/orders/order_1/checkout", {});
  await world.confirm(checkout.body.clientSecret, "pm_card_visa");
  await world.rest("POST /v1/orders/order_1/settled");
  const part = await world.rest("POST /v1/orders/order_1/capture", { id: "part_1", amount: 700 });
  assert.deepEqual(
    [part.status, part.body.error.hint],
    [
      409,
      "POST /v1/orders/order_1/capture with amount takes the money once, and lets the rest go. " +
        "An order of which parts are taken is created with multicapture: true.",
    ],
  );
  const raise = await world.rest("POST /v1/orders/order_1/increment", { id: "bar", lines });
  assert.deepEqual([raise.status, raise.body.error.hint.includes("`")], [409, false]);
  const free = await world.rest("GET /v1/subscriptions/sub_none");
  assert.match(free.body.error.hint, /: GET \/v1\/subscriptions\?customerId shows those of a customer\.$/);
});
