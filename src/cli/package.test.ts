// What npm's users get: packed, installed into an empty folder, started by npx, paid once.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { newCustomer, newFolder, startDev, until } from "./testing.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("the packed package starts a world in an empty folder and takes a payment", async (t) => {
  const folder = newFolder(t);
  const packed = path.join(folder, "package");
  run("the packing", folder, [process.execPath, path.join(root, "scripts/pack.ts"), packed]);
  const manifest = readFileSync(path.join(packed, "package.json"), "utf8");
  assert.doesNotMatch(manifest, /node-linux|devDependencies|scripts|"private"/);
  const names = readdirSync(packed, { recursive: true }).map(String);
  const foreign = names.filter((name) => /\.test\.|(?<!\.d)\.ts$/.test(name));
  assert.deepEqual(foreign, [], "no source and no tests");

  const host = path.join(folder, "host");
  run("npm pack", folder, ["npm", "pack", packed, "--silent"]);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
  run("mkdir", folder, ["mkdir", host]);
  writeFileSync(path.join(host, "package.json"), `{ "name": "host", "private": true, "type": "module" }`);
  const install = ["npm", "install", path.join(folder, tarball), "--prefer-offline", "--no-audit", "--no-fund"];
  run("npm install", host, install);

  const dev = await startDev(t, { command: ["npx", "--no-install", "bursar"], cwd: host });
  const customer = await newCustomer(dev.shop);
  await customer.order("coffee");
  await dev.payAtStripe("order_1001");
  await until("the shop to pack", async () => (await customer.page("/orders/order_1001")).includes('"fulfilled"'));
  await dev.end("SIGTERM");
});

/** Runs to the end; npm's own settings of the run around this test are left out. */
function run(what: string, cwd: string, [program = "", ...argv]: readonly string[]): void {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_(?!config_)/.test(name)));
  const result = spawnSync(program, argv, { cwd, env, encoding: "utf8", timeout: 180_000 });
  assert.equal(result.status, 0, `${what} failed: ${result.stdout}${result.stderr}`);
}
