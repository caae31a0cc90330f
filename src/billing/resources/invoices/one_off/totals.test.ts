// What an invoice of lines comes to, against a second reckoning: each line by itself, its tax rounded with halves up.
import assert from "node:assert/strict";
import { minuteMs } from "#kit/clock.ts";
import { chargeStep } from "#kit/money.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { cases } from "#kit/testing.ts";
import type { BillingTables } from "../../../kernel/store/tables.ts";
import { startWorld } from "../../../testing/index.ts";

const on = onEachDatabase<BillingTables>;

/** Tenths of a percent, so that all is whole numbers: 70 is 7 %. */
const rates = [70, 77, 190, 255];
/** Halves up, of amounts above zero. */
const taxOf = (amount: number, rate: number) => Math.floor((amount * rate * 2 + 1000) / 2000);

on("an invoice comes to its lines and their taxes, in every kind of currency", async ({ url }) => {
  const world = await startWorld({ url });
  const random = world.ports.random("totals");
  const made = new Map<number, string>();
  for (const rate of rates) {
    const params = { display_name: "VAT", inclusive: false, percentage: rate / 10 };
    made.set(rate, (await world.run(world.stripe.taxRates.create(params).then((one) => one))).id);
  }
  for (const currency of ["eur", "jpy", "kwd", "huf", "isk"]) {
    const customerId = `user_${currency}`;
    await world.run(world.billing.customers.ensure({ id: customerId, email: `${customerId}@example.test` }));
    for (let nth = 0; nth < cases(2, 25); nth++) {
      const isTaxed = currency !== "isk" && currency !== "kwd";
      const drawn = Array.from({ length: random.integer(1, 6) }, (_, at) => ({
        description: `Line ${at}`,
        quantity: random.integer(1, 4),
        unitAmount: chargeStep(currency) * random.integer(50, 5_000),
        rate: isTaxed ? rates[random.integer(0, rates.length - 1)] : undefined,
      }));
      const lines = drawn.map(({ rate, ...line }) => ({
        ...line,
        ...(rate !== undefined && { taxes: [made.get(rate) ?? ""] }),
      }));
      const terms = { collection: "send", daysUntilDue: 7, taxes: "rates" } as const;
      const id = `invoice_${currency}_${nth}`;
      const { outcome, value } = await world.run(
        world.billing.invoices.create({ id, customerId, currency, lines, ...terms }),
      );
      assert.equal(outcome, "done", id);
      const net = drawn.reduce((sum, { quantity, unitAmount }) => sum + quantity * unitAmount, 0);
      const tax = drawn.reduce((sum, line) => sum + taxOf(line.quantity * line.unitAmount, line.rate ?? 0), 0);
      await world.advance(minuteMs);
      const { amounts } = value.invoice ?? assert.fail(id);
      assert.deepEqual([amounts.subtotal, amounts.tax, amounts.total], [net, tax, net + tax], id);
      assert.equal((await world.run(world.billing.invoices.get(value.invoice?.id ?? ""))).lines.length, drawn.length);
    }
  }
  await world.close();
});

on("what cannot be wished of an invoice is refused by name, before Stripe is asked", async ({ url }) => {
  const world = await startWorld({ url });
  await world.run(world.billing.customers.ensure({ id: "user_1", email: "a@example.test" }));
  const line = { description: "Tea", unitAmount: 2_500 };
  const wish = { id: "i", customerId: "user_1", currency: "eur", lines: [line], collection: "send", daysUntilDue: 7 };
  const before = world.requests.length;
  for (const [changes, field, code = "invalid_params"] of [
    [{ id: "a/b" }, "id"],
    [{ customerId: "" }, "customerId"],
    [{ currency: "xyz" }, "currency"],
    [{ lines: [] }, "lines"],
    [{ lines: Array(251).fill(line) }, "lines"],
    [{ lines: [{ ...line, quantity: 0 }] }, "lines[0].quantity"],
    [{ lines: [{ unitAmount: 1 }] }, "lines[0].description"],
    [{ lines: [{ description: "x" }] }, "lines[0].unitAmount"],
    [{ lines: [{ ...line, price: "p" }] }, "lines[0].unitAmount"],
    [{ lines: [{ ...line, unitAmount: 0.5 }] }, "lines[0].unitAmount"],
    [{ lines: [{ ...line, taxes: ["txr_1"] }] }, "lines[0].taxes"],
    [{ lines: [{ ...line, unitAmount: -1 }] }, "lines", "invalid_amount"],
    [{ currency: "isk", lines: [{ ...line, unitAmount: 150 }] }, "lines", "invalid_amount"],
    [{ currency: "kwd", lines: [{ ...line, unitAmount: 1_005 }] }, "lines", "invalid_amount"],
    [{ collection: "mail" }, "collection"],
    [{ daysUntilDue: undefined }, "daysUntilDue"],
    [{ daysUntilDue: -1 }, "daysUntilDue"],
    [{ dueAt: new Date(0) }, "daysUntilDue"],
    [{ collection: "charge" }, "daysUntilDue"],
    [{ method: "pm_1" }, "method"],
    [{ customFields: Array(5).fill({ name: "a", value: "b" }) }, "customFields"],
    [{ customFields: [{ name: "a".repeat(41), value: "b" }] }, "customFields[0].name"],
    [{ taxes: "some" }, "taxes"],
    [{ validForMs: 1 }, "validForMs"],
    [{ attempt: 0 }, "attempt"],
  ] as const) {
    const refused = world.run(world.billing.invoices.create({ ...wish, ...changes } as never));
    await assert.rejects(refused, (error: { code?: string; details?: { field?: string } }) => {
      assert.deepEqual([error.code, error.details?.field], [code, field], JSON.stringify(changes).slice(0, 80));
      return true;
    });
  }
  assert.equal(world.requests.length, before);
  await world.close();
});
