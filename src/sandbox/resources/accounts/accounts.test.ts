import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { startWorld } from "../../testing.ts";

suite("accounts", () => {
  test("a program that asks who it is finds an account that may do everything", async () => {
    const { stripe } = startWorld();
    const account = await stripe.accounts.retrieveCurrent();
    assert.deepEqual(
      [account.charges_enabled, account.payouts_enabled, account.details_submitted, account.type],
      [true, true, true, "standard"],
    );
    assert.deepEqual([account.country, account.default_currency], ["US", "usd"]);
    assert.equal((await stripe.balance.retrieve()).available[0]?.currency, account.default_currency);
    assert.equal(account.capabilities?.sepa_debit_payments, "active");
    const { lastResponse: _, ...byId } = await stripe.accounts.retrieve(account.id);
    const { lastResponse: __, ...own } = await stripe.accounts.retrieve(null);
    assert.deepEqual(byId, own);
  });

  test("the id stays with the key, and is the one that acts", async () => {
    const [one, other] = [startWorld({ seed: 1 }), startWorld({ seed: 2 })];
    const { id } = await one.stripe.accounts.retrieveCurrent();
    assert.match(id, /^acct_1\w{15}$/);
    assert.equal((await other.stripe.accounts.retrieveCurrent()).id, id);
    const own = await one.call("GET", "/v1/customers", { headers: { "stripe-account": id } });
    assert.equal(own.status, 200);
    const elsewhere = await one.call("GET", "/v1/account", { headers: { authorization: "Bearer sk_test_somebody" } });
    assert.notEqual(elsewhere.json.id, id);
  });

  test("of another account nothing is told", async () => {
    const { call } = startWorld();
    const { status, error } = await call("GET", "/v1/accounts/acct_1SomebodyElse00");
    assert.deepEqual([status, error.type, error.code], [403, "invalid_request_error", "account_invalid"]);
    assert.equal(
      error.message,
      "The provided key 'sk_test_*orld' does not have access to account 'acct_1SomebodyElse00' (or that account does " +
        "not exist). Application access may have been revoked.",
    );
  });

  test("the schedule of payouts is the one that was set", async () => {
    const { stripe } = startWorld();
    const before = await stripe.accounts.retrieveCurrent();
    assert.deepEqual(before.settings?.payouts?.schedule, { delay_days: 7, interval: "manual" });
    const schedule = { interval: "weekly", weekly_payout_days: ["friday"] } as const;
    await stripe.balanceSettings.update({
      payments: {
        payouts: { schedule: { ...schedule, weekly_payout_days: ["friday"] }, statement_descriptor: "SHOP" },
      },
    });
    const { settings } = await stripe.accounts.retrieveCurrent();
    assert.deepEqual(settings?.payouts?.schedule, { delay_days: 7, ...schedule });
    assert.equal(settings?.payouts?.statement_descriptor, "SHOP");
  });

  test("accounts are neither made nor changed nor shown to browsers", async () => {
    const { call } = startWorld();
    for (const path of ["/v1/accounts", "/v1/accounts/acct_1"]) assert.equal((await call("POST", path)).status, 501);
    const { status, error } = await call("GET", "/v1/account", { headers: { authorization: "Bearer pk_test_world" } });
    assert.deepEqual([status, error.code], [401, "secret_key_required"]);
  });
});
