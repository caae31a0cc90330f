// What a hint tells a host to call is told in words of REST there, and names a route that there is.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { startHttpWorld } from "./testing.ts";
import { restWords } from "./words.ts";

const billing = path.join(import.meta.dirname, "..");
/** `invoices.pay()`, as it stands in a text between backticks. */
const call = /\\?`([a-z]+\.\w+\([^`]*\))\\?`/g;

test("every call that billing's messages speak of has a route", async () => {
  const world = await startHttpWorld({ database: "sqlite::memory:" });
  const { paths } = (await world.rest("GET /v1/openapi.json", undefined, { key: null })).body;
  await world.close();
  const routes = Object.entries<object>(paths).flatMap(([route, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${anyId(route)}`),
  );
  const said = new Set(globSync("{kernel,resources}/**/*.ts", { cwd: billing }).flatMap(callsIn));
  assert.ok(said.size > 20, `only ${said.size}`);
  const without = [...said].filter((name) => !routes.includes(anyId(restWords(name)?.split(/\?| with /)[0] ?? name)));
  assert.deepEqual(without, []);
});

const anyId = (route: string) => route.replaceAll(/\$?\{[\w.]+\}/g, "{}");

function callsIn(file: string): string[] {
  if (file.endsWith(".test.ts")) return [];
  const lines = readFileSync(path.join(billing, file), "utf8").split("\n");
  const messages = lines.filter((line) => !/^\s*(\/\/|\/?\*)/.test(line));
  return messages.flatMap((line) => Array.from(line.matchAll(call), ([, name = ""]) => name));
}
