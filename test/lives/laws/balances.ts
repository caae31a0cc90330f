// Nothing is lost between invoices, payments and the customer's balance.
import assert from "node:assert/strict";
import type { Answer } from "../core.ts";
import { type Seen, sum } from "../seen.ts";

const isAsked = ({ status }: Answer) => status !== "draft" && status !== "void";

export function balances({ invoices, customer, movements }: Seen): void {
  let balance = 0;
  for (const { amount, ending_balance, id } of movements) {
    balance += amount;
    assert.equal(ending_balance, balance, `${id}: each movement ends where the sum of all is`);
  }
  assert.equal(customer.balance, balance, "a balance is the sum of its movements");
  for (const invoice of invoices) {
    const own = sum(movements.filter((one) => one.invoice === invoice.id).map(({ amount }) => amount));
    const moved = isAsked(invoice) ? invoice.ending_balance - invoice.starting_balance : 0;
    assert.equal(own, moved, `${invoice.id} (${invoice.status}): what it did to the balance is written down`);
    if (!isAsked(invoice)) continue;
    assert.equal(
      invoice.total + invoice.starting_balance,
      invoice.amount_due + invoice.ending_balance,
      `${invoice.id}: what is asked for and what the balance takes are the total`,
    );
  }
  const asked = invoices.filter(isAsked);
  const byHand = sum(movements.filter(({ invoice }) => invoice === null).map(({ amount }) => amount));
  const invoiced = sum(asked.map(({ total }) => total));
  const paid = sum(asked.map(({ amount_paid }) => amount_paid));
  const open = sum(asked.map(({ amount_remaining }) => amount_remaining));
  assert.equal(invoiced + byHand, paid + open + customer.balance, "what is invoiced is paid, open or in the balance");
}
