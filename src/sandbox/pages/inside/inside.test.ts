import assert from "node:assert/strict";
import { test } from "node:test";
import { dayMs, secondMs } from "#kit/clock.ts";
import { secretKey, startWorld } from "../../testing.ts";
import { statesOf } from "./diagram.ts";

type Json = Record<string, unknown>;

function startInside() {
  const world = startWorld({
    webhookEndpoints: [{ key: secretKey, url: "https://elsewhere.example/hook", secret: "whsec_test" }],
  });
  const get = (path: string) => world.sandbox.fetch(new Request(`http://localhost${path}`));
  const json = async (path: string) => (await (await get(path)).json()) as Json;
  const post = (path: string, form: Json, headers: Record<string, string> = {}) => {
    const body = new URLSearchParams(form as Record<string, string>);
    return world.sandbox.fetch(new Request(`http://localhost${path}`, { method: "POST", body, headers }));
  };
  const token = async () => (await (await get("/-/token")).text()).trim();
  const pay = async () => {
    const form = "amount=2000&currency=eur&payment_method=pm_card_visa&confirm=true&return_url=http://localhost/back";
    return String((await world.call("POST", "/v1/payment_intents", form)).json.id);
  };
  return { ...world, get, json, post, token, pay };
}

test("every page has a JSON twin, no CORS header, and cannot be framed", async () => {
  const { get, pay } = startInside();
  await pay();
  for (const name of [
    "objects",
    "events",
    "endpoints",
    "machines",
    "time",
    "faults",
    "methods",
    "keys",
    "coverage",
    "evidence",
  ]) {
    const page = await get(`/-/${name}`);
    assert.equal(page.status, 200, name);
    assert.match(await page.text(), /<h1>/);
    assert.match(page.headers.get("content-security-policy") ?? "", /frame-ancestors 'none'/);
    const twin = await get(`/-/${name}.json`);
    assert.equal(twin.headers.get("content-type"), "application/json");
    assert.equal(typeof (await twin.json()), "object");
    for (const answer of [page, twin]) assert.equal(answer.headers.get("access-control-allow-origin"), null);
  }
  assert.equal((await get("/-/nonsense")).status, 404);
});

test("an object is shown with the history of its moves", async () => {
  const { get, json, pay } = startInside();
  const id = await pay();
  const { object, history } = await json(`/-/objects/${id}.json`);
  assert.equal((object as Json).status, "succeeded");
  const moves = (history as Json[]).filter(({ kind }) => kind === "move").map(({ text }) => text);
  assert.equal(moves.length, 2);
  assert.match(String(moves[1]), /^requires_confirmation → succeeded \(confirm\)$/);
  const page = await (await get(`/-/objects/${id}`)).text();
  assert.match(page, new RegExp(`href="/-/objects/${String((object as Json).latest_charge)}"`));
  assert.equal((await get("/-/objects/pi_nobody")).status, 404);
  const { data } = await json("/-/objects.json?object=payment_intent");
  assert.deepEqual(
    (data as Json[]).map((one) => one.id),
    [id],
  );
});

test("an event is shown with its deliveries and sent again", async () => {
  const { call, clock, get, json, post, token } = startInside();
  await call("POST", "/v1/customers", "name=%3Cb%3EAda");
  await clock.advance(secondMs);
  const { data } = await json("/-/events.json");
  const { event, attempts } = (data as { event: { id: string; type: string }; attempts: Json[] }[])[0] ?? assert.fail();
  assert.deepEqual([event.type, attempts.map(({ outcome }) => outcome)], ["customer.created", ["held"]]);
  const form = { token: await token(), webhook_endpoint: String(attempts[0]?.endpoint) };
  const answer = await post(`/-/events/${event.id}/replay`, form);
  assert.deepEqual([answer.status, answer.headers.get("location")], [303, `/-/events/${event.id}?sent`]);
  assert.match(await (await get(`/-/events/${event.id}?sent`)).text(), /on its way/);
  await clock.advance(secondMs);
  assert.equal(((await json(`/-/events/${event.id}.json`)).attempts as Json[]).length, 2);
  assert.doesNotMatch(await (await get(`/-/events/${event.id}`)).text(), /<b>Ada/);
  assert.equal((await post(`/-/events/${event.id}/replay`, { ...form, webhook_endpoint: "we_x" })).status, 400);
});

test("an event about something without an id is listed and shown, and time with it", async () => {
  const { get, json, pay, clock } = startInside();
  await pay();
  await clock.advance(10 * dayMs);
  const { data } = (await json("/-/events.json?type=balance.available")) as { data: { event: Json }[] };
  const id = String(data[0]?.event.id);
  for (const path of ["/-/events", `/-/events/${id}`, "/-/time"]) assert.equal((await get(path)).status, 200, path);
  assert.match(await (await get(`/-/events/${id}`)).text(), /about balance\./);
  const { newest } = (await json("/-/time.json")) as { newest: Json[] };
  assert.deepEqual(
    newest.filter(({ text }) => text === "balance.available").map((line) => line.id),
    ["balance"],
  );
});

test("a write needs the token and this origin", async () => {
  const { post, token, sandbox } = startInside();
  const fault = { kind: "rate_limit" };
  assert.equal((await post("/-/faults", fault)).status, 403);
  assert.equal((await post("/-/faults", { ...fault, token: "guess" })).status, 403);
  const good = { ...fault, token: await token() };
  assert.equal((await post("/-/faults", good, { origin: "https://evil.example" })).status, 403);
  assert.equal((await post("/-/faults", good, { "sec-fetch-site": "cross-site" })).status, 403);
  assert.equal(sandbox.faults.list().length, 0);
  assert.equal((await post("/-/faults", good, { origin: "http://localhost" })).status, 303);
  assert.equal(sandbox.faults.list().length, 1);
});

test("faults are added and removed as JSON too", async () => {
  const { sandbox, token, call } = startInside();
  const send = async (path: string, body: Json) => {
    const headers = { "content-type": "application/json", "x-bursar-token": await token() };
    return sandbox.fetch(
      new Request(`http://localhost${path}`, { method: "POST", headers, body: JSON.stringify(body) }),
    );
  };
  const added = await send("/-/faults", { kind: "server_error", path: "/v1/customers", times: 2 });
  const { id } = (await added.json()) as Json;
  assert.equal((await call("POST", "/v1/customers", "name=A")).status, 500);
  assert.equal((await send("/-/faults/remove", { id })).status, 200);
  assert.equal((await call("POST", "/v1/customers", "name=A")).status, 200);
  assert.equal((await send("/-/faults", { kind: "typo" })).status, 400);
  assert.equal((await send("/-/faults/remove", { id })).status, 400);
});

test("an endpoint's secret is rolled from the page, a key is revoked", async () => {
  const { call, get, json, post, token } = startInside();
  const shown = async () => ((await json("/-/endpoints.json")).data as { endpoint: Json; secrets: Json[] }[])[0];
  const { endpoint, secrets } = (await shown()) ?? assert.fail();
  assert.deepEqual(secrets, [{ secret: "whsec_test", ends_at: null }]);
  const form = { token: await token(), old_ends_in_hours: "2" };
  assert.equal((await post(`/-/endpoints/${String(endpoint.id)}/roll`, form)).status, 303);
  const rolled = (await shown())?.secrets ?? [];
  assert.deepEqual([rolled.length, rolled[0]?.secret, typeof rolled[0]?.ends_at], [2, "whsec_test", "number"]);
  assert.match(await (await get("/-/endpoints")).text(), /until <time datetime="2026-11-02T11:00:00/);
  assert.equal(
    (await post(`/-/endpoints/${String(endpoint.id)}/roll`, { ...form, old_ends_in_hours: "25" })).status,
    400,
  );
  assert.equal((await post("/-/endpoints/we_x/roll", form)).status, 400);

  assert.equal((await post("/-/keys/revoke", { token: form.token, key: secretKey })).status, 303);
  assert.equal((await call("GET", "/v1/customers")).error.code, "api_key_expired");
  const [first] = (await json("/-/keys.json")).data as Json[];
  assert.deepEqual([first?.key, first?.revoked], [secretKey, true]);
  assert.equal((await post("/-/keys/revoke", { token: form.token, key: "sk_live_x" })).status, 400);
});

test("a type of payment methods is switched from the page, and the next intent offers it", async () => {
  const { call, get, json, post, token } = startInside();
  const first = await call("POST", "/v1/payment_intents", "amount=2000&currency=usd");
  assert.deepEqual(first.json.payment_method_types, ["card"]);
  const before = (await json("/-/methods.json")) as { account: string; data: Json[] };
  assert.equal(before.data.find(({ type }) => type === "klarna")?.isOn, false);
  assert.match(await (await get("/-/methods")).text(), /Switch Klarna on/);
  const form = { token: await token(), account: before.account, type: "klarna", preference: "on" };
  assert.equal((await post("/-/methods", form)).status, 303);
  const next = await call("POST", "/v1/payment_intents", "amount=2000&currency=usd");
  assert.deepEqual(next.json.payment_method_types, ["card", "klarna"]);
  assert.equal((await post("/-/methods", { ...form, type: "affirm" })).status, 400);
  assert.equal((await post("/-/methods", { ...form, account: "acct_none" })).status, 400);
});

test("time is moved from the page", async () => {
  const { json, post, token } = startInside();
  const before = Number((await json("/-/time.json")).now);
  const form = { token: await token(), count: "3", unit: "days" };
  assert.equal((await post("/-/time/advance", form)).status, 303);
  assert.equal(Number((await json("/-/time.json")).now) - before, 3 * dayMs);
  for (const wrong of [{ count: "-1" }, { unit: "years" }, { count: "1e9" }]) {
    assert.equal((await post("/-/time/advance", { ...form, ...wrong })).status, 400);
  }
});

test("evidence counts what the sandbox holds to be true, and names what is only inferred", async () => {
  const { get, json } = startInside();
  const { all, counts, groups, inferred } = (await json("/-/evidence.json")) as unknown as Evidence;
  const sum = (counted: Counts) => Object.values(counted).reduce((total, count) => total + count, 0);
  assert.equal(sum(counts), all);
  assert.equal(
    groups.map((group) => sum(group.counts)).reduce((total, count) => total + count),
    all,
  );
  assert.equal(inferred.length, counts.inferred);
  const urlTooLong = { noun: "every call", kind: "refusal", name: "urlTooLong", says: "Request-URI Too Large" };
  assert.deepEqual(inferred[0], urlTooLong);
  assert.match(await (await get("/-/evidence")).text(), /<td data-label="Name"><code>urlTooLong<\/code><\/td>/);
});

type Counts = Readonly<Record<string, number>>;

interface Evidence {
  readonly all: number;
  readonly counts: Counts;
  readonly groups: readonly { readonly counts: Counts }[];
  readonly inferred: readonly Json[];
}

test("coverage counts our routes against the SDK's", async () => {
  const { json } = startInside();
  const { covered, all, groups } = await json("/-/coverage.json");
  assert.ok(Number(covered) > 40 && Number(all) > 600);
  const customers = (groups as { group: string; missing: string[] }[]).find(({ group }) => group === "customers");
  assert.ok(customers && !customers.missing.includes("GET /v1/customers/search"));
});

test("machines are drawn with how many objects stand where", async () => {
  const { get, json, pay } = startInside();
  await pay();
  const { data } = await json("/-/machines.json");
  const intents = (data as { object: string; counts: Json }[]).find(({ object }) => object === "payment_intent");
  assert.deepEqual(intents?.counts, { succeeded: 1 });
  const page = await (await get("/-/machines")).text();
  assert.match(page, /<b class="count">1<\/b> succeeded/);
  assert.match(page, /capture may lead here and send payment_intent\.succeeded/);
});

test("a machine's states stand in the order of its life, its ends last", () => {
  const edge = (from: string, to: string) => ({ action: "go", from, to, event: null });
  const edges = [edge("new", "won"), edge("new", "open"), edge("open", "review"), edge("review", "won")];
  assert.deepEqual(statesOf([...edges, edge("review", "open"), edge("won", "won")]), ["new", "open", "review", "won"]);
});

test("an object is found by its id, and a name is shown as text", async () => {
  const { call, get } = startInside();
  const { id } = (await call("POST", "/v1/customers", "name=%3Cb%3EAda")).json;
  for (const twin of ["", ".json"]) {
    const { status, headers } = await get(`/-/objects${twin}?q=%20${id}`);
    assert.deepEqual([status, headers.get("location")], [303, `/-/objects/${id}${twin}`]);
  }
  assert.match(await (await get("/-/objects?object=customer")).text(), /&lt;b&gt;Ada/);
});

test("an object is found by what somebody has in hand, whoever's it is", async () => {
  const { call, json, pay } = startInside();
  await pay();
  const post = async (path: string, form: string) => String((await call("POST", path, form)).json.id);
  const customer = await post("/v1/customers", "email=Ada@Example.com&metadata[user]=user_42");
  const method = await post("/v1/payment_methods/pm_card_mastercard/attach", `customer=${customer}`);
  const intent = await post("/v1/payment_intents", "amount=1800&currency=eur&metadata[order]=order_1001");
  const yen = await post("/v1/payment_intents", "amount=1800&currency=jpy");
  const found = async (query: string) =>
    ((await json(`/-/objects.json?q=${encodeURIComponent(query)}`)).data as Json[]).map(({ id }) => id).sort();
  for (const [query, ids] of [
    ["ada@example.com", [customer]],
    ["USER_42", [customer]],
    ["order_1001", [intent]],
    ["4444", [method]],
    ["18.00", [intent]],
    ["18,00", [intent]],
    ["18 ", [intent]],
    ["18.00 EUR", [intent]],
    ["1800", [intent, yen]],
    ["1800 jpy", [yen]],
    [intent.slice(0, -2), [intent]],
    ["visa", []],
    ["pi_", []],
  ] as const) {
    assert.deepEqual(await found(query), [...ids].sort(), query);
  }
  assert.ok(
    (await found("4242")).some((id) => String(id).startsWith("ch_")),
    "a card leads to what it paid",
  );
});

test("where nothing is, the search is still there, with what was looked for", async () => {
  const { get, pay } = startInside();
  await pay();
  for (const [path, status] of [
    ["/-/objects?q=%3Cb%3E", 200],
    ["/-/objects/%3Cb%3E", 404],
    ["/-/events/%3Cb%3E", 404],
    ["/-/%3Cb%3E", 404],
  ] as const) {
    const page = await get(path);
    const text = await page.text();
    assert.equal(page.status, status, path);
    assert.match(text, /<h1>Nothing here<\/h1>/);
    assert.match(text, /name="q" type="search" value="&lt;b&gt;"/);
    assert.match(text, /<b>&lt;b&gt;<\/b>/);
  }
});

test("objects open on payments, and an event in a history leads to the event", async () => {
  const { call, get, json, pay } = startInside();
  await call("POST", "/v1/customers", "name=Ada");
  const id = await pay();
  const { object, counts } = await json("/-/objects.json");
  assert.equal(object, "payment_intent");
  const kinds = (counts as Json[]).map((one) => one.object);
  assert.deepEqual([kinds[0], kinds.at(-1)], ["payment_intent", "event"]);
  const { history } = (await json(`/-/objects/${id}.json`)) as {
    history: { kind: string; text: string; event: string }[];
  };
  const page = await (await get(`/-/objects/${id}`)).text();
  const told = history.filter(({ kind }) => kind === "event");
  assert.equal(told.length, 2);
  for (const { text, event } of told) {
    assert.equal(((await json(`/-/events/${event}.json`)).event as Json).type, text);
    assert.match(page, new RegExp(`<a href="/-/events/${event}">${text}</a>`));
  }
  assert.ok(history.every(({ kind, event }) => (event === null) === (kind !== "event")));
});

test("long lists go on, on the page and in its twin", async () => {
  const { call, get, json } = startInside();
  for (let count = 0; count < 51; count += 1) await call("POST", "/v1/customers", "name=A");
  for (const name of ["objects", "events"]) {
    const { data, next } = await json(`/-/${name}.json`);
    assert.equal((data as Json[]).length, 50);
    assert.match(await (await get(`/-/${name}`)).text(), />Older</);
    const rest = await json(`/-/${name}.json${next}`);
    assert.deepEqual([(rest.data as Json[]).length, rest.next], [1, null]);
  }
});

test("the sandbox's own address leads inside", async () => {
  const world = startWorld();
  const answer = await world.sandbox.fetch(new Request("http://127.0.0.1/", { redirect: "manual" }));
  assert.deepEqual([answer.status, answer.headers.get("location")], [302, "/-/"]);
});
