// Takes back a part of an invoice, or all of it, by a credit note. The amount is reserved in the transaction that
// writes the operation, under the invoice's row: credits never come to more than the invoice.
import { formatMoney } from "#kit/money.ts";
import { problem } from "#kit/problems.ts";
import { creditReasons, creditWays } from "../../../api/index.ts";
import type { News, Reacting } from "../../../kernel/contract/reacting.ts";
import { integer, listOf, oneOf, orNull, record, type Shaped, text } from "../../../kernel/contract/shape.ts";
import { defineVerb, itsId, type OperationView } from "../../../kernel/contract/verb.ts";
import type { FormValue } from "../../../kernel/stripe/form.ts";
import { marks, marksOf } from "../../marks.ts";
import { notDone } from "../moves/not_done.ts";
import { aboutInvoice, embeddedInvoice, laneOfInvoice, nothing, ofInvoice, touchedInvoice } from "../standing.ts";
import { creditable } from "./left.ts";

const creditedLine = record({
  /** Null: a line of the host's own. */
  line: orNull(text),
  description: orNull(text),
  quantity: orNull(integer),
  amount: orNull(integer),
  unitAmount: orNull(integer),
});

export const creditWish = record({
  ...ofInvoice,
  creditId: text,
  amount: integer,
  currency: text,
  /** Of the amount: what was paid, and where it goes. */
  paid: integer,
  way: orNull(oneOf(creditWays)),
  lines: listOf(creditedLine),
  reason: orNull(oneOf(creditReasons)),
  memo: orNull(text),
});
export type CreditWish = Shaped<typeof creditWish>;
type Crediting = OperationView<CreditWish>;

/** The host's own id, among the metadata. */
const creditMark = "bursar_credit";

export const credit = defineVerb({
  name: "invoices.credit",
  params: creditWish,
  outcome: nothing,
  lane: laneOfInvoice,
  about: aboutInvoice,
  async reserve(reacting, operation) {
    const { invoiceId, amount, currency } = operation.params;
    const left = await creditable(reacting.tx, invoiceId, operation.subject);
    if (amount > left) throw tooMuch(invoiceId, { amount, left, currency });
    await setAside(reacting, operation);
  },
  steps: [
    {
      name: "create",
      answer: itsId,
      touches: touchedInvoice,
      embeds: embeddedInvoice,
      request: (operation) => ({ method: "POST", path: "/v1/credit_notes", params: noteParams(operation) }),
      async find({ id, params }, { list }) {
        const made = await list(`/v1/credit_notes?limit=100&invoice=${params.invoiceId}`);
        return made.find((note) => marksOf(note).operation === id) ?? null;
      },
    },
  ],
  async answered({ tx }, { subject }, { create }) {
    // One that bears the same marks may have been seen first: then this one is the second, which its own news tell.
    await tx
      .updateTable("invoice_credits")
      .set((eb) => ({ stripe_id: eb.fn.coalesce("stripe_id", eb.val(create.id)) }))
      .where("id", "=", subject)
      .execute();
    return {};
  },
  async refused(reacting, operation, refusal): Promise<readonly News[]> {
    // What was seen at Stripe stands, whoever says that nothing was made.
    await reacting.tx
      .updateTable("invoice_credits")
      .set({ status: "failed" })
      .where("id", "=", operation.subject)
      .where("stripe_id", "is", null)
      .execute();
    return notDone("credit")(reacting, operation, refusal);
  },
});

/** https://docs.stripe.com/api/credit_notes/create */
function noteParams(operation: Crediting): { [name: string]: FormValue } {
  const { params } = operation;
  const way = { balance: "credit_amount", refund: "refund_amount", out_of_band: "out_of_band_amount" } as const;
  return {
    invoice: params.invoiceId,
    ...(params.lines.length === 0 ? { amount: params.amount } : { lines: params.lines.map(lineParams) }),
    ...(params.way !== null && { [way[params.way]]: params.paid }),
    reason: params.reason ?? undefined,
    memo: params.memo ?? undefined,
    metadata: marks(operation, { [creditMark]: params.creditId }),
  };
}

function lineParams(line: CreditWish["lines"][number]): { [name: string]: FormValue } {
  const { quantity, amount, description, unitAmount } = line;
  if (line.line === null) {
    const own = { description: description ?? "", quantity: quantity ?? 1, unit_amount: unitAmount };
    return { type: "custom_line_item", ...own };
  }
  const much = amount === null ? { quantity } : { amount };
  return { type: "invoice_line_item", invoice_line_item: line.line, ...much };
}

export function tooMuch(
  invoiceId: string,
  { amount, left, currency }: { readonly amount: number; readonly left: number; readonly currency: string },
) {
  const [asked, rest] = [amount, left].map((one) => formatMoney({ amount: one, currency }));
  const says =
    left === 0
      ? `Nothing is left of invoice ${invoiceId} to be credited`
      : `${asked} is more than the ${rest} that are left of invoice ${invoiceId}`;
  return problem("invalid_amount", says, {
    hint: "Credits made, on their way or made in Stripe's Dashboard all count.",
    details: { field: "amount", invoiceId, creditable: left, currency },
  });
}

/** From this moment on, `pending` counts against what may be credited. */
async function setAside({ tx, now }: Reacting, { id, subject, params }: Crediting): Promise<void> {
  const fresh = {
    invoice: params.invoiceId,
    wish: params.creditId,
    amount: params.amount,
    currency: params.currency,
    status: "pending" as const,
    stripe_id: null,
    number: null,
    operation: id,
  };
  await tx
    .insertInto("invoice_credits")
    .values({ ...fresh, id: subject, created_at: now })
    .onConflict((conflict) => conflict.column("id").doUpdateSet(fresh).where("invoice_credits.stripe_id", "is", null))
    .execute();
}
