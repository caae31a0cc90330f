// Thousands of requests that nobody sane would send, made of our own OpenAPI document: whatever comes, the answer is
// never a 500 and always in the documented shape. Sane ones among them see to it that there is something to find, and
// that nearly every operation has worked. A failure names its request; `BURSAR_FUZZ=12` plays another seed.
import assert from "node:assert/strict";
import { problemTable } from "#kit/problems.ts";
import { type Random, seededRandom } from "#kit/random.ts";
import { cases } from "#kit/testing.ts";
import { ErrorSchema } from "../../errors.ts";
import { bootstrapKey, type HttpWorld, onEachDoor } from "../../testing.ts";
import {
  chance,
  createKnown,
  type Document,
  type Known,
  openShop,
  pick,
  type Route,
  resolved,
  routesOf,
  type Schema,
  saneRequest,
} from "./testing.ts";

const seed = Number(process.env.BURSAR_FUZZ ?? 20_261_125);
/** PostgreSQL takes longer, and is there for the texts that only it refuses. */
const requests = { sqlite: cases(750, 2_000), postgres: 1_000 };
/** Of all requests: enough that what has not worked yet is tried again and again. */
const saneShare = 0.35;
/** Keys are revoked as everything else is drawn. */
const readerEvery = 100;
/** A client with a wrong key, at once: so many in a minute are too many. */
const lostRequests = 25;
/** Every one can work, and mostly all do; chance may leave out a few. */
const workedShareMin = 0.85;

onEachDoor(
  "whatever is sent, no answer is a 500, and each no has the documented shape",
  async ({ world, sql, engine, door }) => {
    const random = seededRandom(seed, `rest fuzz ${engine} ${door}`);
    const document = (await world.rest("GET /v1/openapi.json", undefined, { key: null })).body as Document;
    const routes = routesOf(document);
    const known = createKnown();
    await openShop(world, sql, known);
    const seen = new Map<number, number>();
    const paid = new Set<string>();
    const waiting = new Set(routes);
    const isWhole = door === "in this process";
    const count = isWhole ? requests[engine] : requests[engine] / 5;
    let reader = "";
    for (let n = 0; n < count; n++) {
      if (n % readerEvery === 0) reader = await readersKey(world);
      const isLost = n >= count / 2 && n < count / 2 + lostRequests;
      const isSane = !isLost && chance(random, saneShare);
      const route = pick(random, isSane && waiting.size > 0 && chance(random, 0.7) ? [...waiting] : routes);
      const target = { document, route, known };
      const request = isSane ? sane(random, target, n) : makeRequest(random, { ...target, reader, isLost });
      const what = `seed ${seed}, request ${n}: ${request.method} ${request.url}`;
      const answer = await world.fetch(request);
      const text = await answer.text();
      seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
      if (answer.status < 300) {
        if (request.method === route.method) waiting.delete(route);
        if (isSane) await takeIn({ known, world, paid }, text);
      } else if (request.method !== "HEAD") assertShape(answer, text, what);
    }
    if (!isWhole) return;
    for (const status of [200, 201, 400, 401, 403, 404, 405, 409, 413, 415, 422, 429]) {
      assert.ok(seen.has(status), `no answer was a ${status}: the fuzz misses a road (${[...seen.keys()]})`);
    }
    const never = Array.from(waiting, ({ method, path }) => `${method} ${path}`);
    assert.ok(never.length <= routes.length * (1 - workedShareMin), `never worked, of ${routes.length}: ${never}`);
  },
);

async function readersKey(world: HttpWorld): Promise<string> {
  return (await world.rest("POST /v1/keys", { name: "reader", scopes: ["read"] })).body.key as string;
}

/** What it shows can be asked for from now on, and what wants to be paid is, once: the buyer is there. */
async function takeIn(shop: { known: Known; world: HttpWorld; paid: Set<string> }, text: string): Promise<void> {
  const shown = JSON.parse(text) as { readonly clientSecret?: string };
  shop.known.learn(shown);
  const { clientSecret } = shown;
  if (clientSecret === undefined || shop.paid.has(clientSecret)) return;
  shop.paid.add(clientSecret);
  await shop.world.confirm(clientSecret, "pm_card_visa").catch((refused) => {
    assert.match(String(refused), /unexpected_state/, "what a saved card has paid, or a cancel has ended");
  });
}

function sane(random: Random, target: { document: Document; route: Route; known: Known }, n: number): Request {
  const { method, address, body } = saneRequest(random, target);
  const headers = new Headers({ authorization: `Bearer ${bootstrapKey}` });
  if (chance(random, 0.5)) headers.set("idempotency-key", `sane-${n}`);
  if (body !== undefined) headers.set("content-type", "application/json");
  const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
  return new Request(`http://127.0.0.1:8080${address}`, init);
}

function assertShape(answer: Response, text: string, what: string): void {
  assert.ok(answer.status < 500 || /"code":"stripe_refused"/.test(text), `${what}: ${answer.status} ${text}`);
  assert.match(answer.headers.get("content-type") ?? "", /^application\/json/, what);
  const parsed = ErrorSchema.strict().safeParse(JSON.parse(text));
  assert.ok(parsed.success, `${what}: ${text}`);
  const { code, message, requestId } = parsed.data.error;
  assert.equal(answer.status, problemTable[code].status, `${what}: ${text}`);
  assert.equal(requestId, answer.headers.get("request-id"), what);
  assert.ok(message.length > 0, what);
  if (answer.status === 401) assert.equal(answer.headers.get("www-authenticate"), 'Bearer realm="bursar"', what);
  if (answer.status === 429) assert.ok(Number(answer.headers.get("retry-after")) > 0, what);
}

interface Target {
  readonly document: Document;
  readonly route: Route;
  readonly known: Known;
  readonly reader: string;
  readonly isLost: boolean;
}

const ids = ["order_1", "order_2", "user_1", "r_1", "op_1", "ep_1"];
const odd = [
  "",
  " ",
  "null",
  "%00",
  "%2e%2e",
  "..",
  "%",
  "%E0%A4%A",
  "a b",
  "é",
  "x".repeat(300),
  "'; drop table orders",
];
const texts = ["a\0b", "\ud800", "é", "\u202e", "x".repeat(600), "", " ", "__proto__", "[a]", "bursar_x", "{{7*7}}"];
const values: readonly unknown[] = [
  ...[null, true, 0, -1, 1.5, 1e308, 2 ** 53, 99_999_999, "1", [], {}, [[]], { a: { b: {} } }],
  ...texts,
];
const bodies: readonly (string | Uint8Array<ArrayBuffer>)[] = [
  ...["", "{", "[]", "null", "1", '"x"', "{}", "{}{}", "\ufeff{}", "id=1", "NaN", '{"id":"a","id":"b"}'],
  ...['{"id":"\\u0000"}', '{"id":"\\ud800"}', '{"\\ud800":1}', '{"__proto__":{"x":1}}', "[".repeat(100_000)],
  `{"id":${"[".repeat(20)}"a"${"]".repeat(20)}}`,
  ...[Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d), Uint8Array.of(0xc3, 0x28), Uint8Array.of(0)],
];
const tooLarge = "x".repeat(270_000);

function makeRequest(random: Random, target: Target): Request {
  const { route, reader, isLost } = target;
  const method = chance(random, 0.04) ? pick(random, ["PUT", "PATCH", "HEAD", "OPTIONS"]) : route.method;
  const headers = new Headers();
  const key = isLost ? "Bearer bk_test_lost" : authorization(random, reader);
  if (key !== undefined) headers.set("authorization", key);
  const idempotencyKey = pick(random, [undefined, undefined, "k1", "k2", `k${random.integer(1, 500)}`, "é", "a b", ""]);
  if (idempotencyKey !== undefined) headers.set("idempotency-key", idempotencyKey);
  if (chance(random, 0.02)) headers.set("idempotency-key", "k".repeat(300));
  const init: RequestInit = { method, headers };
  const schema = route.operation.requestBody?.content["application/json"]?.schema;
  if (method !== "GET" && method !== "HEAD" && (schema || chance(random, 0.1))) {
    const type = chance(random, 0.93) ? "application/json" : pick(random, ["text/plain", "application/jsonx", "a/b;c"]);
    if (chance(random, 0.97)) headers.set("content-type", type);
    if (chance(random, 0.03)) init.body = tooLarge;
    else
      init.body = chance(random, 0.15)
        ? pick(random, bodies)
        : JSON.stringify(almostSane(random, target, schema ?? {}));
  }
  return new Request(`http://127.0.0.1:8080${address(random, target)}`, init);
}

/** What comes far: a sane body with something else in one place. Or one that is made of the schema alone. */
function almostSane(random: Random, target: Target, schema: Schema): unknown {
  const { body } = saneRequest(random, target);
  if (body === undefined || chance(random, 0.6)) return sample(random, target, schema);
  const names = Object.keys(body);
  return names.length === 0 ? body : { ...body, [pick(random, names)]: pick(random, values) };
}

function authorization(random: Random, reader: string): string | undefined {
  const roll = random.next();
  if (roll < 0.85) return `Bearer ${bootstrapKey}`;
  if (roll < 0.92) return `Basic ${Buffer.from(`${reader}:`).toString("base64")}`;
  return pick(random, [
    undefined,
    "",
    "Bearer",
    "Bearer bk_test_wrong",
    "Basic !!",
    `Bearer ${"x".repeat(5_000)}`,
    "Digest a",
  ]);
}

function address(random: Random, { route, known }: Target): string {
  const { parameters = [] } = route.operation;
  if (chance(random, 0.02))
    return pick(random, ["/v1", "/v1/", "/v1/none", "/v1/orders//", "/v1/../v1/keys", "/nowhere"]);
  const path = route.path.replace(/\{(\w+)\}/g, (_whole, name: string) =>
    chance(random, 0.8)
      ? someId(random, known, String(parameters.find((one) => one.name === name)?.schema.example))
      : pick(random, odd).replace(/[ é']/g, encodeURIComponent),
  );
  const query = parameters.filter((parameter) => parameter.in === "query");
  const pairs = query
    .filter(() => chance(random, 0.3))
    .map(({ name, schema }) => {
      const asked = chance(random, 0.7)
        ? schema.enum
          ? pick(random, schema.enum)
          : random.integer(1, 100)
        : pick(random, odd);
      return `${name}=${asked}`;
    });
  if (chance(random, 0.03))
    pairs.push(pick(random, ["limit=1&limit=2", "unknown=1", "=", "%00=%00", "cursor=WzFlMzAwLCJhIl0"]));
  return pairs.length === 0 ? path : `${path}?${pairs.join("&")}`;
}

function someId(random: Random, known: Known, example: string): string {
  return chance(random, 0.6) ? known.draw(random, "", example) : pick(random, ids);
}

/** Mostly what the schema says; now and then something else in one place. */
function sample(random: Random, target: Target, schema: Schema): unknown {
  if (chance(random, 0.04)) return pick(random, values);
  if (schema.$ref) return sample(random, target, resolved(target.document, schema));
  if (schema.enum) return pick(random, schema.enum);
  switch (schema.type) {
    case "object":
      return sampleObject(random, target, schema);
    case "array":
      return Array.from({ length: random.integer(1, 2) }, () => sample(random, target, schema.items ?? {}));
    case "integer":
    case "number":
      return random.integer(1, Math.min(schema.maximum ?? 1_000, 1_000));
    case "string":
      return sampleText(random, target.known, schema);
    default:
      return pick(random, values);
  }
}

function sampleText(random: Random, known: Known, schema: Schema): string {
  if (chance(random, 0.12)) return pick(random, texts);
  if (schema.format === "email") return "ada@example.test";
  if (schema.format === "uri") return "https://shop.test/back";
  return typeof schema.example === "string" ? someId(random, known, schema.example) : pick(random, ids);
}

function sampleObject(random: Random, target: Target, schema: Schema): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const isWanted = schema.required?.includes(name) ? !chance(random, 0.02) : chance(random, 0.4);
    if (isWanted) made[name] = sample(random, target, property);
  }
  if (typeof schema.additionalProperties === "object") {
    made[pick(random, ["colour", ...texts])] = sample(random, target, schema.additionalProperties);
  } else if (chance(random, 0.02)) made[pick(random, ["surplus", ...texts])] = 1;
  return made;
}
