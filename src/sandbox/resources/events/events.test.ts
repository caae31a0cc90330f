import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { startWorld } from "../../testing.ts";

const dayMs = 86_400_000;

/** Two customers, one of them changed, and a card payment that is declined. */
async function startHistory() {
  const world = startWorld();
  const { stripe, clock } = world;
  const ada = await stripe.customers.create({ name: "Ada", metadata: { a: "1" } });
  await clock.advance(1_000);
  await stripe.customers.create({ name: "Bob" });
  await clock.advance(1_000);
  await stripe.customers.update(ada.id, { name: "Eve", metadata: { b: "2" } }, { idempotencyKey: "change" });
  await clock.advance(1_000);
  const payment = { amount: 500, currency: "eur", payment_method: "pm_card_chargeDeclined", confirm: true };
  await assert.rejects(stripe.paymentIntents.create({ ...payment, return_url: "https://shop.test" }));
  const typesOf = async (params: Parameters<typeof stripe.events.list>[0]) =>
    (await stripe.events.list({ limit: 100, ...params })).data.map(({ type }) => type);
  return { ...world, ada, typesOf };
}

suite("events", () => {
  test("the list filters by type, group, several types and time", async () => {
    const { typesOf, clock } = await startHistory();
    const second = Math.floor(clock.now() / 1000);
    const payment = ["payment_intent.payment_failed", "charge.failed", "payment_intent.created"];
    const customers = ["customer.updated", "customer.created", "customer.created"];
    assert.deepEqual(await typesOf({}), [...payment, ...customers]);
    assert.deepEqual(await typesOf({ type: "customer.created" }), customers.slice(1));
    assert.deepEqual(await typesOf({ type: "customer.*" }), customers);
    assert.deepEqual(await typesOf({ types: ["charge.failed", "customer.updated"] }), ["charge.failed", customers[0]]);
    assert.deepEqual(await typesOf({ created: { gte: second } }), payment);
    assert.deepEqual(await typesOf({ created: { gt: second - 2, lt: second } }), ["customer.updated"]);
    assert.deepEqual(await typesOf({ created: second - 3, type: "customer.*" }), ["customer.created"]);
    assert.deepEqual(await typesOf({ type: "customer.*", limit: 1 }), ["customer.updated"]);
    assert.deepEqual(await typesOf({ type: "invoice.paid" }), []);
  });

  test("a reader that remembers its last event reads on from there", async () => {
    const { stripe, typesOf } = await startHistory();
    const [first] = (await stripe.events.list({ limit: 100 })).data.reverse();
    const later: string[] = [];
    for await (const { type } of stripe.events.list({ limit: 2, ending_before: first?.id ?? "" })) later.push(type);
    assert.deepEqual(later, (await typesOf({})).reverse().slice(1));
  });

  test("an event says which request made it and what was there before", async () => {
    const { stripe, ada, clock } = await startHistory();
    const [changed] = (await stripe.events.list({ type: "customer.updated" })).data;
    assert.match(changed?.request?.id ?? "", /^req_\w{14}$/);
    assert.equal(changed?.request?.idempotency_key, "change");
    assert.deepEqual(changed?.data.previous_attributes, { name: "Ada", metadata: { b: null } });
    assert.deepEqual(
      [changed?.livemode, changed?.pending_webhooks, changed?.api_version],
      [false, 0, "2026-08-26.dahlia"],
    );
    const made = (await stripe.events.list({ type: "customer.created" })).data[0];
    assert.ok(made && !("previous_attributes" in made.data));
    const payment = { amount: 500, currency: "eur", confirm: true, return_url: "https://shop.test" } as const;
    await stripe.paymentIntents.create({ ...payment, payment_method: "pm_card_createDispute", customer: ada.id });
    await clock.advance(dayMs);
    const [dispute] = (await stripe.events.list({ type: "charge.dispute.created" })).data;
    assert.deepEqual(dispute?.request, { id: null, idempotency_key: null }, "it came by itself");
  });

  test("delivery_success is what the endpoints have answered", async () => {
    let isUp = false;
    const { stripe, clock } = startWorld({ fetch: async () => new Response("", { status: isUp ? 200 : 500 }) });
    await stripe.customers.create();
    for (const port of [1, 2]) {
      const url = `http://localhost:${port}/hook`;
      await stripe.webhookEndpoints.create({ url, enabled_events: ["customer.updated"] });
    }
    const { id } = await stripe.customers.create();
    await stripe.customers.update(id, { name: "A" });
    const typesOf = async (delivery_success: boolean) =>
      (await stripe.events.list({ delivery_success })).data.map(({ type }) => type);
    await clock.advance(1_000);
    const waiting = (await stripe.events.list({ delivery_success: false })).data;
    assert.deepEqual(
      waiting.map(({ type, pending_webhooks }) => [type, pending_webhooks]),
      [["customer.updated", 2]],
    );
    assert.deepEqual(await typesOf(true), ["customer.created", "customer.created"]);
    isUp = true;
    await clock.advance(dayMs);
    assert.deepEqual(await typesOf(false), []);
  });

  test("after thirty days an event is neither listed nor read nor sent again", async () => {
    const { stripe, clock, call, typesOf } = await startHistory();
    const [event] = (await stripe.events.list({ type: "customer.updated" })).data;
    await clock.advance(30 * dayMs - 10_000);
    assert.equal((await typesOf({ type: "customer.*" })).length, 3);
    await clock.advance(20_000);
    assert.deepEqual(await typesOf({ type: "customer.*" }), []);
    assert.deepEqual(await typesOf({ type: "customer.*", created: { gte: 0 } }), []);
    const { status, error } = await call("GET", `/v1/events/${event?.id}`);
    assert.deepEqual([status, error.code, error.message], [404, "resource_missing", `No such event: '${event?.id}'`]);
    assert.equal((await call("POST", `/v1/events/${event?.id}/retry`, "for_stripecli=true")).status, 404);
  });

  const refused: readonly [form: string, code: string | undefined, param: string | undefined][] = [
    ["type=a&types[]=b", "parameters_exclusive", undefined],
    [Array.from({ length: 21 }, (_, n) => `types[]=charge.x${n}`).join("&"), undefined, "types"],
    ["types=charge.failed", undefined, "types"],
    ["delivery_success=maybe", undefined, "delivery_success"],
    ["created[gte]=soon", "parameter_invalid_integer", "created[gte]"],
    ["created[since]=1", "parameter_unknown", "created[since]"],
    ["starting_after=evt_none", "resource_missing", "starting_after"],
    ["object=charge", "parameter_unknown", "object"],
  ];
  test("a list that cannot be answered is refused", async () => {
    const { call } = startWorld();
    for (const [form, code, param] of refused) {
      const { status, error } = await call("GET", "/v1/events", form);
      assert.deepEqual([status, error.code, error.param], [400, code, param], form);
    }
    assert.equal((await call("POST", "/v1/events")).status, 404);
  });
});
