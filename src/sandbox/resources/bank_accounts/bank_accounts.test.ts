import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { startWorld } from "../../testing.ts";
import { testNumbers } from "./test_numbers.table.ts";

const ada = { country: "US", account_holder_name: "Ada", routing_number: "110000000" } as const;

async function startBank(number = "000123456789") {
  const world = startWorld();
  const { stripe } = world;
  const { id: customer } = await stripe.customers.create();
  const token = await stripe.tokens.create({ bank_account: { ...ada, account_number: number } });
  const account = (await stripe.customers.createSource(customer, { source: token.id })) as Stripe.BankAccount;
  const guess = (...amounts: number[]) => stripe.customers.verifySource(customer, account.id, { amounts });
  return { ...world, customer, token, account, guess };
}

suite("bank accounts of a customer", () => {
  test("a token is of a bank account, once, and shows four digits of its number", async () => {
    const { stripe, customer, token, account, call } = await startBank();
    assert.match(token.id, /^btok_1\w{23}$/);
    assert.deepEqual(
      [token.type, token.bank_account?.status, token.bank_account?.last4],
      ["bank_account", "new", "6789"],
    );
    assert.match(account.id, /^ba_1\w{23}$/);
    assert.deepEqual(
      [account.id, account.customer, account.currency, account.bank_name, account.routing_number],
      [token.bank_account?.id, customer, "usd", "STRIPE TEST BANK", "110000000"],
    );
    assert.equal(((await stripe.customers.retrieve(customer)) as Stripe.Customer).default_source, account.id);
    assert.equal((await stripe.tokens.retrieve(token.id)).used, true);
    const again = await call("POST", "/v1/customers", `source=${token.id}`);
    assert.equal(again.error.code, "token_already_used");
    assert.ok(!JSON.stringify(await stripe.events.list()).includes("000123456789"));
  });

  test("the two amounts verify it, in either order, once; a wrong guess counts", async () => {
    const { account, guess, call, customer, eventTypes } = await startBank();
    const wrong = { code: "bank_account_verification_failed", message: /^The amounts provided do not match/ };
    await assert.rejects(guess(32, 44), wrong);
    await assert.rejects(guess(32), wrong);
    assert.equal((await guess(45, 32)).status, "verified");
    await assert.rejects(guess(32, 45), { message: "This bank account has already been verified." });
    const path = `/v1/customers/${customer}/sources/${account.id}/verify`;
    assert.deepEqual((await call("POST", path)).error.code, "parameter_missing");
    assert.deepEqual((await eventTypes()).slice(-1), ["customer.source.updated"]);
  });

  test("after ten wrong guesses it cannot be verified, nor where no deposit arrived", async () => {
    const { guess, stripe, customer, account } = await startBank();
    for (let n = 0; n < 10; n++) await assert.rejects(guess(1, 2));
    const after = (await stripe.customers.retrieveSource(customer, account.id)) as Stripe.BankAccount;
    assert.equal(after.status, "verification_failed");
    await assert.rejects(guess(32, 45), { statusCode: 400 });
    const other = await startBank("000666666661");
    await assert.rejects(other.guess(32, 45), { code: "bank_account_verification_failed" });
  });

  test("test mode takes its own numbers only, and IBANs", async () => {
    const { stripe, call } = startWorld();
    for (const number of testNumbers.keys()) {
      const { bank_account } = await stripe.tokens.create({ bank_account: { ...ada, account_number: number } });
      assert.equal(bank_account?.last4, number.slice(-4));
    }
    const iban = { country: "DE", currency: "eur", account_number: "DE89 3704 0044 0532 0130 00" };
    const { bank_account: german } = await stripe.tokens.create({ bank_account: iban });
    assert.deepEqual([german?.country, german?.currency, german?.last4], ["DE", "eur", "3000"]);
    const refused: readonly [form: string, code: string | undefined, param: string][] = [
      ["[country]=US&[account_number]=123&[routing_number]=110000000", "account_number_invalid", "[account_number]"],
      ["[country]=US&[account_number]=000123456789&[routing_number]=11", "routing_number_invalid", "[routing_number]"],
      ["[country]=US&[account_number]=000123456789", "parameter_missing", "[routing_number]"],
      ["[country]=US", "parameter_missing", "[account_number]"],
      ["[account_number]=000123456789", "parameter_missing", "[country]"],
      ["[country]=DE&[account_number]=DE00370400440532013000", "invalid_bank_account_iban", "[account_number]"],
      ["[country]=FR&[account_number]=DE89370400440532013000", "invalid_bank_account_iban", "[account_number]"],
      ["[country]=GB&[account_number]=00012345&[routing_number]=108800", undefined, "[country]"],
    ];
    for (const [form, code, param] of refused) {
      const { status, error } = await call("POST", "/v1/tokens", form.replaceAll(/(^|&)\[/g, "$1bank_account["));
      assert.deepEqual([status, error.code, error.param], [400, code, `bank_account${param}`], form);
    }
    assert.equal((await call("POST", "/v1/tokens", "pii[id_number]=1")).status, 501);
  });

  test("a customer has an account once; cards and accounts are listed together, newest first", async () => {
    const { stripe, customer, account, clock } = await startBank();
    const same = await stripe.tokens.create({ bank_account: { ...ada, account_number: "000123456789" } });
    await assert.rejects(stripe.customers.createSource(customer, { source: same.id }), { code: "bank_account_exists" });
    await clock.advance(1000);
    const card = await stripe.customers.createSource(customer, { source: "tok_visa" });
    await clock.advance(1000);
    const second = await stripe.customers.createSource(customer, { source: "btok_us_verified_noAccount" });
    assert.equal((second as Stripe.BankAccount).status, "verified");
    const all = [second.id, card.id, account.id];
    const seen: string[] = [];
    for await (const { id } of stripe.customers.listSources(customer, { limit: 1 })) seen.push(id);
    assert.deepEqual(seen, all);
    const before = await stripe.customers.listSources(customer, { limit: 1, ending_before: account.id });
    assert.deepEqual([before.data.map(({ id }) => id), before.has_more], [[card.id], true]);
    const kind = async (object: string) => (await stripe.customers.listSources(customer, { object })).data.length;
    assert.deepEqual([await kind("bank_account"), await kind("card"), await kind("source")], [2, 1, 0]);
    const { sources } = (await stripe.customers.retrieve(customer, { expand: ["sources"] })) as Stripe.Customer;
    assert.deepEqual(
      sources?.data.map(({ id }) => id),
      all,
    );
  });

  test("it is changed and deleted, and the default goes to the next", async () => {
    const { stripe, customer, account, call } = await startBank();
    const card = await stripe.customers.createSource(customer, { source: "tok_visa" });
    const changed = await stripe.customers.updateSource(customer, account.id, {
      account_holder_name: "Eve",
      account_holder_type: "company",
      metadata: { a: "b" },
    });
    const { account_holder_name: name, account_holder_type: type, metadata } = changed as Stripe.BankAccount;
    assert.deepEqual([name, type, metadata], ["Eve", "company", { a: "b" }]);
    const gone = (await stripe.customers.deleteSource(customer, account.id)) as Stripe.DeletedBankAccount;
    assert.deepEqual([gone.deleted, gone.object, gone.currency], [true, "bank_account", "usd"]);
    assert.equal(((await stripe.customers.retrieve(customer)) as Stripe.Customer).default_source, card.id);
    assert.equal((await call("GET", `/v1/customers/${customer}/sources/${account.id}`)).status, 404);
    assert.equal(
      (await call("POST", `/v1/customers/${customer}/sources/${card.id}/verify`, "amounts[]=1")).status,
      404,
    );
  });

  test("a charge of one says that the sandbox has no such debits", async () => {
    const { call, customer, account } = await startBank();
    const { status, error } = await call("POST", "/v1/charges", `amount=500&currency=usd&customer=${customer}`);
    assert.deepEqual([status, error.param], [400, "source"]);
    assert.match(String(error.message), new RegExp(account.id));
  });
});
