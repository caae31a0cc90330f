// What an invoice comes to, from its parts.
import assert from "node:assert/strict";
import { minimumAmount } from "#kit/money.ts";
import type { Answer } from "../core.ts";
import { type Seen, sum } from "../seen.ts";

export function amounts({ invoices, currency, customer, life }: Seen): void {
  for (const invoice of invoices) {
    const why = `${invoice.id} (${invoice.status})`;
    assertWhole(invoice, why);
    const exclusive = invoice.total_taxes.filter(({ tax_behavior }: Answer) => tax_behavior === "exclusive");
    const gross = sum(invoice.lines.map(({ amount }: Answer) => amount));
    const off = sum(invoice.total_discount_amounts.map(({ amount }: Answer) => amount));
    const onTop = sum(exclusive.map(({ amount }: Answer) => amount));
    assert.equal(invoice.total, gross - off + onTop, `${why}: total = lines − discounts + taxes`);
    assert.equal(invoice.subtotal, sum(invoice.lines.map(({ subtotal }: Answer) => subtotal)), `${why}: subtotal`);
    for (const { discount, amount } of invoice.total_discount_amounts) {
      const parts = invoice.lines.flatMap(({ discount_amounts: all }: Answer) =>
        (all ?? []).filter((one: Answer) => one.discount === discount),
      );
      assert.equal(amount, sum(parts.map((part: Answer) => part.amount)), `${why}: ${discount} is its parts`);
    }
    for (const tax of invoice.total_taxes) holdTax(invoice, tax, why);
    const due = Math.max(0, invoice.total + invoice.starting_balance);
    const isLive = invoice.status === "draft" && invoice.starting_balance !== customer.balance;
    if (!isLive) assert.equal(invoice.amount_due, due < minimumAmount(currency) ? 0 : due, `${why}: due`);
    assert.equal(invoice.amount_due, invoice.amount_paid + invoice.amount_remaining, `${why}: paid and remaining`);
  }
  assert.deepEqual(life.bugs, []);
}

function holdTax({ lines }: Answer, { amount, tax_rate_details: { tax_rate: rate } }: Answer, why: string): void {
  const parts = lines.flatMap(({ taxes }: Answer) =>
    taxes.filter((one: Answer) => one.tax_rate_details.tax_rate === rate),
  );
  const whole = sum(parts.map((part: Answer) => part.amount));
  assert.ok(Math.abs(amount - whole) <= lines.length, `${why}: ${rate} ${amount} of ${whole}`);
}

function assertWhole(invoice: Answer, why: string): void {
  for (const [name, value] of Object.entries(invoice))
    if (typeof value === "number") assert.ok(Number.isSafeInteger(value), `${why}: ${name} ${value}`);
  for (const { amount, id } of invoice.lines) assert.ok(Number.isSafeInteger(amount), `${why}: ${id} ${amount}`);
}
