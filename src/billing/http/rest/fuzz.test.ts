// Thousands of requests that nobody sane would send, made of our own OpenAPI document: whatever comes, the answer is
// never a 500 and always in the documented shape. A failure names its request; `BURSAR_FUZZ=12` plays another seed.
import assert from "node:assert/strict";
import { problemTable } from "#kit/problems.ts";
import { type Random, seededRandom } from "#kit/random.ts";
import { cases } from "#kit/testing.ts";
import { ErrorSchema } from "../errors.ts";
import { bootstrapKey, onEachDoor } from "../testing.ts";

const seed = Number(process.env.BURSAR_FUZZ ?? 20_261_125);
/** PostgreSQL takes longer, and is there for the texts that only it refuses. */
const requests = { sqlite: cases(750, 3_000), postgres: 1_500 };

onEachDoor(
  "whatever is sent, no answer is a 500, and each no has the documented shape",
  async ({ world, engine, door }) => {
    const random = seededRandom(seed, `rest fuzz ${engine} ${door}`);
    const document = (await world.rest("GET /v1/openapi.json", undefined, { key: null })).body as Document;
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
    );
    const reader = (await world.rest("POST /v1/keys", { name: "reader", scopes: ["read"] })).body.key as string;
    const seen = new Map<number, number>();
    const good = new Set<string>();
    const isWhole = door === "in this process";
    const count = isWhole ? requests[engine] : requests[engine] / 5;
    for (let n = 0; n < count; n++) {
      const operation = pick(random, operations);
      const request = makeRequest(random, { document, operation, reader });
      const what = `seed ${seed}, request ${n}: ${request.method} ${request.url}`;
      const hasNoBody = request.method === "HEAD";
      const answer = await world.fetch(request);
      const text = await answer.text();
      seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
      if (answer.status < 300) good.add(`${operation.method} ${operation.path}`);
      else if (!hasNoBody) assertShape(answer, text, what);
    }
    if (!isWhole) return;
    for (const status of [200, 201, 400, 401, 403, 404, 405, 409, 413, 415, 422, 429]) {
      assert.ok(seen.has(status), `no answer was a ${status}: the fuzz misses a road (${[...seen.keys()]})`);
    }
    assert.ok(good.size > operations.length / 2, `only ${good.size} of ${operations.length} operations ever worked`);
  },
);

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

interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, Schema> };
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Schema }> };
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly format?: string;
  readonly maximum?: number;
  readonly example?: unknown;
}

interface Target {
  readonly document: Document;
  readonly operation: { readonly path: string; readonly method: string; readonly operation: Operation };
  readonly reader: string;
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
  const { operation, reader } = target;
  const method = chance(random, 0.04) ? pick(random, ["PUT", "PATCH", "HEAD", "OPTIONS"]) : operation.method;
  const headers = new Headers();
  const key = authorization(random, reader);
  if (key !== undefined) headers.set("authorization", key);
  const idempotencyKey = pick(random, [undefined, undefined, "k1", "k2", `k${random.integer(1, 500)}`, "é", "a b", ""]);
  if (idempotencyKey !== undefined) headers.set("idempotency-key", idempotencyKey);
  if (chance(random, 0.02)) headers.set("idempotency-key", "k".repeat(300));
  const init: RequestInit = { method, headers };
  const schema = operation.operation.requestBody?.content["application/json"]?.schema;
  if (method !== "GET" && method !== "HEAD" && (schema || chance(random, 0.1))) {
    const type = chance(random, 0.93) ? "application/json" : pick(random, ["text/plain", "application/jsonx", "a/b;c"]);
    if (chance(random, 0.97)) headers.set("content-type", type);
    if (chance(random, 0.03)) init.body = tooLarge;
    else init.body = chance(random, 0.15) ? pick(random, bodies) : JSON.stringify(sample(random, target, schema ?? {}));
  }
  return new Request(`http://127.0.0.1:8080${address(random, target)}`, init);
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

function address(random: Random, { operation }: Target): string {
  if (chance(random, 0.02))
    return pick(random, ["/v1", "/v1/", "/v1/none", "/v1/orders//", "/v1/../v1/keys", "/nowhere"]);
  const path = operation.path.replace(/\{\w+\}/g, () =>
    chance(random, 0.8) ? pick(random, ids) : pick(random, odd).replace(/[ é']/g, encodeURIComponent),
  );
  const query = (operation.operation.parameters ?? []).filter((parameter) => parameter.in === "query");
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

/** Mostly what the schema says; now and then something else in one place. */
function sample(random: Random, target: Target, schema: Schema): unknown {
  if (chance(random, 0.04)) return pick(random, values);
  if (schema.$ref) {
    const name = schema.$ref.split("/").at(-1) as string;
    return sample(random, target, target.document.components.schemas[name] ?? {});
  }
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
      return sampleText(random, schema);
    default:
      return pick(random, values);
  }
}

function sampleText(random: Random, schema: Schema): string {
  if (chance(random, 0.12)) return pick(random, texts);
  if (schema.format === "email") return "ada@example.test";
  if (schema.format === "uri") return "https://shop.test/back";
  if (typeof schema.example === "string" && !schema.example.startsWith("order_")) return schema.example;
  return pick(random, ids);
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

function chance(random: Random, share: number): boolean {
  return random.next() < share;
}

function pick<T>(random: Random, from: readonly T[]): T {
  return from[random.integer(0, from.length - 1)] as T;
}
