import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createSandbox } from "../../index.ts";
import { type SandboxWorld, startWorld } from "../../testing.ts";

/** Seen in answers of 2026: an account in the United States that has them on. */
const recorded = ["card", "afterpay_clearpay", "alipay", "klarna", "link", "us_bank_account", "wechat_pay"];

const automatic = "automatic_payment_methods";

async function typesOf({ call }: SandboxWorld, form: string): Promise<unknown> {
  const { json } = await call("POST", "/v1/payment_intents", form);
  return json.payment_method_types;
}

suite("payment method configurations", () => {
  const offered: readonly (readonly [why: string, form: string, types: readonly string[]])[] = [
    ["dollars", "amount=2000&currency=usd", recorded],
    ["too little for Afterpay", "amount=99&currency=usd", recorded.filter((type) => type !== "afterpay_clearpay")],
    ["too much for Afterpay", "amount=400001&currency=usd", recorded.filter((type) => type !== "afterpay_clearpay")],
    ["yuan", "amount=2000&currency=cny", ["card", "alipay", "link", "wechat_pay"]],
    ["euros", "amount=2000&currency=eur", ["card", "link"]],
    ["held first", "amount=2000&currency=usd&capture_method=manual", ["card", "afterpay_clearpay", "klarna", "link"]],
    [
      "no redirects",
      `amount=2000&currency=usd&${automatic}[enabled]=true&${automatic}[allow_redirects]=never`,
      ["card", "link", "us_bank_account", "wechat_pay"],
    ],
    ["excluded", "amount=2000&currency=cny&excluded_payment_method_types[]=alipay", ["card", "link", "wechat_pay"]],
  ];
  for (const [why, form, types] of offered) {
    test(`an intent lists what is on and fits: ${why}`, async () => {
      const world = startWorld({ paymentMethodTypes: recorded });
      assert.deepEqual(await typesOf(world, form), types);
    });
  }

  test("another amount brings other types", async () => {
    const world = startWorld({ paymentMethodTypes: ["card", "afterpay_clearpay"] });
    const { json } = await world.call("POST", "/v1/payment_intents", "amount=60&currency=usd");
    assert.deepEqual(json.payment_method_types, ["card"]);
    const { json: more } = await world.call("POST", `/v1/payment_intents/${json.id}`, "amount=6000");
    assert.deepEqual(more.payment_method_types, ["card", "afterpay_clearpay"]);
  });

  test("an account changes its own as at Stripe, and a second one is used by its name", async () => {
    const world = startWorld();
    const { stripe } = world;
    const [first] = (await stripe.paymentMethodConfigurations.list()).data;
    assert.ok(first);
    assert.deepEqual([first.is_default, first.card?.available, first.link?.available], [true, true, false]);
    const on = { display_preference: { preference: "on" } } as const;
    const off = { display_preference: { preference: "off" } } as const;
    const changed = await stripe.paymentMethodConfigurations.update(first.id, { link: on, affirm: off });
    assert.deepEqual(changed.link, {
      available: true,
      display_preference: { overridable: null, preference: "on", value: "on" },
    });
    assert.deepEqual(await typesOf(world, "amount=2000&currency=usd"), ["card", "link"]);
    const second = await stripe.paymentMethodConfigurations.create({ name: "Debits", us_bank_account: on });
    assert.equal((await stripe.paymentMethodConfigurations.retrieve(second.id)).name, "Debits");
    const form = `amount=2000&currency=usd&payment_method_configuration=${second.id}`;
    const { json } = await world.call("POST", "/v1/payment_intents", form);
    assert.deepEqual(json.payment_method_types, ["card", "us_bank_account"]);
    assert.deepEqual(json.payment_method_configuration_details, { id: second.id, parent: null });
  });

  test("one that is nowhere is missing, and a type that is not played cannot be turned on", async () => {
    const { call, stripe } = startWorld();
    const form = "amount=2000&currency=usd&payment_method_configuration=pmc_none";
    const { status, error } = await call("POST", "/v1/payment_intents", form);
    assert.deepEqual([status, error.code, error.param], [400, "resource_missing", "payment_method_configuration"]);
    assert.equal((await call("GET", "/v1/payment_method_configurations/pmc_none")).status, 404);
    const { id } = (await stripe.paymentMethodConfigurations.list()).data[0] ?? {};
    const on = await call(
      "POST",
      `/v1/payment_method_configurations/${id}`,
      "affirm[display_preference][preference]=on",
    );
    assert.deepEqual([on.status, on.error.code, on.error.param], [501, "sandbox_not_covered", "affirm"]);
  });

  test("the option refuses a type that is not played, by name", () => {
    assert.throws(() => createSandbox({ paymentMethodTypes: ["card", "boleto"] }), {
      message: "The sandbox does not have payment methods of type boleto",
    });
  });
});
