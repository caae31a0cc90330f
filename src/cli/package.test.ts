// What npm's users get: packed, installed into an empty folder, read, checked, started by npx, paid once.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { isWholeRun } from "#kit/testing.ts";
import { brokenLinks, newCustomer, newFolder, startDev, until } from "./testing.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("the tarball installs in an empty folder: types, documents, a test, a world that takes a payment", async (t) => {
  if (!isWholeRun) return t.skip("npm test does not build the package, npm run test:all does");
  const folder = newFolder(t);
  const packing = run("the packing", folder, [process.execPath, path.join(root, "scripts/pack.ts"), folder]);
  assert.equal(packing.stderr, "");
  const tarball = /npm install (\S+\.tgz)/.exec(packing.stdout)?.[1] ?? "";
  assert.match(path.relative(folder, tarball), /^bursar-\d+\.\d+\.\d+\.tgz$/, packing.stdout);

  const host = path.join(folder, "host");
  mkdirSync(host);
  writeFileSync(path.join(host, "package.json"), `{ "name": "host", "private": true, "type": "module" }`);
  run("npm install", host, ["npm", "install", tarball, "--prefer-offline", "--no-audit", "--no-fund"]);
  const installed = path.join(host, "node_modules/bursar");
  checkContents(installed);
  checkTypes(host);

  const guide = readFileSync(path.join(installed, "docs/guides/testing.md"), "utf8");
  writeFileSync(path.join(host, "shop.test.ts"), /^```ts\n(.*?)^```$/ms.exec(guide)?.[1] ?? "");
  assert.match(run("the guide's test", host, [process.execPath, "--test"]).stdout, /pass 3\b/);

  const dev = await startDev(t, { command: ["npx", "--no-install", "bursar"], cwd: host });
  const customer = await newCustomer(dev.shop);
  await customer.order("coffee");
  await dev.payAtStripe("order_1001");
  await until("the shop to pack", async () =>
    (await customer.page("/orders/order_1001")).includes('data-status="packed"'),
  );
  await dev.end("SIGTERM");
});

function checkContents(installed: string): void {
  const manifest = readFileSync(path.join(installed, "package.json"), "utf8");
  assert.doesNotMatch(manifest, /node-linux|devDependencies|scripts|"private"/);
  const names = readdirSync(installed, { recursive: true }).map(String);
  const foreign = names.filter((name) => /\.test\.|(?<!\.d)\.ts$/.test(name));
  assert.deepEqual(foreign, [], "no source and no tests");
  const documents = names.filter((name) => name.endsWith(".md"));
  for (const name of ["README.md", "docs/guides/connect.md", "docs/stories/killed.md"]) {
    assert.ok(documents.includes(name), name);
  }
  assert.deepEqual(brokenLinks(installed, documents), []);
}

/** Every export has its types, checked without skipLibCheck; the host has Node's, which Stripe's need too. */
function checkTypes(host: string): void {
  mkdirSync(path.join(host, "node_modules/@types"), { recursive: true });
  symlinkSync(path.join(root, "node_modules/@types/node"), path.join(host, "node_modules/@types/node"));
  writeFileSync(path.join(host, "host.ts"), hostProgram);
  const tsc = path.join(root, "node_modules/typescript/bin/tsc");
  const strict = ["--noEmit", "--strict", "--module", "nodenext", "--types", "node", "--target", "es2024"];
  run("the host's type check", host, [process.execPath, tsc, ...strict, "host.ts"]);
}

/** Wrong on purpose where it says so: types that had become `any` would let it pass. */
const hostProgram = `
import * as billingExports from "bursar";
import { createBilling, type Billing, type Order, type Ports } from "bursar";
import * as nodeExports from "bursar/node";
import * as sandboxExports from "bursar/sandbox";
import { createSandbox } from "bursar/sandbox";
import * as testingExports from "bursar/testing";

type IsAny<T> = 0 extends 1 & T ? true : false;
type AnyOf<M> = { [K in keyof M]: IsAny<M[K]> extends true ? K : never }[keyof M];
const all = { ...billingExports, ...nodeExports, ...sandboxExports, ...testingExports };
const noneIsAny: [AnyOf<typeof all>] extends [never] ? true : AnyOf<typeof all> = true;
void noneIsAny;

export async function sell(options: Parameters<typeof createBilling>[0], ports: Ports) {
  const billing: Billing = await createBilling(options, ports);
  billing.on("order.paid", (fact) => { const id: string = fact.data.orderId; void id; }, { id: "host" });
  const order: Order = await billing.orders.get("order_1");
  const port: number = (await createSandbox().listen({ port: 0 })).port;
  // @ts-expect-error: a status is one of a few words.
  return { port, isOdd: order.status === "settled" };
}
`;

/** Runs to the end; what the run around this test has set for npm and for its own tests is left out. */
function run(what: string, cwd: string, [program = "", ...argv]: readonly string[]) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_(?!config_)|NODE_TEST_)/.test(name)),
  );
  const result = spawnSync(program, argv, { cwd, env, encoding: "utf8", timeout: 600_000 });
  assert.equal(result.status, 0, `${what} failed: ${result.stdout}${result.stderr}`);
  return result;
}
