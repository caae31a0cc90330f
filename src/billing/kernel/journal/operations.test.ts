import assert from "node:assert/strict";
import { test } from "node:test";
import { hourMs, minuteMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { manifests } from "../../resources/index.ts";
import { createOrder, startWorld, type World } from "../../testing/index.ts";
import { verbs } from "../../testing/verbs.table.ts";
import { idempotencyKey, paramsHash } from "../contract/identity.ts";
import type { Verb } from "../contract/verb.ts";
import type { BillingSql, BillingTables } from "../store/tables.ts";
import type { Answer } from "../stripe/gateway.ts";
import { verdictOf } from "./verdict.ts";

const on = onEachDatabase<BillingTables>;

async function paymentIntents(world: World) {
  return (await world.run(world.stripe.paymentIntents.list({ limit: 100 }).then((list) => list))).data;
}

async function calls(sql: BillingSql) {
  return sql.read("calls", (reader) =>
    reader.selectFrom("calls").select(["n", "state", "tries"]).orderBy("operation").orderBy("n").execute(),
  );
}

for (const kind of ["lost", "unheard", 500, 503, 429, 409] as const) {
  on(`a call that is answered by ${kind} is repeated under its key and makes one object`, async ({ url, sql }) => {
    const world = await startWorld({ url });
    await createOrder(world, "order_1");
    world.fail("POST /v1/payment_intents", kind);
    await world.run(world.billing.orders.checkout("order_1"));
    assert.equal((await paymentIntents(world)).length, 1);
    assert.deepEqual(await calls(sql), [{ n: 1, state: "answered", tries: 2 }]);
    await world.close();
  });
}

on("a command that Stripe does not answer says so after ten seconds, and ends later", async ({ url }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  world.fail("POST /v1/payment_intents", "unheard", 12);
  await assert.rejects(world.run(world.billing.orders.checkout("order_1")), { code: "stripe_unreachable" });
  await world.advance(hourMs);
  const order = await world.run(world.billing.orders.get("order_1"));
  assert.deepEqual(
    (await paymentIntents(world)).map((intent) => intent.id),
    [order.stripe.paymentIntentId],
  );
  await world.close();
});

on("of a call whose answer ends nothing it is known what the answer was", async ({ url, sql }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  for (const kind of [503, "lost"] as const) {
    world.fail("POST /v1/payment_intents", kind, 100);
    await assert.rejects(world.run(world.billing.orders.checkout("order_1")), { code: "stripe_unreachable" });
    const answered = await sql.read("answered", (reader) => reader.selectFrom("calls").select("http").execute());
    assert.deepEqual(answered, [{ http: kind === 503 ? 503 : null }]);
    world.mend();
    await world.advance(1);
  }
  await world.close();
});

on("a stored 500 is not believed: what the call made is found by its mark", async ({ url, sql }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  world.fail("POST /v1/payment_intents", "replayed_500");
  await world.run(world.billing.orders.checkout("order_1"));
  assert.equal(world.requests.filter((line) => line === "POST /v1/payment_intents").length, 1, "it is not sent again");
  assert.equal((await paymentIntents(world)).length, 1);
  assert.deepEqual(await calls(sql), [{ n: 1, state: "answered", tries: 2 }]);
  await world.close();
});

on("after 23 hours the key is not trusted: what was made is found", async ({ url, sql }) => {
  const world = await startWorld({ url });
  world.setWebhooks(false);
  await createOrder(world, "order_1");
  world.fail("POST /v1/payment_intents", "unheard", 10_000);
  world.fail("GET /v1/payment_intents", "lost", 2);
  await assert.rejects(world.run(world.billing.orders.checkout("order_1")), { code: "stripe_unreachable" });
  await sql.write("older", async (tx) => {
    await tx
      .updateTable("calls")
      .set((eb) => ({ first_sent_at: eb("first_sent_at", "-", 23 * hourMs) }))
      .execute();
  });
  await world.advance(20 * minuteMs);
  assert.equal((await paymentIntents(world)).length, 1);
  const order = await world.run(world.billing.orders.get("order_1"));
  assert.equal(order.stripe.paymentIntentId, (await paymentIntents(world))[0]?.id);
  await world.close();
});

on(
  "what cannot be found because Stripe is away is looked for again later, and later each time",
  async ({ url, sql }) => {
    const world = await startWorld({ url });
    world.setWebhooks(false);
    await createOrder(world, "order_1");
    world.fail("POST /v1/payment_intents", "unheard", 10_000);
    await assert.rejects(world.run(world.billing.orders.checkout("order_1")), { code: "stripe_unreachable" });
    await sql.write("older", async (tx) => {
      await tx
        .updateTable("calls")
        .set((eb) => ({ first_sent_at: eb("first_sent_at", "-", 23 * hourMs) }))
        .execute();
    });
    world.fail("GET /v1/payment_intents", "lost", 10_000);
    world.requests.length = 0;
    await world.advance(10 * minuteMs);
    const asked = world.requests.filter((line) => line === "GET /v1/payment_intents").length;
    assert.ok(asked >= 2 && asked <= 40, `${asked} times in ten minutes`);
    assert.ok(!world.requests.includes("POST /v1/payment_intents"), "and nothing is made meanwhile");
    await world.close();
  },
);

on("after 23 hours without anything made, it is made under a new key", async ({ url, sql }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  world.fail("POST /v1/payment_intents", "lost", 300);
  await assert.rejects(world.run(world.billing.orders.checkout("order_1")), { code: "stripe_unreachable" });
  await sql.write("older", async (tx) => {
    await tx
      .updateTable("calls")
      .set((eb) => ({ first_sent_at: eb("first_sent_at", "-", 23 * hourMs) }))
      .execute();
  });
  await world.advance(10 * minuteMs);
  const states = (await calls(sql)).map(({ n, state }) => `${n} ${state}`);
  assert.equal(states[0], "1 absent");
  assert.match(states[1] ?? "", /^2 (unknown|sent)$/);
  await world.close();
});

on("a rejected key loses nothing: health is red, and the call goes on with the next answer", async ({ url, sql }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  world.fail("POST /v1/payment_intents", 401);
  await assert.rejects(world.run(world.billing.orders.checkout("order_1")), { code: "stripe_unreachable" });
  const [call] = await calls(sql);
  assert.deepEqual(call, { n: 1, state: "ready", tries: 0 });
  await world.advance(minuteMs);
  assert.equal((await paymentIntents(world)).length, 1);
  await world.close();
});

on("what Stripe refuses is answered unchanged until the next attempt is named", async ({ url }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  world.fail("POST /v1/payment_intents", 400);
  await assert.rejects(world.run(world.billing.orders.checkout("order_1")), { code: "stripe_refused" });
  await assert.rejects(world.run(world.billing.orders.checkout("order_1")), { code: "stripe_refused" });
  assert.equal((await paymentIntents(world)).length, 0);
  await world.run(world.billing.orders.checkout("order_1", { attempt: 2 }));
  await assert.rejects(world.run(world.billing.orders.capture("order_1", { attempt: 3 })), { code: "wrong_state" });
  assert.equal((await paymentIntents(world)).length, 1);
  await world.close();
});

on("a customer is made once, whatever happens to the answer, and told of changes", async ({ url }) => {
  const world = await startWorld({ url });
  world.fail("POST /v1/customers", "unheard");
  const first = await world.run(world.billing.customers.ensure({ id: "user_1", email: "a@example.test" }));
  const again = await world.run(world.billing.customers.ensure({ id: "user_1", name: "Ada" }));
  assert.equal(again.stripeCustomerId, first.stripeCustomerId);
  assert.deepEqual([again.email, again.name], ["a@example.test", "Ada"]);
  const { data } = await world.run(world.stripe.customers.list().then((list) => list));
  assert.deepEqual(
    data.map(({ id, email, name }) => ({ id, email, name })),
    [{ id: first.stripeCustomerId, email: "a@example.test", name: "Ada" }],
  );
  await world.close();
});

on("no client secret is ever stored or logged", async ({ url, sql }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  const { clientSecret } = await world.run(world.billing.orders.checkout("order_1"));
  await world.pay("order_1", "pm_card_visa");
  await world.advance(minuteMs);
  const secret = clientSecret.split("_secret_")[1] as string;
  const stored = await sql.read("bodies", async (reader) => [
    ...(await reader.selectFrom("receipts").select("body").execute()).map((row) => row.body),
    ...(await reader.selectFrom("mirror").select("raw").execute()).map((row) => row.raw),
  ]);
  assert.ok(stored.length > 3);
  for (const bytes of stored) assert.ok(!Buffer.from(bytes ?? []).includes(secret));
  assert.ok(!world.log.join("").includes(secret));
  await world.close();
});

/** What can bear no marks is found by what it is. */
const unmarked: Readonly<Record<string, object>> = { "customers.addTaxId": { type: "eu_vat", value: "DE136695976" } };

/** By the step: why its object bears no marks, and is there but once. */
const foundOtherwise: Readonly<Record<string, string>> = {
  "invoices.send": "A mail is not an object: it is found by what is told of it.",
  "subscriptions.plan": "A subscription has one schedule that is active, and nothing may be said when it is attached.",
};

/** Stripe's ids that may be gone by the time that they are sent. */
const embedded = /\b(?:cus|pi|pm|txi)_\w+/g;

on("what a step makes is found by its marks in a list, what it changes by the path of its own call", async (given) => {
  const world = await startWorld({ url: given.url });
  const all = new Map(manifests.flatMap((manifest) => manifest.verbs).map((verb) => [verb.name, verb]));
  for (const [index, [name, row]] of Object.entries(verbs).entries()) {
    await world.run(row.command(world, await row.prepare(world, `found_${index}`)));
    const verb = all.get(name) ?? assert.fail(name);
    const { operation, params, answers } = await lastOf(given.sql, verb);
    const view = { ...operation, params, isPromised: false };
    for (const step of verb.steps.filter(({ name: one }) => one in answers)) {
      const where = `${name} ${step.name}`;
      const { path, params: sent } = step.request(view, answers);
      const stored = `${path}|${JSON.stringify(sent)}`.match(embedded) ?? [];
      const named = new Set(step.embeds?.(view, answers).map(({ id }) => id));
      assert.deepEqual(
        [...new Set(stored)].filter((id) => !named.has(id)),
        [],
        `${where} says what it embeds`,
      );
      if (!step.find) {
        assert.ok(step.touches && step.holds, where);
        assert.ok(path.split("/").includes(step.touches(view, answers)), `${where}: ${path}`);
        continue;
      }
      if (name in foundOtherwise) continue;
      const metadata = sent.metadata as Record<string, string> | undefined;
      const isMarked = metadata?.bursar_op === view.id && metadata.bursar_instance === view.instance;
      assert.ok(isMarked || name in unmarked, where);
      const mine = { id: "made_1", object: "it", metadata: { bursar_op: view.id }, ...unmarked[name] };
      const other = { id: "made_2", object: "it", metadata: { bursar_op: "op_2" } };
      const find = (listed: (typeof mine)[]) => step.find?.(view, { since: 1e9, list: async () => listed }, answers);
      assert.equal(await find([other, mine]), mine, where);
      assert.equal(await find([other]), null, where);
    }
  }
  await world.close();
});

async function lastOf(sql: BillingSql, verb: Verb) {
  return sql.read("last", async (reader) => {
    const row = await reader
      .selectFrom("operations")
      .selectAll()
      .where("verb", "=", verb.name)
      .orderBy("created_at", "desc")
      .orderBy("attempt", "desc")
      .executeTakeFirstOrThrow();
    const { id, instance, subject, attempt, created_at: createdAt } = row;
    const operation = { id, instance, subject, attempt, createdAt };
    const params = verb.params.read(JSON.parse(row.params), "params");
    return { operation, params, answers: JSON.parse(row.answers) as Record<string, unknown> };
  });
}

test("each answer of Stripe has one meaning for a call", () => {
  const answer = (status: number, error: object = {}, isReplayed = false): Answer => ({
    kind: "answer",
    status,
    body: status < 300 ? { id: "pi_1", object: "payment_intent" } : { error },
    isReplayed,
    begunAt: 0,
  });
  const meaning = (one: Answer) => {
    const verdict = verdictOf(one);
    return verdict.kind === "refused" ? verdict.state : verdict.kind;
  };
  const table: [Answer, string][] = [
    [{ kind: "silence", reason: "ECONNRESET" }, "unknown"],
    [{ kind: "unsent", reason: "our own limit" }, "unsent"],
    [answer(200), "done"],
    [answer(200, {}, true), "done"],
    [answer(400, { type: "invalid_request_error" }), "failed"],
    [answer(400, { type: "idempotency_error" }), "parked"],
    [answer(400, { type: "invalid_request_error", code: "rate_limit" }), "unknown"],
    [answer(400, { type: "invalid_request_error", code: "lock_timeout" }), "unknown"],
    [answer(401), "key_rejected"],
    [answer(403), "key_rejected"],
    [answer(402, { type: "card_error" }), "refused"],
    [answer(404), "failed"],
    [answer(409), "unknown"],
    [answer(424), "failed"],
    [answer(429), "unknown"],
    [answer(500), "unknown"],
    [answer(500, {}, true), "finding"],
    [answer(503), "unknown"],
    [answer(300), "unknown"],
    [answer(302), "unknown"],
  ];
  for (const [one, expected] of table) assert.equal(meaning(one), expected, JSON.stringify(one));
  const refusalOf = (one: Answer) => {
    const verdict = verdictOf(one);
    return verdict.kind === "refused" ? verdict.refusal : verdict.kind;
  };
  const said = { type: "card_error", code: "card_declined", decline_code: "lost_card", message: "No" };
  const { decline_code: declineCode, ...same } = said;
  assert.deepEqual(refusalOf(answer(402, said)), { http: 402, ...same, declineCode });
  const unsaid = { type: "", code: null, declineCode: null, message: "HTTP 404" };
  assert.deepEqual(refusalOf(answer(404, { code: 1, decline_code: 1 })), { http: 404, ...unsaid });
});

test("a key follows from what is wished and from nothing else", () => {
  const call = { instance: "i", mode: "test", verb: "v", subject: "s", attempt: 1, step: "c", n: 1 } as const;
  assert.equal(idempotencyKey(call), idempotencyKey({ ...call }));
  for (const change of [{ subject: "t" }, { attempt: 2 }, { n: 2 }, { instance: "j" }, { mode: "live" as const }]) {
    assert.notEqual(idempotencyKey({ ...call, ...change }), idempotencyKey(call));
  }
  assert.equal(paramsHash({ a: 1, b: { c: 2, d: undefined } }), paramsHash({ b: { c: 2 }, a: 1 }));
  assert.notEqual(paramsHash({ a: 1 }), paramsHash({ a: "1" }));
});
