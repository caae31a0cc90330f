// Whatever a program hands to what the package exports: it works, or it is a Problem that says what is wrong. Nothing
// else is thrown. The nouns of billing are in src/billing/fuzz.test.ts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { testPorts } from "#kit/create_ports.ts";
import { isProblem, type Problem } from "#kit/problems.ts";
import { nodeListener } from "../src/billing/http/node.ts";
import { adoptDatabase, type BillingOptions, createBilling } from "../src/billing/index.ts";
import { createSandbox } from "../src/sandbox/index.ts";
import { billingSettings, createTestbed } from "../src/testing/index.ts";

const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;

const junk: readonly unknown[] = [
  ...[undefined, null, true, 0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 10n, "", " ", "a", "a\0", "\ud800"],
  ...["x".repeat(1_000_000), Symbol("s"), [], [null], [{}], {}, cyclic, () => "a", new Date(Number.NaN)],
  ...[Object.create(null), new Map([["a", 1]])],
];

type Call = (...given: unknown[]) => unknown;

/** The Problem, or undefined when the call went well; anything else that is thrown fails the test. */
async function refusal(name: string, call: () => unknown): Promise<Problem | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    if (isProblem(error)) return error;
    const thrown = error instanceof Error ? (error.stack ?? "") : String(error);
    assert.fail(`${name} threw ${thrown.slice(0, 400)}`);
  }
}

const good: BillingOptions = billingSettings("sqlite::memory:", "whsec_junk");
const textOf = (value: unknown) =>
  typeof value === "object" ? Object.prototype.toString.call(value) : String(value).slice(0, 20);

/** Opens nothing and calls nobody. */
function ports() {
  return testPorts({ seed: 1, fetch: () => Promise.reject(new TypeError("fetch failed")) });
}

async function eachOption(name: string, options: object, open: (options: never) => unknown): Promise<void> {
  for (const value of junk) {
    await refusal(`${name}(${textOf(value)})`, () => open(value as never));
    for (const option of Object.keys(options)) {
      if (typeof value === "function" && (option === "random" || option === "run")) continue; // a port that lies
      const refused = await refusal(`${name}({ ${option}: ${textOf(value)} })`, () =>
        open({ ...options, [option]: value } as never),
      );
      if (!refused) continue;
      assert.ok(refused.hint && refused.message.length < 500, `${option}: ${refused.message}`);
      assert.ok(!refused.message.includes("xxxxx"), "what was given is told by its kind");
    }
  }
}

const closing = (opened: Promise<{ close(): Promise<void> }>) => opened.then((one) => one.close());

test("createBilling takes its options, or says which one is wrong and what to give", async () => {
  const all = {
    ...good,
    schema: undefined,
    returnOrigins: [],
    secret: undefined,
    allowPrivateTargets: false,
    bootstrapKey: undefined,
  };
  await eachOption("createBilling", all, (options) => closing(createBilling(options, ports())));
  const stripe = { ...good.stripe, apiBase: undefined, stripeJsUrl: undefined };
  await eachOption("createBilling", stripe, (options) => closing(createBilling({ ...good, stripe: options }, ports())));
  for (const value of junk.slice(1)) await refusal("createBilling", () => createBilling(good, value as never));
  await eachOption("adoptDatabase", { database: "sqlite::memory:", as: "copy" }, (options) =>
    adoptDatabase(options, ports()),
  );
  const cases: readonly [unknown, RegExp][] = [
    [undefined, /createBilling takes an object of options, not undefined/],
    [{ ...good, databaseUrl: "x" }, /createBilling has no option databaseUrl/],
    [{ ...good, publicUrl: undefined }, /^`publicUrl` is missing/],
    [{ ...good, database: 5 }, /^`database` is the number 5/],
    [{ ...good, stripe: { ...good.stripe, webhookSecrets: "whsec_x" } }, /^`webhookSecrets` is another text/],
    [{ ...good, stripe: { ...good.stripe, webhookSecrets: ["sk_test_1"] } }, /A webhook secret begins with sk_/],
    [{ ...good, stripe: { ...good.stripe, webhookSecrets: ["we_1Abc"] } }, /A webhook secret begins with we_/],
    [{ ...good, returnOrigins: ["https://shop.test/"] }, /`returnOrigins` is not an origin/],
  ];
  for (const [options, message] of cases) {
    assert.match(
      (await refusal("createBilling", () => createBilling(options as never, ports())))?.message ?? "",
      message,
    );
  }
});

test("createSandbox and its methods work or say what is wrong", async () => {
  const names =
    "clock random ids fetch log run baseUrl webhookEndpoints keyPairs keys defaultVersion allowHosts deliverTo";
  const more = "tolerateUnknownVersions retryPausesMs settlement faults faultSeed dataFolder onLine".split(" ");
  const all = Object.fromEntries([...names.split(" "), ...more].map((name) => [name, undefined]));
  const open = async (options: never) =>
    createSandbox({ ...(ports() as object), ...(options as object), dataFolder: undefined }).close();
  await eachOption("createSandbox", all, open);
  for (const value of junk.filter((one) => typeof one !== "string")) {
    await refusal("createSandbox", () => createSandbox({ dataFolder: value as string }).close());
  }
  assert.match(
    (await refusal("", () => createSandbox({ port: 1 } as never)))?.message ?? "",
    /createSandbox has no option port/,
  );
  const sandbox = createSandbox(ports());
  const { seed, restore, revoke, rollSecret, faults, listen, listenOnSocket } = sandbox as unknown as Record<
    string,
    Call
  >;
  const { add, remove } = faults as unknown as Record<string, Call>;
  for (const value of junk) {
    for (const [name, method] of Object.entries({
      seed,
      restore,
      revoke,
      rollSecret,
      add,
      remove,
      listen,
      listenOnSocket,
    })) {
      await refusal(`${name}(${textOf(value)})`, () => method?.(value));
      if (name === "rollSecret") await refusal(name, () => method?.("we_1", value));
    }
    for (const field of ["key", "path", "id", "params"]) {
      const whole = { key: "sk_test_a", path: "/v1/customers", id: `cus_${field}`, params: {} };
      await refusal(`seed ${field} ${textOf(value)}`, () => seed?.({ ...whole, [field]: value }));
    }
    for (const field of ["port", "host", "socketPath"]) {
      await refusal(`listen ${field} ${textOf(value)}`, () => listen?.({ port: 0, [field]: value }));
    }
    for (const field of ["kind", "path", "type", "method", "times", "chance", "ms"]) {
      await refusal(`add ${field} ${textOf(value)}`, () => add?.({ kind: "slow", [field]: value }));
    }
  }
  await sandbox.close();
});

test("createTestbed and its methods work or say what is wrong", async () => {
  const all = { seed: 1, database: undefined, start: undefined, settlement: undefined, billing: undefined };
  const more = { isStarted: undefined, handlers: undefined, watch: undefined, killAt: undefined };
  await eachOption("createTestbed", { ...all, ...more }, async (options) => (await createTestbed(options)).close());
  const testbed = await createTestbed({ seed: 1 });
  const methods = testbed as unknown as Record<string, Call>;
  for (const value of junk) {
    for (const name of ["pay", "fetchAs", "plug", "fail", "deliver", "life", "mortalTwin", "settle", "advance"]) {
      await refusal(`${name}(${textOf(value)})`, () => methods[name]?.(value));
    }
    await refusal("pay", () => methods.pay?.("order_1", value));
    await refusal("deliver", () => methods.deliver?.({ id: "evt_1" }, value));
    for (const given of [
      [value, "lost"],
      ["POST /v1/x", value],
      ["POST /v1/x", "lost", value],
    ]) {
      await refusal(`fail ${textOf(value)}`, () => methods.fail?.(...given));
    }
  }
  for (const sender of ["stripe", "billing", "browser", "shop"]) testbed.plug(sender, true);
  await testbed.close();
});

test("nodeListener takes a billing, and billing.fetch a Request", async () => {
  for (const value of junk) {
    await refusal("nodeListener", () => nodeListener(value as never));
    await refusal("nodeListener", () => nodeListener({ fetch: value } as never));
  }
  const billing = await createBilling(good, ports());
  for (const value of junk) {
    await refusal(`billing.fetch(${textOf(value)})`, () => billing.fetch(value as Request));
    await billing.fetch(new Request("http://127.0.0.1/health"), value as object);
  }
  await billing.close();
});
