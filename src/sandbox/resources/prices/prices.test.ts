import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { startWorld } from "../../testing.ts";

const monthly = { currency: "eur", unit_amount: 1_000, recurring: { interval: "month" } } as const;

async function startShop() {
  const world = startWorld();
  const product = (await world.stripe.products.create({ name: "Gold" })).id;
  const refused = async (form: string, path = "/v1/prices") => {
    const { status, error } = await world.call("POST", path, form);
    assert.equal(status, 400, form);
    return [error.param ?? null, error.message];
  };
  return { ...world, product, refused };
}

suite("prices", () => {
  test("a price is shown whole, with the defaults that Stripe was seen to answer", async () => {
    const { stripe, product } = await startShop();
    const { id, created, ...shown } = await stripe.prices.create({ product, ...monthly });
    assert.match(id, /^price_1\w{23}$/);
    assert.ok(created > 0);
    assert.deepEqual(JSON.parse(JSON.stringify(shown)), {
      object: "price",
      active: true,
      billing_scheme: "per_unit",
      currency: "eur",
      custom_unit_amount: null,
      livemode: false,
      lookup_key: null,
      metadata: {},
      nickname: null,
      product,
      recurring: {
        interval: "month",
        interval_count: 1,
        meter: null,
        trial_period_days: null,
        usage_type: "licensed",
      },
      tax_behavior: "unspecified",
      tiers_mode: null,
      transform_quantity: null,
      type: "recurring",
      unit_amount: 1_000,
      unit_amount_decimal: "1000",
    });
  });

  test("a decimal amount is a whole one as well where both say the same", async () => {
    const { call, product, refused } = await startShop();
    const amounts = async (sent: string) => {
      const { json } = await call("POST", "/v1/prices", `product=${product}&currency=usd&${sent}`);
      return [json.unit_amount, json.unit_amount_decimal];
    };
    assert.deepEqual(await amounts("unit_amount=2000"), [2_000, "2000"]);
    assert.deepEqual(await amounts("unit_amount=0"), [0, "0"]);
    assert.deepEqual(await amounts("unit_amount_decimal=123.45"), [null, "123.45"]);
    assert.deepEqual(await amounts("unit_amount_decimal=010.50"), [null, "10.5"]);
    assert.deepEqual(await amounts("unit_amount_decimal=10.000"), [10, "10"]);
    assert.deepEqual(await amounts("unit_amount_decimal=0.000000000001"), [null, "0.000000000001"]);
    const form = `product=${product}&currency=usd`;
    for (const wrong of ["0.0000000000001", "1e3", ".", "12,5"]) {
      assert.equal((await refused(`${form}&unit_amount_decimal=${wrong}`))[0], "unit_amount_decimal", wrong);
    }
    assert.deepEqual(await refused(`${form}&unit_amount=-1`), [
      "unit_amount",
      "This value must be greater than or equal to 0.",
    ]);
    assert.equal((await refused(`${form}&unit_amount=1&unit_amount_decimal=1`))[0], "unit_amount");
    assert.match(String((await refused(`${form}&unit_amount=100000000`))[1]), /no more than/);
  });

  test("tiers ascend to the last one, which has no end, and are shown when asked for", async () => {
    const { stripe, product, refused } = await startShop();
    const tiered = {
      product,
      currency: "usd",
      billing_scheme: "tiered",
      tiers_mode: "graduated",
      recurring: { interval: "month" },
      tiers: [
        { up_to: 5, unit_amount: 500, flat_amount: 900 },
        { up_to: "inf", unit_amount_decimal: "0.5" as unknown as Stripe.Decimal },
      ],
    } as const;
    const made = await stripe.prices.create({ ...tiered, tiers: [...tiered.tiers] });
    assert.deepEqual([made.billing_scheme, made.unit_amount, "tiers" in made], ["tiered", null, false]);
    const { tiers } = await stripe.prices.retrieve(made.id, { expand: ["tiers"] });
    assert.deepEqual(JSON.parse(JSON.stringify(tiers)), [
      { flat_amount: 900, flat_amount_decimal: "900", unit_amount: 500, unit_amount_decimal: "500", up_to: 5 },
      { flat_amount: null, flat_amount_decimal: null, unit_amount: null, unit_amount_decimal: "0.5", up_to: null },
    ]);
    const asked = (form: string) => refused(`product=${product}&currency=usd&billing_scheme=tiered&${form}`);
    const graduated = "tiers_mode=graduated&recurring[interval]=month";
    const first = "tiers[0][up_to]=5&tiers[0][unit_amount]=1";
    assert.equal((await asked("tiers_mode=volume"))[0], "tiers");
    assert.match(String((await asked(`${graduated}&${first}`))[1]), /up_to=inf/);
    assert.match(
      String(
        (
          await asked(
            `${graduated}&${first}&${first.replaceAll("[0]", "[1]")}&tiers[2][up_to]=inf&tiers[2][unit_amount]=1`,
          )
        )[1],
      ),
      /greater than the one before/,
    );
    assert.equal((await asked(`${graduated}&tiers[0][up_to]=inf`))[0], "tiers");
    assert.equal((await asked(`${graduated}&${first}&unit_amount=5`))[0], "unit_amount");
    assert.equal((await refused(`product=${product}&currency=usd&unit_amount=5&tiers_mode=volume`))[0], "tiers_mode");
  });

  test("other currencies are shown when asked for, each with what it costs there, and may come later", async () => {
    const { stripe, product, call, refused } = await startShop();
    const { id } = await stripe.prices.create({
      product,
      currency: "usd",
      unit_amount: 2_000,
      currency_options: { eur: { unit_amount: 1_800, tax_behavior: "inclusive" } },
    });
    const shown = async () =>
      (await stripe.prices.retrieve(id, { expand: ["currency_options"] })).currency_options ?? {};
    const amounts = async () =>
      Object.entries(await shown()).map(([currency, { unit_amount, tax_behavior }]) => [
        currency,
        unit_amount,
        tax_behavior,
      ]);
    assert.deepEqual(await amounts(), [
      ["eur", 1_800, "inclusive"],
      ["usd", 2_000, "unspecified"],
    ]);
    await stripe.prices.update(id, { currency_options: { gbp: { unit_amount: 1_500 } } });
    assert.deepEqual(
      (await amounts()).map(([currency]) => currency),
      ["eur", "gbp", "usd"],
    );
    await call("POST", `/v1/prices/${id}`, "currency_options=");
    assert.deepEqual(
      (await amounts()).map(([currency]) => currency),
      ["usd"],
    );
    assert.deepEqual(await refused("currency_options[EUR][unit_amount]=5", `/v1/prices/${id}`), [
      "currency_options",
      "Currencies must be lowercase when used as keys in a map. Use `eur` instead of `EUR`.",
    ]);
    assert.equal((await refused("currency_options[usd][unit_amount]=5", `/v1/prices/${id}`))[0], "currency_options");
    assert.equal((await refused("currency_options[xxx][unit_amount]=5", `/v1/prices/${id}`))[0], "currency_options");
  });

  test("a lookup key is one price's, active or not, until another takes it over or it is given up", async () => {
    const { stripe, product, call, refused, eventTypes } = await startShop();
    const first = await stripe.prices.create({ product, ...monthly, lookup_key: "gold" });
    await stripe.prices.update(first.id, { active: false });
    const form = `product=${product}&currency=eur&unit_amount=900&lookup_key=gold`;
    assert.deepEqual(await refused(form), ["lookup_key", `A price (\`${first.id}\`) already uses that lookup key.`]);
    const before = (await eventTypes()).length;
    const { json: second } = await call("POST", "/v1/prices", `${form}&transfer_lookup_key=true`);
    assert.deepEqual((await eventTypes()).slice(before), ["price.created", "price.updated"]);
    const [lost] = (await stripe.events.list({ type: "price.updated", limit: 1 })).data;
    assert.deepEqual(lost?.data.previous_attributes, { lookup_key: "gold" });
    assert.equal((lost?.data.object as Stripe.Price | undefined)?.id, first.id);
    const named = await stripe.prices.list({ lookup_keys: ["gold", "silver"] });
    assert.deepEqual(
      named.data.map(({ id }) => id),
      [second.id],
    );
    assert.equal((await call("POST", `/v1/prices/${String(second.id)}`, "lookup_key=")).json.lookup_key, null);
    assert.equal((await stripe.prices.update(first.id, { lookup_key: "gold" })).lookup_key, "gold");
    assert.equal((await stripe.prices.update(first.id, { lookup_key: "gold" })).lookup_key, "gold", "its own");
  });

  test("what is charged never changes; what is said of it does, a tax behavior once", async () => {
    const { stripe, product, refused } = await startShop();
    const { id } = await stripe.prices.create({ product, ...monthly });
    for (const fixed of ["unit_amount=5", "currency=usd", "recurring[interval]=year", "product=prod_1"]) {
      const [name = ""] = fixed.split("=");
      assert.deepEqual((await refused(fixed, `/v1/prices/${id}`))[0], name, fixed);
    }
    const changed = await stripe.prices.update(id, {
      nickname: "old",
      metadata: { a: "1" },
      tax_behavior: "inclusive",
    });
    assert.deepEqual([changed.nickname, changed.metadata, changed.tax_behavior], ["old", { a: "1" }, "inclusive"]);
    const [event] = (await stripe.events.list({ type: "price.updated" })).data;
    const previous = { metadata: { a: null }, nickname: null, tax_behavior: "unspecified" };
    assert.deepEqual(event?.data.previous_attributes, previous);
    assert.equal((await refused("tax_behavior=exclusive", `/v1/prices/${id}`))[0], "tax_behavior");
  });

  test("a price that customers choose has bounds; it is paid once", async () => {
    const { call, product, refused } = await startShop();
    const form = `product=${product}&currency=usd&custom_unit_amount[enabled]=true`;
    const { json } = await call(
      "POST",
      "/v1/prices",
      `${form}&custom_unit_amount[minimum]=100&custom_unit_amount[maximum]=900&custom_unit_amount[preset]=500`,
    );
    assert.deepEqual(json.custom_unit_amount, { maximum: 900, minimum: 100, preset: 500 });
    assert.deepEqual([json.unit_amount, json.unit_amount_decimal], [null, null]);
    assert.equal((await refused(`${form}&recurring[interval]=month`))[0], "custom_unit_amount");
    assert.equal((await refused(`${form}&unit_amount=5`))[0], "unit_amount");
    assert.equal(
      (await refused(`${form}&custom_unit_amount[minimum]=9&custom_unit_amount[preset]=5`))[0],
      "custom_unit_amount",
    );
  });

  test("an interval is at most three years, packages have a size, and metered prices a meter", async () => {
    const { call, product, refused } = await startShop();
    const form = `product=${product}&currency=usd&unit_amount=5`;
    for (const [interval, count] of Object.entries({ day: 1_095, week: 156, month: 36, year: 3 })) {
      const asked = (number: number) => `${form}&recurring[interval]=${interval}&recurring[interval_count]=${number}`;
      assert.equal((await call("POST", "/v1/prices", asked(count))).status, 200);
      assert.equal((await refused(asked(count + 1)))[0], "recurring[interval_count]");
      assert.equal((await refused(asked(0)))[0], "recurring[interval_count]");
    }
    const packages = `${form}&transform_quantity[divide_by]=60&transform_quantity[round]=up`;
    const { json } = await call("POST", "/v1/prices", packages);
    assert.deepEqual(json.transform_quantity, { divide_by: 60, round: "up" });
    assert.equal((await refused(packages.replace("=60", "=0")))[0], "transform_quantity[divide_by]");
    const metered = `${form}&recurring[interval]=month&recurring[usage_type]=metered`;
    assert.match(String((await refused(metered))[1]), /must be backed by meters/);
    const old = { form: `${metered}&recurring[aggregate_usage]=max`, headers: { "stripe-version": "2024-06-20" } };
    const { json: counted } = await call("POST", "/v1/prices", old);
    assert.equal((counted.recurring as Record<string, unknown>).aggregate_usage, "max");
    const { json: today } = await call("GET", `/v1/prices/${String(counted.id)}`);
    assert.equal("aggregate_usage" in (today.recurring as object), false);
    assert.equal((await refused(old.form))[0], "recurring[aggregate_usage]");
    assert.equal((await call("POST", "/v1/prices", `${metered}&recurring[meter]=mtr_1`)).status, 501);
  });

  test("lists and searches find prices by what they are", async () => {
    const { stripe, product } = await startShop();
    const once = await stripe.prices.create({ product, currency: "usd", unit_amount: 5 });
    const again = await stripe.prices.create({ product, ...monthly, lookup_key: "gold" });
    await stripe.prices.update(once.id, { active: false });
    const ids = async (params: Stripe.PriceListParams) => (await stripe.prices.list(params)).data.map(({ id }) => id);
    assert.deepEqual(await ids({ product }), [again.id, once.id]);
    assert.deepEqual(await ids({ active: false }), [once.id]);
    assert.deepEqual(await ids({ currency: "eur" }), [again.id]);
    assert.deepEqual(await ids({ type: "one_time" }), [once.id]);
    assert.deepEqual(await ids({ recurring: { interval: "month" } }), [again.id]);
    assert.deepEqual(await ids({ recurring: { interval: "year" } }), []);
    await assert.rejects(stripe.prices.list({ product: "prod_nope" }), { code: "resource_missing", param: "product" });
    const found = await stripe.prices.search({ query: "active:'true' AND lookup_key:'gold'" });
    assert.deepEqual(
      found.data.map(({ id }) => id),
      [again.id],
    );
  });
});
