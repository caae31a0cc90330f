import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { startWorld } from "../../../testing.ts";
import { months, planning } from "../testing.ts";

/** Somebody in Germany, for prices without their tax. */
async function taxed() {
  const world = startWorld();
  const planned = await planning(world);
  const { customer, stripe } = planned;
  await stripe.customers.update(customer, { address: { country: "DE" } });
  const price = async (unit_amount: number) => {
    const recurring = { interval: "month" } as const;
    const product_data = { name: "Taxed" };
    const made = { currency: "usd", tax_behavior: "exclusive", unit_amount, recurring, product_data } as const;
    return (await stripe.prices.create(made)).id;
  };
  return { ...planned, call: world.call, plus: await price(1000), pro: await price(2000) };
}

const automatic_tax = { enabled: true };

suite("automatic tax of a schedule", () => {
  test("is that of its phase, else that of all of them, and the invoices of each carry it", async () => {
    const { bills, days, plan, plus, pro, schedule } = await taxed();
    const { id, default_settings: usual } = await plan(
      [
        { items: [{ price: plus }], automatic_tax: { enabled: false }, ...months() },
        { items: [{ price: pro }], ...months() },
      ],
      { default_settings: { automatic_tax } },
    );
    assert.deepEqual(usual.automatic_tax, { disabled_reason: null, enabled: true, liability: { type: "self" } });
    await days(32);
    const { phases } = await schedule(id);
    assert.deepEqual(
      phases.map((phase) => phase.automatic_tax?.enabled),
      [false, undefined],
    );
    assert.deepEqual(await bills(), ["subscription_create 1000", "subscription_cycle 2380"]);
  });

  test("is refused at once, of phases to come too, where it cannot be reckoned", async () => {
    const { customer, gold, plan, plus, stripe } = await taxed();
    const later = (price: string) =>
      plan([
        { items: [{ price: plus }], ...months() },
        { items: [{ price }], automatic_tax, ...months() },
      ]);
    await assert.rejects(later(gold), /tax_behavior/);
    const { id } = await plan([{ items: [{ price: plus }], ...months() }]);
    await stripe.customers.update(customer, { address: "" });
    await assert.rejects(later(plus), { code: "customer_tax_location_invalid" });
    const change = stripe.subscriptionSchedules.update(id, { default_settings: { automatic_tax } });
    await assert.rejects(change, { code: "customer_tax_location_invalid" });
  });

  test("goes on from the subscription that it is put on", async () => {
    const { customer, plus, stripe } = await taxed();
    const invoice_settings = { custom_fields: [{ name: "PO", value: "7" }] };
    const billing_thresholds = { amount_gte: 9000 };
    const items = [{ price: plus }];
    const made = { customer, items, automatic_tax, billing_thresholds, invoice_settings };
    const { id } = await stripe.subscriptions.create(made);
    const { default_settings: usual } = await stripe.subscriptionSchedules.create({ from_subscription: id });
    assert.deepEqual(
      [usual.automatic_tax?.enabled, usual.billing_thresholds?.amount_gte, usual.invoice_settings.custom_fields],
      [true, 9000, invoice_settings.custom_fields],
    );
  });
});

suite("what a schedule says of its invoices", () => {
  test("stands on them: the account's tax ids, custom fields; and its subscription keeps thresholds", async () => {
    const { customer, gold, plan, stripe, subscription } = await taxed();
    const { id: number } = await stripe.taxIds.create({ type: "eu_vat", value: "DE123456789" });
    const invoice_settings = { account_tax_ids: [number], custom_fields: [{ name: "PO", value: "7" }] };
    const billing_thresholds = { amount_gte: 9000 };
    const { id, phases } = await plan([{ items: [{ price: gold }], billing_thresholds, invoice_settings }]);
    const [phase] = phases;
    assert.deepEqual(phase?.invoice_settings?.account_tax_ids, [number]);
    assert.equal(phase?.billing_thresholds?.amount_gte, 9000);
    const { billing_thresholds: kept } = await subscription(id);
    assert.deepEqual(kept, { amount_gte: 9000, reset_billing_cycle_anchor: null });
    const [invoice] = (await stripe.invoices.list({ customer })).data;
    assert.deepEqual(
      [invoice?.account_tax_ids, invoice?.custom_fields],
      [invoice_settings.account_tax_ids, invoice_settings.custom_fields],
    );
  });

  test("ends with its phase, where the next one says nothing", async () => {
    const { customer, days, gold, plan, stripe } = await taxed();
    const invoice_settings = { custom_fields: [{ name: "PO", value: "7" }], footer: "Bye" };
    await plan([
      { items: [{ price: gold }], invoice_settings, ...months() },
      { items: [{ price: gold }], ...months() },
    ]);
    await days(32);
    const { data } = await stripe.invoices.list({ customer });
    assert.deepEqual(
      data.map(({ custom_fields, footer }) => [custom_fields, footer]),
      [
        [null, null],
        [invoice_settings.custom_fields, "Bye"],
      ],
    );
  });

  test("is as short as on an invoice, wherever it is said", async () => {
    const { call, customer, gold } = await taxed();
    const base = `customer=${customer}&start_date=now&phases[0][items][0][price]=${gold}`;
    const places = [
      ["/v1/subscription_schedules", base, "phases[0][invoice_settings]"],
      ["/v1/subscription_schedules", base, "default_settings[invoice_settings]"],
      ["/v1/subscriptions", `customer=${customer}&items[0][price]=${gold}`, "invoice_settings"],
      [`/v1/customers/${customer}`, "", "invoice_settings"],
    ] as const;
    for (const [path, form, at] of places) {
      const field = `${at}[custom_fields][0]`;
      const long = `${field}[name]=${"n".repeat(41)}&${field}[value]=v`;
      const many = [0, 1, 2, 3, 4].map(
        (nth) => `${at}[custom_fields][${nth}][name]=n&${at}[custom_fields][${nth}][value]=v`,
      );
      const asked = async (more: string) => (await call("POST", path, `${form}&${more}`)).error.param;
      assert.deepEqual([await asked(long), await asked(many.join("&"))], [`${field}[name]`, `${at}[custom_fields]`]);
    }
    const few = await call("POST", "/v1/subscription_schedules", `${base}&phases[0][billing_thresholds][amount_gte]=5`);
    assert.equal(few.error.param, "phases[0][billing_thresholds][amount_gte]");
  });
});
