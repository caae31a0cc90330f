import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { startWorld } from "../../testing.ts";

const vat = { display_name: "VAT", percentage: 20, inclusive: true } as const;

suite("tax rates", () => {
  test("a tax rate is shown whole, with the defaults that Stripe was seen to answer", async () => {
    const { stripe } = startWorld();
    const sales = { display_name: "CA sales tax", percentage: 8.875, inclusive: false, country: "US", state: "CA" };
    const { id, created, ...shown } = await stripe.taxRates.create({ ...sales, jurisdiction: "US-CA" });
    assert.match(id, /^txr_1\w{23}$/);
    assert.ok(created > 0);
    assert.deepEqual(shown, {
      object: "tax_rate",
      active: true,
      country: "US",
      description: null,
      display_name: "CA sales tax",
      effective_percentage: 8.875,
      flat_amount: null,
      inclusive: false,
      jurisdiction: "US-CA",
      jurisdiction_level: null,
      livemode: false,
      metadata: {},
      percentage: 8.875,
      rate_type: "percentage",
      state: "CA",
      tax_type: null,
    });
  });

  test("it may be described and taken out of use, but its percentage stays", async () => {
    const { stripe, call } = startWorld();
    const { id } = await stripe.taxRates.create({ ...vat, tax_type: "vat", description: "d" });
    const changed = await stripe.taxRates.update(id, { active: false, description: "archived" });
    assert.deepEqual([changed.active, changed.description, changed.tax_type], [false, "archived", "vat"]);
    const [event] = (await stripe.events.list({ type: "tax_rate.updated" })).data;
    assert.deepEqual(event?.data.previous_attributes, { active: true, description: "d" });
    for (const fixed of ["percentage=5", "inclusive=false"]) {
      const { status, error } = await call("POST", `/v1/tax_rates/${id}`, fixed);
      assert.deepEqual([status, error.code], [400, "parameter_unknown"], fixed);
    }
    assert.equal((await call("POST", `/v1/tax_rates/${id}`, "description=")).json.description, null);
  });

  test("lists find tax rates by whether they are in use and in the price", async () => {
    const { stripe } = startWorld();
    const inside = (await stripe.taxRates.create(vat)).id;
    const onTop = (await stripe.taxRates.create({ ...vat, inclusive: false, active: false })).id;
    const ids = async (params: object) => (await stripe.taxRates.list(params)).data.map(({ id }) => id);
    assert.deepEqual(await ids({}), [onTop, inside]);
    assert.deepEqual(await ids({ active: true }), [inside]);
    assert.deepEqual(await ids({ inclusive: false }), [onTop]);
  });

  test("a percentage has four decimals and lies between 0 and 100; a missing rate is called by two words", async () => {
    const { call } = startWorld();
    const refused = async (form: string) => {
      const { status, error } = await call("POST", "/v1/tax_rates", `display_name=a&inclusive=false&${form}`);
      assert.equal(status, 400, form);
      return error.param;
    };
    for (const wrong of ["-1", "100.1", "8.12345", "a"])
      assert.equal(await refused(`percentage=${wrong}`), "percentage");
    assert.equal(await refused(""), "percentage");
    assert.equal(await refused(`percentage=5&display_name=${"x".repeat(51)}`), "display_name");
    const { status, error } = await call("GET", "/v1/tax_rates/txr_nope");
    assert.deepEqual([status, error.param, error.message], [404, "tax_rate", "No such tax rate: 'txr_nope'"]);
  });
});
