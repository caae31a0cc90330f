// The sandbox without a port, as a program's own tests use it.
import assert from "node:assert/strict";
import { test } from "node:test";
import Stripe from "stripe";
import { createSandbox } from "./index.ts";

test("the official SDK takes the sandbox's fetch as it is", async () => {
  const sandbox = createSandbox();
  const httpClient = Stripe.createFetchHttpClient(sandbox.fetch);
  const stripe = new Stripe("sk_test_in_process", { httpClient, telemetry: false });
  const intent = await stripe.paymentIntents.create({
    amount: 2000,
    currency: "eur",
    payment_method: "pm_card_visa",
    confirm: true,
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
  });
  assert.equal(intent.status, "succeeded");
  assert.equal((await stripe.paymentIntents.list()).data[0]?.id, intent.id);
  await sandbox.close();
});
