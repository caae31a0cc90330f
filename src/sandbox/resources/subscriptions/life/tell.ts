// The life of a subscription as a page tells it: what it bills, what was asked for and when that will be tried again,
// and what it will ask for next.
import type { Chapter, Fact, Told } from "../../../kernel/state/appearance.ts";
import { imagined } from "../../../kernel/state/tried.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { among } from "../../../kernel/state/writes.ts";
import { type Invoice, invoices, plannedTries } from "../../invoices/index.ts";
import { linesOf } from "../../line_items/index.ts";
import { isOver, type Subscription } from "../subscription.ts";
import { nextBill, nextTurn } from "./turn.ts";

export function tellSubscription(unit: Unit, subscription: Subscription): Told {
  const bills = among(unit, invoices, "parent.subscription_details.subscription", subscription.id);
  const chapters: Chapter[] = [
    { name: "items", title: "Items", rows: subscription.items.map(itemRow) },
    { name: "invoices", title: "Invoices", rows: bills.map((bill) => invoiceRow(unit, bill)) },
    {
      name: "tries",
      title: "Tries to come, should each of them fail",
      rows: bills.flatMap((bill) => tryRows(unit, bill)),
    },
    { name: "next_invoice", title: "Next invoice, as things stand", rows: nextRows(unit, subscription) },
  ];
  return { chapters: chapters.filter(({ rows }) => rows.length > 0), concerns: bills.map(({ id }) => id) };
}

type Row = Readonly<Record<string, Fact>>;

function itemRow({
  id,
  price,
  quantity,
  current_period_start,
  current_period_end,
}: Subscription["items"][number]): Row {
  return { id, price, quantity: quantity ?? null, ...periodFacts(current_period_start, current_period_end) };
}

function invoiceRow(unit: Unit, bill: Invoice): Row {
  return { id: bill.id, status: { word: bill.status ?? "draft" }, ...billedFacts(unit, bill) };
}

/** What it bills, and what of that is paid. */
function billedFacts(unit: Unit, bill: Invoice): Row {
  const { amount_paid, attempt_count, billing_reason, currency, total } = bill;
  const periods = linesOf(unit, bill.id).map(({ period }) => period);
  const start = Math.min(...periods.map((period) => period.start));
  const end = Math.max(...periods.map((period) => period.end));
  return {
    reason: billing_reason && { word: billing_reason },
    ...(periods.length > 0 ? periodFacts(start, end) : periodFacts(bill.period_start, bill.period_end)),
    total: { amount: total, currency },
    paid: { amount: amount_paid, currency },
    attempts: attempt_count,
  };
}

function periodFacts(start: number, end: number): Row {
  return { period_start: { second: start }, period_end: { second: end } };
}

function tryRows(unit: Unit, bill: Invoice): Row[] {
  const { amount_remaining: amount, attempt_count: count, currency, id } = bill;
  return plannedTries(unit, bill).map((second, place) => ({
    at: { second },
    invoice: id,
    attempt: count + place + 1,
    amount: { amount, currency },
  }));
}

function nextRows(unit: Unit, subscription: Subscription): Row[] {
  if (isOver(subscription)) return [];
  return imagined(unit, () => {
    const bill = nextBill(unit, subscription);
    if (!bill) return [];
    const { attempts: _none, paid: _nothing, ...facts } = billedFacts(unit, bill);
    return [{ at: { second: nextTurn(subscription) }, ...facts }];
  });
}
