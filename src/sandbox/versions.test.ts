// Objects are stored in the newest shape; every family gets what its own SDK declares.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { secondMs } from "#kit/clock.ts";
import { type VersionFamily, versionFamilies } from "./kernel/schema/schema.ts";
import { familyOf } from "./kernel/versions/families.ts";
import { responseProblems, startWorld } from "./testing.ts";

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

/** One of each, by the noun of its path. */
async function startRichWorld() {
  const world = startWorld();
  const post = async (path: string, form: string) => (await world.call("POST", path, form)).json;
  const customer = await post("/v1/customers", "name=A");
  const pay = `amount=2000&currency=eur&confirm=true&return_url=http://a.test&customer=${customer.id}`;
  const intent = await post("/v1/payment_intents", `${pay}&payment_method=pm_card_visa`);
  const refund = await post("/v1/refunds", `payment_intent=${intent.id}&amount=500`);
  const endpoint = await post("/v1/webhook_endpoints", "url=http://localhost:1&enabled_events[]=*");
  await world.clock.advance(2 * secondMs); // The balance transaction follows.
  const { json: charge } = await world.call("GET", `/v1/charges/${intent.latest_charge}`);
  const [event] = (await world.stripe.events.list({ limit: 1 })).data;
  const ids = {
    customers: customer.id,
    payment_intents: intent.id,
    refunds: refund.id,
    charges: charge.id,
    payment_methods: intent.payment_method,
    balance_transactions: charge.balance_transaction,
    webhook_endpoints: endpoint.id,
    events: event?.id,
  };
  return { world, ids, pay };
}

suite("versions", () => {
  for (const family of versionFamilies) {
    test(`every noun validates against the declarations of ${family}`, async () => {
      assert.equal(familyOf(versions[family]), family);
      const { world, ids } = await startRichWorld();
      const headers = { "stripe-version": versions[family] };
      for (const [noun, id] of Object.entries(ids)) {
        const one = await world.call("GET", `/v1/${noun}/${id}`, { headers });
        assert.equal(one.status, 200);
        assert.deepEqual(responseProblems(`GET /v1/${noun}/:id`, one.json, family), [], noun);
        // Old versions list payment methods by type only.
        const query = noun === "payment_methods" ? "type=card" : "";
        const list = await world.call("GET", `/v1/${noun}`, { form: query, headers });
        assert.equal(list.status, 200);
        assert.deepEqual(responseProblems(`GET /v1/${noun}`, list.json, family), [], noun);
      }
    });
  }

  test("before 2022-11-15 an intent lists its charges, and a charge its refunds", async () => {
    const { world, ids } = await startRichWorld();
    const old = await world.call("GET", `/v1/payment_intents/${ids.payment_intents}`, {
      headers: {
        "stripe-version": "2020-08-27",
      },
    });
    const charges = old.json.charges as { data: { id: string; refunds: { data: { amount: number }[] } }[] };
    assert.equal(charges.data[0]?.id, ids.charges);
    assert.equal(charges.data[0]?.refunds.data[0]?.amount, 500);
    const now = await world.call("GET", `/v1/charges/${ids.charges}`, "expand[]=refunds");
    assert.equal((now.json.refunds as { data: object[] }).data.length, 1);
    const gone = await world.call("GET", `/v1/payment_intents/${ids.payment_intents}`, "expand[]=charges");
    assert.match(String(gone.error.message), /doesn't exist: charges/);
  });

  test("until basil a list counts itself when asked", async () => {
    const { world, pay } = await startRichWorld();
    await world.call("POST", "/v1/payment_intents", `${pay}&payment_method=pm_card_visa`);
    const form = "limit=1&expand[]=total_count";
    const { json } = await world.call("GET", "/v1/charges", {
      form,
      headers: { "stripe-version": "2025-02-24.acacia" },
    });
    assert.deepEqual([json.total_count, (json.data as object[]).length], [2, 1]);
    const { error } = await world.call("GET", "/v1/charges", {
      form,
      headers: { "stripe-version": "2025-03-31.basil" },
    });
    assert.match(String(error.message), /cannot be included \(total_count\)/);
  });

  test("2022-08-01 still lists charges, and before 2020-08-27 a customer shows its sources", async () => {
    const { world, ids } = await startRichWorld();
    const path = `/v1/payment_intents/${ids.payment_intents}`;
    const listed = await world.call("GET", path, { headers: { "stripe-version": "2022-08-01" } });
    assert.equal((listed.json.charges as { data: object[] }).data.length, 1);
    await world.call("POST", `/v1/customers/${ids.customers}/sources`, "source=tok_visa");
    const customer = async (version: string) =>
      (await world.call("GET", `/v1/customers/${ids.customers}`, { headers: { "stripe-version": version } })).json;
    assert.equal(((await customer("2019-08-14")).sources as { data: object[] }).data.length, 1);
    assert.equal("sources" in (await customer("2020-08-27")), false);
  });

  test("a charge names its dispute in every version, also those whose SDKs do not say so", async () => {
    const { world, pay } = await startRichWorld();
    const { json } = await world.call("POST", "/v1/payment_intents", `${pay}&payment_method=pm_card_createDispute`);
    await world.clock.advance(86_400_000);
    const path = `/v1/charges/${json.latest_charge}`;
    const [dispute] = (await world.stripe.disputes.list()).data;
    for (const version of ["2022-11-15", "2025-10-29.clover", "2026-10-28.endive"]) {
      const headers = { "stripe-version": version };
      assert.equal((await world.call("GET", path, { headers })).json.dispute, dispute?.id, version);
      const expanded = (await world.call("GET", path, { form: "expand[]=dispute", headers })).json.dispute;
      assert.equal((expanded as { amount: number }).amount, 2000, version);
    }
  });

  test("a method inside an error is rendered too", async () => {
    const { world, pay } = await startRichWorld();
    const headers = { "stripe-version": "2022-11-15" };
    const form = `${pay}&payment_method=pm_card_chargeDeclined`;
    const { error } = await world.call("POST", "/v1/payment_intents", { form, headers });
    const intent = error.payment_intent as { last_payment_error: { payment_method: { id: string } } };
    const { payment_method: method } = intent.last_payment_error;
    const { json: alone } = await world.call("GET", `/v1/payment_methods/${method.id}`, { headers });
    assert.deepEqual([method, error.payment_method], [alone, alone]);
  });

  test("an event of an old version shows the charges of its own moment", async () => {
    const world = startWorld({ defaultVersion: "2020-08-27" });
    const form = "amount=2000&currency=eur&confirm=true&payment_method=pm_card_visa&payment_method_types[]=card";
    await world.call("POST", "/v1/payment_intents", { form, headers: { "stripe-version": "2020-08-27" } });
    const { data } = await world.stripe.events.list();
    const charges = data
      .filter(({ type }) => type.startsWith("payment_intent."))
      .map(({ type, data: { object } }) => [type, (object as { charges?: { total_count?: number } }).charges]);
    assert.deepEqual(
      charges.map(([type, list]) => [type, (list as { total_count: number }).total_count]),
      [
        ["payment_intent.succeeded", 1],
        ["payment_intent.created", 0],
      ],
    );
  });

  test("a webhook speaks its endpoint's version", async () => {
    const bodies: { api_version: string; data: { object: object } }[] = [];
    const fetch = async (_url: unknown, init?: RequestInit) => {
      bodies.push(JSON.parse(String(init?.body)));
      return new Response();
    };
    const endpoint = { key: "sk_test_world", url: "http://localhost:1", secret: "whsec_a", api_version: "2024-06-20" };
    const world = startWorld({ fetch, webhookEndpoints: [endpoint] });
    await world.call("POST", "/v1/payment_intents", "amount=2000&currency=eur");
    await world.clock.advance(0);
    assert.equal(bodies[0]?.api_version, "2024-06-20");
    assert.deepEqual(bodies[0] && "invoice" in bodies[0].data.object, true);
  });
});
