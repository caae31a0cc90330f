import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { startWorld } from "../../testing.ts";

suite("tax codes", () => {
  test("are there from the beginning, page by page, and one by one", async () => {
    const { stripe, call } = startWorld();
    const { data, has_more } = await stripe.taxCodes.list({ limit: 2 });
    assert.deepEqual([data.map(({ id }) => id), has_more], [["txcd_99999999", "txcd_20030000"], true]);
    const ids: string[] = [];
    for await (const { id } of stripe.taxCodes.list({ limit: 7 })) ids.push(id);
    assert.ok(ids.length > 20 && new Set(ids).size === ids.length);
    const description =
      "Any tangible or physical good. For jurisdictions that impose a tax, the standard rate is applied.";
    const { lastResponse: _response, ...shown } = await stripe.taxCodes.retrieve("txcd_99999999");
    const code = { id: "txcd_99999999", object: "tax_code", name: "General - Tangible Goods", requirements: null };
    assert.deepEqual({ ...shown }, { ...code, description });
    const { status, error } = await call("GET", "/v1/tax_codes/txcd_nope");
    assert.deepEqual([status, error.message], [404, "No such tax code: 'txcd_nope'"]);
  });

  test("a product names one, and shows it whole when asked", async () => {
    const { stripe, call } = startWorld();
    const product = await stripe.products.create({ name: "App", tax_code: "txcd_10103001", expand: ["tax_code"] });
    assert.equal((product.tax_code as Stripe.TaxCode).name, "Software as a service (SaaS) - business use");
    assert.equal((await stripe.products.retrieve(product.id)).tax_code, "txcd_10103001");
    const { error } = await call("POST", `/v1/products/${product.id}`, "tax_code=nope");
    assert.deepEqual([error.param, error.message], ["tax_code", "No such tax code: 'nope'"]);
  });
});
