// What came of a life, without ids: two of the same kind are alike.
import type { Answer } from "./core.ts";
import type { Life } from "./life.ts";
import { lookAt } from "./seen.ts";

export function digestOf(life: Life): object {
  const { customer, events, invoices, movements, subscriptions } = lookAt(life);
  return {
    balance: customer.balance,
    invoices: invoices.map(({ created, lines, status, total, amount_paid, billing_reason, attempt_count }) => ({
      ...{ created, status, total, amount_paid, billing_reason, attempt_count },
      lines: lines.map(({ amount, description, period }: Answer) => ({ amount, description, period })),
    })),
    movements: movements.map(({ amount, created, type }) => ({ amount, created, type })),
    subscriptions: subscriptions.map(({ ended_at, items, status }) => ({
      ...{ ended_at, status },
      items: items.data.map((item: Answer) => [item.quantity, item.current_period_start, item.current_period_end]),
    })),
    told: events
      .filter(({ type }) => !type.startsWith("test_helpers."))
      .map(({ created, data, type }) => `${created} ${type} ${data.object.status ?? ""}`),
  };
}
