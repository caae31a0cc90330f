import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { startWorld } from "../../testing.ts";

suite("features", () => {
  test("a feature is shown whole, described, and archived for good", async () => {
    const { stripe } = startWorld();
    const { id, ...shown } = await stripe.entitlements.features.create({
      lookup_key: "reports",
      name: "Reports",
      metadata: { a: "1" },
    });
    assert.match(id, /^feat_test_61\w{30}$/);
    const feature = { object: "entitlements.feature", active: true, livemode: false, lookup_key: "reports" };
    assert.deepEqual(shown, { ...feature, metadata: { a: "1" }, name: "Reports" });
    const changed = await stripe.entitlements.features.update(id, { name: "All reports", metadata: { b: "2" } });
    assert.deepEqual([changed.name, changed.metadata], ["All reports", { a: "1", b: "2" }]);
    assert.equal((await stripe.entitlements.features.update(id, { active: false })).active, false);
    await assert.rejects(stripe.entitlements.features.update(id, { active: true }), /archived/);
    assert.equal((await stripe.entitlements.features.retrieve(id)).active, false);
  });

  test("a lookup key is of one feature, until that is archived", async () => {
    const { stripe, call } = startWorld();
    const terms = { lookup_key: "reports", name: "Reports" };
    const first = await stripe.entitlements.features.create(terms);
    const { status, error } = await call("POST", "/v1/entitlements/features", "lookup_key=reports&name=a");
    assert.deepEqual([status, error.param], [400, "lookup_key"]);
    await stripe.entitlements.features.update(first.id, { active: false });
    const second = await stripe.entitlements.features.create(terms);
    const ids = async (params: Stripe.Entitlements.FeatureListParams) =>
      (await stripe.entitlements.features.list(params)).data.map(({ id }) => id);
    assert.deepEqual(await ids({ lookup_key: "reports" }), [second.id]);
    assert.deepEqual(await ids({ archived: true }), [first.id]);
    const long = await call("POST", "/v1/entitlements/features", `lookup_key=${"a".repeat(81)}&name=a`);
    assert.equal(long.error.param, "lookup_key");
    assert.equal(
      (await call("POST", `/v1/entitlements/features/${second.id}`, "lookup_key=b")).error.param,
      "lookup_key",
    );
  });

  test("a product has each feature once, shown as it is now, and none that is archived", async () => {
    const { stripe, call } = startWorld();
    const { id: product } = await stripe.products.create({ name: "Gold" });
    const { id: other } = await stripe.products.create({ name: "Silver" });
    const feature = await stripe.entitlements.features.create({ lookup_key: "reports", name: "Reports" });
    const attached = await stripe.products.createFeature(product, { entitlement_feature: feature.id });
    assert.match(attached.id, /^prodft_test_61\w{30}$/);
    assert.deepEqual(attached.entitlement_feature, feature);
    const attach = (form: string) => call("POST", `/v1/products/${product}/features`, form);
    assert.equal((await attach(`entitlement_feature=${feature.id}`)).error.param, "entitlement_feature");
    assert.equal((await attach("entitlement_feature=feat_nope")).error.code, "resource_missing");
    const renamed = await stripe.entitlements.features.update(feature.id, { name: "All", active: false });
    assert.deepEqual((await stripe.products.listFeatures(product)).data[0]?.entitlement_feature, renamed);
    await assert.rejects(stripe.products.createFeature(other, { entitlement_feature: feature.id }), /archived/);
    await assert.rejects(stripe.products.retrieveFeature(other, attached.id), { code: "resource_missing" });
    const gone = { id: attached.id, object: "product_feature", deleted: true };
    assert.deepEqual(await stripe.products.deleteFeature(product, attached.id), gone);
    assert.deepEqual((await stripe.products.listFeatures(product)).data, []);
  });

  test("a product that takes the id of a deleted one has none of its features", async () => {
    const { stripe } = startWorld();
    const { id: entitlement_feature } = await stripe.entitlements.features.create({ lookup_key: "a", name: "A" });
    await stripe.products.create({ id: "gold", name: "Gold" });
    await stripe.products.createFeature("gold", { entitlement_feature });
    await stripe.products.del("gold");
    await stripe.products.create({ id: "gold", name: "Gold again" });
    assert.deepEqual((await stripe.products.listFeatures("gold")).data, []);
  });
});
