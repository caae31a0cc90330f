// What the library refuses in its own words, the command line says in its own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Command } from "commander";
import { testPorts } from "#kit/create_ports.ts";
import type { Problem } from "#kit/problems.ts";
import { inWords } from "#kit/words.ts";
import { type BillingOptions, createBilling } from "../billing/index.ts";
import { billingSettings, secretKey } from "../testing/index.ts";
import { registerBilling } from "./commands/billing.ts";
import { registerSandbox } from "./commands/sandbox.ts";
import { wordsOf } from "./options.ts";

function commandOf(register: (program: Command) => void): Command {
  const program = new Command();
  register(program);
  return program.commands[0] as Command;
}

const good = billingSettings("sqlite::memory:", "whsec_mine");
const live = { ...good.stripe, secretKey: "sk_live_1", publishableKey: "pk_live_1", apiBase: "https://api.stripe.com" };

const refusals: [Partial<BillingOptions>, RegExp][] = [
  [
    { stripe: { ...good.stripe, secretKey: "pk_test_1" } },
    /is STRIPE_SECRET_KEY; the pk_ one is STRIPE_PUBLISHABLE_KEY/,
  ],
  [{ stripe: { ...good.stripe, publishableKey: secretKey } }, /Correct STRIPE_PUBLISHABLE_KEY\./],
  [{ stripe: { ...good.stripe, webhookSecrets: [] } }, /`stripe listen`, as STRIPE_WEBHOOK_SECRET\./],
  [{ returnOrigins: ["https://shop.test/"] }, /An entry of --return-origin \(BURSAR_RETURN_ORIGINS\) is not an origin/],
  [{ schema: "other" }, /Leave out --schema \(BURSAR_SCHEMA\):/],
  [{ schema: "" }, /^--schema \(BURSAR_SCHEMA\) is an empty text/],
  [{ stripe: live }, /Live mode needs BURSAR_SECRET:/],
  [{ stripe: live, secret: "0".repeat(64), publicUrl: "http://a.test" }, /Set --public-url \(BURSAR_PUBLIC_URL\), the/],
  [
    { stripe: live, secret: "0".repeat(64), publicUrl: "https://a.test", allowPrivateTargets: true },
    /Leave out --allow-private-targets \(BURSAR_ALLOW_PRIVATE_TARGETS\)\./,
  ],
];

for (const [options, said] of refusals) {
  test(`${Object.keys(options)}: a hint of the library names the flag or the variable`, async () => {
    const words = wordsOf(commandOf(registerBilling));
    await assert.rejects(createBilling({ ...good, ...options }, testPorts({ seed: 1 })), (error: Problem) => {
      assert.match(inWords(`${error.message} ${error.hint}`, words), said);
      return true;
    });
  });
}

test("each command says what it declares, and what it does not declare stays the option's name", () => {
  const sandbox = wordsOf(commandOf(registerSandbox));
  assert.equal(inWords("a `dataFolder` of its own", sandbox), "a --data (BURSAR_SANDBOX_DATA) of its own");
  assert.equal(inWords("Set `publicUrl`", sandbox), "Set `publicUrl`");
  assert.equal(
    inWords('Say so: `adoptDatabase({ as: "copy" })`.', wordsOf(undefined)),
    "Say so: `bursar adopt --as copy`.",
  );
});
