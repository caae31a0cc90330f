// What npm's users get: packed, installed into an empty folder, started by npx, paid once.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { isWholeRun } from "#kit/testing.ts";
import { newCustomer, newFolder, startDev, until } from "./testing.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("the packed package starts a world in an empty folder and takes a payment", async (t) => {
  if (!isWholeRun) return t.skip("npm test does not build the package, npm run test:all does");
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

  writeFileSync(path.join(host, "host.ts"), hostProgram);
  const tsc = path.join(root, "node_modules/typescript/bin/tsc");
  const strict = [
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "--module",
    "nodenext",
    "--types",
    "",
    "--target",
    "es2024",
  ];
  run("the host's type check", host, [process.execPath, tsc, ...strict, "host.ts"]);

  const dev = await startDev(t, { command: ["npx", "--no-install", "bursar"], cwd: host });
  const customer = await newCustomer(dev.shop);
  await customer.order("coffee");
  await dev.payAtStripe("order_1001");
  await until("the shop to pack", async () =>
    (await customer.page("/orders/order_1001")).includes('data-status="packed"'),
  );
  await dev.end("SIGTERM");
});

/** Wrong on purpose where it says so: types that had become `any` would let it pass. */
const hostProgram = `
import { createBilling, type Billing, type Order, type Ports } from "bursar";
import { createSandbox } from "bursar/sandbox";
export async function sell(options: Parameters<typeof createBilling>[0], ports: Ports) {
  const billing: Billing = await createBilling(options, ports);
  billing.on("order.paid", (fact) => { const id: string = fact.data.orderId; void id; }, { id: "host" });
  const order: Order = await billing.orders.get("order_1");
  const port: number = (await createSandbox().listen({ port: 0 })).port;
  // @ts-expect-error: a status is one of a few words.
  return { port, isOdd: order.status === "settled" };
}
`;

/** Runs to the end; npm's own settings of the run around this test are left out. */
function run(what: string, cwd: string, [program = "", ...argv]: readonly string[]): void {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_(?!config_)/.test(name)));
  const result = spawnSync(program, argv, { cwd, env, encoding: "utf8", timeout: 180_000 });
  assert.equal(result.status, 0, `${what} failed: ${result.stdout}${result.stderr}`);
}
