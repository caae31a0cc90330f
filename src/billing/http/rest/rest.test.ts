import assert from "node:assert/strict";
import { bootstrapKey, onEachDoor } from "../testing.ts";

const lines = [
  { description: "Hand grinder", quantity: 1, unitAmount: 8_900 },
  { description: "Ethiopia Guji, 250 g", quantity: 3, unitAmount: 1_300 },
];
/** What is not worth reading the body for is refused before. */
const looksSigned = `t=1,v1=${"0".repeat(64)}`;
const order = { id: "order_1", currency: "eur", lines };

onEachDoor(
  "an order is created, paid and refunded over REST, and each command leaves an audit row",
  async ({ world }) => {
    const created = await world.rest("POST /v1/orders", order);
    assert.equal(created.status, 201);
    assert.deepEqual(created.body.total, { amount: 12_800, currency: "eur" });
    assert.equal((await world.rest("POST /v1/orders", order)).body.id, "order_1", "the same wish is the same order");

    const checkout = await world.rest("POST /v1/orders/order_1/checkout", { returnUrl: "https://shop.test/thanks" });
    assert.equal(checkout.status, 200);
    assert.match(checkout.body.url, /^http:\/\/127\.0\.0\.1:8080\/pay\/open\/[0-9A-Za-z]{43}$/);
    await world.confirm(checkout.body.clientSecret, "pm_card_visa");
    const settled = await world.rest("POST /v1/orders/order_1/settled");
    assert.equal(settled.body.status, "paid");
    const read = await world.rest("GET /v1/orders/order_1");
    assert.equal(read.body.amountPaid, 12_800);
    assert.ok(!JSON.stringify(read.body).includes("_secret_"), "reading an order gives no client secret");

    const refund = { orderId: "order_1", amount: 500 };
    const withKey = { headers: { "idempotency-key": "refund-1" } };
    const refunded = await world.rest("POST /v1/refunds", refund, withKey);
    assert.equal(refunded.status, 200);
    assert.equal(refunded.body.value.id, "refund-1", "the Idempotency-Key is the refund's id");
    assert.equal((await world.rest("POST /v1/refunds", refund, withKey)).body.value.id, "refund-1");
    assert.equal((await world.rest("GET /v1/refunds?orderId=order_1")).body.data.length, 1, "repeated, not doubled");
    const other = await world.rest("POST /v1/refunds", { ...refund, amount: 600 }, withKey);
    assert.equal(other.status, 409);
    const named = await world.rest("POST /v1/refunds", { ...refund, id: "refund-2" });
    assert.equal(named.body.value.id, "refund-2", "an id of its own needs no Idempotency-Key");

    const audit = await world.rest("GET /v1/audit?limit=100");
    const verbs = audit.body.data.map((entry: { verb: string; outcome: string }) => `${entry.verb} ${entry.outcome}`);
    assert.deepEqual(verbs.reverse(), [
      "orders.create done",
      "orders.create done",
      "orders.checkout done",
      "orders.settled done",
      "refunds.create done",
      "refunds.create done",
      "refunds.create done",
    ]);
    const [settling] = audit.body.data.filter((entry: { verb: string }) => entry.verb === "orders.settled");
    assert.deepEqual([settling.before.status === "paid", settling.after.status], [false, "paid"]);
    assert.equal(settling.actor, "bootstrap");

    const again = await world.rest("POST /v1/refunds", { ...refund, id: "refund-2", attempt: 2 });
    assert.deepEqual(
      [again.status, again.body.error.code],
      [409, "wrong_state"],
      "what is done admits no other attempt",
    );
    for (const [call, body] of [
      ["POST /v1/refunds", { ...refund, id: "refund-3", attempt: 0 }],
      ["POST /v1/orders/order_1/capture", { attempt: "2" }],
      ["POST /v1/orders/order_1/cancel", { attempt: 1.5 }],
      ["POST /v1/orders/order_1/checkout", { attempt: -1 }],
      ["POST /v1/customers", { id: "user_1", attempt: null }],
    ] as const) {
      const wrong = await world.rest(call, body);
      assert.deepEqual([wrong.status, wrong.body.error.field], [422, "attempt"], call);
    }
  },
);

onEachDoor("a wrong request answers in one shape, with field, reason and hint", async ({ world }) => {
  const line = lines[0];
  const table: [string, unknown, number, string, string][] = [
    ["POST /v1/orders", "{nonsense", 400, "body", "malformed_json"],
    ["POST /v1/orders", "[".repeat(1_000) + "]".repeat(1_000), 400, "body", "too_deep"],
    [
      "POST /v1/orders",
      { ...order, lines: [{ ...line, description: "a\0b" }] },
      422,
      "lines[0].description",
      "not_text",
    ],
    ["POST /v1/orders", '{"id":"\\ud800"}', 422, "id", "not_text"],
    ["GET /v1/audit?subject=%00", undefined, 422, "subject", "not_text"],
    ["POST /v1/orders", {}, 422, "id", "missing"],
    ["POST /v1/orders", { ...order, id: "has blank" }, 422, "id", "invalid_format"],
    ["POST /v1/orders", { ...order, currency: "EUR" }, 422, "currency", "invalid_format"],
    ["POST /v1/orders", { ...order, lines: [] }, 422, "lines", "too_small"],
    ["POST /v1/orders", { ...order, lines: [{ ...line, quantity: 0 }] }, 422, "lines[0].quantity", "too_small"],
    ["POST /v1/orders", { ...order, lines: [{ ...line, quantity: "1" }] }, 422, "lines[0].quantity", "wrong_type"],
    ["POST /v1/orders", { ...order, lines: [{ ...line, unitAmount: 9.5 }] }, 422, "lines[0].unitAmount", "wrong_type"],
    ["POST /v1/orders", { ...order, capture: "later" }, 422, "capture", "not_allowed"],
    ["POST /v1/orders", { ...order, total: 5 }, 422, "total", "unknown_field"],
    ["POST /v1/customers", { id: "user_1", email: "nobody" }, 422, "email", "invalid_format"],
    ["POST /v1/refunds", { orderId: "order_1" }, 400, "Idempotency-Key", "missing"],
    ["GET /v1/orders?limit=1000", undefined, 422, "limit", "too_big"],
    ["POST /v1/endpoints", { url: "nowhere", types: ["*"] }, 422, "url", "not_a_url"],
  ];
  for (const [call, body, status, field, reason] of table) {
    const answer = await world.rest(call, body);
    const { error } = answer.body;
    assert.deepEqual(
      [answer.status, error.field, error.reason],
      [status, field, reason],
      `${call} ${JSON.stringify(body)}`,
    );
    assert.ok(error.message && error.hint, `${call}: a message and a hint`);
    assert.equal(error.requestId, answer.headers.get("request-id"));
  }
  await world.rest("POST /v1/orders", order);
  const proto = await world.rest("POST /v1/orders", JSON.parse('{"id":"order_2","metadata":{"__proto__":"x"}}'));
  assert.deepEqual([proto.status, proto.body.error.field], [422, "metadata"]);
  const elsewhere = await world.rest("POST /v1/orders/order_1/checkout", { returnUrl: "https://evil.test/" });
  assert.deepEqual([elsewhere.status, elsewhere.body.error.reason], [422, "origin_not_allowed"]);
  const untyped = await world.rest("POST /v1/orders", "id=1", { headers: { "content-type": "text/plain" } });
  assert.equal(untyped.status, 415);
  const bytes = { method: "POST", body: Uint8Array.of(0x22, 0xff, 0x22) };
  const headers = { authorization: `Bearer ${bootstrapKey}`, "content-type": "application/json" };
  const latin = await world.fetch(new Request("http://127.0.0.1:8080/v1/orders", { ...bytes, headers }));
  const { error } = (await latin.json()) as { error: { reason: string } };
  assert.deepEqual([latin.status, error.reason], [400, "malformed_utf8"]);
  const large = await world.rest("POST /v1/orders", { ...order, metadata: { a: "x".repeat(300_000) } });
  assert.equal(large.status, 413);
});

onEachDoor("unknown is 404, other content under one name or key is 409", async ({ world }) => {
  for (const call of ["GET /v1/orders/none", "POST /v1/orders/none/checkout", "GET /v1/refunds/none", "GET /v1/none"]) {
    const answer = await world.rest(call, call.startsWith("POST") ? {} : undefined);
    assert.deepEqual([answer.status, answer.body.error.code], [404, "not_found"], call);
  }
  for (const [call, allowed] of [
    ["PUT /v1/orders", "GET, POST"],
    ["DELETE /v1/orders/order_1", "GET"],
    ["GET /webhooks/stripe", "POST"],
    ["POST /health", "GET"],
  ] as const) {
    const answer = await world.rest(call);
    const { code, hint } = answer.body.error;
    assert.deepEqual([answer.status, code, answer.headers.get("allow")], [405, "method_not_allowed", allowed], call);
    assert.match(hint, /^Use /);
  }
  const hints = {
    "GET /v1/orders/none": "Call POST /v1/orders first.",
    "GET /v1/operations/none": "See GET /v1/operations.",
  };
  for (const [call, hint] of Object.entries(hints)) assert.equal((await world.rest(call)).body.error.hint, hint);
  assert.equal((await world.rest("POST /v1/orders", order, { headers: { "idempotency-key": "k1" } })).status, 201);
  const otherContent = { ...order, id: "order_2" };
  const sameKey = await world.rest("POST /v1/orders", otherContent, { headers: { "idempotency-key": "k1" } });
  assert.deepEqual([sameKey.status, sameKey.body.error.field], [409, "Idempotency-Key"]);
  const early = await world.rest("POST /v1/orders/order_1/capture");
  assert.deepEqual([early.status, early.body.error.message], [409, "Order order_1 is created and cannot be captured"]);
  assert.match(early.body.error.hint, /has not paid yet: POST \/v1\/orders\/\{id\}\/checkout/);
  const sameId = await world.rest("POST /v1/orders", { ...order, currency: "usd" });
  assert.deepEqual([sameId.status, sameId.body.error.code], [409, "conflict"]);
});

onEachDoor(
  "a key opens what its scopes say, a wrong one nothing, and the twenty-first in a minute waits",
  async ({ world }) => {
    const made = await world.rest("POST /v1/keys", { name: "reader", scopes: ["read"] });
    assert.equal(made.status, 201);
    const { key, id } = made.body;
    assert.equal((await world.rest("GET /v1/orders", undefined, { key })).status, 200);
    const basic = { authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}` };
    assert.equal((await world.rest("GET /v1/orders", undefined, { key: null, headers: basic })).status, 200);
    const forbidden = await world.rest("POST /v1/orders", order, { key });
    assert.deepEqual([forbidden.status, forbidden.body.error.reason], [403, "missing_scope"]);
    assert.equal((await world.rest("GET /v1/keys", undefined, { key })).status, 403);
    const writer = (await world.rest("POST /v1/keys", { name: "writer", scopes: ["read", "write"] })).body.key;
    const refund = await world.rest("POST /v1/refunds", { id: "r_1", orderId: "order_1" }, { key: writer });
    assert.deepEqual([refund.status, refund.body.error.reason], [403, "missing_scope"], "writing sends no money back");
    const listed = await world.rest("GET /v1/keys");
    assert.ok(!JSON.stringify(listed.body).includes(key), "a key is shown once");
    assert.ok(listed.body.data[0].lastUsedAt);
    await world.rest(`DELETE /v1/keys/${id}`);
    const revoked = await world.rest("GET /v1/orders", undefined, { key });
    assert.deepEqual([revoked.status, revoked.headers.get("www-authenticate")], [401, 'Bearer realm="bursar"']);
    assert.equal((await world.rest("GET /v1/orders", undefined, { key: null })).status, 401);
    for (let i = 0; i < 19; i++) await world.rest("GET /v1/orders", undefined, { key: "bk_test_wrong" });
    const waiting = await world.rest("GET /v1/orders", undefined, { key: "bk_test_wrong" });
    assert.equal(waiting.status, 429);
    assert.ok(Number(waiting.headers.get("retry-after")) > 0);
  },
);

onEachDoor(
  "a webhook is refused for its signature, its size, or because its body was consumed before",
  async ({ world }) => {
    const forged = await world.rest(
      "POST /webhooks/stripe",
      { id: "evt_1" },
      { headers: { "stripe-signature": looksSigned } },
    );
    assert.deepEqual([forged.status, forged.body.error.code], [400, "webhook_signature"]);
    assert.deepEqual((await world.rest("GET /v1/receipts")).body.data, [], "nothing was stored");
    const signed = { headers: { "stripe-signature": looksSigned } };
    assert.equal((await world.rest("POST /webhooks/stripe", "x".repeat(1_100_000), signed)).status, 413);
    const consumed = new Request("http://127.0.0.1:8080/webhooks/stripe", {
      method: "POST",
      body: "{}",
      headers: { "stripe-signature": looksSigned },
    });
    await consumed.text();
    const answer = await world.billing.fetch(consumed);
    assert.equal(answer.status, 500);
    assert.match(((await answer.json()) as { error: { hint: string } }).error.hint, /before express\.json/);
  },
);

onEachDoor("a revoked key opens nothing, and what is deleted over REST is gone", async ({ world }) => {
  const { key, id } = (await world.rest("POST /v1/keys", { name: "till", scopes: ["read"] })).body;
  const revoked = await world.rest(`DELETE /v1/keys/${id}`);
  assert.deepEqual([revoked.status, revoked.body.id, typeof revoked.body.revokedAt], [200, id, "string"]);
  assert.equal((await world.rest("GET /v1/orders", undefined, { key })).status, 401);
  assert.equal((await world.rest("DELETE /v1/keys/none")).status, 404);
  const endpoint = (await world.rest("POST /v1/endpoints", { url: "https://shop.test/facts", types: ["*"] })).body;
  const disabled = await world.rest(`DELETE /v1/endpoints/${endpoint.id}`);
  assert.deepEqual([disabled.status, typeof disabled.body.disabledAt], [200, "string"]);
});

onEachDoor(
  "no route minds how its body comes: none, none that is announced as JSON, or one it did not ask for",
  async ({ world }) => {
    const { paths } = (await world.rest("GET /v1/openapi.json")).body as { paths: Record<string, object> };
    for (const [path, methods] of Object.entries(paths)) {
      for (const method of Object.keys(methods)) {
        const call = `${method.toUpperCase()} ${path.replace("{id}", "none")}`;
        const json = { headers: { "content-type": "application/json" } };
        const answers = [await world.rest(call), await world.rest(call, undefined, json)];
        if (method !== "get") answers.push(await world.rest(call, {}));
        for (const { status, body } of answers) assert.ok(status < 500, `${call}: ${status} ${JSON.stringify(body)}`);
      }
    }
  },
);

onEachDoor(
  "an address with a slash too many is the same address, and a wrong one is told the right one",
  async ({ world }) => {
    const signed = { headers: { "stripe-signature": looksSigned } };
    for (const path of [
      "/webhooks/stripe",
      "/webhooks/stripe/",
      "//webhooks/stripe",
      "/webhooks//stripe?a=1",
      "/pay/webhooks/stripe",
    ]) {
      const answer = await world.rest(`POST ${path}`, {}, signed);
      assert.deepEqual([answer.status, answer.body.error.code], [400, "webhook_signature"], path);
    }
    assert.equal((await world.rest("GET /v1/orders/")).status, 200);
    const lost = await world.rest("POST /webhook", {}, signed);
    assert.equal(lost.status, 404);
    assert.match(lost.body.error.hint, /POST http:\/\/127\.0\.0\.1:8080\/webhooks\/stripe/);
  },
);

onEachDoor("billing's own address says what it is and leads on", async ({ world }) => {
  const front = await world.rest("GET /", undefined, { key: null });
  assert.equal(front.status, 200);
  const links = [...front.body.matchAll(/<a href="([^"]+)"/g)].map(([, href]) => href);
  assert.deepEqual(links, ["/v1/docs", "/v1/openapi.json", "/health", "/ready", "http://127.0.0.1:12111/-/"]);
  for (const href of links.slice(0, 4)) assert.equal((await world.rest(`GET ${href}`)).status, 200, href);
});

onEachDoor("a parameter that an address does not take is refused, with those that it takes", async ({ world }) => {
  for (const [call, field, hint] of [
    [
      "GET /v1/customers?mail=nobody@shop.test",
      "mail",
      /There are limit, cursor, from, to, email, name, stripeId, metadata/,
    ],
    ["GET /v1/orders?status=paid&Status=paid", "Status", /There are .*status/],
    ["GET /v1/orders/order_1?expand=payment", "expand", /takes none/],
    ["POST /v1/orders/order_1/settled?wait=1", "wait", /takes none/],
    ["DELETE /v1/keys/none?force=1", "force", /takes none/],
  ] as const) {
    const { status, body } = await world.rest(call);
    assert.deepEqual([status, body.error.field, body.error.reason], [422, field, "unknown_parameter"], call);
    assert.match(body.error.hint, hint);
  }
});

onEachDoor("what support has in hand finds the order: who, what at Stripe, when, how much", async ({ world }) => {
  const before = new Date(Date.now() - 1_000).toISOString();
  await world.rest("POST /v1/customers", { id: "user_1", email: "Ada@Shop.test" });
  await world.rest("POST /v1/orders", { ...order, customerId: "user_1" });
  await world.rest("POST /v1/orders", { ...order, id: "order_2", lines: [{ ...lines[0], unitAmount: 100 }] });
  const { clientSecret } = (await world.rest("POST /v1/orders/order_1/checkout")).body;
  await world.confirm(clientSecret, "pm_card_visa");
  const paid = (await world.rest("POST /v1/orders/order_1/settled")).body;
  const intent = paid.stripe.paymentIntent;
  await world.billing.inbox.catchUp();
  await world.billing.drain();
  const refund = await world.rest("POST /v1/refunds", { id: "r1", orderId: "order_1", amount: 500 });
  const ids = async (call: string) => {
    const { status, body } = await world.rest(`GET /v1/${call}`);
    assert.equal(status, 200, `${call}: ${JSON.stringify(body)}`);
    return body.data.map(({ id }: { id: string }) => id);
  };
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  for (const [call, found] of [
    ["customers?email=ada@shop.test", ["user_1"]],
    ["customers?email=nobody@shop.test", []],
    [`customers?stripeId=${intent.customer}`, ["user_1"]],
    ["orders?customerId=user_1", ["order_1"]],
    ["orders?email=ADA@shop.test", ["order_1"]],
    [`orders?stripeId=${intent.id}`, ["order_1"]],
    [`orders?stripeId=${intent.latest_charge?.id ?? intent.latest_charge}`, ["order_1"]],
    [`orders?stripeId=${intent.customer}`, ["order_1"]],
    ["orders?stripeId=pi_none", []],
    ["orders?amount=100", ["order_2"]],
    ["orders?amount=100&currency=usd", []],
    ["orders?status=paid", ["order_1"]],
    [`orders?from=${before}&to=${tomorrow}`, ["order_2", "order_1"]],
    [`orders?to=${before}`, []],
    ["refunds?orderId=order_1&status=succeeded&amount=500", ["r1"]],
    [`refunds?stripeId=${refund.body.value.stripe.refundId}`, ["r1"]],
    ["refunds?amount=501", []],
    ["flags?kind=none", []],
    ["receipts?objectId=none", []],
  ] as const) {
    assert.deepEqual([...(await ids(call))].sort(), [...found].sort(), call);
  }
  const receipts = (await world.rest(`GET /v1/receipts?type=payment_intent.succeeded&objectId=${intent.id}`)).body.data;
  assert.equal(receipts.length, 1);
  const [entry] = (await world.rest("GET /v1/audit?verb=refunds.create&actor=bootstrap")).body.data;
  assert.equal(entry.subject, "r1");
  for (const wrong of ["from=yesterday", "to=2026-13-01", "amount=-1", "amount=x", "email="]) {
    const { status, body } = await world.rest(`GET /v1/orders?${wrong}`);
    assert.deepEqual([status, body.error.field], [422, wrong.split("=")[0]], wrong);
  }
});
