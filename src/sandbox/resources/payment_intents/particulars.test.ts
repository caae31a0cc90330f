// What is said of a payment besides: what the bank makes of it, and what of it stands on the charge.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type SandboxWorld, startWorld } from "../../testing.ts";

const never = "automatic_payment_methods[enabled]=true&automatic_payment_methods[allow_redirects]=never";
const base = `amount=2000&currency=eur&${never}&confirm=true&expand[]=latest_charge`;
const card = "payment_method_options[card]";
const imported = ["cryptogram=x", "transaction_id=ds_1", "version=2.1.0", "electronic_commerce_indicator=05"]
  .map((field) => field.replace(/^(\w+)=/, `${card}[three_d_secure][$1]=`))
  .join("&");
const mandate = [
  "amount=2000",
  "amount_type=maximum",
  "interval=month",
  "interval_count=1",
  "reference=r",
  "start_date=1",
]
  .map((field) => field.replace(/^(\w+)=/, `${card}[mandate_options][$1]=`))
  .join("&");

/** A card, what is said of it, and what the payment comes to: a status, or the code of a refusal. */
const outcomes: readonly (readonly [method: string, said: string, outcome: string])[] = [
  ["pm_card_authenticationRequiredOnSetup", "", "requires_action"],
  // https://github.com/activemerchant/active_merchant, in its remote tests.
  ["pm_card_authenticationRequiredOnSetup", `${card}[moto]=true`, "succeeded"],
  ["pm_card_authenticationRequired", `${card}[moto]=true`, "authentication_required"],
  ["pm_card_visa", `${card}[moto]=true`, "succeeded"],
  [
    "pm_card_authenticationRequiredOnSetup",
    `off_session=true&${card}[mit_exemption][network_transaction_id]=1`,
    "succeeded",
  ],
  ["pm_card_authenticationRequired", imported, "succeeded"],
  ["pm_card_threeDSecure2Required", imported, "succeeded"],
  ["pm_card_threeDSecureOptional", `${card}[request_three_d_secure]=challenge`, "requires_action"],
  ["pm_card_riskLevelHighest", "", "card_declined"],
  ["pm_card_riskLevelHighest", "radar_options[skip_rules][]=all", "succeeded"],
  ["pm_card_radarBlock", "radar_options[skip_rules][]=all", "card_declined"],
  ["4000003560000123", "", "succeeded"],
  ["4000003560000123", mandate, "requires_action"],
];

/** What is said, and what of it stands on the charge. */
const onCharges: readonly (readonly [method: string, said: string, field: string, shown: unknown])[] = [
  ["pm_card_visa", "radar_options[session]=rse_1", "radar_options", { session: "rse_1" }],
  [
    "pm_card_visa",
    "level3[merchant_reference]=m1&level3[shipping_amount]=100&level3[line_items][0][unit_cost]=2000",
    "level3",
    {
      line_items: [
        {
          discount_amount: null,
          product_code: "",
          product_description: "",
          quantity: null,
          tax_amount: null,
          unit_cost: 2000,
        },
      ],
      merchant_reference: "m1",
      shipping_amount: 100,
    },
  ],
  ["pm_card_visa", `${card}[network_token][cryptogram]=x`, "payment_method_details.card.network_token.used", true],
  ["pm_card_visa_cartesBancaires", "", "payment_method_details.card.network", "visa"],
  [
    "pm_card_visa_cartesBancaires",
    `${card}[network]=cartes_bancaires`,
    "payment_method_details.card.network",
    "cartes_bancaires",
  ],
  [
    "pm_card_authenticationRequired",
    imported,
    "payment_method_details.card.three_d_secure",
    {
      authentication_flow: null,
      electronic_commerce_indicator: "05",
      exemption_indicator: null,
      result: "authenticated",
      result_reason: null,
      transaction_id: "ds_1",
      version: "2.1.0",
    },
  ],
];

/** No SDK declares these, and Stripe takes them: each with a call that sends it. */
const undeclared: readonly (readonly [path: string, form: string])[] = [
  ["/v1/payment_intents", "fulfillment_date=1800000000"],
  ["/v1/payment_intents", "level3[merchant_reference]=1"],
  ["/v1/payment_intents", "radar_options[skip_rules][]=all"],
  ["/v1/payment_intents", "recipient_details[first_name]=Ada"],
  ["/v1/payment_intents", "sender_details[first_name]=Grace"],
  ["/v1/payment_intents", "save_payment_method=true"],
  ["/v1/payment_intents", `${card}[mit_exemption][network_transaction_id]=1`],
  ["/v1/payment_intents", `${card}[network_token][cryptogram]=1`],
  ["/v1/payment_intents", `${card}[stored_credential_transaction_type]=setup_on_session`],
  ["/v1/payment_intents", "payment_user_agent=ActiveMerchant"],
  ["/v1/charges", "payment_user_agent=ActiveMerchant"],
  ["/v1/charges", "recurring=true"],
  ["/v1/charges", "level3[merchant_reference]=1"],
  ["/v1/customers", "validate=false"],
  ["/v1/customers", "payment_user_agent=ActiveMerchant"],
  ["/v1/tokens", "card[last4]=4242&card[cryptogram]=x&card[eci]=7&card[tokenization_method]=apple_pay"],
];

const needed: Readonly<Record<string, string>> = {
  "/v1/payment_intents": "amount=2000&currency=usd",
  "/v1/charges": "amount=2000&currency=usd&source=tok_visa",
  "/v1/customers": "",
  "/v1/tokens": "card[number]=4242424242424242&card[exp_month]=9&card[exp_year]=2031",
};

async function methodOf({ call }: SandboxWorld, name: string): Promise<string> {
  if (name.startsWith("pm_")) return name;
  const form = `type=card&card[number]=${name}&card[exp_month]=12&card[exp_year]=2031&card[cvc]=123`;
  return String((await call("POST", "/v1/payment_methods", form)).json.id);
}

async function pay(world: SandboxWorld, name: string, said: string) {
  const form = `${base}&payment_method=${await methodOf(world, name)}&${said}`;
  return world.call("POST", "/v1/payment_intents", form);
}

suite("particulars of a payment", () => {
  for (const [name, said, outcome] of outcomes) {
    test(`${name} ${said}: ${outcome}`, async () => {
      const { json, error } = await pay(startWorld(), name, said);
      assert.equal(error.code ?? error.message ?? json.status, outcome);
    });
  }

  for (const [name, said, field, shown] of onCharges) {
    test(`${said || name} stands on the charge: ${field}`, async () => {
      const { json, error } = await pay(startWorld(), name, said);
      let value: unknown = json.latest_charge;
      for (const step of field.split(".")) value = (value as Readonly<Record<string, unknown>> | undefined)?.[step];
      assert.deepEqual(value, shown, String(error.message));
    });
  }

  test("what was said when an intent was made holds when it is confirmed", async () => {
    const world = startWorld();
    const made = await world.call(
      "POST",
      "/v1/payment_intents",
      `amount=2000&currency=eur&${never}&${card}[moto]=true`,
    );
    const path = `/v1/payment_intents/${made.json.id}/confirm`;
    const { json } = await world.call("POST", path, "payment_method=pm_card_authenticationRequiredOnSetup");
    assert.equal(json.status, "succeeded");
  });

  test("save_payment_method keeps the method of who has paid", async () => {
    const { stripe, call } = startWorld();
    const { id: customer } = await stripe.customers.create({});
    const form = `${base}&customer=${customer}&payment_method=pm_card_visa&save_payment_method=true`;
    const { json } = await call("POST", "/v1/payment_intents", form);
    assert.equal((await stripe.paymentMethods.retrieve(String(json.payment_method))).customer, customer);
  });

  test("validate=false keeps a card of which the bank was not asked", async () => {
    const { call, stripe } = startWorld();
    const refused = await call("POST", "/v1/customers", "source=tok_chargeDeclined");
    assert.equal(refused.status, 402);
    const { status } = await call("POST", "/v1/customers", "source=tok_chargeDeclined&validate=false");
    assert.equal(status, 200);
    const { id: customer } = await stripe.customers.create({});
    const path = "/v1/payment_methods/pm_card_chargeDeclined/attach";
    assert.equal((await call("POST", path, `customer=${customer}&validate=false`)).status, 200);
  });

  test("a card out of a wallet says so, and names the digits of the card behind it", async () => {
    const { call } = startWorld();
    const form = `${needed["/v1/tokens"]}&card[last4]=1881&card[tokenization_method]=apple_pay`;
    const { json: token } = await call("POST", "/v1/tokens", form);
    const { json: customer } = await call("POST", "/v1/customers", `source=${token.id}&expand[]=default_source`);
    for (const shown of [token.card, customer.default_source] as Record<string, unknown>[]) {
      const { dynamic_last4, last4, tokenization_method } = shown;
      assert.deepEqual([last4, dynamic_last4, tokenization_method], ["1881", "4242", "apple_pay"]);
    }
  });
});

suite("a method without a customer", () => {
  for (const name of ["4242424242424242", "4000000000000002"]) {
    test(`${name} is used up by one attempt, and a customer's is not`, async () => {
      const world = startWorld();
      const method = await methodOf(world, name);
      await world.call("POST", "/v1/payment_intents", `${base}&payment_method=${method}`);
      const again = await world.call("POST", "/v1/payment_intents", `${base}&payment_method=${method}`);
      assert.equal(again.status, 400);
      assert.match(String(again.error.message), /^The provided PaymentMethod was previously used/);
      const { id: customer } = await world.stripe.customers.create({});
      const theirs = await methodOf(world, name);
      const attach = `customer=${customer}&validate=false`;
      await world.call("POST", `/v1/payment_methods/${theirs}/attach`, attach);
      for (let attempt = 0; attempt < 2; attempt++) {
        const form = `${base}&customer=${customer}&payment_method=${theirs}`;
        const { status } = await world.call("POST", "/v1/payment_intents", form);
        assert.equal(status, name === "4242424242424242" ? 200 : 402);
      }
    });
  }
});

suite("parameters that no SDK declares", () => {
  for (const [path, form] of undeclared) {
    test(`POST ${path} ${form} is taken under every version`, async () => {
      for (const version of ["2020-08-27", "2022-11-15", "2025-10-29.clover", "2026-10-28.endive"]) {
        const sent = { form: `${needed[path]}&${form}`, headers: { "stripe-version": version } };
        const { status, error } = await startWorld().call("POST", path, sent);
        assert.deepEqual([status, error.message], [200, undefined], version);
      }
    });
  }

  test("a confirmation may list the types once more", async () => {
    const { call } = startWorld();
    const headers = { "stripe-version": "2022-11-15" };
    const { json } = await call("POST", "/v1/payment_intents", { form: "amount=2000&currency=usd", headers });
    const form = "payment_method=pm_card_visa&payment_method_types[]=card";
    const confirmed = await call("POST", `/v1/payment_intents/${json.id}/confirm`, { form, headers });
    assert.equal(confirmed.json.status, "succeeded");
  });
});
