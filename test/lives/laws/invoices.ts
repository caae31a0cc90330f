// Numbers, attempts, discounts: what holds of the invoices of one customer among themselves.
import assert from "node:assert/strict";
import type { Answer } from "../core.ts";
import type { Seen } from "../seen.ts";

export function numbers({ invoices, customer }: Seen): void {
  const numbered = invoices.filter(({ number }) => number !== null);
  for (const { id, status, number } of invoices)
    assert.equal(number !== null, status !== "draft", `${id} (${status}): numbered once it is finalized`);
  const shown = numbered.map(({ number }) => number as string).sort();
  const expected = numbered.map((_, at) => `${customer.invoice_prefix}-${String(at + 1).padStart(4, "0")}`);
  assert.deepEqual(shown, expected, "numbers are one row without a gap");
}

export function attempts({ invoices }: Seen): void {
  for (const { id, status, attempt_count: count, attempted, next_payment_attempt: next, ...invoice } of invoices) {
    const why = `${id} (${status}, ${count} attempts)`;
    if (status === "draft") assert.equal(count, 0, why);
    if (status === "paid" || status === "void" || status === "uncollectible") assert.equal(next, null, why);
    if (status === "paid") assert.equal(invoice.auto_advance, false, why);
    if (count > 0) assert.equal(attempted, true, why);
  }
}

/**
 * One for once is used by one invoice, and by what was drafted before that was finalized; one for months by what is
 * billed in them.
 */
export function discounts({ invoices, life, subscriptions }: Seen): void {
  const uses = new Map<string, Answer[]>();
  for (const invoice of invoices.filter(({ status }) => status !== "draft"))
    for (const { discount, amount } of invoice.total_discount_amounts)
      if (amount > 0) uses.set(discount, [...(uses.get(discount) ?? []), invoice]);
  const [, once] = life.catalog.coupons;
  const standing = new Map<string, Answer>();
  for (const { data, type } of life.events)
    if (type === "customer.discount.created") standing.set(data.object.id, data.object);
  for (const [id, used] of uses) {
    const { source, end } = standing.get(id) ?? { source: {}, end: null };
    const spent = Math.min(...used.map(({ status_transitions: at }) => at.finalized_at));
    if (source.coupon === once)
      for (const { id: invoice, created } of used) assert.ok(created <= spent, `${id} is for once, and on ${invoice}`);
    if (end !== null)
      for (const { id: invoice, created } of used) assert.ok(created <= end, `${id} ends before ${invoice}`);
  }
  for (const { id, discounts } of subscriptions)
    for (const discount of discounts) {
      const end = standing.get(discount)?.end ?? null;
      assert.ok(end === null || end > life.at, `${discount} of ${id} is over`);
    }
}
