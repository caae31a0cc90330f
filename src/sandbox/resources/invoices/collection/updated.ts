// `invoice.updated`, which stands before the name of what has happened: before `invoice.finalized` and `invoice.paid`
// (both recorded in zulip/zulip, corporate/tests/stripe_fixtures), before what else becomes of an invoice by inference.
// Of an invoice that is made and goes on in one call no log has it: to whoever listens it was born like that.
import { emit, tellFirst } from "../../../kernel/state/emit.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { hasChanged } from "../../../kernel/store/previous.ts";
import type { Invoice } from "../invoice.ts";

/** `since` is how much the unit had said before: this comes right after it. */
export function sayUpdated(unit: Unit, invoice: Invoice, before: Invoice, since = unit.events.length): void {
  if (isMadeHere(unit, invoice)) return;
  const hasMoved = before.status !== invoice.status; // Most have, which is known without comparing all of it.
  if (!hasMoved && !hasChanged(before, invoice)) return;
  emit(unit, "invoice.updated", invoice, before);
  tellFirst(unit, since);
}

function isMadeHere({ writes }: Unit, { id }: Invoice): boolean {
  return writes.some((write) => write.id === id && write.before === undefined);
}
