// Runs once after an install: reads every entry point, and what a command loads when it is asked, so that the first
// start finds its source without types already. Without it that start takes them away itself, which is a second more
// and 30 MiB that stay.
import { readdirSync } from "node:fs";
import { enableCompileCache, flushCompileCache } from "node:module";
import { fileURLToPath } from "node:url";
import "../bin/near.mjs";

enableCompileCache(fileURLToPath(new URL("../node_modules/.cache/bursar", import.meta.url))); // bin/bursar.js's.
const entryPoints = [
  "cli/main",
  "testing/index",
  "sandbox/index",
  "sandbox/pages/index",
  "billing/index",
  "billing/http/node",
];
const commands = readdirSync(new URL("../src/cli/commands", import.meta.url)).filter((name) => /^\w+\.ts$/.test(name));
const shop = ["server", "shop", "billing"];
for (const file of [
  ...entryPoints.map((name) => `src/${name}.ts`),
  ...commands.map((name) => `src/cli/commands/${name}`),
  ...shop.map((name) => `examples/shop/${name}.ts`),
]) {
  await import(new URL(`../${file}`, import.meta.url).href);
}
flushCompileCache();
