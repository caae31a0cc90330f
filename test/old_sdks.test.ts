// Real SDKs of every family of versions pay and refund against the sandbox. Each answer that they get is compared with
// the declarations of the very package that asked.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { suite, test } from "node:test";
import { type VersionFamily, versionFamilies } from "../src/sandbox/kernel/schema/schema.ts";
import { familyOf } from "../src/sandbox/kernel/versions/families.ts";
import { operationOf, responseProblems, startWorld } from "../src/sandbox/testing.ts";

const load = createRequire(import.meta.url);

/** What all these SDKs have in common, as far as the story needs it. */
interface OldStripe {
  customers: Calls;
  paymentIntents: Calls & Record<"confirm" | "capture" | "cancel", (id: string, params?: object) => Promise<Found>>;
  paymentMethods: Calls & Record<"attach", (id: string, params: object) => Promise<Found>>;
  charges: Calls;
  refunds: Calls;
  balanceTransactions: Calls;
  events: Calls;
  webhookEndpoints: Calls;
}

interface Calls {
  create(params: object): Promise<Found>;
  retrieve(id: string, params?: object): Promise<Found>;
  list(params?: object): Promise<{ data: Found[] }>;
}

type Found = { readonly id: string } & Readonly<Record<string, unknown>>;
type Fetch = (url: string, init: RequestInit) => Promise<Response>;
type StripeClass = (new (key: string, options: object) => OldStripe) & { createFetchHttpClient(fetch: Fetch): object };

const versions: Readonly<Record<VersionFamily, string>> = {
  endive: "2026-10-28.endive",
  dahlia: "2026-08-26.dahlia",
  clover: "2026-02-25.clover",
  basil: "2025-08-27.basil",
  acacia: "2025-02-24.acacia",
  "2024-06-20": "2024-06-20",
  "2022-11-15": "2022-11-15",
  "2020-08-27": "2020-08-27",
};

function startOldWorld(family: VersionFamily) {
  const { sandbox, clock } = startWorld();
  const problems: string[] = [];
  const asked = new Set<string>();
  const fetch: Fetch = async (url, init) => {
    const response = await sandbox.fetch(new Request(url, init));
    const version = response.headers.get("stripe-version") ?? "";
    asked.add(version);
    const operation = operationOf(init.method ?? "GET", new URL(url).pathname) ?? "nothing of Stripe's";
    if (response.ok) {
      const body: unknown = await response.clone().json();
      problems.push(...responseProblems(operation, body, family).map((problem) => `${operation}: ${problem}`));
    }
    return response;
  };
  const name = family === "endive" ? "stripe" : `stripe-${family}`;
  const loaded = load(name) as StripeClass & { default?: StripeClass };
  const Stripe = loaded.default ?? loaded;
  const options = { apiVersion: versions[family], httpClient: Stripe.createFetchHttpClient(fetch), telemetry: false };
  return { stripe: new Stripe("sk_test_world", { ...options, maxNetworkRetries: 0 }), problems, asked, clock };
}

const byHand = { payment_method_types: ["card"] };

suite("old SDKs", () => {
  for (const family of versionFamilies) {
    test(`the SDK of ${family} pays and refunds, and every answer fits its declarations`, async () => {
      const { stripe, problems, asked, clock } = startOldWorld(family);
      assert.equal(familyOf(versions[family]), family);
      const isOld = family !== "endive";
      const address = { line1: "Street 1", city: "Berlin", postal_code: "10115", country: "DE" };
      const customer = await stripe.customers.create({ name: "Ada", email: "ada@shop.test", address });
      const chosen = isOld ? byHand : { automatic_payment_methods: { enabled: true, allow_redirects: "never" } };
      const draft = await stripe.paymentIntents.create({
        amount: 2000,
        currency: "eur",
        customer: customer.id,
        ...chosen,
      });
      assert.equal(draft.status, "requires_payment_method");
      const paid = await stripe.paymentIntents.confirm(draft.id, { payment_method: "pm_card_visa" });
      assert.equal(paid.status, "succeeded");
      const [charge] = (await stripe.charges.list({ payment_intent: draft.id })).data;
      assert.ok(charge);
      await stripe.charges.retrieve(charge.id, { expand: ["balance_transaction", "payment_intent", "customer"] });
      const refund = await stripe.refunds.create({ payment_intent: draft.id, amount: 500 });
      assert.equal(refund.status, "succeeded");
      await stripe.refunds.list({ charge: charge.id });
      await stripe.paymentIntents.list({ expand: ["data.payment_method"] });
      const held = { amount: 700, currency: "usd", capture_method: "manual", payment_method: "pm_card_mastercard" };
      const authorized = await stripe.paymentIntents.create({ ...held, ...chosen, confirm: true });
      assert.equal(
        (await stripe.paymentIntents.capture(authorized.id, { amount_to_capture: 600 })).status,
        "succeeded",
      );
      const asking = await stripe.paymentIntents.create({ amount: 900, currency: "usd", ...chosen });
      await assert.rejects(stripe.paymentIntents.confirm(asking.id, { payment_method: "pm_card_chargeDeclined" }));
      await stripe.paymentIntents.retrieve(asking.id);
      assert.equal((await stripe.paymentIntents.cancel(asking.id)).status, "canceled");
      const method = await stripe.paymentMethods.attach("pm_card_amex", { customer: customer.id });
      await stripe.paymentMethods.retrieve(method.id, { expand: ["customer"] });
      await clock.advance(10 * 86_400_000);
      await stripe.balanceTransactions.list({ expand: ["data.source"] });
      await stripe.webhookEndpoints.create({ url: "https://shop.test/hook", enabled_events: ["*"] });
      assert.ok((await stripe.events.list({ limit: 50 })).data.length > 8);
      assert.deepEqual([...asked], [versions[family]]);
      assert.deepEqual(problems, []);
    });
  }
});
