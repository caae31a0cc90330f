import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type Answer, startWorld } from "../../sandbox_world.test.ts";
import { schemaFiles } from "../schema/files.ts";
import { knownVersions } from "./known_versions.table.ts";
import { liftParams } from "./lift_params.ts";

const create = "POST /v1/payment_intents";

function speaking(version: string, options: Parameters<typeof startWorld>[0] = {}) {
  const { call } = startWorld(options);
  return (method: string, path: string, form = ""): Promise<Answer> =>
    call(method, path, form, { "stripe-version": version });
}

suite("parameters of older versions", () => {
  test("they mean the same today", () => {
    const today = { amount: 5 };
    assert.deepEqual(liftParams(create, today, "2026-10-28.endive"), today);
    assert.deepEqual(liftParams(create, today, "2024-06-20"), today);
    assert.deepEqual(liftParams(create, today, "2023-10-16"), { amount: 5, capture_method: "automatic" });
    assert.deepEqual(liftParams(create, { payment_method_types: ["ideal"] }, "2022-11-15"), {
      capture_method: "automatic",
      payment_method_types: ["ideal"],
    });
    const oldest = { amount: 5, capture_method: "manual", payment_method_types: ["card"] };
    assert.deepEqual(liftParams(create, { amount: 5, capture_method: "manual" }, "2020-08-27"), oldest);
    assert.deepEqual(liftParams("POST /v1/customers", today, "2020-08-27"), today);
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

  test("allowed_payment_method_types is known since 2026-07-29", async () => {
    const form = "amount=2000&currency=eur&allowed_payment_method_types[]=card";
    for (const version of ["2026-10-28.endive", "2026-07-29.dahlia"]) {
      assert.equal((await speaking(version)("POST", "/v1/payment_intents", form)).status, 200, version);
    }
    for (const version of ["2026-06-24.dahlia", "2026-02-25.clover", "2020-08-27"]) {
      const { error } = await speaking(version)("POST", "/v1/payment_intents", form);
      assert.equal(error.message, "Received unknown parameter: allowed_payment_method_types", version);
    }
  });

  test("a parameter is checked against the schema of its own family", async () => {
    const form = "amount=2000&currency=eur&excluded_payment_method_types[]=klarna";
    assert.equal((await speaking("2025-09-30.clover")("POST", "/v1/payment_intents", form)).status, 200);
    const { error } = await speaking("2024-06-20")("POST", "/v1/payment_intents", form);
    assert.equal(error.code, "parameter_unknown");
  });
});

suite("names of versions", () => {
  test("the known ones are those that the newest SDK declares", () => {
    const declared = schemaFiles.family("endive").defs.WebhookEndpointCreateParams;
    assert.match(JSON.stringify(declared), new RegExp(JSON.stringify(knownVersions).replace(/[[\].]/g, "\\$&")));
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
    const made = await call("POST", "/v1/payment_intents", "amount=2000&currency=eur", headers);
    assert.equal(made.headers.get("stripe-version"), "2024-06-20");
    assert.equal(made.json.invoice, null);
    const [event] = (await stripe.events.list()).data;
    assert.equal(event?.api_version, "2024-06-20");
    assert.ok("invoice" in (event?.data.object ?? {}));
    const read = await stripe.paymentIntents.retrieve(String(made.json.id));
    assert.equal("invoice" in read, false);
  });
});
