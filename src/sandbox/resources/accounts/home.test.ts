// What follows from the country of a sandbox's accounts.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createSandbox } from "../../index.ts";
import { startWorld } from "../../testing.ts";

const all = ["card", "afterpay_clearpay", "alipay", "klarna", "us_bank_account", "wechat_pay"];
const usual = { automatic_payment_methods: { enabled: true } };

suite("the country of accounts", () => {
  test("an account and its invoices name it, and its currency stands where none is said", async () => {
    const { stripe } = startWorld({ country: "DE" });
    const account = await stripe.accounts.retrieveCurrent();
    assert.deepEqual([account.country, account.default_currency], ["DE", "eur"]);
    assert.equal((await stripe.balance.retrieve()).available[0]?.currency, "eur");
    const { id: customer } = await stripe.customers.create({ balance: -500 });
    const invoice = await stripe.invoices.create({ customer });
    assert.deepEqual([invoice.account_country, invoice.currency], ["DE", "eur"]);
    const { data } = await stripe.customers.listBalanceTransactions(customer);
    assert.equal(data[0]?.currency, "eur");
  });

  test("nobody has to say it: the United States", async () => {
    const { stripe } = startWorld();
    const account = await stripe.accounts.retrieveCurrent();
    assert.deepEqual([account.country, account.default_currency], ["US", "usd"]);
  });

  for (const [country, currency, offered] of [
    ["US", "usd", all],
    ["US", "eur", ["card"]],
    ["DE", "eur", ["card", "alipay", "klarna", "wechat_pay"]],
    ["DE", "usd", ["card"]],
    ["GB", "gbp", ["card", "afterpay_clearpay", "alipay", "klarna", "wechat_pay"]],
  ] as const) {
    test(`an account in ${country} offers for ${currency}: ${offered.join(", ")}`, async () => {
      const { stripe } = startWorld({ country, paymentMethodTypes: all });
      const { payment_method_types } = await stripe.paymentIntents.create({ amount: 2000, currency, ...usual });
      assert.deepEqual(payment_method_types, offered);
    });
  }

  test("what an account cannot have is refused by name", async () => {
    const { call } = startWorld({ country: "DE" });
    const form = "amount=2000&currency=usd&payment_method_types[]=us_bank_account";
    const { status, error } = await call("POST", "/v1/payment_intents", form);
    assert.deepEqual([status, error.param], [400, "payment_method_types"]);
    assert.match(String(error.message), /us_bank_account/);
  });

  test("a country without Stripe is refused", () => {
    assert.throws(() => createSandbox({ country: "XX" }), { code: "invalid_config", message: /XX/ });
  });
});
