import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { dayMs, hourMs, minuteMs } from "#kit/clock.ts";
import { testPorts } from "#kit/create_ports.ts";
import { createParts } from "../assemble.ts";
import { accountOfKey } from "../kernel/state/accounts.ts";
import { emit } from "../kernel/state/emit.ts";
import type { EventType } from "../kernel/state/event_types.ts";
import { onSignal, reactionsByAction } from "../kernel/state/reactions.ts";
import { tickUnit } from "../kernel/state/unit.ts";
import { countDelivered, events, recordEvents } from "../resources/events/index.ts";
import { createEndpoint, endpointsFor } from "../resources/webhook_endpoints/index.ts";
import { startWorld } from "../testing.ts";
import { createDelivery } from "./delivery.ts";

interface Received {
  readonly body: string;
  readonly signature: string;
  readonly type: string;
}

/** A receiver that answers as told. */
function receiver(answers: (number: number) => number) {
  const received: Received[] = [];
  const fetch = async (_url: string | URL | Request, init?: RequestInit) => {
    const body = String(init?.body);
    const signature = new Headers(init?.headers).get("stripe-signature") ?? "";
    received.push({ body, signature, type: JSON.parse(body).type });
    return new Response(null, { status: answers(received.length) });
  };
  return { received, fetch };
}

const endpoint = { key: "sk_test_world", url: "http://127.0.0.1:9/hook", secret: "whsec_known" };

suite("delivery", () => {
  test("an event arrives signed, so that the SDK believes it, and counts down pending_webhooks", async () => {
    const { received, fetch } = receiver(() => 200);
    const world = startWorld({ fetch, webhookEndpoints: [endpoint] });
    await world.call("POST", "/v1/customers", { form: "name=a", headers: { "idempotency-key": "k1" } });
    await world.clock.advance(0);
    const [first] = received;
    assert.ok(first);
    const now = Math.floor(world.clock.now() / 1000);
    const event = await world.stripe.webhooks.constructEventAsync(
      first.body,
      first.signature,
      "whsec_known",
      300,
      undefined,
      now,
    );
    assert.equal(event.type, "customer.created");
    assert.equal(event.pending_webhooks, 1);
    assert.equal(event.request?.idempotency_key, "k1");
    assert.match(first.signature, /^t=\d+,v1=[0-9a-f]{64},v0=[0-9a-f]{64}$/);
    assert.equal((await world.stripe.events.retrieve(event.id)).pending_webhooks, 0);
    assert.deepEqual(
      world.sandbox.attempts().map(({ outcome, number }) => [outcome, number]),
      [["delivered", 1]],
    );
  });

  test("while a secret rolls both sign, afterwards the new one alone", async () => {
    const { received, fetch } = receiver(() => 200);
    const world = startWorld({ fetch, webhookEndpoints: [endpoint] });
    const [{ id } = assert.fail()] = (await world.stripe.webhookEndpoints.list()).data;
    const fresh = world.sandbox.rollSecret(id, { oldEndsInMs: dayMs });
    assert.match(fresh, /^whsec_\w{32}$/);
    const believing = async () => {
      await world.call("POST", "/v1/customers");
      await world.clock.advance(0);
      const { body, signature } = received.at(-1) ?? assert.fail();
      const now = Math.floor(world.clock.now() / 1000);
      const { webhooks } = world.stripe;
      const isBelieved = (secret: string) =>
        webhooks.constructEventAsync(body, signature, secret, 300, undefined, now).then(
          () => true,
          () => false,
        );
      assert.match(signature, /,v0=[0-9a-f]{64}$/);
      return [await isBelieved("whsec_known"), await isBelieved(fresh)];
    };
    assert.deepEqual(await believing(), [true, true]);
    await world.clock.advance(dayMs - 1);
    assert.deepEqual(await believing(), [true, true]);
    await world.clock.advance(1);
    assert.deepEqual(await believing(), [false, true]);
    const next = world.sandbox.rollSecret(id);
    assert.notEqual(next, fresh);
    assert.deepEqual(await believing(), [false, false], "without a time the old one ends at once");
    assert.throws(() => world.sandbox.rollSecret(id, { oldEndsInMs: dayMs + 1 }), /a day/);
    assert.throws(() => world.sandbox.rollSecret("we_nobody"), /no webhook endpoint we_nobody/);
  });

  test("as in test mode, an event is tried three times more over a few hours", async () => {
    const { received, fetch } = receiver(() => 500);
    const world = startWorld({ fetch, webhookEndpoints: [endpoint], retryPausesMs: "test" });
    await world.call("POST", "/v1/customers");
    await world.clock.advance(6 * hourMs);
    assert.equal(received.length, 4);
    await world.clock.advance(10 * dayMs);
    assert.equal(received.length, 4);
    assert.equal((await world.stripe.webhookEndpoints.list()).data[0]?.status, "enabled", "no failing disables it");
  });

  test("a failure is tried again for three days, each time with a signature of its own", async () => {
    const { received, fetch } = receiver((number) => (number === 2 ? 302 : 500));
    const world = startWorld({ fetch, webhookEndpoints: [endpoint] });
    await world.call("POST", "/v1/customers", "name=a");
    await world.clock.advance(5 * minuteMs);
    assert.equal(received.length, 2);
    await world.clock.advance(3 * hourMs);
    assert.equal(received.length, 4);
    await world.clock.advance(10 * dayMs);
    assert.equal(received.length, 11);
    assert.equal(new Set(received.map(({ signature }) => signature)).size, 11);
    assert.equal(new Set(received.map(({ body }) => body)).size, 1);
    assert.ok(world.sandbox.attempts().every(({ outcome }) => outcome === "failed"));
  });

  test("a deleted endpoint drops its tries, and only wanted events are sent", async () => {
    const { received, fetch } = receiver(() => 500);
    const world = startWorld({ fetch });
    const made = await world.stripe.webhookEndpoints.create({
      url: "http://localhost:9/hook",
      enabled_events: ["customer.deleted"],
    });
    assert.match(made.secret ?? "", /^whsec_\w{32}$/);
    assert.equal("secret" in (await world.stripe.webhookEndpoints.retrieve(made.id)), false);
    const { id } = await world.stripe.customers.create({});
    await world.stripe.customers.del(id);
    await world.clock.advance(0);
    assert.deepEqual(
      received.map(({ type }) => type),
      ["customer.deleted"],
    );
    await world.stripe.webhookEndpoints.del(made.id);
    await world.clock.advance(dayMs);
    assert.equal(received.length, 1);
  });

  test("nothing leaves this machine unless its host was named", async () => {
    const { received, fetch } = receiver(() => 200);
    const outside = { ...endpoint, url: "https://shop.example/hook" };
    const world = startWorld({ fetch, webhookEndpoints: [outside] });
    await world.call("POST", "/v1/customers");
    await world.clock.advance(0);
    assert.equal(received.length, 0);
    assert.deepEqual(
      world.sandbox.attempts().map(({ outcome, answer }) => `${outcome}: ${answer}`),
      ["held: external"],
    );
    const named = startWorld({ fetch, webhookEndpoints: [outside], deliverTo: ["shop.example"] });
    await named.call("POST", "/v1/customers");
    await named.clock.advance(0);
    assert.equal(received.length, 1);
  });

  test("a receiver that never answers is given up after ten seconds and tried again", async () => {
    let asked = 0;
    const fetch = (_url: unknown, init?: RequestInit) =>
      new Promise<Response>((_resolve, reject) => {
        asked++;
        init?.signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
      });
    const world = startWorld({ fetch, webhookEndpoints: [endpoint], retryPausesMs: [minuteMs] });
    await world.call("POST", "/v1/customers");
    await world.clock.advance(2 * minuteMs);
    assert.equal(asked, 2);
    assert.deepEqual(
      world.sandbox.attempts().map(({ outcome }) => outcome),
      ["failed", "failed"],
    );
  });

  test("what waits for an event hears when an endpoint has answered it, and hears of no failure", async () => {
    const { fetch } = receiver((number) => (number === 1 ? 500 : 200));
    const ports = testPorts({ seed: 7, fetch });
    const { world } = createParts(ports, () => "http://localhost");
    const heard: unknown[] = [];
    const hear = onSignal(events, "delivered", (unit, before, after) => {
      heard.push([after.type, before.pending_webhooks, after.pending_webhooks, unit.now]);
    });
    const hearing = { ...world, reactions: reactionsByAction([hear]) };
    const options = {
      deliverTo: [],
      pausesMs: [hourMs],
      holding: new Set<EventType>(),
      delivered: countDelivered,
      unreached: () => {},
    };
    const delivery = createDelivery(hearing, { ...options, fetch, run: ports.run });
    const loop = ports.run("timeline", world.timelines.world.loop);
    const unit = tickUnit(hearing, accountOfKey(world.accounts, "sk_test_world"));
    createEndpoint(unit, { url: endpoint.url, enabled_events: ["*"] });
    emit(unit, "customer.created", { id: "cus_x", object: "customer" });
    for (const event of recordEvents(unit, () => 1)) delivery.offer(unit, event, endpointsFor(unit, event.type));
    await ports.clock.advance(hourMs - 1);
    assert.deepEqual(heard, []);
    await ports.clock.advance(1);
    assert.deepEqual(heard, [["customer.created", 1, 0, unit.now + hourMs]]);
    loop.stop();
  });

  /** A test clock's advance on which an event is sent that holds it; `answer` is the receiver's. */
  async function advanceClock(answer: () => Promise<Response>, holding: readonly EventType[]) {
    const ports = testPorts({ seed: 7, fetch: answer });
    const { world } = createParts(ports, () => "http://localhost");
    const account = accountOfKey(world.accounts, "sk_test_world");
    const delivered = () => {};
    const { fetch, run } = ports;
    const options = {
      fetch,
      run,
      deliverTo: [],
      pausesMs: [],
      holding: new Set(holding),
      delivered,
      unreached: delivered,
    };
    const delivery = createDelivery(world, options);
    const timeline = world.timelines.open("clock_1", 0);
    const loop = run("timeline", world.timelines.world.loop);
    const unit = tickUnit(world, account, { timeline });
    createEndpoint(unit, { url: endpoint.url, enabled_events: ["*"] });
    emit(unit, "customer.created", { id: "cus_x", object: "customer" });
    timeline.at(hourMs, null, {
      record: null,
      begin(_at, landed) {
        for (const event of recordEvents(unit, () => 1)) delivery.offer(unit, event, endpointsFor(unit, event.type));
        landed();
      },
    });
    const arrived = timeline.advanceTo(dayMs).then(() => loop.stop());
    await ports.clock.advance(0);
    return { timeline, clock: ports.clock, arrived };
  }

  test("a test clock waits for the first tries of what holds it, and for nothing else", async () => {
    const { promise, resolve } = Promise.withResolvers<Response>();
    const free = await advanceClock(() => promise, []);
    assert.equal(free.timeline.now(), dayMs);
    const held = await advanceClock(() => promise, ["customer.created"]);
    assert.equal(held.timeline.now(), hourMs);
    resolve(new Response(null, { status: 500 }));
    await held.arrived;
    assert.equal(held.timeline.now(), dayMs);
  });

  test("a receiver that does not answer holds a test clock for ten seconds", async () => {
    const { timeline, clock } = await advanceClock(() => new Promise(() => {}), ["customer.created"]);
    await clock.advance(9_999);
    assert.equal(timeline.now(), hourMs);
    await clock.advance(1);
    assert.equal(timeline.now(), dayMs);
  });
});
