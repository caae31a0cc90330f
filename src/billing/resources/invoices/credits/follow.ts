// How credits hear of their notes at Stripe, and become facts.

import { secondMs } from "#kit/clock.ts";
import { formatMoney } from "#kit/money.ts";
import { isAmong } from "#kit/sql/many.ts";
import { on } from "../../../kernel/contract/manifest.ts";
import type { News, RaisedFlag, Reacting } from "../../../kernel/contract/reacting.ts";
import { madeBy } from "../../marks.ts";
import { isHistory, ownersOf } from "../../owners.ts";
import { ownIdsOf } from "../one_off/made.ts";
import type { InvoiceMirror } from "../seen/invoices.ts";
import type { InvoiceCreditRow } from "../tables.ts";
import type { CreditNoteMirror } from "./notes.ts";
import { credit } from "./verb.ts";

export const onCreditNote = on("credit_note.changed", async (reacting, news) => {
  const notes = news.map(({ data }) => data.note);
  const made = await madeBy(reacting, credit.name, notes);
  const told = await tellers(reacting, notes);
  const facts: News[] = [];
  for (const { data, transition } of news) {
    const { note, isNew } = data;
    const row = await keepNote(reacting, note, made.get(note.id));
    const tell = told.get(note.id);
    if (tell === undefined || (isNew && tell.isHistory)) continue;
    const about = { ...tell.common, creditId: row.wish, creditNoteId: note.id, creditNumber: note.number };
    const amount = { amount: note.total, currency: note.currency };
    const of = { subject: note.invoice, transition, data: { ...about, amount } } as const;
    if (note.status === "void") facts.push({ type: "invoice.credit_voided", ...of });
    else facts.push({ type: "invoice.credited", ...of });
  }
  return facts;
});

/** Of each note, by its id: what is told of its invoice. */
async function tellers({ tx }: Reacting, notes: readonly CreditNoteMirror[]) {
  const ids = notes.map(({ invoice }) => invoice);
  const stored = await tx
    .selectFrom("mirror")
    .select(["id", "row"])
    .where(isAmong(tx, "id", ids))
    .execute();
  const invoices = new Map(stored.map(({ id, row }) => [id, JSON.parse(row) as InvoiceMirror]));
  const owners = await ownersOf(
    tx,
    notes.map(({ customer }) => customer),
  );
  const ownIds = await ownIdsOf(tx, ids);
  return new Map(
    notes.map((note) => {
      const invoice = invoices.get(note.invoice);
      const owner = owners.get(note.customer);
      const common = {
        invoiceId: note.invoice,
        ownId: ownIds.get(note.invoice) ?? null,
        customerId: owner?.id ?? null,
        subscriptionId: invoice?.subscription ?? null,
        number: invoice?.number ?? null,
      };
      const dated = { created: note.created, testClock: invoice?.testClock ?? null };
      return [note.id, { common, isHistory: isHistory(dated, owner) }] as const;
    }),
  );
}

/** Its row: the wished one, or one of its own for what was made elsewhere and for a copy of our marks. */
async function keepNote(
  { tx, flag, now }: Reacting,
  note: CreditNoteMirror,
  subject: string | undefined,
): Promise<InvoiceCreditRow> {
  const seen = { amount: note.total, status: note.status, number: note.number, stripe_id: note.id };
  const own = await tx
    .updateTable("invoice_credits")
    .set(seen)
    .where("id", "=", subject ?? note.id)
    .where((eb) => eb.or([eb("stripe_id", "is", null), eb("stripe_id", "=", note.id)]))
    .returningAll()
    .executeTakeFirst();
  if (own) return own;
  if (subject !== undefined) await flag([await secondNote(tx, subject, note)]);
  const row = {
    id: note.id,
    invoice: note.invoice,
    wish: null,
    currency: note.currency,
    operation: null,
    created_at: note.created === 0 ? now : note.created * secondMs,
    ...seen,
  };
  await tx
    .insertInto("invoice_credits")
    .values(row)
    .onConflict((conflict) => conflict.column("id").doUpdateSet(seen))
    .execute();
  return row;
}

async function secondNote(tx: Reacting["tx"], subject: string, note: CreditNoteMirror): Promise<RaisedFlag> {
  const own = await tx.selectFrom("invoice_credits").select("stripe_id").where("id", "=", subject).executeTakeFirst();
  const money = formatMoney({ amount: note.total, currency: note.currency });
  const detail = `${note.id} (${money}) bears the marks of this credit, which is ${own?.stripe_id ?? "not made yet"}`;
  return { kind: "second_credit_note", subject, detail };
}
