import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { startWorld } from "../../testing.ts";

suite("the balance of a customer", () => {
  test("a credit and a debit move it, each says what it came to", async () => {
    const { stripe, eventTypes } = startWorld();
    const { id } = await stripe.customers.create();
    const credit = await stripe.customers.createBalanceTransaction(id, {
      amount: -500,
      currency: "eur",
      description: "an apology",
      metadata: { ticket: "7" },
    });
    assert.deepEqual(
      [credit.type, credit.amount, credit.ending_balance, credit.description, credit.metadata],
      ["adjustment", -500, -500, "an apology", { ticket: "7" }],
    );
    const debit = await stripe.customers.createBalanceTransaction(id, { amount: 200, currency: "EUR" });
    assert.deepEqual([debit.ending_balance, debit.currency], [-300, "eur"]);
    const customer = await stripe.customers.retrieve(id);
    assert.ok(!customer.deleted);
    assert.deepEqual([customer.balance, customer.currency], [-300, "eur"]);
    const { data } = await stripe.customers.listBalanceTransactions(id);
    assert.deepEqual(
      data.map((one) => one.id),
      [debit.id, credit.id],
    );
    assert.deepEqual(await eventTypes(), ["customer.created", "customer.updated", "customer.updated"]);
  });

  test("one that is set with the customer is a movement too, so that it is always the sum of them", async () => {
    const { stripe } = startWorld();
    const { id } = await stripe.customers.create({ balance: -1000 });
    await stripe.customers.update(id, { balance: 250 });
    await stripe.customers.update(id, { name: "Ada" });
    const { data } = await stripe.customers.listBalanceTransactions(id);
    assert.deepEqual(
      data.map(({ type, amount, ending_balance }) => [type, amount, ending_balance]),
      [
        ["adjustment", 1250, 250],
        ["initial", -1000, -1000],
      ],
    );
  });

  test("what it was for may be said later, what it moved stays", async () => {
    const { stripe } = startWorld();
    const { id } = await stripe.customers.create();
    const made = await stripe.customers.createBalanceTransaction(id, { amount: 1, currency: "usd" });
    const said = { description: "a cent", metadata: { why: "test" } };
    const updated = await stripe.customers.updateBalanceTransaction(id, made.id, said);
    assert.deepEqual(updated, { ...made, ...said });
    assert.deepEqual(await stripe.customers.retrieveBalanceTransaction(id, made.id), updated);
  });

  test("a movement has one customer", async () => {
    const { call, stripe } = startWorld();
    const { id } = await stripe.customers.create();
    const other = await stripe.customers.create();
    const made = await stripe.customers.createBalanceTransaction(id, { amount: 1, currency: "usd" });
    const foreign = await call("GET", `/v1/customers/${other.id}/balance_transactions/${made.id}`);
    assert.deepEqual(
      [foreign.status, foreign.error.code, foreign.error.param],
      [404, "resource_missing", "transaction"],
    );
    assert.equal((await call("GET", "/v1/customers/cus_nope/balance_transactions")).status, 404);
    assert.equal((await stripe.customers.listBalanceTransactions(id)).data.length, 1);
  });
});
