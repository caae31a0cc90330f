// What the package exports explains itself by an example, and each example runs as it is written. A line that ends in
// `// value` says what its expression is.
import assert from "node:assert/strict";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import * as bursar from "bursar";
import * as bursarNode from "bursar/node";
import * as bursarSandbox from "bursar/sandbox";
import * as bursarTesting from "bursar/testing";
import express from "express";
import Stripe from "stripe";
import { systemPorts, unitOfTestMaxMs } from "#kit/create_ports.ts";
import { silentLog } from "#kit/log.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const exported = { ...bursar, ...bursarNode, ...bursarSandbox, ...bursarTesting };
const sources = globSync("src/**/*.ts", { cwd: root })
  .filter((file) => !file.endsWith(".test.ts"))
  .map((file) => readFileSync(path.join(root, file), "utf8"));

describe("the examples of what the package exports", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "bursar-examples-"));
  const home = process.cwd();
  const sandbox = bursarSandbox.createSandbox();
  /** What a host has around the lines of an example. */
  const host: Record<string, unknown> = { ...exported, createBilling, adoptDatabase, Stripe, ship: () => {} };
  const opened: { close(): unknown }[] = [sandbox];

  before(async () => {
    mkdirSync(path.join(folder, "var"));
    process.chdir(folder);
    const { url } = await sandbox.listen({ port: 0 });
    const stripe = { secretKey: "sk_test_bursar", publishableKey: "pk_test_bursar", webhookSecrets: ["whsec_bursar"] };
    host.stripe = { ...stripe, apiBase: url };
    host.publicUrl = "http://127.0.0.1:12112/billing";
    const settings = { stripe: host.stripe, database: "sqlite:var/mounted.db", publicUrl: host.publicUrl };
    host.billing = await createBilling(settings as bursar.BillingOptions);
  });

  after(async () => {
    for (const one of opened.reverse()) await one.close();
    process.chdir(home);
    rmSync(folder, { recursive: true });
  });

  for (const name of Object.keys(exported)) {
    test(`${name} does what its example says`, async () => {
      const examples = examplesOf(name);
      assert.notEqual(examples.length, 0, `${name} is exported without an @example`);
      for (const example of examples) await run(example, { ...host, app: express(), createServer: serve });
    });
  }

  /** The same with its log out of the way, and closed at the end whatever the example does. */
  async function createBilling(options: bursar.BillingOptions): Promise<bursar.Billing> {
    const billing = await bursar.createBilling(options, systemPorts({ log: silentLog(), unitMaxMs: unitOfTestMaxMs }));
    opened.push(billing);
    return billing;
  }

  function adoptDatabase(options: Parameters<typeof bursar.adoptDatabase>[0]) {
    return bursar.adoptDatabase(options, systemPorts({ log: silentLog(), unitMaxMs: unitOfTestMaxMs }));
  }

  function serve(listener: RequestListener) {
    const server = createServer(listener);
    opened.push(server);
    return server;
  }
});

function examplesOf(name: string): string[] {
  const declared = new RegExp(
    String.raw`/\*\*((?:(?!\*/)[\s\S])*)\*/\nexport (?:async function|function|const) ${name}\b`,
  );
  // Something of the inside may have the same name.
  const found = sources.flatMap((source) => declared.exec(source)?.[1] ?? []);
  const comment = found.find((one) => one.includes("@example")) ?? "";
  const [, ...examples] = comment.replace(/^\s*\* ?/gm, "").split("@example");
  return examples;
}

/** A port of an example is any that is free. */
async function run(example: string, host: Record<string, unknown>): Promise<void> {
  const lines = example.replace(/\b12112\b/, "0").split("\n");
  const code = lines.map((line) => {
    const [, expression, value] = /^\s*([^;]+?) \/\/ (".*"|true|false|\d+)$/.exec(line) ?? [];
    return expression === undefined ? line : `same(${expression}, ${value});`;
  });
  const names = { ...host, same: assert.deepEqual };
  const work = new Function(...Object.keys(names), `return (async () => {\n${code.join("\n")}\n})();`);
  await work(...Object.values(names));
}
