// What else callers do with an invoice that asks for something: send it, void it, write it off.
import { emit } from "../../kernel/state/emit.ts";
import { assertMay, move } from "../../kernel/state/machine.ts";
import type { Params } from "../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../kernel/state/unit.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { boolean } from "../../kernel/words/params.ts";
import { markDelinquent } from "../customers/index.ts";
import { refuseAttached } from "./collection/attached.ts";
import { fileCollection } from "./collection/auto.ts";
import { sayUpdated } from "./collection/updated.ts";
import { voidInvoice } from "./collection/voided.ts";
import { finalize } from "./finalize.ts";
import { advancesNoMore, type Invoice, invoiceMachine, invoices } from "./invoice.ts";
import { rows } from "./refusals.table.ts";

/** Never charges by itself, whatever `auto_advance` says; that is for later (recorded). */
export function finalizeInvoice(unit: Unit, params: Params, id: string): Invoice {
  const before = mustRead(unit, invoices, id);
  const invoice = finalize(unit, before, { auto_advance: boolean(params, "auto_advance") ?? before.auto_advance });
  if (invoice.status === "open" && invoice.auto_advance) fileCollection(unit, invoice);
  return invoice;
}

/** A draft is finalized first; when nothing is due, that is all (recorded). */
export function sendInvoice(unit: Unit, _params: Params, id: string): Invoice {
  const before = mustRead(unit, invoices, id, "invoice");
  if (before.status === "paid") throw refusal(rows.invoiceNotSendable);
  if (before.status !== "draft") assertMay(invoiceMachine, before, "pay");
  if (before.customer_email === null) throw refusal(rows.customerWithoutEmail);
  const invoice = before.status === "draft" ? finalize(unit, before) : before;
  if (invoice.status !== "paid") emit(unit, "invoice.sent", invoice);
  return invoice;
}

/** A caller may not void what is paid in part, or will be. */
export function voidByCall(unit: Unit, _params: Params, id: string): Invoice {
  const invoice = mustRead(unit, invoices, id);
  assertMay(invoiceMachine, invoice, "void");
  refuseAttached(unit, id, rows.voidOfPaidInPart, ["open", "paid"]);
  return voidInvoice(unit, id);
}

/** A caller may not write off what will be paid. */
export function writeOffByCall(unit: Unit, _params: Params, id: string): Invoice {
  assertMay(invoiceMachine, mustRead(unit, invoices, id), "mark_uncollectible");
  refuseAttached(unit, id, rows.writeOffOfPaying, ["open"]);
  return markUncollectible(unit, id);
}

/** Written off, it may still be paid. */
export function markUncollectible(unit: Unit, id: string): Invoice {
  const invoice = mustRead(unit, invoices, id);
  if (unit.request !== null) markDelinquent(unit, invoice.customer, false);
  const said = unit.events.length;
  const after = move(unit, invoiceMachine, invoice, "mark_uncollectible", "uncollectible", {
    ...advancesNoMore,
    status_transitions: { ...invoice.status_transitions, marked_uncollectible_at: secondOf(unit) },
  });
  sayUpdated(unit, after, invoice, said);
  return after;
}
