// What goes wrong on purpose strikes what is billed as it strikes what is paid: calls, webhooks and test clocks.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { dayMs, hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import { type SandboxWorld, secretKey, startWorld } from "../../testing.ts";
import { billedCustomer } from "../invoices/testing.ts";
import { monthly } from "./testing.ts";

const path = "/v1/subscriptions";

async function subscribing(world: SandboxWorld): Promise<string> {
  const { customer } = await billedCustomer(world);
  return `customer=${customer}&items[0][price]=${await monthly(world, 1000)}`;
}

/** One who is renewed while somebody listens, with all that reached them. */
async function renewed(type: string, kind: string, ms?: number) {
  const received: { type: string; at: number }[] = [];
  const world = startWorld({
    fetch: async (_url, init) => {
      received.push({ type: JSON.parse(String(init?.body)).type, at: world.clock.now() });
      return new Response();
    },
    webhookEndpoints: [{ key: secretKey, url: "http://127.0.0.1:9/hook", secret: "whsec_known" }],
  });
  const { json } = await world.call("POST", path, await subscribing(world));
  const { data } = json.items as { data: { current_period_end: number }[] };
  await world.clock.advance(minuteMs);
  received.length = 0;
  world.sandbox.faults.add({ kind: kind as "slow", type, ms });
  await world.clock.advance(Number(data[0]?.current_period_end) * 1000 - world.clock.now());
  const invoice = async () =>
    (await world.stripe.invoices.list({ customer: String(json.customer), limit: 1 })).data[0]!;
  const times = (of: string) => received.filter((one) => one.type === of).map(({ at }) => at);
  return { ...world, invoice, times };
}

suite("a subscription whose call goes wrong", () => {
  for (const [kind, isMade] of [
    ["timeout_before_commit", false],
    ["timeout_after_commit", true],
    ["connection_reset", true],
  ] as const) {
    test(`by ${kind} is ${isMade ? "made" : "not made"}, and its key makes it once`, async () => {
      const world = startWorld();
      const form = await subscribing(world);
      world.sandbox.faults.add({ kind, method: "POST", path });
      const sent = { form, headers: { "idempotency-key": "one" } };
      await assert.rejects(world.call("POST", path, sent));
      assert.equal((await world.stripe.subscriptions.list()).data.length, isMade ? 1 : 0);
      assert.equal((await world.call("POST", path, sent)).status, 200);
      assert.equal((await world.stripe.subscriptions.list()).data.length, 1);
      assert.equal((await world.stripe.invoices.list()).data.length, 1);
    });
  }

  for (const [kind, status, again] of [
    ["rate_limit", 429, 200],
    ["lock_timeout", 429, 200],
    ["server_error", 500, 500],
  ] as const) {
    test(`by ${kind} is answered ${status}, and ${again} to its key`, async () => {
      const world = startWorld();
      const sent = { form: await subscribing(world), headers: { "idempotency-key": "one" } };
      world.sandbox.faults.add({ kind, path });
      assert.equal((await world.call("POST", path, sent)).status, status);
      assert.equal((await world.stripe.invoices.list()).data.length, 0);
      assert.equal((await world.call("POST", path, sent)).status, again);
    });
  }

  test("by slow is answered later", async () => {
    const world = startWorld();
    const form = await subscribing(world);
    world.sandbox.faults.add({ kind: "slow", path, ms: 3 * secondMs });
    let isAnswered = false;
    const call = world.call("POST", path, form).then(() => (isAnswered = true));
    await world.clock.advance(2 * secondMs);
    assert.equal(isAnswered, false);
    await world.clock.advance(secondMs);
    assert.equal(await call, true);
  });
});

suite("a renewal whose card is declined on purpose", () => {
  test("is past due, tried again as often as it is declined, and paid then; a look ahead uses nothing up", async () => {
    const world = startWorld({ billing: { retries: [3, 3, 3] } });
    const { clock, sandbox, stripe } = world;
    const { json } = await world.call("POST", path, await subscribing(world));
    sandbox.faults.add({ kind: "charge_declined", times: 2 });
    const stand = async () => {
      const { status, latest_invoice } = await stripe.subscriptions.retrieve(String(json.id));
      const invoice = await stripe.invoices.retrieve(String(latest_invoice));
      return [status, invoice.status, invoice.attempt_count];
    };
    await clock.advance(31 * dayMs + 2 * hourMs);
    assert.deepEqual(await stand(), ["past_due", "open", 1]);
    await sandbox.fetch(new Request(`http://localhost/-/objects/${String(json.id)}`));
    await sandbox.fetch(new Request("http://localhost/-/time"));
    await clock.advance(3 * dayMs);
    assert.deepEqual(await stand(), ["past_due", "open", 2]);
    await clock.advance(3 * dayMs);
    assert.deepEqual(await stand(), ["active", "paid", 3]);
    assert.deepEqual(sandbox.faults.list(), []);
    sandbox.faults.add({ kind: "charge_declined" });
    const old = stripe.charges.create({ amount: 900, currency: "usd", source: "tok_visa" });
    await assert.rejects(old, { code: "card_declined", decline_code: "generic_decline" });
    const { data } = await stripe.charges.list();
    assert.deepEqual(
      data.map(({ status, failure_code }) => [status, failure_code]),
      [
        ["failed", "card_declined"],
        ["succeeded", null],
        ["failed", "card_declined"],
        ["failed", "card_declined"],
        ["succeeded", null],
      ],
    );
  });
});

suite("a renewal whose webhook goes wrong", () => {
  test("by delivery_dropped: nobody has heard of the draft, which waits for three days", async () => {
    const { clock, invoice, times } = await renewed("invoice.created", "delivery_dropped");
    await clock.advance(2 * dayMs);
    assert.deepEqual([(await invoice()).status, times("invoice.created")], ["draft", []]);
    await clock.advance(dayMs + minuteMs);
    assert.equal((await invoice()).status, "paid");
  });

  test("by delivery_delayed: the hour of the draft counts from when it was heard of", async () => {
    const { clock, invoice } = await renewed("invoice.created", "delivery_delayed", 5 * hourMs);
    await clock.advance(5 * hourMs + minuteMs);
    const { created, status, webhooks_delivered_at: heard } = await invoice();
    assert.deepEqual([status, heard], ["draft", created + (5 * hourMs) / 1000]);
    await clock.advance(hourMs);
    assert.equal((await invoice()).status, "paid");
  });

  test("by delivery_duplicated it is heard twice, and billed once", async () => {
    const { clock, invoice, times, stripe } = await renewed("invoice.created", "delivery_duplicated");
    await clock.advance(2 * hourMs);
    assert.deepEqual([times("invoice.created").length, (await invoice()).status], [2, "paid"]);
    assert.equal((await stripe.invoices.list()).data.length, 2);
  });

  test("by deliveries_shuffled and deliveries_bunched it is heard within the time, and at its end", async () => {
    const shuffled = await renewed("invoice.created", "deliveries_shuffled", 30 * secondMs);
    const { created } = await shuffled.invoice();
    await shuffled.clock.advance(30 * secondMs);
    const [at = 0] = shuffled.times("invoice.created");
    assert.ok(at >= created * 1000 && at <= created * 1000 + 30 * secondMs);
    const bunched = await renewed("invoice.created", "deliveries_bunched", hourMs);
    await bunched.clock.advance(hourMs);
    assert.deepEqual(
      bunched.times("invoice.created").map((time) => time % hourMs),
      [0],
    );
  });
});
