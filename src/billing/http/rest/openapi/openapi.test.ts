import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { isWholeRun } from "#kit/testing.ts";
import { factTypes } from "../../../resources/index.ts";
import { onEachDoor, startHttpWorld } from "../../testing.ts";

const modules = fileURLToPath(new URL("../../../../../node_modules/", import.meta.url));

/** Every example fits what stands beside it. */
function assertExamples(node: unknown): void {
  if (node === null || typeof node !== "object") return;
  const schema = node as Record<string, unknown>;
  const { example, pattern, maxLength, minimum, type } = schema;
  if (typeof example === "string") {
    assert.ok(pattern === undefined || new RegExp(String(pattern), "u").test(example), `${example} is not ${pattern}`);
    assert.ok(maxLength === undefined || example.length <= Number(maxLength), example);
    assert.ok(type === undefined || [type].flat().includes("string"), `${example} is not ${type}`);
    assert.ok(schema.enum === undefined || (schema.enum as unknown[]).includes(example), example);
  }
  if (typeof example === "number") assert.ok(minimum === undefined || example >= Number(minimum), `${example}`);
  for (const value of Object.values(schema)) assertExamples(value);
}

onEachDoor("the OpenAPI document describes every route and its errors, and the page shows it", async ({ world }) => {
  const document = await world.rest("GET /v1/openapi.json", undefined, { key: null });
  assert.equal(document.body.openapi, "3.1.0");
  const paths = Object.keys(document.body.paths);
  for (const noun of ["catalog", "customers", "orders", "refunds", "receipts", "keys", "endpoints", "audit"]) {
    assert.ok(paths.includes(`/v1/${noun}`), noun);
  }
  for (const [path, methods] of Object.entries<Record<string, { responses: Record<string, unknown>; summary: string }>>(
    document.body.paths,
  )) {
    for (const [method, operation] of Object.entries(methods)) {
      assert.ok(operation.responses.default && operation.summary, `${method} ${path}`);
    }
  }
  assert.deepEqual(Object.keys(document.body.webhooks), factTypes, "and what an endpoint receives");
  type Said = { operationId: string; tags: string[]; responses: Record<string, unknown>; summary: string };
  const said = [...Object.values(document.body.paths), ...Object.values(document.body.webhooks)].flatMap((item) =>
    Object.values(item as Record<string, Said>),
  );
  const ids = said.map(({ operationId }) => operationId);
  assert.ok(ids.every((id) => /^[a-z]\w+$/.test(id)) && new Set(ids).size === ids.length, `${ids}`);
  const tags = document.body.tags.map(({ name }: { name: string }) => name);
  assert.deepEqual([...new Set(said.flatMap((one) => one.tags))].sort(), [...tags].sort(), "every tag says what it is");
  for (const [path, item] of Object.entries<Record<string, Said>>(document.body.paths)) {
    for (const [method, { responses }] of Object.entries(item)) {
      const more = [...(path.includes("{id}") ? ["404"] : []), ...(method === "post" ? ["409"] : [])];
      for (const status of ["401", "403", "422", ...more]) assert.ok(responses[status], `${method} ${path}: ${status}`);
    }
  }
  assertExamples(document.body);
  assert.deepEqual(document.body.components.schemas.Error.properties.error.required, ["code", "message", "requestId"]);
  const page = await world.rest("GET /v1/docs", undefined, { key: null });
  assert.match(page.body, /POST \/v1\/orders\/\{id\}\/capture/);
});

/** `curl …` of the page, as method, path and body. */
function callOf(curl: string): { call: string; body: unknown } {
  const [, method, url = ""] = /^curl (?:-X (\w+) )?(\S+)/.exec(curl) ?? [];
  const body = / -d '(.*)'$/.exec(curl)?.[1]?.replaceAll("'\\''", "'");
  assert.ok(curl.includes('-H "Authorization: Bearer $KEY"'), curl);
  assert.equal(curl.includes("Content-Type: application/json"), body !== undefined, curl);
  const { pathname } = new URL(url);
  return { call: `${method ?? (body === undefined ? "GET" : "POST")} ${pathname}`, body: body && JSON.parse(body) };
}

const entities: Readonly<Record<string, string>> = { "&#39;": "'", "&quot;": '"', "&amp;": "&" };

onEachDoor("the curl of each call on the documentation's page is understood", async ({ world }) => {
  const { paths } = (await world.rest("GET /v1/openapi.json", undefined, { key: null })).body;
  const page: string = (await world.rest("GET /v1/docs", undefined, { key: null })).body;
  const curls = Array.from(page.matchAll(/<pre [^>]*>(curl [^<]*)<\/pre>/g), ([, text = ""]) =>
    text.replace(/&#?\w+;/g, (entity) => entities[entity] ?? entity),
  );
  const calls = curls.map(callOf);
  const expected = Object.values(paths as Record<string, object>).flatMap((item) => Object.keys(item));
  assert.equal(calls.length, expected.length);
  assert.equal(new Set(calls.map(({ call }) => call)).size, calls.length, "each call once");
  for (const { call, body } of calls) {
    const answer = await world.rest(call, body);
    // What it speaks of may not be there; all else about it is right.
    assert.ok([200, 201, 202, 404, 409].includes(answer.status), `${call}: ${JSON.stringify(answer.body)}`);
    if (/^(POST|GET) \/v1\/\w+$/.test(call)) assert.ok(answer.status < 300, `${call}: ${JSON.stringify(answer.body)}`);
    if (!call.endsWith("/checkout")) continue;
    await world.confirm(answer.body.clientSecret, "pm_card_visa");
    await world.billing.orders.settled("order_9001");
  }
});

test("generators and linters take the document as it is", async (t) => {
  if (!isWholeRun) return t.skip("npm test starts no generator, npm run test:all does");
  const folder = mkdtempSync(path.join(tmpdir(), "bursar-openapi-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const world = await startHttpWorld({ database: "sqlite::memory:" });
  t.after(() => world.close());
  const { body } = await world.rest("GET /v1/openapi.json", undefined, { key: null });
  writeFileSync(path.join(folder, "openapi.json"), JSON.stringify(body));
  const run = (name: string, argv: readonly string[]) => {
    const result = spawnSync(process.execPath, argv, { cwd: folder, encoding: "utf8", timeout: 300_000 });
    assert.equal(result.status, 0, `${name} failed (is npm ci up to date?): ${result.stdout}${result.stderr}`);
  };
  const program = (file: string) => path.join(modules, file);
  run("redocly", [program("@redocly/cli/bin/cli.js"), "lint", "openapi.json", "--extends", "recommended-strict"]);
  const generator = program("openapi-typescript/bin/cli.js");
  run("openapi-typescript", ["--import", withTypescript6, generator, "openapi.json", "-o", "api.ts"]);
  writeFileSync(path.join(folder, "host.ts"), hostProgram);
  const strict = ["--noEmit", "--strict", "--allowImportingTsExtensions", "--types", "", "--target", "es2024"];
  run("tsc", [program("typescript/bin/tsc"), ...strict, "host.ts"]);
  const generated = readFileSync(path.join(folder, "api.ts"), "utf8");
  const operations = generated.slice(generated.indexOf("export interface operations"));
  for (const item of [...Object.values(body.paths), ...Object.values(body.webhooks)]) {
    for (const { operationId } of Object.values(item as Record<string, { operationId: string }>)) {
      assert.match(operations, new RegExp(`^ {4}${operationId}: \\{`, "m"));
    }
  }
});

/** It needs an API of the compiler that TypeScript 7 has not any more; ours of 6 is there under a name of its own. */
const withTypescript6 = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from "node:module";
  const typescript6 = ${JSON.stringify(import.meta.resolve("typescript6"))};
  registerHooks({ resolve: (name, context, next) => next(name === "typescript" ? typescript6 : name, context) });
`)}`;

/** Wrong on purpose where it says so: operations that had become `any` would let it pass. */
const hostProgram = `
import type { operations, webhooks } from "./api.ts";
type Sent<O extends keyof operations> = NonNullable<operations[O]["requestBody"]>;
type Body<O extends keyof operations> = Sent<O> extends { content: infer C } ? C : never;
export const order: Body<"createOrder"> = { "application/json": { id: "o1", currency: "eur", lines: [] } };
// @ts-expect-error: an order has an id.
export const wrong: Body<"createOrder"> = { "application/json": { currency: "eur", lines: [] } };
export const status: operations["getOrder"]["responses"][200]["content"]["application/json"]["status"] = "paid";
// @ts-expect-error: a status is one of a few words.
export const odd: operations["getOrder"]["responses"][200]["content"]["application/json"]["status"] = "settled";
export type Paid = webhooks["order.paid"]["post"];
`;
