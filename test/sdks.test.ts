// Official SDKs in processes of their own tell one story to a sandbox over HTTP, unmodified but for the address: what
// they are told must be the same in every language.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import path from "node:path";
import { suite, test } from "node:test";
import { promisify } from "node:util";
import { systemPorts } from "#kit/create_ports.ts";
import { silentLog } from "#kit/log.ts";
import { createSandbox, type Sandbox } from "../src/sandbox/index.ts";

const run = promisify(execFile);
const storyMsMax = 60_000; // an SDK that hangs is a failure, also on a machine that is busy

/** What each program prints, whatever its language. */
const expected = {
  account: [true, "US", "usd"],
  balance: "balance",
  customer: ["ada@shop.test", "6735"],
  payment: ["succeeded", 2000],
  declined: [402, "card_error", "card_declined", "insufficient_funds"],
  refund: ["succeeded", 500],
};

const python = process.platform === "linux" ? "/usr/bin/python3" : "python3"; // Debian's, which sees Debian's packages

const sdks: readonly { name: string; command: readonly string[]; skip: string | false }[] = [
  { name: "Node", command: [process.execPath, "story.mjs"], skip: false },
  { name: "Node by require() of an SDK of 2022", command: [process.execPath, "story_2020.cjs"], skip: false },
  { name: "Python", command: [python, "story.py"], skip: reasonWithoutPython() },
  { name: "Ruby", command: [], skip: "no Ruby SDK: Debian packages none (it would be ruby-stripe)" },
  { name: "PHP", command: [], skip: "no PHP SDK: Debian packages none (it would be php-stripe)" },
];

suite("official SDKs", () => {
  for (const { name, command, skip } of sdks) {
    if (skip) console.log(`The story of the ${name} SDK is left out: ${skip}`);
    test(`the ${name} SDK pays, is declined and refunds`, { skip }, () => tellStory(command));
  }

  test("the Python SDK reads a balance as guides show it", { skip: reasonWithoutPython() }, () =>
    withSandbox(async (ask) => {
      const available = await ask(python, "balance.py");
      assert.match(available, /"amount": 0/);
      assert.match(available, /"currency": "usd"/);
    }),
  );
});

async function tellStory([program = "", ...args]: readonly string[]): Promise<void> {
  await withSandbox(async (ask, sandbox) => {
    assert.deepEqual(JSON.parse(await ask(program, ...args)), expected);
    const headers = { authorization: "Bearer sk_test_sdks" };
    const listed = await sandbox.fetch(new Request("http://sandbox/v1/events?limit=100", { headers }));
    const { data: events } = (await listed.json()) as { data: { type: string }[] };
    const types = new Set(events.map(({ type }) => type));
    for (const type of ["payment_intent.succeeded", "payment_intent.payment_failed", "charge.refunded"]) {
      assert.ok(types.has(type), type);
    }
  });
}

type Ask = (program: string, ...args: string[]) => Promise<string>;

/** `ask` runs a program that is told where the sandbox listens, and answers what it prints. */
async function withSandbox(work: (ask: Ask, sandbox: Sandbox) => Promise<void>): Promise<void> {
  const sandbox = createSandbox(systemPorts({ log: silentLog() }));
  const { port } = await sandbox.listen({ port: 0 });
  const options = { cwd: path.join(import.meta.dirname, "sdks"), timeout: storyMsMax };
  try {
    await work(
      async (program, ...args) => (await run(program, [...args, "127.0.0.1", `${port}`], options)).stdout,
      sandbox,
    );
  } finally {
    await sandbox.close();
  }
}

function reasonWithoutPython(): string | false {
  try {
    execFileSync(python, ["-c", "import stripe"], { stdio: "ignore" });
    return false;
  } catch {
    return "Python cannot import stripe (apt-get install python3-stripe)";
  }
}
