// What may be expanded follows from the declarations, and not from what one object happens to carry.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type SandboxWorld, startWorld } from "./testing.ts";

/** By noun: `x-expandableFields` of Stripe's specification of its API, and fields that hold no object. */
const fields: Readonly<Record<string, { readonly expandable: string; readonly plain: string }>> = {
  customers: {
    expandable:
      "address cash_balance default_source discount invoice_credit_balance invoice_settings shipping sources " +
      "subscriptions tax tax_ids test_clock",
    plain: "balance created currency email id metadata object preferred_locales tax_exempt",
  },
  charges: {
    expandable:
      "application application_fee balance_transaction billing_details customer dispute failure_balance_transaction " +
      "fraud_details level3 on_behalf_of outcome payment_intent payment_method_details presentment_details " +
      "radar_options refunds review shipping source source_transfer transfer transfer_data",
    plain: "amount captured disputed metadata payment_method receipt_url status",
  },
  payment_intents: {
    expandable:
      "amount_details application automatic_payment_methods customer last_payment_error latest_charge next_action " +
      "on_behalf_of payment_method payment_method_configuration_details payment_method_options presentment_details " +
      "processing review shipping transfer_data",
    plain: "amount client_secret currency metadata payment_method_types status",
  },
  refunds: {
    expandable:
      "balance_transaction charge destination_details failure_balance_transaction next_action payment_intent " +
      "presentment_details source_transfer_reversal transfer_reversal",
    plain: "amount metadata reason receipt_number status",
  },
  payment_methods: {
    expandable: "billing_details card customer ideal radar_options sepa_debit us_bank_account",
    plain: "created metadata type",
  },
  balance_transactions: { expandable: "fee_details source", plain: "amount available_on net status" },
  setup_intents: {
    expandable:
      "application automatic_payment_methods customer latest_attempt mandate payment_method single_use_mandate",
    plain: "client_secret metadata payment_method_types status usage",
  },
};

async function made({ stripe }: SandboxWorld): Promise<Readonly<Record<string, string>>> {
  const { id: customers } = await stripe.customers.create({});
  const { id: charges, balance_transaction } = await stripe.charges.create({
    amount: 900,
    currency: "usd",
    source: "tok_visa",
  });
  return {
    customers,
    charges,
    balance_transactions: String(balance_transaction),
    payment_intents: (await stripe.paymentIntents.create({ amount: 900, currency: "usd" })).id,
    payment_methods: (await stripe.paymentMethods.attach("pm_card_visa", { customer: customers })).id,
    refunds: (await stripe.refunds.create({ charge: charges, amount: 100 })).id,
    setup_intents: (await stripe.setupIntents.create({})).id,
  };
}

suite("what may be expanded", () => {
  for (const [noun, { expandable, plain }] of Object.entries(fields)) {
    test(`of ${noun}: whatever holds an object, alone and in a list, one that is empty too`, async () => {
      const world = startWorld();
      const { [noun]: id } = await made(world);
      const empty = { authorization: "Bearer sk_test_empty" };
      const ask = async (path: string, name: string, headers?: Record<string, string>) => {
        const { status, error } = await world.call("GET", path, { form: `expand[]=${name}`, headers });
        return status === 200 ? "200" : `${status} ${error.message}`;
      };
      for (const name of expandable.split(" ")) {
        assert.equal(await ask(`/v1/${noun}/${id}`, name), "200", name);
        assert.equal(await ask(`/v1/${noun}`, `data.${name}`), "200", `data.${name}`);
      }
      for (const name of [...plain.split(" "), "nonsense"]) {
        const words = `400 This property cannot be expanded (${name}).`;
        assert.equal(await ask(`/v1/${noun}/${id}`, name), words);
        assert.equal(await ask(`/v1/${noun}`, `data.${name}`, empty), words);
      }
    });
  }

  test("what is not built shows its empty form to whoever asks, and to nobody else", async () => {
    const { call, stripe } = startWorld();
    const { id } = await stripe.customers.create({});
    const asked = ["tax", "invoice_credit_balance", "subscriptions", "tax_ids", "cash_balance", "sources"];
    const { json } = await call("GET", `/v1/customers/${id}`, asked.map((name) => `expand[]=${name}`).join("&"));
    const list = (name: string) => ({
      object: "list",
      data: [],
      has_more: false,
      total_count: 0,
      url: `/v1/customers/${id}/${name}`,
    });
    assert.deepEqual(Object.fromEntries(asked.map((name) => [name, json[name]])), {
      tax: { automatic_tax: "unrecognized_location", ip_address: null, location: null, provider: "stripe" },
      invoice_credit_balance: {},
      subscriptions: list("subscriptions"),
      tax_ids: list("tax_ids"),
      cash_balance: null,
      sources: list("sources"),
    });
    const unasked = await call("GET", `/v1/customers/${id}`);
    for (const name of asked) assert.ok(!(name in unasked.json), name);
  });

  test("what was added later can be expanded under every older version, what was removed says so", async () => {
    const { call, stripe } = startWorld();
    const { id } = await stripe.paymentIntents.create({ amount: 900, currency: "usd" });
    const ask = (name: string, version: string) =>
      call("GET", `/v1/payment_intents/${id}`, { form: `expand[]=${name}`, headers: { "stripe-version": version } });
    assert.equal((await ask("latest_charge", "2020-08-27")).status, 200);
    assert.equal((await ask("presentment_details", "2020-08-27")).status, 200);
    assert.equal((await ask("invoice", "2024-06-20")).status, 200);
    const { error } = await ask("invoice", "2026-10-28.endive");
    assert.equal(error.message, "This property cannot be expanded because it doesn't exist: invoice.");
  });
});
