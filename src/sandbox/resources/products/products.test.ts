import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { secretKey, startWorld } from "../../testing.ts";

suite("products", () => {
  test("a product is shown whole, and an event says what changed of it, but for when", async () => {
    const { stripe, clock, call } = startWorld();
    const dimensions = { height: 1, length: 2, weight: 3, width: 4.5 };
    const made = await stripe.products.create({
      name: "Full",
      shippable: true,
      statement_descriptor: "FULL",
      unit_label: "widget",
      url: "https://shop.test/full",
      tax_code: "txcd_10103000",
      images: ["https://shop.test/i.png"],
      marketing_features: [{ name: "first" }],
      package_dimensions: dimensions,
    });
    const { id, created, updated, ...shown } = made;
    assert.match(id, /^prod_\w{14}$/);
    assert.equal(created, updated);
    assert.deepEqual(shown, {
      object: "product",
      active: true,
      attributes: [],
      default_price: null,
      description: null,
      images: ["https://shop.test/i.png"],
      livemode: false,
      marketing_features: [{ name: "first" }],
      metadata: {},
      name: "Full",
      package_dimensions: dimensions,
      shippable: true,
      statement_descriptor: "FULL",
      tax_code: "txcd_10103000",
      tax_details: { performance_location: null, tax_code: "txcd_10103000" },
      type: "service",
      unit_label: "widget",
      url: "https://shop.test/full",
    });
    await clock.advance(5_000);
    const changed = await stripe.products.update(id, {
      description: "d",
      metadata: { a: "1" },
      images: "",
      marketing_features: "",
      package_dimensions: "",
      tax_code: "",
    });
    assert.equal(changed.updated, created + 5);
    assert.deepEqual([changed.images, changed.package_dimensions, changed.tax_details], [[], null, null]);
    const [event] = (await stripe.events.list({ type: "product.updated" })).data;
    assert.deepEqual(event?.data.previous_attributes, {
      description: null,
      metadata: { a: null },
      images: made.images,
      marketing_features: made.marketing_features,
      package_dimensions: dimensions,
      tax_code: made.tax_code,
      tax_details: made.tax_details,
    });
    await clock.advance(5_000);
    await call("POST", `/v1/products/${id}`, "description=d");
    assert.equal((await stripe.events.list({ type: "product.updated" })).data.length, 1, "nothing changed but when");
    assert.equal((await call("POST", `/v1/products/${id}`, "name=")).error.code, "parameter_invalid_empty");
  });

  test("a first price comes with its product, which names it from the beginning", async () => {
    const { stripe, eventTypes, call } = startWorld();
    const data = { currency: "usd", unit_amount: 1_500 };
    const product = await stripe.products.create({
      name: "Priced",
      default_price_data: data,
      expand: ["default_price"],
    });
    const price = product.default_price as Stripe.Price;
    assert.deepEqual([price.product, price.unit_amount], [product.id, 1_500]);
    assert.deepEqual(await eventTypes(), ["product.created", "price.created"]);
    const [created] = (await stripe.events.list({ type: "product.created" })).data;
    assert.equal((created?.data.object as Stripe.Product | undefined)?.default_price, price.id);
    await assert.rejects(stripe.prices.update(price.id, { active: false }), /default price of its product/);
    const other = await stripe.products.create({ name: "Other" });
    const { error } = await call("POST", `/v1/products/${other.id}`, `default_price=${price.id}`);
    assert.equal(error.param, "default_price");
    const second = await stripe.prices.create({ ...data, product: product.id });
    assert.equal((await stripe.products.update(product.id, { default_price: second.id })).default_price, second.id);
    await stripe.prices.update(price.id, { active: false });
    await assert.rejects(stripe.products.update(product.id, { default_price: price.id }), /inactive/);
    const wrong = await call("POST", "/v1/products", "name=a&default_price_data[currency]=usd");
    assert.equal(wrong.status, 400);
    assert.equal((await stripe.products.list()).data.length, 2, "a product whose price is refused is not made");
  });

  test("one with prices stays; one without is gone, shown inactive once more, and its id is free again", async () => {
    const { stripe, sandbox, eventTypes } = startWorld();
    const { id } = await stripe.products.create({ id: "gold", name: "Gold" });
    await assert.rejects(stripe.products.create({ id: "gold", name: "Gold" }), { code: "resource_already_exists" });
    assert.deepEqual(await stripe.products.del(id), { id, object: "product", deleted: true });
    await assert.rejects(stripe.products.retrieve(id), {
      code: "resource_missing",
      message: "No such product: 'gold'",
    });
    const [event] = (await stripe.events.list({ type: "product.deleted" })).data;
    assert.equal((event?.data.object as Stripe.Product | undefined)?.active, false);
    await stripe.products.create({ name: "between" });
    const again = await stripe.products.create({ id: "gold", name: "Gold again" });
    await stripe.prices.create({ product: again.id, currency: "eur", unit_amount: 1 });
    await assert.rejects(stripe.products.del(again.id), /has one or more user-created prices/);
    const names = async () => (await stripe.products.list()).data.map(({ name }) => name);
    assert.deepEqual(await names(), ["Gold again", "between"]);
    const types = await eventTypes();
    sandbox.restore(sandbox.snapshot());
    assert.deepEqual(await names(), ["Gold again", "between"]);
    assert.deepEqual(await eventTypes(), types);
  });

  test("lists and searches find products by what they are, and leave out ids that are not there", async () => {
    const { stripe, sandbox } = startWorld();
    sandbox.seed({ key: secretKey, path: "/v1/products", id: "shoes", params: { name: "Shoes", shippable: "true" } });
    const hat = await stripe.products.create({ name: "Hat", active: false, url: "https://shop.test/hat" });
    const ids = async (params: Stripe.ProductListParams) =>
      (await stripe.products.list(params)).data.map(({ id }) => id);
    assert.deepEqual(await ids({ active: true }), ["shoes"]);
    assert.deepEqual(await ids({ shippable: true }), ["shoes"]);
    assert.deepEqual(await ids({ url: "https://shop.test/hat" }), [hat.id]);
    assert.deepEqual(await ids({ ids: ["shoes", "prod_nope"] }), ["shoes"]);
    assert.deepEqual(await ids({ type: "good" }), []);
    const found = await stripe.products.search({ query: "name~'sho' AND active:'true'" });
    assert.deepEqual(
      found.data.map(({ id }) => id),
      ["shoes"],
    );
    assert.throws(
      () => sandbox.seed({ key: secretKey, path: "/v1/products", id: "shoes", params: { name: "a" } }),
      /there already/,
    );
  });

  test("what is too long, too many or not well formed is refused by its name", async () => {
    const { call } = startWorld();
    const refused = async (form: string) => {
      const { status, error } = await call("POST", "/v1/products", form);
      assert.equal(status, 400, form);
      return error.param;
    };
    const many = (name: string, count: number) =>
      Array.from({ length: count }, (_, nth) => name.replace("0", String(nth))).join("&");
    assert.equal(await refused("description=a"), "name");
    assert.equal(await refused(`name=a&${many("images[0]=https://a.test", 9)}`), "images");
    assert.equal(await refused(`name=a&${many("marketing_features[0][name]=b", 16)}`), "marketing_features");
    assert.equal(await refused("name=a&statement_descriptor=12345678901234567890123"), "statement_descriptor");
    assert.equal(await refused("name=a&statement_descriptor=a<b"), "statement_descriptor");
    assert.equal(await refused("name=a&tax_code=nope"), "tax_code");
    assert.equal(await refused("name=a&package_dimensions[height]=1"), "package_dimensions[length]");
  });
});
