// An older version shows an invoice in another shape, and the same amounts.
import assert from "node:assert/strict";
import type { Answer } from "../core.ts";
import type { Seen } from "../seen.ts";

const amounts = [
  ...["amount_due", "amount_paid", "amount_remaining", "subtotal", "total", "starting_balance", "ending_balance"],
  ...["attempt_count", "status", "number", "currency"],
];

export function versions({ invoices, life }: Seen): void {
  const known = new Map<string, Answer>(invoices.map((invoice) => [invoice.id, invoice]));
  for (const version of ["2020-08-27", "2024-06-20", "2025-03-31.basil"]) {
    const { json } = life.ask("GET /v1/invoices", { customer: life.customer, limit: 100 }, { version });
    for (const shown of json.data) {
      const now = known.get(shown.id);
      for (const name of amounts) assert.deepEqual(shown[name], now[name], `${shown.id} under ${version}: ${name}`);
      const of = (lines: readonly Answer[]) => lines.slice(0, 10).map(({ amount, period }) => ({ amount, period }));
      assert.deepEqual(of(shown.lines.data), of(now.lines), `${shown.id} under ${version}: lines`);
    }
  }
}
