import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { isWholeRun } from "#kit/testing.ts";
import { strangersEnvironment } from "./testing.ts";

const bin = fileURLToPath(new URL("../../bin/bursar.js", import.meta.url));

test("--help is everywhere", async () => {
  const all = await bursar(["--help"]);
  assert.equal(all.code, 0);
  for (const verb of ["dev", "sandbox", "billing", "exec", "calibrate", "catalog", "import", "adopt"]) {
    assert.match(all.stdout, new RegExp(`^ {2}${verb} `, "m"));
    const help = await bursarOfMany([verb, "--help"]);
    assert.deepEqual([help.code, help.stdout.startsWith(`Usage: bursar ${verb} `)], [0, true]);
  }
  assert.equal((await bursar([])).code, 0, "no verb: the help again");
});

test("what the command answers is its process's end", async () => {
  const misspelt = await bursar(["sandbocks"]);
  assert.match(misspelt.stderr, /Did you mean sandbox/);
  assert.equal(misspelt.code, 2);
  const refused = await bursar(["billing", "--stripe", "api"]);
  assert.match(refused.stderr, /no secret key/);
  assert.equal(refused.code, 1);
});

test("--version is the package's", async () => {
  assert.match((await bursar(["--version"])).stdout, /^\d+\.\d+\.\d+\n$/);
});

const misuses: readonly (readonly [argv: readonly string[], env: NodeJS.ProcessEnv, message: RegExp])[] = [
  [["sandbox", "--prot", "1"], {}, /unknown option '--prot'[\s\S]*Did you mean --port/],
  [["sandbocks"], {}, /unknown command 'sandbocks'[\s\S]*Did you mean sandbox/],
  [["sandbox", "--port", "99999"], {}, /"99999" is not a port/],
  [["dev"], { BURSAR_SHOP_PORT: "http" }, /BURSAR_SHOP_PORT[\s\S]*"http" is not a port/],
  [["billing", "--database", "mysql://x"], {}, /A database is sqlite:PATH/],
  [["billing", "--stripe", "real"], {}, /Allowed choices are sandbox, api/],
  [["billing", "--stripe-base", "api.stripe.com"], {}, /is not an address/],
  [["sandbox", "--host", "0.0.0.0"], {}, /not this machine/],
  [["sandbox", "--keys", "sk_test_a,shop"], {}, /"shop" is not a key of a sandbox/],
  [
    ["sandbox"],
    { BURSAR_SANDBOX_ACCOUNTS: "pk_test_a" },
    /BURSAR_SANDBOX_ACCOUNTS[\s\S]*reads pk_test_shop=sk_test_mine/,
  ],
  [["sandbox", "--allow-host", "http://shop.test"], {}, /without http:\/\/ and port/],
  [["sandbox", "--deliver-to", "shop.test:80"], {}, /without http:\/\/ and port/],
  [["sandbox", "--unknown-versions", "ignore"], {}, /Allowed choices are refuse, tolerate/],
  [["sandbox", "--payment-methods", "US bank"], {}, /"US bank" is not a type of payment methods/],
  [["sandbox", "--base-url", "shop.test"], {}, /is not an address: it begins with http/],
  [["sandbox", "--retries", "never"], {}, /Allowed choices are live, test/],
  [["sandbox"], { BURSAR_FAULT_SEED: "abc" }, /BURSAR_FAULT_SEED[\s\S]*"abc" is not a seed/],
  [["sandbox", "--fault", "slow,colour=red"], {}, /"colour=red" is none of method=/],
  [["exec", "--retries", "never", "--", "node"], {}, /Allowed choices are live, test/],
  [["exec"], {}, /missing required argument 'command'/],
  [["sandbox", "--settlement", "fast"], {}, /Allowed choices are test, real/],
  [["dev"], { BURSAR_SETTLEMENT: "fast" }, /BURSAR_SETTLEMENT[\s\S]*Allowed choices are test, real/],
  [["adopt"], {}, /required option '--as <what>'/],
  [["adopt", "--as", "clone"], {}, /Allowed choices are moved, copy/],
  [["adopt"], { BURSAR_ADOPT_AS: "clone" }, /BURSAR_ADOPT_AS[\s\S]*Allowed choices are moved, copy/],
];

for (const [argv, env, message] of misuses) {
  test(`bursar ${argv.join(" ")} ${Object.keys(env).join(" ")} is misuse: it says why and exits with 2`, async () => {
    const result = await bursarOfMany(argv, env);
    assert.match(result.stderr, message);
    assert.equal(result.code, 2);
  });
}

const refusals: readonly (readonly [name: string, argv: readonly string[], env: NodeJS.ProcessEnv, message: RegExp])[] =
  [
    ["the real Stripe without a key", ["--stripe", "api"], {}, /no secret key[\s\S]*Set STRIPE_SECRET_KEY/],
    ["the real Stripe by environment without a key", [], { BURSAR_STRIPE: "api" }, /no secret key/],
    ["a publishable key", [], { STRIPE_SECRET_KEY: "pk_test_x" }, /publishable key/],
    [
      "a live key at the sandbox",
      [],
      { STRIPE_SECRET_KEY: "sk_live_abcdef" },
      /live key, and billing would talk to the sandbox/,
    ],
    ["an empty webhook secret", [], { STRIPE_WEBHOOK_SECRET: "" }, /set and empty/],
    [
      "live mode without BURSAR_SECRET",
      ["--stripe", "api", "--public-url", "https://billing.example.com"],
      { STRIPE_SECRET_KEY: "sk_live_abcdef", STRIPE_PUBLISHABLE_KEY: "pk_live_x", STRIPE_WEBHOOK_SECRET: "whsec_x" },
      /needs BURSAR_SECRET[\s\S]*openssl rand -hex 32/,
    ],
  ];

test("a sandbox refuses what nobody could use, and says what to do", async () => {
  await inFolder(async (data) => {
    const file = path.join(data, "file");
    writeFileSync(file, "");
    const wrong: readonly (readonly [argv: readonly string[], message: RegExp])[] = [
      [["--api-version", "2026-01-01"], /Invalid Stripe API version: 2026-01-01[\s\S]*tolerateUnknownVersions/],
      [["--fault", "fire"], /"fire" is not a fault\. There are: timeout_before_commit/],
      [["--fault", "slow,times=0"], /times is a whole number from 1/],
      [["--billing", "numbering=nobody"], /numbering/],
      [["--billing", "retries=3+never"], /numbers of days/],
      [["--billing", "upcomingDays=5"], /one of 3, 7, 15, 30, 45/],
      [["--billing", "overdueDays=1+x"], /list of days/],
      [["--data", file], /cannot be made or written to[\s\S]*--data/],
      ...(process.platform === "linux" ? [[["--data", "/proc"], /\/proc cannot be made or written to/] as const] : []),
      [["--socket", path.join(data, "none", "socket")], /cannot be a socket[\s\S]*--socket/],
    ];
    for (const [argv, message] of wrong) {
      const result = await bursarOfMany(["sandbox", "--port", "0", ...argv]);
      assert.match(result.stderr, message);
      assert.deepEqual([result.code, result.stderr.includes("    at ")], [1, false], argv.join(" "));
    }
  });
});

for (const [name, argv, env, message] of refusals) {
  test(`bursar billing with ${name} refuses, says what to do and exits with 1`, async () => {
    const result = await bursarOfMany(["billing", ...argv], env);
    assert.match(result.stderr, message);
    assert.equal(result.code, 1);
    assert.ok(!(result.stdout + result.stderr).includes("abcdef"), "repeats no key");
    assert.ok(!result.stderr.includes("    at "), "no stack");
  });
}

test("a port that was asked for and is taken is a refusal that names it", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const port = String((other.address() as AddressInfo).port);
  const asked = await bursar(["billing", "--port", port, "--log", "lines"], { STRIPE_WEBHOOK_SECRET: "whsec_x" });
  assert.match(asked.stderr, new RegExp(`Port ${port} is taken[\\s\\S]*--port 0`));
  assert.equal(asked.code, 1);
  other.close();
});

test("a sandbox that is not there is a refusal that says how to get one", async () => {
  await inFolder(async (data) => {
    const gone = createServer().listen(0, "127.0.0.1");
    await once(gone, "listening");
    const base = `http://127.0.0.1:${(gone.address() as AddressInfo).port}`;
    gone.close();
    const result = await bursar(["billing", "--port", "0", "--stripe-base", base, "--data", data]);
    assert.match(result.stderr, /No sandbox answers[\s\S]*bursar sandbox/);
    assert.equal(result.code, 1);
  });
});

test("dev refuses a data folder that another dev is using, or that cannot be made", async () => {
  await inFolder(async (data) => {
    writeFileSync(path.join(data, "dev.pid"), String(process.pid));
    const second = await bursar(["dev", "--data", data], { STRIPE_SECRET_KEY: "sk_live_abcdef" });
    assert.match(second.stdout, /^Stripe: always the sandbox/);
    assert.match(second.stdout, /STRIPE_SECRET_KEY is set in your environment; it is not used/);
    assert.match(second.stderr, /Another bursar dev[\s\S]*--data/);
    assert.equal(second.code, 1);
    const impossible = await bursar(["dev", "--data", path.join(data, "dev.pid", "x")]);
    assert.match(impossible.stderr, /cannot be made[\s\S]*BURSAR_DATA/);
    assert.ok(!(second.stdout + second.stderr).includes("abcdef"), "repeats no key");
  });
});

interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command to its end, with an environment that has nothing of ours but `env`. */
async function bursar(argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Result> {
  const child = spawn(process.execPath, [bin, ...argv], {
    env: { ...strangersEnvironment(), ...env },
    timeout: 20_000,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}

/** For the rows of a table: in a whole run each is a process, in a sample all are played by one. */
const bursarOfMany: typeof bursar = isWholeRun ? bursar : bursarInOne;

const program = `
import { main } from ${JSON.stringify(new URL("main.ts", import.meta.url).href)};
process.on("message", async ({ argv, env }) => {
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"]) process[stream].write = (text) => Boolean((said[stream] += text));
  process.env = env;
  process.send({ code: await main(argv), ...said });
});`;
const one = isWholeRun
  ? undefined
  : spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
after(() => one?.disconnect());

async function bursarInOne(argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Result> {
  assert.ok(one);
  one.send({ argv, env: { ...strangersEnvironment(), ...env } });
  const [result] = (await once(one, "message")) as [Result];
  return result;
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "bursar-cli-"));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
