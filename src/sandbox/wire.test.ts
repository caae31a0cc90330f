// What every call shares: keys, versions, idempotency, expansion, lists, and the ways in.
import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { suite, test } from "node:test";
import Stripe from "stripe";
import { hourMs } from "#kit/clock.ts";
import { systemPorts } from "#kit/create_ports.ts";
import { silentLog } from "#kit/log.ts";
import { createSandbox } from "./index.ts";
import { startWorld } from "./testing.ts";

const pay = "amount=2000&currency=eur&confirm=true&return_url=http://shop.test";

suite("keys", () => {
  test("no key, a wrong key, a live key: 401 in Stripe's words", async () => {
    const { call } = startWorld();
    const refusals: [authorization: string, message: RegExp][] = [
      ["", /^You did not provide an API key/],
      ["Bearer nonsense", /^Invalid API Key provided: \*+ense$/],
      ["Bearer sk_live_abcdefgh", /^Invalid API Key provided: sk_live_\*\*\*\*efgh$/],
      ["Bearer rk_live_abcdefgh", /^Invalid API Key provided/],
      ["Bearer pk_live_abcdefgh", /^Invalid API Key provided/],
    ];
    for (const [authorization, message] of refusals) {
      const answer = await call("GET", "/v1/customers", { headers: { authorization } });
      assert.equal(answer.status, 401, authorization);
      assert.match(String(answer.error.message), message);
      assert.deepEqual(Object.keys(answer.error), ["message", "type"]);
      assert.equal(answer.headers.get("www-authenticate"), 'Bearer realm="Stripe"');
    }
  });

  test("basic authentication works as in `curl -u sk_test_x:`", async () => {
    const { call } = startWorld();
    const authorization = `Basic ${Buffer.from("sk_test_x:").toString("base64")}`;
    assert.equal((await call("POST", "/v1/customers", { form: "name=a", headers: { authorization } })).status, 200);
  });

  test("a revoked key answers 401, and named keys shut out all others", async () => {
    const world = startWorld({ keys: ["sk_test_world"] });
    assert.equal((await world.call("GET", "/v1/customers")).status, 200);
    assert.equal(
      (await world.call("GET", "/v1/customers", { headers: { authorization: "Bearer sk_test_b" } })).status,
      401,
    );
    world.sandbox.revoke("sk_test_world");
    assert.equal((await world.call("GET", "/v1/customers")).error.code, "api_key_expired");
  });
});

suite("addresses", () => {
  test("what Stripe has and we lack is 501, what nobody has is 404", async () => {
    const { call } = startWorld();
    for (const path of ["/v1/quotes", "/v1/climate/products", "/v1/quotes/qt_1"]) {
      const lacking = await call("GET", path);
      assert.equal(lacking.status, 501, path);
      assert.ok(String(lacking.error.message).includes(path));
    }
    assert.match(
      String((await call("GET", "/v1/nonsense")).error.message),
      /^Unrecognized request URL \(GET: \/v1\/nonsense\)/,
    );
    assert.equal((await call("GET", "/v1/customers/")).status, 404);
  });

  test("a version is echoed, and a malformed one refused", async () => {
    const { call } = startWorld();
    const answer = await call("GET", "/v1/customers", { headers: { "stripe-version": "2024-06-20" } });
    assert.equal(answer.headers.get("stripe-version"), "2024-06-20");
    assert.match(String(answer.headers.get("request-id")), /^req_\w{14}$/);
    assert.equal((await call("GET", "/v1/customers", { headers: { "stripe-version": "soon" } })).status, 400);
  });
});

suite("forms", () => {
  test("JSON is told to be a form", async () => {
    const { call } = startWorld();
    const answer = await call("POST", "/v1/customers", {
      form: '{"name":"a"}',
      headers: { "content-type": "application/json" },
    });
    assert.equal(answer.status, 400);
    assert.match(String(answer.error.message), /^Invalid request \(check that your POST content type is application/);
  });
});

suite("idempotency", () => {
  const key = { "idempotency-key": "order-1" };

  test("the same key gives the same answer again, a failure included, for a day", async () => {
    const world = startWorld();
    const first = await world.call("POST", "/v1/customers", { form: "name=a&phone=1", headers: key });
    const again = await world.call("POST", "/v1/customers", { form: "phone=1&name=a", headers: key });
    assert.deepEqual(again.json, first.json);
    assert.equal(again.headers.get("idempotent-replayed"), "true");
    assert.equal(first.headers.get("idempotent-replayed"), null);
    assert.equal(first.headers.get("stripe-should-retry"), "false");
    for (const { headers } of [first, again]) {
      assert.equal(headers.get("original-request"), first.headers.get("request-id"));
    }
    assert.notEqual(again.headers.get("request-id"), first.headers.get("request-id"));
    const declined = `${pay}&payment_method=pm_card_chargeDeclined`;
    const failures = [1, 2].map(() =>
      world.call("POST", "/v1/payment_intents", { form: declined, headers: { "idempotency-key": "pay" } }),
    );
    const [one, two] = await Promise.all(failures);
    assert.deepEqual([one?.status, two?.status, two?.json], [402, 402, one?.json]);
    await world.clock.advance(25 * hourMs);
    assert.notEqual(
      (await world.call("POST", "/v1/customers", { form: "name=a&phone=1", headers: key })).json.id,
      first.json.id,
    );
  });

  test("while the first request is under way, the second hears so", async () => {
    const world = startWorld();
    world.sandbox.faults.add({ kind: "slow", ms: 3_000 });
    const first = world.call("POST", "/v1/customers", { form: "name=a", headers: key });
    await world.clock.advance(1_000);
    const second = await world.call("POST", "/v1/customers", { form: "name=a", headers: key });
    assert.deepEqual([second.status, second.error.code], [409, "idempotency_key_in_use"]);
    await world.clock.advance(3_000);
    const third = await world.call("POST", "/v1/customers", { form: "name=a", headers: key });
    assert.equal(third.json.id, (await first).json.id);
  });

  test("another body or address under the same key is refused, a refused parameter leaves the key free", async () => {
    const { call } = startWorld();
    assert.equal((await call("POST", "/v1/customers", { form: "nonsense=1", headers: key })).status, 400);
    assert.equal((await call("POST", "/v1/customers", { form: "name=a", headers: key })).status, 200);
    const other = await call("POST", "/v1/customers", { form: "name=b", headers: key });
    assert.deepEqual([other.status, other.error.type], [400, "idempotency_error"]);
    const elsewhere = await call("POST", "/v1/payment_intents", { form: "amount=2000&currency=eur", headers: key });
    assert.match(String(elsewhere.error.message), /same endpoint .*'\/v1\/payment_intents' vs '\/v1\/customers'/);
    const [inQuery, inBody, otherQuery] = [
      await call("POST", "/v1/customers?name=a", { headers: key }),
      await call("POST", "/v1/customers", { form: "name=a", headers: key }),
      await call("POST", "/v1/customers?name=c", { headers: key }),
    ];
    assert.deepEqual([inQuery.json.id, otherQuery.error.type], [inBody.json.id, "idempotency_error"]);
    assert.equal(
      (await call("POST", "/v1/customers", { form: "name=a", headers: { "idempotency-key": "k".repeat(256) } })).status,
      400,
    );
  });
});

suite("lists and expansion", () => {
  test("the SDK's auto-pagination finds everything once, in both directions", async () => {
    const { stripe } = startWorld();
    const made: string[] = [];
    for (let n = 0; n < 25; n++) made.unshift((await stripe.customers.create({ name: `c${n}` })).id);
    const forward = await stripe.customers.list({ limit: 4 }).autoPagingToArray({ limit: 100 });
    assert.deepEqual(
      forward.map(({ id }) => id),
      made,
    );
    const backward = await stripe.customers
      .list({ limit: 4, ending_before: made[20] })
      .autoPagingToArray({ limit: 100 });
    assert.deepEqual(
      backward.map(({ id }) => id),
      made.slice(0, 20).reverse(),
    );
  });

  test("limits, cursors and windows are checked", async () => {
    const { call } = startWorld();
    const unknown = await call("GET", "/v1/customers", "starting_after=cus_no");
    assert.deepEqual([unknown.status, unknown.error.param], [400, "starting_after"]);
    assert.equal((await call("GET", "/v1/customers", "limit=abc")).error.message, "Invalid integer: abc");
    const { json: customer } = await call("POST", "/v1/customers", "name=a");
    const both = await call("GET", "/v1/customers", `starting_after=${customer.id}&ending_before=${customer.id}`);
    assert.deepEqual(Object.keys(both.error), ["message", "request_log_url", "type"]);
    assert.equal(
      both.error.message,
      "Received both starting_after and ending_before parameters. Please pass in only one.",
    );
    const future = await call("GET", "/v1/customers", "created[gt]=4000000000");
    assert.deepEqual(future.json.data, []);
  });

  test("a limit beyond its ends is the nearer end", async () => {
    const { call } = startWorld();
    for (let n = 0; n < 102; n++) await call("POST", "/v1/customers", `name=${n}`);
    const lengths = new Map([
      ["0", 1],
      ["-1", 1],
      ["100", 100],
      ["101", 100],
      ["1000", 100],
    ]);
    for (const [limit, length] of lengths) {
      const { json } = await call("GET", "/v1/customers", `limit=${limit}`);
      assert.deepEqual([(json.data as object[]).length, json.has_more], [length, true], limit);
    }
  });

  test("a deleted customer still marks a place in the list", async () => {
    const { call } = startWorld();
    const names = ["oldest", "middle", "newest"];
    const made: unknown[] = [];
    for (const name of names) made.push((await call("POST", "/v1/customers", `name=${name}`)).json.id);
    await call("DELETE", `/v1/customers/${made[1]}`);
    const idsOf = async (query: string) =>
      ((await call("GET", "/v1/customers", query)).json.data as { id: string }[]).map(({ id }) => id);
    assert.deepEqual(await idsOf(`starting_after=${made[1]}`), [made[0]]);
    assert.deepEqual(await idsOf(`ending_before=${made[1]}`), [made[2]]);
  });

  test("expansion goes four deep, renders lists, and refuses what cannot be expanded", async () => {
    const { call } = startWorld();
    const { json: customer } = await call("POST", "/v1/customers", "name=a");
    const paid = `${pay}&payment_method=pm_card_visa&customer=${customer.id}`;
    const { json: intent } = await call("POST", "/v1/payment_intents", `${paid}&expand[]=latest_charge.customer`);
    assert.equal((intent.latest_charge as { customer: { name: string } }).customer.name, "a");
    const list = await call("GET", "/v1/payment_intents", "expand[]=data.customer");
    assert.equal((list.json.data as { customer: { name: string } }[])[0]?.customer.name, "a");
    const refusals: [path: string, expand: string, message: string][] = [
      [`/${intent.id}`, "amount", "This property cannot be expanded (amount)."],
      [`/${intent.id}`, "nonsense", "This property cannot be expanded (nonsense)."],
      [`/${intent.id}`, "nonsense.deeper.still", "This property cannot be expanded (nonsense)."],
      [`/${intent.id}`, "charges", "This property cannot be expanded because it doesn't exist: charges."],
      [
        "",
        "customer",
        "This property cannot be expanded (customer). You may want to try expanding 'data.customer' instead.",
      ],
      ["", "data.nonsense", "This property cannot be expanded (nonsense)."],
    ];
    for (const [path, expand, message] of refusals) {
      const answer = await call("GET", `/v1/payment_intents${path}`, `expand[]=${expand}`);
      const { request_log_url: _, ...error } = answer.error;
      assert.deepEqual([answer.status, error], [400, { message, type: "invalid_request_error" }]);
    }
    const { error } = await call("GET", `/v1/payment_intents/${intent.id}`, "expand[]=latest_charge.customer.a.b.c");
    assert.deepEqual(Object.keys(error), ["code", "message", "request_log_url", "type"]);
    assert.equal(
      error.message,
      "You cannot expand more than 4 levels of a property. Property: latest_charge.customer.a.b.c",
    );
    // Only the first name is checked.
    const deeper = await call("GET", `/v1/payment_intents/${intent.id}`, "expand[]=customer.nonsense");
    assert.equal((deeper.json.customer as { name: string }).name, "a");
  });
});

suite("ways in", () => {
  test("the official SDK over HTTP, with host, port and protocol", async () => {
    const sandbox = createSandbox({ ...systemPorts({ log: silentLog() }) });
    const { port } = await sandbox.listen({ port: 0 });
    try {
      const stripe = new Stripe("sk_test_http", { host: "127.0.0.1", port, protocol: "http", telemetry: false });
      const customer = await stripe.customers.create({ name: "A & B", preferred_locales: ["en", "de"] });
      assert.deepEqual((await stripe.customers.retrieve(customer.id)) as object, customer);
      assert.match(String(customer.lastResponse.requestId), /^req_/);
      const declined = stripe.paymentIntents.create({
        amount: 2000,
        currency: "eur",
        confirm: true,
        payment_method: "pm_card_chargeDeclined",
        return_url: "https://shop.test",
      });
      await assert.rejects(declined, (error: Stripe.errors.StripeCardError) => {
        assert.equal(error.type, "StripeCardError");
        assert.equal(error.decline_code, "generic_decline");
        return error.payment_intent?.status === "requires_payment_method";
      });
    } finally {
      await sandbox.close();
    }
  });

  test("a foreign Host is refused over TCP, and a body over the limit is not read", async () => {
    const sandbox = createSandbox({ ...systemPorts({ log: silentLog() }), allowHosts: ["sandbox.test"] });
    const { port } = await sandbox.listen({ port: 0 });
    const status = (host: string, body = "") =>
      new Promise<number | undefined>((resolve, reject) => {
        const headers = { host, authorization: "Bearer sk_test_x" };
        const sent = httpRequest({ port, host: "127.0.0.1", path: "/v1/customers", method: "POST", headers });
        sent.on("response", (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        sent.on("error", reject);
        sent.end(body);
      });
    try {
      assert.equal(await status("evil.test"), 403);
      assert.equal(await status("localhost"), 200);
      assert.equal(await status("sandbox.test:80"), 200);
      assert.equal(await status("[::1]:1"), 200);
      assert.equal(await status("localhost", `name=${"x".repeat(1_100_000)}`), 413);
    } finally {
      await sandbox.close();
    }
  });
});
