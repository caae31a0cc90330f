import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type SandboxWorld, startWorld } from "../../testing.ts";
import { billedCustomer, openInvoice } from "../invoices/testing.ts";

async function ready() {
  const world = startWorld();
  const { customer } = await billedCustomer(world);
  const { stripe } = world;
  const credit = (amount: number, currency: string) =>
    stripe.customers.createBalanceTransaction(customer, { amount, currency });
  await credit(-700, "usd");
  await credit(-250, "eur");
  const price = async (currency: string, amount: number) => {
    const recurring = { interval: "month" } as const;
    const { id } = await stripe.prices.create({
      currency,
      unit_amount: amount,
      recurring,
      product_data: { name: "Gold" },
    });
    return id;
  };
  return { ...world, world, customer, price };
}

async function balances({ stripe }: SandboxWorld, id: string) {
  const customer = await stripe.customers.retrieve(id, { expand: ["invoice_credit_balance"] });
  assert.ok(!customer.deleted);
  return [customer.currency, customer.balance, customer.invoice_credit_balance];
}

suite("a customer who is billed in several currencies", () => {
  test("has a balance in each, and no invoice takes from another than its own", async () => {
    const { world, stripe, customer } = await ready();
    assert.deepEqual(await balances(world, customer), ["usd", -700, { eur: 250, usd: 700 }]);
    const inEuro = await openInvoice(world, customer, 600, { currency: "eur" });
    assert.deepEqual([inEuro.starting_balance, inEuro.amount_due, inEuro.ending_balance], [-250, 350, 0]);
    const inPounds = await openInvoice(world, customer, 600, { currency: "gbp" });
    assert.deepEqual([inPounds.starting_balance, inPounds.amount_due], [0, 600]);
    assert.deepEqual(await balances(world, customer), ["usd", -700, { usd: 700 }]);
    await stripe.invoices.voidInvoice(inEuro.id);
    assert.deepEqual(await balances(world, customer), ["usd", -700, { eur: 250, usd: 700 }]);
    const { data } = await stripe.customers.listBalanceTransactions(customer);
    assert.deepEqual(
      data.map(({ amount, currency, ending_balance }) => [amount, currency, ending_balance]),
      [
        [-250, "eur", -250],
        [250, "eur", 0],
        [-250, "eur", -250],
        [-700, "usd", -700],
      ],
    );
  });

  test("subscribes in one at a time, and turns to another when nothing is billed in the one before", async () => {
    const { world, stripe, call, customer, price } = await ready();
    const [dollars, euros] = [await price("usd", 1000), await price("eur", 800)];
    const one = await stripe.subscriptions.create({ customer, items: [{ price: dollars }] });
    const inEuros = `customer=${customer}&items[0][price]=${euros}`;
    for (const form of [inEuros, `${inEuros}&currency=eur`]) {
      const { status, error } = await call("POST", "/v1/subscriptions", form);
      assert.deepEqual(
        [status, /active subscription,.* with currency usd\.$/.test(String(error.message))],
        [400, true],
      );
    }
    await stripe.subscriptions.cancel(one.id);
    const other = await stripe.subscriptions.create({ customer, items: [{ price: euros }] });
    const { amount_due, starting_balance } = await stripe.invoices.retrieve(String(other.latest_invoice));
    assert.deepEqual([other.currency, starting_balance, amount_due], ["eur", -250, 550]);
    assert.deepEqual(await balances(world, customer), ["eur", 0, {}]);
    const waiting = { customer, amount: 100, currency: "usd" };
    await stripe.invoiceItems.create(waiting);
    await stripe.subscriptions.cancel(other.id);
    assert.equal((await call("POST", "/v1/subscriptions", inEuros)).status, 400);
  });
});
