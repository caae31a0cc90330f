// Which invoices at Stripe are those that the host has wished under ids of its own. One is known by the answer to the
// call that made it; what else bears its marks is a copy, for a human.
import { problem } from "#kit/problems.ts";
import { isAmong } from "#kit/sql/many.ts";
import { on } from "../../../kernel/contract/manifest.ts";
import type { RaisedFlag, Reacting } from "../../../kernel/contract/reacting.ts";
import type { OperationView } from "../../../kernel/contract/verb.ts";
import type { BillingTx, Selecting } from "../../../kernel/store/tables.ts";
import { fieldsOf, textOrNull } from "../../remote_fields.ts";
import type { MadeWish } from "./wish.ts";

const makers = ["invoices.create", "invoices.draft"] as const;
export type Maker = (typeof makers)[number];

/** One id is one invoice, whether it was wished as a draft or as a whole. */
export async function reserveMade(
  { tx, now }: Reacting,
  { id: operation, subject: id, params }: OperationView<MadeWish>,
  maker: Maker,
): Promise<void> {
  const row = { id, maker, customer: params.customerId, operation, stripe_id: null, created_at: now };
  const reserved = await tx
    .insertInto("made_invoices")
    .values(row)
    .onConflict((conflict) =>
      conflict
        .column("id")
        .doUpdateSet({ operation, customer: params.customerId })
        .where("made_invoices.maker", "=", maker)
        .where("made_invoices.stripe_id", "is", null),
    )
    .returning("id")
    .execute();
  if (reserved.length === 1) return;
  throw problem("conflict", `Invoice ${id} was wished before, another way`, {
    hint: "Give another one an id of its own.",
    details: { id },
  });
}

/** By the answer of its own call. Whatever was taken for it before is the copy. */
export async function bindMade(
  { tx, flag }: Reacting,
  { id, invoiceId }: { readonly id: string; readonly invoiceId: string },
): Promise<void> {
  const before = await tx.selectFrom("made_invoices").select("stripe_id").where("id", "=", id).executeTakeFirst();
  await tx.updateTable("made_invoices").set({ stripe_id: invoiceId }).where("id", "=", id).execute();
  const other = before?.stripe_id ?? invoiceId;
  if (other !== invoiceId) await flag([secondInvoice(id, { other, own: invoiceId })]);
}

/** It was refused, and is taken back: its id is free for the next attempt. */
export async function letMadeGo({ tx }: Reacting, id: string): Promise<void> {
  await tx.updateTable("made_invoices").set({ stripe_id: null }).where("id", "=", id).execute();
}

function secondInvoice(id: string, { other, own }: { readonly other: string; readonly own: string }): RaisedFlag {
  return { kind: "second_invoice", subject: id, detail: `${other} bears the marks of this invoice, which is ${own}` };
}

interface Marked {
  readonly id: string;
  readonly operation: string;
}

/** An event overtakes the answer: until that is there, the first that bears the marks is taken for it. */
export const onMadeSeen = on("invoice.seen", async (reacting, news) => {
  const { instance } = reacting;
  const marked = news.flatMap(({ data: { before, after } }): readonly Marked[] =>
    before === null && after.instance === instance && after.operation !== null
      ? [{ id: after.id, operation: after.operation }]
      : [],
  );
  if (marked.length === 0) return [];
  const making = await readMaking(reacting, marked);
  for (const { id, operation } of marked) {
    const made = making.get(operation);
    if (made) await bindSeen(reacting, { ownId: made.subject, id, drafted: made.drafted });
  }
  return [];
});

async function readMaking({ tx, instance }: Reacting, marked: readonly Marked[]) {
  const ids = marked.map(({ operation }) => operation);
  const rows = await tx
    .selectFrom("operations")
    .select(["id", "subject", "answers"])
    .where(isAmong(tx, "id", ids))
    .where("verb", "in", makers)
    // Of any other the draft is taken back.
    .where("state", "in", ["open", "done"])
    .where("instance", "=", instance)
    .execute();
  return new Map(rows.map(({ id, subject, answers }) => [id, { subject, drafted: draftedIn(answers) }]));
}

/** The id of the draft that its call was answered with; null before that. */
function draftedIn(answers: string): string | null {
  return textOrNull(fieldsOf(fieldsOf(JSON.parse(answers)).draft).id);
}

async function bindSeen(
  reacting: Reacting,
  { ownId, id, drafted }: { readonly ownId: string; readonly id: string; readonly drafted: string | null },
): Promise<void> {
  if (drafted === id) return bindMade(reacting, { id: ownId, invoiceId: id });
  const own = drafted ?? (await takeFirst(reacting.tx, ownId, id));
  if (own !== id) await reacting.flag([secondInvoice(ownId, { other: id, own })]);
}

/** What is taken for it from now on. */
async function takeFirst(tx: BillingTx, ownId: string, id: string): Promise<string> {
  const row = await tx
    .updateTable("made_invoices")
    .set((eb) => ({ stripe_id: eb.fn.coalesce("stripe_id", eb.val(id)) }))
    .where("id", "=", ownId)
    .returning("stripe_id")
    .executeTakeFirst();
  return row?.stripe_id ?? id;
}

/** By Stripe's ids, those of the host. */
export async function ownIdsOf(db: Selecting, invoices: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (invoices.length === 0) return new Map();
  const rows = await db
    .selectFrom("made_invoices")
    .select(["id", "stripe_id"])
    .where("stripe_id", "in", invoices)
    .execute();
  return new Map(rows.map(({ id, stripe_id }) => [stripe_id ?? "", id]));
}
