import assert from "node:assert/strict";
import { hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import {
  billingUrl,
  createOrder,
  optionsFor,
  secretKey,
  startWorld,
  stripeUrl,
  type World,
} from "../../testing/index.ts";
import type { BillingSql, BillingTables } from "../store/tables.ts";

const on = onEachDatabase<BillingTables>;

/** Every event of the account, oldest first, as the API shows them. */
async function events(world: World) {
  const { data } = await world.run(world.stripe.events.list({ limit: 100 }).then((list) => list));
  return data.reverse();
}

async function receipts(sql: BillingSql) {
  return sql.read("receipts", (reader) =>
    reader.selectFrom("receipts").select(["id", "type", "state"]).where("kind", "=", "event").orderBy("id").execute(),
  );
}

on("a forged, a stale, a future and an unsigned webhook store nothing", async ({ url, sql }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  world.setWebhooks(false);
  await world.pay("order_1", "pm_card_visa");
  const [event] = await events(world);
  assert.equal(await world.deliver(event, { secret: "whsec_of_somebody_else" }), 400);
  assert.equal(await world.deliver(event, { ageMs: 301 * secondMs }), 400);
  assert.equal(await world.deliver(event, { ageMs: -301 * secondMs }), 400);
  assert.equal(await world.deliver(event, { header: "t=1,v1=00" }), 400);
  assert.equal(await world.deliver(event, { header: "" }), 400);
  assert.deepEqual(await receipts(sql), []);
  assert.equal((await world.run(world.billing.orders.get("order_1"))).status, "created");
  await world.close();
});

on("an event of Stripe's that we refuse turns /ready red and is flagged; forgeries alone never do", async ({ url }) => {
  const world = await startWorld({ url });
  const ready = async () => {
    const answer = await world.run(world.billing.fetch(new Request(`${billingUrl}/ready`)));
    return [answer.status, ((await answer.json()) as { reasons: string[] }).reasons];
  };
  const flagged = async () => (await world.run(world.billing.flags.list())).data.map(({ kind }) => kind);
  await createOrder(world, "order_1");
  world.setWebhooks(false);
  await world.pay("order_1", "pm_card_visa");
  const [event] = await events(world);
  const forged = { id: "evt_nobodys", object: "event", type: "charge.succeeded" };
  for (let i = 0; i < 3; i++) assert.equal(await world.deliver(forged, { secret: "whsec_of_somebody_else" }), 400);
  await world.advance(2 * minuteMs);
  assert.deepEqual([await ready(), await flagged()], [[200, []], []], "what Stripe does not list is nobody's");
  assert.equal(await world.deliver(event, { secret: "whsec_before_it_was_rolled" }), 400);
  await world.advance(2 * minuteMs);
  assert.deepEqual([await ready(), await flagged()], [[503, ["webhooks"]], ["webhooks_refused"]]);
  assert.equal(await world.deliver(event), 200);
  assert.deepEqual(await ready(), [200, []], "one that gets through is enough");
  await world.close();
});

on("while a secret is rolled, both are good", async ({ url, sql }) => {
  const stripe = { ...optionsFor(url).stripe, webhookSecrets: ["whsec_old", "whsec_new"] };
  const world = await startWorld({ url, options: { stripe } });
  await createOrder(world, "order_1");
  await world.pay("order_1", "pm_card_visa");
  const [first, second] = await events(world);
  assert.equal(await world.deliver(first, { secret: "whsec_old" }), 200);
  assert.equal(await world.deliver(second, { secret: "whsec_new" }), 200);
  assert.equal((await receipts(sql)).length, 2);
  await world.close();
});

on("webhooks in any order, twice and hours late, end in the same order and tell it once", async ({ url, sql }) => {
  const world = await startWorld({ url });
  world.setWebhooks(false);
  await createOrder(world, "order_1");
  await assert.rejects(world.pay("order_1", "pm_card_chargeDeclined"));
  await world.pay("order_1", "pm_card_visa");
  await world.advance(30 * secondMs); // charge.updated comes two seconds after the rest
  const all = await events(world);
  for (const event of [...all].reverse()) {
    assert.equal(await world.deliver(event), 200);
    await world.advance(secondMs);
  }
  await world.advance(4 * hourMs);
  for (const event of all) assert.equal(await world.deliver(event), 200);
  await world.advance(minuteMs);
  assert.equal((await receipts(sql)).length, all.length);
  const order = await world.run(world.billing.orders.get("order_1"));
  assert.equal(order.status, "paid");
  assert.deepEqual(
    world.facts.filter((fact) => fact.type === "order.paid").map((fact) => fact.data),
    [{ orderId: "order_1", amount: { amount: 2500, currency: "eur" }, paymentIntentId: order.stripe.paymentIntentId }],
  );
  await world.close();
});

on("what the webhook lost is found by catching up", async ({ url }) => {
  const world = await startWorld({ url });
  world.setWebhooks(false);
  await createOrder(world, "order_1");
  await world.pay("order_1", "pm_card_visa");
  await world.advance(3 * minuteMs);
  assert.equal((await world.run(world.billing.orders.get("order_1"))).status, "paid");
  assert.deepEqual(
    world.facts.map((fact) => fact.type),
    ["order.paid"],
  );
  await world.close();
});

on("what is not for us is a state of its receipt, and never a refusal", async ({ url, sql }) => {
  const world = await startWorld({ url });
  const created = Math.floor(world.ports.clock.now() / secondMs);
  const event = (id: string, more: object) => ({
    id,
    object: "event",
    type: "payment_intent.succeeded",
    api_version: "2026-10-28.endive",
    created,
    livemode: false,
    data: { object: { id: `pi_of_${id}`, object: "payment_intent", status: "succeeded", amount: 1, metadata: {} } },
    ...more,
  });
  assert.equal(await world.deliver(event("evt_1", {})), 200);
  assert.equal(await world.deliver(event("evt_2", { livemode: true })), 200);
  assert.equal(await world.deliver(event("evt_3", { account: "acct_1" })), 200);
  assert.equal(await world.deliver(event("evt_4", { type: "radar.something_new" })), 200);
  assert.equal(await world.deliver("signed, and no JSON"), 200);
  assert.equal(await world.deliver({ id: "evt_6", object: "v2.core.event", type: "v1.a.b" }), 200);
  await world.advance(minuteMs);
  const states = (await receipts(sql)).map(({ id, state }) => (id.startsWith("raw_") ? state : `${id} ${state}`));
  assert.deepEqual(states.sort(), [
    "evt_1 foreign",
    "evt_2 other_mode",
    "evt_3 other_account",
    "evt_4 ignored",
    "quarantined",
    "quarantined",
  ]);
  assert.deepEqual(world.facts, []);
  await world.close();
});

on("an event whose body no database likes is stored like any other", async ({ url, sql }) => {
  const world = await startWorld({ url });
  const object = '{"id":"x","object":"y","s":"\\u0000\\ud800"}';
  const poison = `{"id":"evt_1","object":"event","type":"a","created":1,"data":{"object":${object}}}`;
  assert.equal(await world.deliver(poison), 200);
  assert.deepEqual(
    (await receipts(sql)).map(({ state }) => state),
    ["ignored"],
  );
  await world.close();
});

on("an operator's replay changes nothing that is right", async ({ url, sql }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  await world.pay("order_1", "pm_card_visa");
  await world.advance(minuteMs);
  for (const { id } of await receipts(sql)) await world.run(world.billing.inbox.replay(id));
  await world.advance(minuteMs);
  assert.ok((await receipts(sql)).every(({ state }) => state !== "open"));
  assert.equal(world.facts.length, 1);
  await assert.rejects(world.run(world.billing.inbox.replay("evt_nobody")), { code: "not_found" });
  await world.close();
});

on("without workers receipts are stored, and tick() works them", async ({ url }) => {
  const world = await startWorld({ url, isStarted: false });
  await createOrder(world, "order_1");
  await world.pay("order_1", "pm_card_visa");
  await world.advance(secondMs);
  assert.equal((await world.run(world.billing.orders.get("order_1"))).status, "created");
  const { worked } = await world.run(world.billing.tick({ maxMs: 5_000 }));
  assert.ok(worked > 0);
  assert.equal((await world.run(world.billing.orders.get("order_1"))).status, "paid");
  assert.equal(world.facts.length, 1);
  await world.close();
});

on("an object that Stripe does not show yet is parked, and a Stripe that is away is waited for", async ({ url }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  world.setWebhooks(false);
  await world.run(world.billing.orders.checkout("order_1"));
  world.fail("GET /v1/payment_intents", 404, 2);
  for (let time = 0; time < 2; time++) {
    await assert.rejects(world.run(world.billing.orders.checkout("order_1")), { code: "unavailable" });
  }
  world.setWebhooks(true);
  await world.pay("order_1", "pm_card_visa");
  world.fail("GET /v1/", "lost", 30);
  await world.advance(2 * hourMs);
  assert.equal((await world.run(world.billing.orders.get("order_1"))).status, "paid");
  assert.equal(world.facts.length, 1);
  await world.close();
});

on("the return page asks Stripe and does not wait for the webhook", async ({ url }) => {
  const world = await startWorld({ url });
  world.setWebhooks(false);
  await createOrder(world, "order_1");
  await world.pay("order_1", "pm_card_visa");
  assert.equal((await world.run(world.billing.orders.settled("order_1"))).status, "paid");
  await world.close();
});

on("3-D Secure is a status of the order, and passing it pays", async ({ url }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  const intent = await world.pay("order_1", "pm_card_threeDSecure2Required");
  assert.equal(intent.status, "requires_action");
  await world.advance(10 * secondMs);
  assert.equal((await world.run(world.billing.orders.get("order_1"))).status, "action_required");
  const body = new URLSearchParams({
    source: intent.id,
    client_secret: intent.client_secret as string,
    outcome: "succeeded",
  });
  const headers = { authorization: `Bearer ${secretKey.replace("sk_", "pk_")}` };
  const request = new Request(`${stripeUrl}/v1/3ds2/authenticate`, { method: "POST", body, headers });
  assert.equal((await world.run(world.sandbox.fetch(request))).status, 200);
  await world.advance(10 * secondMs);
  assert.equal((await world.run(world.billing.orders.get("order_1"))).status, "paid");
  assert.deepEqual(
    world.facts.map((fact) => fact.type),
    ["order.action_required", "order.paid"],
  );
  assert.ok(billingUrl);
  await world.close();
});
