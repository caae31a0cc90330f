import assert from "node:assert/strict";
import { suite, test } from "node:test";
import Stripe from "stripe";
import { createSandbox, type Sandbox } from "../index.ts";
import { resources } from "../resources/index.ts";
import { recipes } from "./recipes.ts";

const headers = { authorization: "Bearer sk_test_123" };

async function call(sandbox: Sandbox, operation: string, form = "", more: Readonly<Record<string, string>> = {}) {
  const [method = "", path = ""] = operation.split(" ");
  const body = method === "POST" ? new URLSearchParams(form) : undefined;
  const query = method !== "POST" && form ? `?${new URLSearchParams(form)}` : "";
  const answer = await sandbox.fetch(
    new Request(`http://sandbox${path}${query}`, { method, headers: { ...headers, ...more }, ...(body && { body }) }),
  );
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

/** Which placeholder stands in a path after each of its words. */
const children: Readonly<Record<string, string>> = {
  balance_transactions: "cbtxn",
  bank_accounts: "ba",
  cards: "card",
  features: "prodft",
  lines: "il",
  payment_methods: "pm",
  refunds: "re",
  sources: "card",
  subscriptions: "sub",
  tax_ids: "txi",
};

/** What these calls cannot do without. */
const forms: Readonly<Record<string, string>> = {
  "POST /v1/customers/:id/balance_transactions": "amount=100&currency=usd",
  "POST /v1/customers/:id/bank_accounts/:id/verify": "amounts[]=32&amounts[]=45",
  "POST /v1/customers/:id/cards": "card=tok_visa",
  "POST /v1/customers/:id/sources": "source=tok_visa",
  "POST /v1/customers/:id/sources/:id/verify": "amounts[]=32&amounts[]=45",
  "POST /v1/customers/:id/subscriptions": "plan=plan_123",
  "POST /v1/customers/:id/tax_ids": "type=eu_vat&value=DE123456789",
  "POST /v1/invoices/:id/add_lines": "lines[0][description]=Fee&lines[0][amount]=100",
  "POST /v1/invoices/:id/attach_payment": "payment_intent=pi_123",
  "POST /v1/invoices/:id/remove_lines": "lines[0][id]=il_123&lines[0][behavior]=delete",
  "POST /v1/invoices/:id/update_lines": "lines[0][id]=il_123&lines[0][amount]=100",
  "POST /v1/payment_intents/:id/increment_authorization": "amount=3000",
  "POST /v1/payment_intents/:id/verify_microdeposits": "descriptor_code=SM11AA",
  "POST /v1/payment_methods/:id/attach": "customer=cus_123",
  "POST /v1/setup_intents/:id/verify_microdeposits": "descriptor_code=SM11AA",
  "POST /v1/subscriptions/:id/migrate": "billing_mode[type]=flexible",
  "POST /v1/test_helpers/test_clocks/:id/advance": "frozen_time=1894000000",
};

/**
 * No refund of the sandbox waits for the payer, and none is called off; a customer has a bank account only once, and so
 * has a product a feature.
 */
const never = [
  "POST /v1/customers/:id/bank_accounts",
  "POST /v1/products/:id/features",
  "POST /v1/refunds/:id/cancel",
  "POST /v1/test_helpers/refunds/:id/expire",
];

/** Every route of an object that can be made, once with each kind of placeholder. */
function played(): (readonly [operation: string, path: string])[] {
  const prefixes = new Map(resources.map(({ noun }) => [noun.object, noun.prefixes[0]]));
  // A noun above may take over a route of one below.
  const ofNouns = new Map(
    resources.toReversed().flatMap(({ noun, routes }) => routes.map(({ path }) => [path, noun.object])),
  );
  const routes = resources.flatMap((resource) => resource.routes);
  return routes.flatMap(({ method, path }) => {
    const operation = `${method} ${path.replaceAll(/:\w+/g, ":id")}`;
    const [, first = ""] = /^(\/v1\/(?:\w+\/)?\w+)\/:/.exec(path) ?? [];
    const isItem = first === "/v1/subscription_items";
    const prefix = isItem ? "si" : prefixes.get(ofNouns.get(first) ?? "");
    const noun = [...prefixes].find(([, one]) => one === prefix)?.[0] ?? "";
    const isMade = isItem || recipes[noun] !== undefined;
    if (first === "" || !isMade || prefix === undefined || never.includes(operation)) return [];
    let nth = 0;
    const filled = path.replaceAll(/(\w+)\/:\w+/g, (_, word: string) => {
      const child = word === "sources" && path.endsWith("/verify") ? "ba" : children[word];
      return `${word}/${nth++ === 0 ? prefix : child}_123`;
    });
    return [[operation, `${method} ${filled}`] as const];
  });
}

suite("in the place of stripe-mock", () => {
  test("every call about a placeholder is answered, also after every other one", async () => {
    const sandbox = createSandbox({ stripeMock: true });
    const calls = played();
    assert.ok(calls.length > 60, String(calls.length));
    for (const round of [1, 2]) {
      for (const [operation, path] of calls) {
        const { status, text } = await call(sandbox, path, forms[operation]);
        assert.equal(status, 200, `${operation} in round ${round}: ${text}`);
      }
    }
  });

  test("lists hold one, as the suites expect, of a customer one of theirs", async () => {
    for (const path of ["/v1/charges", "/v1/coupons", "/v1/customers", "/v1/payment_intents?limit=1", "/v1/plans"]) {
      assert.match((await call(createSandbox({ stripeMock: true }), `GET ${path}`)).text, /(?:_123|Z4OV52SU)"/, path);
    }
    const sandbox = createSandbox({ stripeMock: true });
    for (const [path, id] of [
      ["/v1/payment_methods?customer=cus_xyz", "pm_xyz"],
      ["/v1/customers/cus_xyz/balance_transactions", "cbtxn_xyz"],
    ]) {
      const { text } = await call(sandbox, `GET ${path}`);
      const [first] = (JSON.parse(text) as { data: { id: string; customer: string }[] }).data;
      assert.deepEqual([first?.id, first?.customer], [id, "cus_xyz"]);
    }
  });

  test("what is made once is made once, however empty the lists inside of it", async () => {
    const sandbox = createSandbox({ stripeMock: true });
    await call(sandbox, "POST /v1/invoices", "customer=cus_123");
    const { text } = await call(sandbox, "GET /v1/invoices");
    assert.equal((JSON.parse(text) as { data: object[] }).data.length, 1);
  });

  test("a plan is a price of another name", async () => {
    const sandbox = createSandbox({ stripeMock: true });
    for (const method of ["GET", "POST", "DELETE"]) {
      assert.equal((await call(sandbox, `${method} /v1/plans/plan_xxxxxxxxxxxxx`)).status, 200, method);
    }
  });

  test("it remembers", async () => {
    const sandbox = createSandbox({ stripeMock: true });
    await call(sandbox, "POST /v1/customers/cus_xxxxxxxxxxxxx", "name=Ada");
    assert.match((await call(sandbox, "GET /v1/customers/cus_xxxxxxxxxxxxx")).text, /"name": "Ada"/);
    const { id } = JSON.parse((await call(sandbox, "POST /v1/customers", "name=Eve")).text) as { id: string };
    assert.match((await call(sandbox, `GET /v1/customers/${id}`)).text, /"name": "Eve"/);
  });

  test("the suites ask who it is, under versions and accounts that nobody knows", async () => {
    const sandbox = createSandbox({ stripeMock: true });
    const root = await call(sandbox, "GET /");
    assert.equal(root.headers.get("stripe-mock-version"), "master");
    const odd = { "stripe-version": "2017-05-25", "stripe-account": "acct_123", "idempotency-key": "one" };
    for (const _again of [1, 2]) {
      assert.equal((await call(sandbox, "POST /v1/charges/ch_123/capture", "", odd)).status, 200);
    }
    assert.equal((await call(sandbox, "GET /v1/accounts/acct_123")).status, 200);
  });

  test("what is wrong is refused, and what was not asked for is not made", async () => {
    const mock = createSandbox({ stripeMock: true });
    assert.equal((await call(mock, "GET /v1/customers/cus_other")).status, 404);
    assert.equal((await call(mock, "POST /v1/charges/ch_123", "colour=red")).status, 400);
    assert.equal((await call(mock, "GET /v1/customers", "", { authorization: "Bearer nonsense" })).status, 401);
    assert.equal((await call(createSandbox(), "GET /v1/customers/cus_123")).status, 404);
  });

  test("the official SDK works with it", async () => {
    const { fetch } = createSandbox({ stripeMock: true });
    const httpClient = Stripe.createFetchHttpClient((url, init) => fetch(new Request(url, init)));
    const stripe = new Stripe("sk_test_123", { httpClient, telemetry: false });
    assert.equal((await stripe.coupons.retrieve("Z4OV52SU")).id, "Z4OV52SU");
    const refund = await stripe.refunds.create({ charge: "ch_xxxxxxxxxxxxx" });
    assert.equal((await stripe.refunds.create({ charge: "ch_xxxxxxxxxxxxx" })).status, refund.status);
    assert.equal((await stripe.paymentIntents.capture("pi_123", { amount_to_capture: 1234 })).amount_received, 1234);
    assert.equal((await stripe.paymentIntents.confirm("pi_123")).status, "succeeded");
    assert.equal((await stripe.paymentIntents.cancel("pi_123")).status, "canceled");
    assert.equal((await stripe.disputes.close("dp_123")).status, "lost");
  });
});
