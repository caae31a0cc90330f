import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { createServer } from "#kit/node_http.ts";
import { createSandbox } from "../sandbox/index.ts";
import { newFolder, startBursar } from "./testing.ts";

const key = "sk_test_calibrated";

const forwarded = ["authorization", "stripe-version", "idempotency-key"];

/** A sandbox over HTTP that calls every card's decline by another name, as if it were Stripe. */
async function startStripe(t: TestContext) {
  const sandbox = createSandbox();
  const asked: string[] = [];
  const server = createServer({}, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = "GET", headers } = request;
    const body = method === "POST" ? Buffer.concat(chunks).toString() : null;
    const authorization = String(headers.authorization);
    const sent = Object.fromEntries(
      forwarded.flatMap((name) => (headers[name] ? [[name, String(headers[name])]] : [])),
    );
    const answer = await sandbox.fetch(`http://stripe${request.url}`, { method, headers: sent, body });
    asked.push(`${authorization} ${method} ${request.url}`);
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end((await answer.text()).replace('"decline_code": "lost_card"', '"decline_code": "mislaid_card"'));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(async () => {
    server.close();
    await sandbox.close();
  });
  return { asked, sandbox, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const outIn = (t: TestContext) => path.join(newFolder(t), "differences.json");

test("where another Stripe answers differently is written to a file, and nothing is left there", async (t) => {
  const { url, asked, sandbox } = await startStripe(t);
  const out = outIn(t);
  const run = startBursar(t, ["calibrate", "--stripe-base", url, "--yes", "--out", out], { BURSAR_CALIBRATE_KEY: key });
  assert.equal(await run.ended, 0, run.errors());
  assert.match(run.output(), /^a customer:\n {2}POST \/v1\/customers {2}name=Calibration/);
  assert.match(
    run.output(),
    /\n {2}afterwards POST \/v1\/payment_intents\/\{intent\}\/cancel; if that is refused POST/,
  );
  assert.match(run.output(), /\n\d+ calls, \d+ answered alike; the differences are in /);
  assert.match(run.output(), /Refusals that Stripe says as the sandbox does: .*parameterNotHash/);
  const text = readFileSync(out, "utf8");
  const { apiVersion, calls, alike, differences } = JSON.parse(text);
  assert.equal(apiVersion, "2026-08-26.dahlia");
  assert.equal(calls, alike + 1);
  assert.deepEqual(differences, [
    {
      play: "pm_card_visa_chargeDeclinedLostCard is declined",
      call: "POST /v1/payment_intents",
      path: "error.decline_code",
      stripe: "mislaid_card",
      sandbox: "lost_card",
    },
  ]);
  for (const output of [text, run.output(), run.errors()]) assert.ok(!output.includes(key));
  assert.equal(statSync(out).mode & 0o777, 0o600);
  assert.ok(asked.every((call) => call.startsWith(`Bearer ${key} `)));
  const left = await sandbox.fetch("http://stripe/v1/customers", { headers: { authorization: `Bearer ${key}` } });
  assert.deepEqual(((await left.json()) as { data: unknown[] }).data, []);
});

const refusals: readonly (readonly [argv: readonly string[], says: RegExp])[] = [
  [["--key", `sk_${"live"}_abc`], /A live key is never used to calibrate/],
  [["--key", `rk_${"live"}_abc`], /A live key is never used to calibrate/],
  [["--key", "pk_test_abc"], /not a secret key of test mode/],
  [[], /There is no key: name one with --key or BURSAR_CALIBRATE_KEY/],
  [["--key", key], /Nobody is there to be asked[\s\S]*--yes/],
  [
    ["--key", key, "--yes", "--stripe-base", "https://api.stripe.com.example"],
    /is neither https:\/\/api.stripe.com nor on/,
  ],
  [["--key", key, "--yes", "--out", "/nowhere/at/all.json"], /\/nowhere\/at\/all.json cannot be written/],
];

for (const [argv, says] of refusals) {
  test(`refused before any call: ${argv.join(" ").replace(/_live_\w+/, "_live_…")}`, async (t) => {
    const { url, asked } = await startStripe(t);
    const out = outIn(t);
    const given = ["calibrate", "--stripe-base", url, "--out", out, ...argv];
    const run = startBursar(t, given);
    assert.notEqual(await run.ended, 0);
    assert.match(run.errors(), says);
    assert.ok(!/_abc/.test(run.errors()), "no key is repeated");
    assert.deepEqual(asked, []);
    assert.ok(!existsSync(out) || readFileSync(out, "utf8") === "");
  });
}

test("a Stripe that is not there is said, and what was learnt is written", async (t) => {
  const out = outIn(t);
  const run = startBursar(t, ["calibrate", "--stripe-base", "http://127.0.0.1:1", "--yes", "--out", out, "--key", key]);
  assert.equal(await run.ended, 1);
  assert.match(run.errors(), /http:\/\/127\.0\.0\.1:1 did not answer as Stripe does/);
  assert.equal(JSON.parse(readFileSync(out, "utf8")).calls, 0);
});
