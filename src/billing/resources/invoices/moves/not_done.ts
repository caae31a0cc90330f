// What was promised of an invoice and came to nothing is told, since somebody relies on it.
import type { News } from "../../../kernel/contract/reacting.ts";
import type { OperationView, Refusal } from "../../../kernel/contract/verb.ts";
import type { invoiceWishes } from "../facts.table.ts";

/** Who ended it so knows: a cancel, or the original of a copied database, which goes on. */
const silent = ["withdrawn", "other_instance"];

export type InvoiceWish = (typeof invoiceWishes)[number];

/** Undefined when nobody waits for that: its caller is being answered. That it grew too old is told always. */
export function whyNot({ isPromised }: Pick<OperationView, "isPromised">, { http, type, ...refusal }: Refusal) {
  const isExpired = type === "expired";
  if (silent.includes(type) || !(isExpired || isPromised)) return undefined;
  const reason = isExpired ? "expired" : http === 402 ? "declined" : "refused";
  const { code, declineCode, message } = refusal;
  return { reason, code, declineCode, message } as const;
}

/** `<invoice>/<the caller's id of the wish>`; the invoice alone, or with what no caller can give. */
function wishIdIn(subject: string): string | null {
  const [, id = null, other] = subject.split("/");
  return other === undefined ? id : null;
}

export function notDone(wish: InvoiceWish) {
  return async (
    _reacting: unknown,
    operation: OperationView<{ readonly invoiceId: string }>,
    refusal: Refusal,
  ): Promise<readonly News[]> => {
    const why = whyNot(operation, refusal);
    if (!why) return [];
    const { subject, attempt } = operation;
    const { invoiceId } = operation.params;
    const data = { invoiceId, wish, wishId: wishIdIn(subject), attempt, ...why };
    return [{ type: "invoice.not_done", subject: invoiceId, transition: operation.id, data }];
  };
}
