// An invoice that is finalized is revised: a draft with all that it says takes its place when that is finalized.
// https://docs.stripe.com/invoicing/invoice-edits
import type { Params } from "../../../kernel/state/resource.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { change, mustRead, mustReadParam, read } from "../../../kernel/state/writes.ts";
import { refusal } from "../../../kernel/words/errors.ts";
import { hash, text } from "../../../kernel/words/params.ts";
import { copyItem, invoiceItems } from "../../invoiceitems/index.ts";
import { addLine, itemOf, linesOf, setTaxAmounts, taxAmountsOn } from "../../line_items/index.ts";
import { refuseAttached } from "../collection/attached.ts";
import { voidInvoice } from "../collection/voided.ts";
import { type Invoice, invoices, subscriptionOf } from "../invoice.ts";
import { rows } from "../refusals.table.ts";

/** What the parameters ask to be revised. */
export function revisedOf(unit: Unit, params: Params): Invoice | undefined {
  const sent = hash(params, "from_invoice");
  if (!sent) return undefined;
  const param = "from_invoice[invoice]";
  const original = mustReadParam(unit, invoices, text(sent, "invoice") ?? "", param);
  const { customer, currency, status } = original;
  if (subscriptionOf(original) !== null) throw refusal(rows.revisionOfSubscription, {}, { param });
  if (status !== "open" && status !== "uncollectible") throw refusal(rows.revisionOfClosed, { status }, { param });
  refuseAttached(unit, original.id, rows.voidOfPaidInPart, ["open", "paid"]);
  const isOfOther = (text(params, "customer") ?? customer) !== customer;
  const isInOther = (text(params, "currency")?.toLowerCase() ?? currency) !== currency;
  if (isOfOther || isInOther) throw refusal(rows.revisionOfOther, {}, { param });
  return original;
}

const copied = [
  ...["account_tax_ids", "automatic_tax", "collection_method", "custom_fields", "default_payment_method"],
  ...["default_source", "default_tax_rates", "description", "footer", "metadata", "payment_settings", "rendering"],
  ...["shipping_cost", "shipping_details", "statement_descriptor"],
] as const;

type Copied = Pick<Invoice, (typeof copied)[number] | "due_date" | "from_invoice">;

/** As many days are left to pay it as there were (inferred). */
export function copiedFields(original: Invoice, created: number): Copied {
  const { due_date: due, id } = original;
  return {
    ...(Object.fromEntries(copied.map((name) => [name, original[name]])) as Pick<Invoice, (typeof copied)[number]>),
    due_date: due === null ? null : created + due - original.created,
    from_invoice: { action: "revision", invoice: id },
  };
}

/** Each as it stands there, in its order; what waits for the customer is not pulled in (documented). */
export function copyLines(unit: Unit, original: Invoice, invoice: string): void {
  for (const line of linesOf(unit, original.id)) {
    const item = mustRead(unit, invoiceItems, itemOf(line) ?? "");
    const copy = addLine(unit, invoice, copyItem(unit, item, invoice), "behind");
    setTaxAmounts(unit, copy, taxAmountsOn(line) ?? []);
  }
}

/**
 * What is revised is void before the revision asks for anything, so that what it took of the balance is there again
 * (inferred). All that it has revised names the newest revision that is finalized (declared).
 */
export function takePlace(unit: Unit, { id, from_invoice: from }: Invoice): void {
  const original = from && read(unit, invoices, String(from.invoice));
  if (!original) return;
  if (original.status === "paid") throw refusal(rows.revisionOfClosed, { status: "paid" });
  refuseAttached(unit, original.id, rows.voidOfPaidInPart, ["open", "paid"]);
  if (original.status !== "void") voidInvoice(unit, original.id);
  nameLatest(unit, original.id, id);
}

function nameLatest(unit: Unit, revised: string, latest: string): void {
  const invoice = read(unit, invoices, revised);
  if (!invoice) return;
  const { from_invoice: from } = change(unit, invoices, invoice, { latest_revision: latest }, "invoice.updated");
  if (from) nameLatest(unit, String(from.invoice), latest);
}
