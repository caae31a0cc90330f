// How a credit note looked before each family, and what its parameters meant; newest first.
import type { VersionChange } from "../../kernel/versions/change.ts";
import type { Params } from "../../kernel/words/params.ts";
import { taxAmounts } from "../line_items/index.ts";
import type { LinkedRefund } from "./credit_note.ts";

export const creditNoteVersions: readonly VersionChange[] = [
  {
    family: "clover",
    down: ({ refunds, ...note }) => ({
      ...note,
      refunds: (refunds as readonly LinkedRefund[]).map(({ amount_refunded, refund }) => ({ amount_refunded, refund })),
    }),
  },
  {
    family: "basil", // https://docs.stripe.com/changelog/basil
    down: ({ total_taxes, post_payment_amount: _post, pre_payment_amount: _pre, ...note }) => ({
      ...note,
      refund: (note.refunds as readonly LinkedRefund[])[0]?.refund ?? null,
      tax_amounts: taxAmounts(total_taxes),
    }),
    up: [{ since: "2025-03-31", operations: / \/v1\/credit_notes(?:$|\/preview)/, lift: refundAsList }],
  },
  // Under acacia a note has both (recorded).
  { family: "acacia", down: ({ refunds: _, ...note }) => note },
];

/** A note linked one refund. */
function refundAsList({ refund, ...params }: Params): Params {
  return refund === undefined ? params : { ...params, refunds: [{ refund }] };
}
