// Keys of metadata are the caller's: those that every object of JavaScript has by nature are keys like any other.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type SandboxWorld, startWorld } from "./testing.ts";

const keys = ["__proto__", "constructor", "hasOwnProperty", "prototype", "toString", "valueOf"];

/** As a parser of JSON makes it: each an own key. */
function withEach(value: string): Record<string, string> {
  return JSON.parse(`{${keys.map((key) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join()}}`);
}

const formOf = (value: string) => keys.map((key) => `metadata[${key}]=${value}`).join("&");

/** One of each noun that takes metadata, by its address; and what makes one. */
async function makers({ stripe }: SandboxWorld): Promise<Readonly<Record<string, string>>> {
  const { id: customer } = await stripe.customers.create({ email: "ada@shop.test", source: "tok_visa" });
  const { id: product } = await stripe.products.create({ name: "Gold" });
  const { id: coupon } = await stripe.coupons.create({ percent_off: 10 });
  const { id: price } = await stripe.prices.create({
    currency: "usd",
    unit_amount: 900,
    recurring: { interval: "month" },
    product,
  });
  const { id: charge } = await stripe.charges.create({ amount: 900, currency: "usd", source: "tok_bypassPending" });
  const { id: invoice } = await stripe.invoices.create({ customer });
  await stripe.invoiceItems.create({ customer, invoice, amount: 900 });
  await stripe.invoices.finalizeInvoice(invoice);
  return {
    charges: "amount=900&currency=usd&source=tok_visa",
    coupons: "percent_off=5",
    credit_notes: `invoice=${invoice}&amount=100`,
    customers: "name=Ada",
    "entitlements/features": "lookup_key=gold&name=Gold",
    invoiceitems: `customer=${customer}&amount=900&currency=usd`,
    invoices: `customer=${customer}`,
    payment_intents: "amount=900&currency=usd",
    payment_methods: "type=card&card[token]=tok_visa",
    plans: `currency=usd&amount=900&interval=month&product=${product}`,
    prices: `currency=usd&unit_amount=900&product=${product}`,
    products: "name=Silver",
    promotion_codes: `promotion[type]=coupon&promotion[coupon]=${coupon}`,
    refunds: `charge=${charge}&amount=10`,
    setup_intents: `customer=${customer}`,
    shipping_rates: "display_name=Ground&fixed_amount[amount]=500&fixed_amount[currency]=eur",
    subscription_schedules: `customer=${customer}&start_date=1900000000&phases[0][items][0][price]=${price}`,
    subscriptions: `customer=${customer}&items[0][price]=${price}`,
    tax_rates: "display_name=VAT&percentage=19&inclusive=false",
    webhook_endpoints: "url=https://shop.test/hook&enabled_events[]=*",
  };
}

suite("a key of metadata that every object has by nature", () => {
  test("is kept, changed, told and taken away on every noun", async () => {
    const world = startWorld();
    for (const [noun, form] of Object.entries(await makers(world))) {
      const made = await world.call("POST", `/v1/${noun}`, `${form}&${formOf("1")}`);
      const id = String(made.json.id);
      assert.deepEqual(made.json.metadata, withEach("1"), `${noun}: ${made.error.message}`);
      const address = `/v1/${noun}/${id}`;
      if (noun !== "payment_methods") {
        const changed = await world.call("POST", address, formOf("2"));
        assert.deepEqual(changed.json.metadata, withEach("2"), `${noun}: ${changed.error.message}`);
        assert.deepEqual((await world.call("POST", address, formOf(""))).json.metadata, {}, noun);
        assert.deepEqual((await world.call("POST", address, formOf("3"))).json.metadata, withEach("3"), noun);
      }
    }
  });

  test("is told as the change it is: what was not there before was null", async () => {
    const { call, stripe } = startWorld();
    const { id } = await stripe.customers.create({ metadata: { a: "1" } });
    await call("POST", `/v1/customers/${id}`, formOf("1"));
    await call("POST", `/v1/customers/${id}`, formOf("2"));
    const { json } = await call("GET", "/v1/events", "type=customer.updated");
    const told = (json.data as { data: { previous_attributes: unknown } }[]).map(
      ({ data }) => data.previous_attributes,
    );
    const absent = JSON.parse(JSON.stringify(withEach("")).replaceAll('""', "null"));
    assert.deepEqual(told, [{ metadata: withEach("1") }, { metadata: absent }]);
  });

  test("is searched for by its value, and is not there where nobody set it", async () => {
    const { call, stripe } = startWorld();
    await stripe.customers.create({ name: "Bare" });
    const { json } = await call("POST", "/v1/customers", `name=Ada&${formOf("1")}`);
    for (const key of keys) {
      const ask = async (value: string) => {
        const query = encodeURIComponent(`metadata["${key}"]:${value}`);
        const found = await call("GET", `/v1/customers/search?query=${query}`);
        return (found.json.data as { id: string }[]).map(({ id }) => id);
      };
      assert.deepEqual(await ask('"1"'), [json.id], key);
      assert.equal((await ask("null")).length, 1, key);
    }
    const { status } = await call("GET", `/v1/customers/search?query=${encodeURIComponent('constructor:"x"')}`);
    assert.equal(status, 400);
  });

  test("outlives a restart", async () => {
    const { call, sandbox } = startWorld();
    const { json } = await call("POST", "/v1/customers", formOf("1"));
    const kept = sandbox.snapshot();
    const again = startWorld();
    again.sandbox.restore(kept);
    assert.deepEqual((await again.call("GET", `/v1/customers/${String(json.id)}`)).json.metadata, withEach("1"));
  });
});
