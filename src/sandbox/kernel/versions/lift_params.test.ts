import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { resources } from "../../resources/index.ts";
import { type Answer, startWorld } from "../../testing.ts";
import { schemaFiles } from "../schema/files.ts";
import { knownVersions } from "./known_versions.table.ts";
import { liftParams, liftsOf } from "./lift_params.ts";

const create = "POST /v1/payment_intents";

function speaking(version: string, options: Parameters<typeof startWorld>[0] = {}) {
  const { call } = startWorld(options);
  return (method: string, path: string, form = ""): Promise<Answer> =>
    call(method, path, { form, headers: { "stripe-version": version } });
}

const lifts = resources.flatMap(({ versions = [] }) => liftsOf(versions));
const lifted = (operation: string, params: object, version: string) =>
  liftParams(lifts, { ...params }, { operation, version });

suite("parameters of older versions", () => {
  test("they mean the same today", () => {
    const today = { amount: 5 };
    assert.deepEqual(lifted(create, today, "2026-10-28.endive"), today);
    assert.deepEqual(lifted(create, today, "2024-06-20"), today);
    assert.deepEqual(lifted(create, today, "2023-10-16"), { amount: 5, capture_method: "automatic" });
    assert.deepEqual(lifted(create, { payment_method_types: ["ideal"] }, "2022-11-15"), {
      capture_method: "automatic",
      payment_method_types: ["ideal"],
    });
    const oldest = { amount: 5, capture_method: "manual", payment_method_types: ["card"] };
    assert.deepEqual(lifted(create, { amount: 5, capture_method: "manual" }, "2020-08-27"), oldest);
    assert.deepEqual(lifted("POST /v1/customers", today, "2020-08-27"), today);
  });

  test("payment_method_types is taken until dahlia and refused by endive with a code of its own", async () => {
    const form = "amount=2000&currency=eur&payment_method_types[]=card";
    const older = await speaking("2026-08-26.dahlia")("POST", "/v1/payment_intents", form);
    assert.deepEqual([older.status, older.json.payment_method_types], [200, ["card"]]);
    assert.equal(older.json.automatic_payment_methods, null);
    const { status, error } = await speaking("2026-09-30.endive")("POST", "/v1/payment_intents", form);
    assert.deepEqual([status, error.code], [400, "payment_method_types_no_longer_supported"]);
    assert.equal(error.param, "payment_method_types");
  });

  test("the preview before endive refuses payment_method_types as well, its dahlia does not", async () => {
    const form = "amount=2000&currency=eur&payment_method_types[]=card";
    const preview = speaking("2026-08-26.preview");
    const { status, error } = await preview("POST", "/v1/payment_intents", form);
    assert.deepEqual([status, error.code], [400, "payment_method_types_no_longer_supported"]);
    assert.equal((await preview("POST", "/v1/payment_intents", "amount=2000&currency=eur")).status, 200);
    const { error: setup } = await preview("POST", "/v1/setup_intents", "payment_method_types[]=card");
    assert.equal(setup.code, "payment_method_types_no_longer_supported");
  });

  test("what was added later works under every older version: parameters, deep ones, values of enums", async () => {
    const card = "payment_method_options[card]";
    const added = [
      "allowed_payment_method_types[]=card",
      "excluded_payment_method_types[]=klarna",
      `${card}[request_multicapture]=if_available`,
      `${card}[request_three_d_secure]=challenge`,
      "capture_method=automatic_async",
      "radar_options[session]=rse_1",
    ];
    for (const version of ["2026-06-24.dahlia", "2025-09-30.clover", "2024-06-20", "2022-11-15", "2020-08-27"]) {
      for (const one of added) {
        const form = `amount=2000&currency=eur&${one}`;
        const { status, error } = await speaking(version)("POST", "/v1/payment_intents", form);
        assert.deepEqual([status, error.message], [200, undefined], `${version} ${one}`);
      }
    }
    const { error } = await speaking("2020-08-27")("POST", "/v1/payment_intents", "amount=2000&currency=eur&foo=1");
    assert.equal(error.code, "parameter_unknown");
    const wrong = `amount=2000&currency=eur&${card}[request_three_d_secure]=maybe`;
    const { status } = await speaking("2020-08-27")("POST", "/v1/payment_intents", wrong);
    assert.equal(status, 400);
  });

  test("what was taken away is gone where a change says so, and stays where only an SDK forgot it", async () => {
    const customer = (version: string, form: string) => speaking(version)("POST", "/v1/customers", form);
    const older = speaking("2025-02-24.acacia");
    await older("POST", "/v1/coupons", "id=SUMMER&percent_off=10&duration=once");
    assert.equal((await older("POST", "/v1/customers", "coupon=SUMMER")).status, 200);
    for (const version of ["2025-03-31.basil", "2026-10-28.endive"]) {
      const { error } = await customer(version, "coupon=SUMMER");
      assert.deepEqual([error.code, error.param], ["parameter_unknown", "coupon"], version);
    }
    const { call, stripe } = startWorld();
    const { id } = await stripe.customers.create({});
    const { id: method } = await stripe.paymentMethods.attach("pm_card_visa", { customer: id });
    assert.equal((await call("POST", `/v1/payment_methods/${method}`, "link[x]=1")).status, 400);
    assert.equal((await call("POST", `/v1/payment_methods/${method}`, "naver_pay[funding]=card")).status, 200);
  });
});

suite("answers of older versions", () => {
  const paying = "amount=2000&currency=eur&confirm=true&payment_method=pm_card_visa&payment_method_types[]=card";

  test("lists inside objects count what they hold, in every version", async () => {
    const call = speaking("2022-08-01");
    const { json: customer } = await call("POST", "/v1/customers", "name=Ada&expand[]=sources");
    const sources = { object: "list", data: [], has_more: false, total_count: 0 };
    assert.deepEqual(customer.sources, { ...sources, url: `/v1/customers/${customer.id}/sources` });
    const { json: intent } = await call("POST", "/v1/payment_intents", paying);
    const charges = intent.charges as { total_count: number; data: { refunds: { total_count: number } }[] };
    assert.deepEqual([charges.total_count, charges.data[0]?.refunds.total_count], [1, 0]);
    const { json: newer } = await speaking("2025-03-31.basil")("POST", "/v1/customers", "name=A&expand[]=sources");
    assert.equal((newer.sources as { total_count: number }).total_count, 0);
  });

  test("before 2020-08-27 a customer shows its lists unasked, and nothing is searched", async () => {
    const call = speaking("2020-03-02");
    const { json } = await call("POST", "/v1/customers", "name=Ada");
    for (const name of ["sources", "subscriptions", "tax_ids"]) {
      assert.deepEqual((json[name] as { data: unknown[]; url: string }).data, [], name);
    }
    const { status, error } = await call("GET", "/v1/customers/search", "query=name:'Ada'");
    assert.equal(status, 400);
    assert.match(String(error.message), /^Search is not supported on api version 2020-03-02\. Update your API version/);
    const { json: younger } = await speaking("2020-08-27")("POST", "/v1/customers", "name=Ada");
    for (const name of ["sources", "subscriptions", "tax_ids"]) assert.equal(name in younger, false, name);
  });

  test("an endpoint hears of a payment in its own version, the account in its default", async () => {
    const { call, stripe } = startWorld({ defaultVersion: "2022-11-15" });
    await call("POST", "/v1/payment_intents", { form: paying, headers: { "stripe-version": "2020-08-27" } });
    const [event] = (await stripe.events.list({ type: "payment_intent.succeeded" })).data;
    const shown = event?.data.object as unknown as Record<string, unknown>;
    assert.equal(event?.api_version, "2022-11-15");
    assert.deepEqual(["charges" in shown, "latest_charge" in shown, "invoice" in shown], [false, true, true]);
  });
});

suite("names of versions", () => {
  test("the known ones are those that the newest SDK declares", () => {
    const declared = schemaFiles.family("endive").defs.WebhookEndpointCreateParams;
    assert.match(JSON.stringify(declared), new RegExp(JSON.stringify(knownVersions.value).replace(/[[\].]/g, "\\$&")));
  });

  test("one that Stripe never gave out is refused, or tolerated by a switch", async () => {
    for (const version of ["2099-01-01", "2022-11-16", "2026-10-28.fern", "soon"]) {
      const { status, error } = await speaking(version)("GET", "/v1/customers");
      assert.deepEqual([status, error.message], [400, `Invalid Stripe API version: ${version}`]);
      const tolerated = await speaking(version, { tolerateUnknownVersions: true })("GET", "/v1/customers");
      assert.equal(tolerated.status, version === "soon" ? 400 : 200, version);
    }
    const beta = await speaking("2025-09-30.clover; some_beta=v1")("GET", "/v1/customers");
    assert.equal(beta.status, 200);
    assert.throws(() => startWorld({ defaultVersion: "2099-01-01" }), /Invalid Stripe API version/);
  });

  test("the account's default counts for calls and for its events, whoever reads them", async () => {
    const { call, stripe } = startWorld({ defaultVersion: "2024-06-20" });
    const headers = { authorization: "Bearer sk_test_world", "stripe-version": "" };
    const made = await call("POST", "/v1/payment_intents", { form: "amount=2000&currency=eur", headers });
    assert.equal(made.headers.get("stripe-version"), "2024-06-20");
    assert.equal(made.json.invoice, null);
    const [event] = (await stripe.events.list()).data;
    assert.equal(event?.api_version, "2024-06-20");
    assert.ok("invoice" in (event?.data.object ?? {}));
    const read = await stripe.paymentIntents.retrieve(String(made.json.id));
    assert.equal("invoice" in read, false);
  });
});
