// What is not paid in time: its customer owes until something is paid or, by a call, written off. Automations remind of
// it, on days that the account chooses before and after the day on which it is due.
// https://docs.stripe.com/api/customers/object#customer_object-delinquent
import { dayMs, secondMs } from "#kit/clock.ts";
import { emit } from "../../../kernel/state/emit.ts";
import { signal } from "../../../kernel/state/reactions.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { read } from "../../../kernel/state/writes.ts";
import { laterAt } from "../../../kernel/time/later.ts";
import { markDelinquent } from "../../customers/index.ts";
import { type Invoice, invoices } from "../invoice.ts";

/** What is sent has a day until which it is to be paid. */
export function fileDueDate(unit: Unit, _before: Invoice, invoice: Invoice): void {
  const { due_date: due, id } = invoice;
  if (due === null) return;
  laterAt(unit, due * secondMs, passDueDate, id);
  fileReminder(unit, id, due);
}

/** The next one that lies ahead. */
function fileReminder(unit: Unit, id: string, due: number): void {
  const { overdueDays, willBeDueDays } = unit.world.billing;
  const all = [...willBeDueDays.map((days) => -days), ...overdueDays].map((days) => due * secondMs + days * dayMs);
  const next = all.filter((at) => at > unit.now);
  if (next.length > 0) laterAt(unit, Math.min(...next), remind, id);
}

/** https://docs.stripe.com/changelog/acacia/2024-09-30/billing-due-date-webhooks */
export function remind(unit: Unit, id: string): void {
  const invoice = read(unit, invoices, id);
  if (invoice?.status !== "open" || invoice.due_date === null) return;
  emit(unit, unit.now < invoice.due_date * secondMs ? "invoice.will_be_due" : "invoice.overdue", invoice);
  fileReminder(unit, id, invoice.due_date);
}

export function passDueDate(unit: Unit, id: string): void {
  const invoice = read(unit, invoices, id);
  if (invoice?.status !== "open") return;
  markDelinquent(unit, invoice.customer, true);
  signal(unit, invoices, "fall_due", invoice, invoice);
}

/** A try that nobody asked for. */
export function owe(unit: Unit, _before: Invoice, { customer }: Invoice): void {
  if (unit.request === null) markDelinquent(unit, customer, true);
}

export function oweNoMore(unit: Unit, _before: Invoice, { customer }: Invoice): void {
  markDelinquent(unit, customer, false);
}
