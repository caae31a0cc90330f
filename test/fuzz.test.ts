// The sandbox never answers 500 for a client's mistake. Seeds of a thousand requests each: malformed forms, deep
// nesting, wrong types, huge bodies, wrong methods, broken UTF-8, strange headers, in every family of versions. Most
// are almost right, because those come far. `BURSAR_FUZZ=12` replays seed 12 alone.

import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type Random, seededRandom } from "#kit/random.ts";
import { draws } from "#kit/testing.ts";
import { listStripeOperations } from "../src/sandbox/kernel/schema/endpoints.ts";
import { schemaFiles } from "../src/sandbox/kernel/schema/files.ts";
import type { Schema } from "../src/sandbox/kernel/schema/schema.ts";
import { resources } from "../src/sandbox/resources/index.ts";
import { type SandboxWorld, startWorld } from "../src/sandbox/testing.ts";

const seedsMax = draws(3, 30);
const seeds = process.env.BURSAR_FUZZ
  ? [Number(process.env.BURSAR_FUZZ)]
  : Array.from({ length: seedsMax }, (_all, index) => index + 1);
const requestsPerSeed = 1_000;
/** What a thousand requests may leave behind: their objects and events, far below one huge body each. */
const heapGrowthMax = 96 * 1_048_576;

const routes = resources.flatMap((resource) => resource.routes.map(({ method, path }) => ({ method, path })));
/** Where most can go wrong, asked more often. */
const writes = routes.filter(({ method, path }) => method === "POST" && !path.includes("payouts"));
const uncovered = listStripeOperations().map((operation) => {
  const [method = "GET", path = ""] = operation.split(" ");
  return { method, path };
});

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
  readonly headers: Record<string, string>;
}

suite("bad input", () => {
  for (const seed of seeds) {
    test(`seed ${seed}: every answer is Stripe's, none is 500`, async () => {
      const random = seededRandom(seed, "fuzz");
      const world = startWorld({ seed });
      const ids = await knownIds(world);
      const names = paramNames();
      const before = heapUsed();
      let done = 0;
      for (let count = 0; count < requestsPerSeed; count++) {
        const sent = nextRequest(random, ids, names);
        const id = await check(world, sent, `seed ${seed}, request ${count}`);
        if (id !== undefined) done += 1;
        if (id?.includes("_")) ids.push(id);
        if (count % 100 === 99) await world.clock.advance(random.integer(0, 86_400_000));
      }
      assert.ok(done > requestsPerSeed / 20, `only ${done} requests came through: the fuzz has become too wild`);
      assert.ok(heapUsed() - before < heapGrowthMax, `the heap grew by ${heapUsed() - before} bytes`);
      assert.equal((await world.call("POST", "/v1/customers", "name=still here")).status, 200);
    });
  }
});

/** The id of the object that the answer is, "" for another 2xx, undefined for a refusal. */
async function check({ sandbox }: SandboxWorld, sent: Sent, name: string): Promise<string | undefined> {
  const { method, path, body, headers } = sent;
  const response = await sandbox.fetch(new Request(`http://sandbox${path}`, { method, headers, body }));
  const text = await response.text();
  const shown = () => `${name}: ${method} ${path.slice(0, 300)} ${String(body).slice(0, 600)} → ${text.slice(0, 600)}`;
  const { status } = response;
  assert.ok((status >= 200 && status < 300) || (status >= 400 && status < 500) || status === 501, shown());
  if (method === "HEAD" || method === "OPTIONS") return undefined;
  const answer: unknown = JSON.parse(text);
  assert.ok(typeof answer === "object" && answer !== null, shown());
  if (status < 300) return "id" in answer ? String(answer.id) : "";
  assert.ok("error" in answer && typeof answer.error === "object" && answer.error !== null, shown());
  const error = answer.error as Record<string, unknown>; // Checked in the line above.
  assert.ok(errorTypes.includes(String(error.type)), shown());
  assert.ok(typeof error.message === "string" && error.message.length > 0, shown());
  assert.ok(error.message.length < 20_000, `a message of ${error.message.length} characters: ${shown()}`);
  assert.match(String(response.headers.get("request-id")), /^req_/);
  return undefined;
}

const errorTypes = ["api_error", "card_error", "idempotency_error", "invalid_request_error"];

function nextRequest(random: Random, ids: readonly string[], names: ReadonlyMap<string, readonly Named[]>): Sent {
  const route = random.next() < 0.93 ? pick(random, random.next() < 0.4 ? writes : routes) : pick(random, uncovered);
  const template = random.next() < 0.03 ? nonsensePath(random) : route.path;
  const path = template.replace(/:\w+/g, () => encodeSometimes(random, idFor(random, template, ids)));
  const method = random.next() < 0.06 ? pick(random, methods) : route.method;
  const operation = `${route.method} ${route.path.replace(/:\w+/g, ":id")}`;
  const form = nextForm(random, names.get(operation) ?? [], ids);
  const headers = nextHeaders(random);
  if (method === "GET" || method === "HEAD" || method === "DELETE") {
    const query = form.slice(0, 20_000).replace(/#/g, "");
    return { method, path: query && random.next() < 0.7 ? `${path}?${query}` : path, body: undefined, headers };
  }
  return { method, path, body: random.next() < 0.04 ? brokenBytes(random) : form, headers };
}

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "BREW", "PROPFIND", "QUERY"];

function nextHeaders(random: Random): Record<string, string> {
  const headers: Record<string, string> = { authorization: "Bearer sk_test_world" };
  if (random.next() < 0.05) headers.authorization = pick(random, authorizations);
  if (random.next() < 0.4) headers["stripe-version"] = pick(random, versions);
  if (random.next() < 0.1) headers["idempotency-key"] = pick(random, ["", "a", "b", "c", "x".repeat(300)]);
  if (random.next() < 0.02) headers["stripe-account"] = pick(random, ["acct_1", "", "nonsense"]);
  if (random.next() < 0.05) headers["content-type"] = pick(random, contentTypes);
  return headers;
}

const authorizations = [
  "",
  "Bearer",
  "Bearer pk_test_world",
  "Bearer sk_live_x",
  "Basic ????",
  "Basic c2tfdGVzdF93b3JsZDo=",
  `Bearer sk_test_${"x".repeat(500)}`,
  "Bearer sk_test_../../etc",
];
const contentTypes = ["application/json", "text/plain", "multipart/form-data; boundary=x", "nonsense"];
const versions = [
  "2026-10-28.endive",
  "2026-03-25.dahlia",
  "2026-02-25.clover",
  "2025-08-27.basil",
  "2025-02-24.acacia",
  "2024-06-20",
  "2022-11-15",
  "2022-08-01",
  "2020-08-27",
  "2019-08-14",
  "2011-01-01",
  "2099-01-01",
  "soon",
];

/** Half of the forms are right for all that the schema knows, some are right but for one thing, the rest is wild. */
function nextForm(random: Random, names: readonly Named[], ids: readonly string[]): string {
  const kind = random.next();
  if (kind < 0.06) return pick(random, malformed)(random);
  const isRight = kind < 0.75;
  const pairs: string[] = [];
  for (const { name, leaf, isRequired } of names) {
    const wanted = isRequired || usual.includes(name);
    if (wanted && random.next() < 0.9) pairs.push(`${name}=${fitting(random, name, leaf, ids)}`);
  }
  const flat = names.filter(({ name }) => !name.includes("["));
  const some = flat.length > 0 && random.next() < 0.7 ? flat : names;
  for (let count = random.integer(0, isRight ? 1 : 6); count > 0; count--) {
    const { name, leaf } = some.length > 0 ? pick(random, some) : { name: nonsenseName(random), leaf: "any" as const };
    if (isRight) pairs.push(`${name}=${fitting(random, name, leaf, ids)}`);
    else
      pairs.push(
        `${bent(random, name)}=${random.next() < 0.5 ? fitting(random, name, leaf, ids) : pick(random, nasty)}`,
      );
  }
  if (kind > 0.6 && isRight && pairs.length > 0) {
    const at = random.integer(0, pairs.length - 1);
    pairs[at] = `${pairs[at]?.split("=")[0]}=${pick(random, nasty)}`;
  }
  return pairs.join("&");
}

/** Not declared as required, yet little happens without them. */
const usual = ["amount", "currency", "source", "payment_intent", "confirm", "payment_method", "type", "limit"];

/** Wrong shapes of a right name: a list for a text, a hash for a list, deeper, unclosed. */
function bent(random: Random, name: string): string {
  if (random.next() < 0.85) return name;
  const ends = ["[]", "[0]", "[a]", "[", "]", "[][]", "[0][0]", "[__proto__]", "[constructor][prototype]", "[length]"];
  return `${name}${pick(random, ends)}`;
}

function fitting(random: Random, name: string, leaf: Schema, ids: readonly string[]): string {
  const last = /(\w+)(?:\]|\[\])*$/.exec(name)?.[1] ?? name;
  const known = values[last];
  if (known) return encodeURIComponent(pick(random, known));
  if (leaf === "boolean") return pick(random, ["true", "false"]);
  if (leaf === "integer" || leaf === "number") return pick(random, ["0", "1", "12", "500", "2000000000"]);
  if (typeof leaf === "object" && "enum" in leaf) return encodeURIComponent(String(pick(random, leaf.enum)));
  const prefix = Object.entries(prefixes).find(([noun]) => noun.startsWith(last))?.[1];
  const fit = ids.filter((id) => prefix !== undefined && id.startsWith(prefix));
  if (fit.length > 0 && random.next() < 0.9) return pick(random, fit);
  return pick(random, ["a", "text", "a@shop.test", "DE", "https://shop.test/", encodeURIComponent(pick(random, ids))]);
}

const values: Readonly<Record<string, readonly string[]>> = {
  amount: ["100", "2000", "2000", "700", "50", "99999999", "-1"],
  currency: ["eur", "usd", "usd", "jpy", "EUR", "zzz"],
  type: ["card", "sepa_debit", "ideal", "us_bank_account", "nonsense"],
  url: ["http://127.0.0.1:1/", "https://shop.test/hook", "ftp://x", "javascript:1"],
  payment_method: ["pm_card_visa", "pm_card_chargeDeclined", "pm_card_authenticationRequired", "pm_x", "tok_visa"],
  payment_method_types: ["card", "sepa_debit", "ideal"],
  email: ["a@shop.test", "nonsense"],
  reason: ["duplicate", "fraudulent", "requested_by_customer"],
  refund_application_fee: ["false"],
  source: ["tok_visa", "tok_chargeDeclined", "src_x", "tok_x"],
  confirm: ["true", "false"],
  capture_method: ["manual", "automatic", "automatic_async"],
  number: ["4242424242424242", "4000000000000002", "4242424242424241", "1"],
  exp_month: ["12", "13", "0"],
  exp_year: ["2030", "30", "1999"],
  cvc: ["123", "1"],
  iban: ["DE89370400440532013000", "AT611904300234573201", "XX"],
  limit: ["1", "100", "101", "0"],
  expand: ["customer", "data.customer", "latest_charge.balance_transaction", "a.b.c.d.e", "refunds", "charges", ""],
  enabled_events: ["*", "charge.succeeded", "nonsense"],
  query: ["email:'a'", 'metadata["a"]:"b"', "created>1 AND created<2", "a:", '-name:"x"', "((", 'status:"x" OR'],
  return_url: ["https://shop.test/back", "nonsense"],
};

const nasty: readonly string[] = [
  "",
  "null",
  "undefined",
  "NaN",
  "1e309",
  "-0",
  "1.5",
  "99999999999999999999",
  "9007199254740993",
  "0x10",
  "%00",
  "%F0%9F%92%A9",
  "%FF%FE",
  "%C3%28",
  "%",
  "%zz",
  "%E2%80%AE",
  "a".repeat(5_001),
  "[]",
  "{}",
  '{"a":1}',
  "__proto__",
  "constructor",
  "toString",
  "../../etc/passwd",
  "'; DROP TABLE customers; --",
  "true%20",
  "+1",
  "%0d%0aset-cookie:a",
];

const malformed: readonly ((random: Random) => string)[] = [
  () => `a${"[b]".repeat(5_000)}=1`,
  () => `metadata${"[b]".repeat(20)}=1`,
  () => `a${"[".repeat(10_000)}`,
  () => "&".repeat(50_000),
  () => "=".repeat(1_000),
  () => Array.from({ length: 12_000 }, (_all, index) => `metadata[k${index}]=1`).join("&"),
  () => Array.from({ length: 60 }, (_all, index) => `metadata[k${index}]=1`).join("&"),
  () => `metadata[${"k".repeat(41)}]=1`,
  () => `metadata[a]=${"v".repeat(501)}`,
  () => `description=${"x".repeat(200_000)}`,
  () => `name=${"x".repeat(1_100_000)}`,
  () => '{"amount":2000,"currency":"eur"}',
  () => "expand[]=a&expand[]=b&expand=c&expand[a]=b",
  () => Array.from({ length: 200 }, () => "expand[]=customer").join("&"),
  () => "a[]=1&a[b]=2&a=3&a[0]=4",
  () => "__proto__[polluted]=1&constructor[prototype][polluted]=1",
  () => "metadata[__proto__]=1&metadata[constructor]=2&metadata[toString]=3",
  () => "key=sk_test_world&client_secret[]=1&client_secret[a]=2",
  () => "%FF=%FF&%C3%28=1",
  (random) => String.fromCharCode(...Array.from({ length: 200 }, () => random.integer(32, 126))),
];

function brokenBytes(random: Random): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: random.integer(0, 400) }, () => random.integer(0, 255));
}

function nonsenseName(random: Random): string {
  return pick(random, ["a", "a[b]", "__proto__", "constructor", "expand[]", "%00", "%FF", "0", "metadata[a][b]", "[]"]);
}

function nonsensePath(random: Random): string {
  const paths = ["/v1", "/v1/", "/v1//customers", "/v1/customers/:id/:id/:id", "/v1/%FF", "/v1/customers/%FF", "/v2/x"];
  return pick(random, [...paths, `/v1/${"x/".repeat(3_000)}`, "/v1/customers/search", "/v1/customers/cus_x%2F..%2F"]);
}

function idFor(random: Random, template: string, ids: readonly string[]): string {
  const chance = random.next();
  if (chance < 0.15) return pick(random, ["nonsense", "pm_card_visa", "tok_visa", "a".repeat(5_001), "__proto__", "%"]);
  const prefix = Object.entries(prefixes).find(([noun]) => template.includes(noun))?.[1];
  const fit = ids.filter((id) => prefix !== undefined && id.startsWith(prefix)).slice(-20);
  return chance < 0.9 && fit.length > 0 ? pick(random, fit) : pick(random, ids);
}

/** By the noun of a path; the more special before the more common. */
const prefixes = {
  sources: "src_",
  tokens: "tok_",
  mandates: "mandate_",
  payment_intents: "pi_",
  payment_methods: "pm_",
  setup_intents: "seti_",
  charges: "ch_",
  refunds: "re_",
  disputes: "du_",
  payouts: "po_",
  webhook_endpoints: "we_",
  balance_transactions: "txn_",
  events: "evt_",
  customers: "cus_",
} as const;

function encodeSometimes(random: Random, id: string): string {
  if (id === "%") return "%";
  return random.next() < 0.05 ? `%${id.charCodeAt(0).toString(16)}${id.slice(1)}` : id;
}

interface Named {
  readonly name: string;
  readonly leaf: Schema;
  readonly isRequired: boolean;
}

/** Every name an operation declares, three levels deep, in the spelling of forms. */
function paramNames(): ReadonlyMap<string, readonly Named[]> {
  const file = schemaFiles.family("endive");
  const namesIn = (schema: Schema, prefix: string, depth: number, isRequired: boolean): Named[] => {
    const here = prefix === "" ? [] : [{ name: prefix, leaf: schema, isRequired }];
    if (typeof schema === "string" || "enum" in schema || depth > 3) return here;
    if ("ref" in schema) return namesIn(file.defs[schema.ref] ?? "any", prefix, depth, isRequired);
    if ("nullable" in schema) return namesIn(schema.nullable, prefix, depth, isRequired);
    if ("anyOf" in schema) return schema.anyOf.flatMap((one) => namesIn(one, prefix, depth, isRequired));
    if ("list" in schema) return namesIn(schema.list, `${prefix}[]`, depth + 1, isRequired);
    if ("map" in schema)
      return ["a", "b"].map((key) => ({ name: `${prefix}[${key}]`, leaf: "string", isRequired: false }));
    if (!("object" in schema)) return here;
    return Object.entries(schema.object).flatMap(([name, inner]) => {
      const bare = name.replace(/\?$/, "");
      const isNeeded = !name.endsWith("?") && (isRequired || depth === 0);
      return namesIn(inner, prefix ? `${prefix}[${bare}]` : bare, depth + 1, isNeeded);
    });
  };
  const byOperation = Object.entries(file.operations).map(
    ([operation, { params }]) => [operation, params ? namesIn(params, "", 0, false) : []] as const,
  );
  return new Map(byOperation);
}

/** One of everything, to be named by the requests. */
async function knownIds({ call }: SandboxWorld): Promise<string[]> {
  const ids: string[] = [];
  const make = async (path: string, form: string): Promise<Record<string, unknown>> => {
    const { json } = await call("POST", path, { form, headers: { "stripe-version": "2026-08-26.dahlia" } });
    for (const field of ["id", "payment_method", "latest_charge", "client_secret"]) {
      const value = json[field];
      if (typeof value === "string") ids.push(value);
    }
    return json;
  };
  const { id: customer } = await make("/v1/customers", "name=a&email=a@shop.test");
  const common = `amount=2000&currency=eur&payment_method_types[]=card&customer=${customer}`;
  const paid = await make("/v1/payment_intents", `${common}&confirm=true&payment_method=pm_card_visa`);
  await make("/v1/payment_intents", `${common}&confirm=true&payment_method=pm_card_visa&capture_method=manual`);
  await make("/v1/payment_intents", `${common}&confirm=true&payment_method=pm_card_authenticationRequired`);
  await make("/v1/payment_intents", common);
  await make("/v1/payment_methods/pm_card_visa/attach", `customer=${customer}`);
  await make("/v1/payment_methods", "type=sepa_debit&sepa_debit[iban]=DE89370400440532013000&billing_details[name]=a");
  await make("/v1/refunds", `payment_intent=${paid.id}&amount=100`);
  await make("/v1/charges", "amount=700&currency=usd&source=tok_visa");
  await make("/v1/charges", "amount=700&currency=usd&source=tok_createDispute");
  await make("/v1/setup_intents", `payment_method_types[]=card&customer=${customer}`);
  await make("/v1/webhook_endpoints", "url=https://shop.test/hook&enabled_events[]=*");
  for (const noun of ["events", "balance_transactions", "disputes", "charges"]) {
    const { json } = await call("GET", `/v1/${noun}`);
    for (const { id } of ((json.data ?? []) as { id: string }[]).slice(0, 3)) ids.push(id);
  }
  return ids;
}

function pick<T>(random: Random, from: readonly T[]): T {
  return from[random.integer(0, from.length - 1)]!; // Callers pass no empty list.
}

function heapUsed(): number {
  return process.memoryUsage().heapUsed;
}
