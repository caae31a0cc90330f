// What an operator does over REST: seen by whoever may read, done by whoever may administer, and each act in the audit.
import assert from "node:assert/strict";
import { until } from "#kit/testing.ts";
import { type HttpWorld, onEachDoor, type RestAnswer } from "../../testing.ts";
import { insertWaiting } from "./testing.ts";

const order = { id: "order_1", currency: "eur", lines: [{ description: "Tea", quantity: 1, unitAmount: 900 }] };

async function audit(world: HttpWorld, subject: string) {
  const { data } = (await world.rest(`GET /v1/audit?subject=${subject}`)).body;
  return data.map((entry: Record<string, unknown>) => [entry.verb, entry.operation, entry.before, entry.after]);
}

onEachDoor("an operator sees what waits, moves it, and each act is in the audit", async ({ world, sql }) => {
  await world.rest("POST /v1/orders", order);
  await world.rest("POST /v1/orders/order_1/checkout");
  await insertWaiting(sql);
  const { key } = (await world.rest("POST /v1/keys", { name: "reader", scopes: ["read", "write", "refund"] })).body;
  const [parked] = (await world.rest("GET /v1/operations?state=parked", undefined, { key })).body.data;
  assert.deepEqual([parked.verb, parked.subject, parked.error], ["orders.checkout", "order_1", "Keys met"]);
  const { id } = parked;
  assert.deepEqual((await world.rest(`GET /v1/operations/${id}`, undefined, { key })).body, parked);
  assert.equal((await world.rest("GET /v1/flags?state=open", undefined, { key })).body.data[0].subject, id);
  const [dead] = (await world.rest("GET /v1/receipts?state=dead", undefined, { key })).body.data;
  assert.deepEqual((await world.rest("GET /v1/receipts/evt_1", undefined, { key })).body, dead);
  const [letter] = (await world.rest("GET /v1/deliveries?state=dead", undefined, { key })).body.data;
  assert.deepEqual([letter.factId, letter.handler, letter.error], ["fact_1", "shop", "Broken"]);

  const acts: [string, unknown][] = [
    [`POST /v1/operations/${id}/end`, { reason: "Seen at Stripe" }],
    [`POST /v1/operations/${id}/retry`, undefined],
    ["POST /v1/flags/flag_1/resolve", undefined],
    ["POST /v1/receipts/evt_1/replay", undefined],
    ["POST /v1/deliveries/retry", { factId: "fact_1", handler: "shop" }],
  ];
  for (const [call, body] of acts) {
    const refused = await world.rest(call, body, { key });
    assert.deepEqual([refused.status, refused.body.error.reason], [403, "missing_scope"], call);
  }
  const statuses = [];
  for (const [call, body] of acts) statuses.push((await world.rest(call, body)).status);
  assert.deepEqual(statuses, [200, 409, 200, 202, 202], "what has been ended is not retried");

  const parkedThen = { state: "parked", error: "Keys met" };
  const endedNow = { state: "failed", error: "Seen at Stripe" };
  assert.deepEqual(await audit(world, id), [
    ["operations.retry", id, endedNow, null],
    ["operations.end", id, parkedThen, endedNow],
  ]);
  const [[verb, , before, after]] = await audit(world, "evt_1");
  assert.deepEqual([verb, before.state, after.state, after.error], ["inbox.replay", "dead", "open", null]);
  const [[retried, , then, now]] = await audit(world, "fact_1");
  assert.deepEqual([retried, then.state, now.state, now.attempts], ["deliveries.retry", "dead", "open", 0]);
  const [[resolved, , , flag]] = await audit(world, "flag_1");
  assert.deepEqual([resolved, typeof flag.resolvedAt], ["flags.resolve", "string"], "ending it has seen to its flag");
  for (const unknown of ["operations/op_none/retry", "flags/flag_none/resolve", "receipts/evt_none/replay"]) {
    assert.equal((await world.rest(`POST /v1/${unknown}`)).status, 404, unknown);
  }
});

onEachDoor("a secret is rolled over REST, and the audit has its overlap", async ({ world }) => {
  const made = (await world.rest("POST /v1/endpoints", { url: "https://shop.test/facts", types: ["*"] })).body;
  const rotate = `POST /v1/endpoints/${made.id}/rotate`;
  const rolled = await world.rest(rotate);
  assert.equal(rolled.status, 200);
  assert.match(rolled.body.secret, /^whsec_/);
  assert.notEqual(rolled.body.secret, made.secret);
  const overlapMs = Date.parse(rolled.body.previousSecretUntil) - Date.parse(made.createdAt);
  assert.ok(overlapMs >= 86_400_000 && overlapMs < 86_460_000, "a day");
  assert.equal((await world.rest(rotate, { overlapSeconds: 0 })).body.previousSecretUntil, null);
  assert.equal((await world.rest(rotate, { overlapSeconds: 86_401 })).status, 422);
  assert.equal((await world.rest("POST /v1/endpoints/ep_none/rotate")).status, 404);
  const entries = await audit(world, made.id);
  assert.deepEqual(entries.at(-1), [
    "endpoints.rotate",
    null,
    { previousSecretUntil: null },
    { previousSecretUntil: rolled.body.previousSecretUntil },
  ]);
  assert.ok(!JSON.stringify(entries).includes("whsec_"));
  await world.rest(`DELETE /v1/endpoints/${made.id}`);
  assert.equal((await world.rest(rotate)).status, 409);
});

onEachDoor("the lists of the audit and of deliveries end, by their cursors", async ({ world, sql }) => {
  await world.rest("POST /v1/orders", order);
  await world.rest("POST /v1/orders/order_1/checkout");
  await insertWaiting(sql);
  for (const list of ["audit", "deliveries", "receipts", "operations", "flags", "orders"]) {
    const whole = (await world.rest(`GET /v1/${list}?limit=100`)).body.data;
    const read: unknown[] = [];
    let cursor = "";
    await until(`the last of the ${list}`, async () => {
      const { body }: RestAnswer = await world.rest(`GET /v1/${list}?limit=1${cursor && `&cursor=${cursor}`}`);
      read.push(...body.data);
      cursor = body.nextCursor ?? "";
      return cursor === "";
    });
    assert.ok(read.length > 0, list);
    assert.deepEqual(read, whole, list);
    const wrong = await world.rest(`GET /v1/${list}?cursor=nonsense`);
    assert.deepEqual([wrong.status, wrong.body.error.field], [422, "cursor"], list);
  }
  for (const list of ["deliveries", "receipts", "operations", "flags"]) {
    assert.equal((await world.rest(`GET /v1/${list}?state=sleeping`)).status, 422, list);
  }
});
