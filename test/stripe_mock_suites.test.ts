// The suites of Stripe's own SDKs are played against what stands in for stripe-mock.
import assert from "node:assert/strict";
import { test } from "node:test";
import { cases } from "#kit/testing.ts";
import { createSandbox, type Sandbox } from "../src/sandbox/index.ts";
import { suiteCalls, suiteRefusals } from "./stripe_mock_suites.table.ts";

/** Under the version of the SDKs that had them. */
const headers = { authorization: "Bearer sk_test_123", "stripe-version": "2022-11-15" };

async function call(sandbox: Sandbox, operation: string, form: string) {
  const [method = "", path = ""] = operation.split(" ");
  const sent = new URLSearchParams(form);
  const [query, body] = method === "POST" ? ["", sent] : [`?${sent}`, undefined];
  const answer = await sandbox.fetch(
    new Request(`http://sandbox${path}${query}`, { method, headers, ...(body && { body }) }),
  );
  return { status: answer.status, text: await answer.text() };
}

test("the suites of Stripe's own SDKs are answered, one call after the other, and no list is empty", async () => {
  const sandbox = createSandbox({ stripeMock: true });
  for (let round = 1; round <= cases(1, 2); round++) {
    for (const [operation, form = ""] of suiteCalls) {
      const { status, text } = await call(sandbox, operation, form);
      assert.equal(status, 200, `${operation} ${form} in round ${round}: ${text}`);
      const { object, data } = JSON.parse(text) as { object: string; data?: object[] };
      assert.ok(object !== "list" || data?.length, `${operation} ${form} lists none in round ${round}`);
    }
    for (const [operation, form, expected, message] of suiteRefusals) {
      const { status, text } = await call(sandbox, operation, form);
      const { error } = JSON.parse(text) as { error?: { message: string } };
      assert.deepEqual([status, error?.message.slice(0, message.length)], [expected, message], operation);
    }
  }
});
