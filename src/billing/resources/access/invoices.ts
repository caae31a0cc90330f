// What was asked for customers' subscriptions, as the policy takes it, and what their banks have taken back.
import { type Instant, secondMs } from "#kit/clock.ts";
import { isAmong } from "#kit/sql/many.ts";
import type { Selecting } from "../../kernel/store/tables.ts";
import type { DisputeMirror } from "../disputes/index.ts";
import type { InvoiceMirror } from "../invoices/index.ts";
import { isAutomatic, isReserved, type RefundRow } from "../refunds/index.ts";
import type { AskedInvoice, AskedLine } from "./policy.ts";

type Database = Parameters<typeof isAmong>[0] & Selecting;

/** Those that are not ended, and those that ask for a time that is not over. */
export async function readInvoices(
  db: Database,
  subscriptions: readonly string[],
  since: Instant,
): Promise<readonly AskedInvoice[]> {
  if (subscriptions.length === 0) return [];
  const stored = await db
    .selectFrom("invoices")
    .innerJoin("mirror", "mirror.id", "invoices.id")
    .select(["invoices.id", "invoices.subscription", "invoices.failed_at", "mirror.row"])
    .where(isAmong(db, "invoices.subscription", subscriptions))
    .where("mirror.tombstone", "=", 0)
    .where((eb) =>
      eb.or([
        eb("invoices.status", "in", ["open", "draft"]),
        eb.exists(
          eb
            .selectFrom("invoice_lines")
            .select("invoice_lines.id")
            .whereRef("invoice_lines.invoice", "=", "invoices.id")
            .where("invoice_lines.period_end", ">", since),
        ),
      ]),
    )
    .orderBy("invoices.created_at")
    .orderBy("invoices.id")
    .execute();
  const ids = stored.map(({ id }) => id);
  const lines = await readLines(db, ids, since);
  const disputed = await readDisputes(db, subscriptions);
  const refunds = await readRefunds(db, ids);
  const asked = stored.map(({ id, subscription, failed_at, row }): AskedInvoice => {
    const { status, amounts, attempted, payment, dueDate, collectionMethod } = JSON.parse(row) as InvoiceMirror;
    return {
      subscription: subscription ?? "",
      status,
      remaining: amounts.remaining,
      isAttempted: attempted,
      isProcessing: status === "open" && payment?.status === "processing",
      failedAt: failed_at,
      dueAt: dueDate === null || collectionMethod !== "send_invoice" ? null : dueDate * secondMs,
      dispute: disputed.find(({ invoice }) => invoice === id)?.dispute ?? null,
      isGivenBack: isGivenBack(amounts.paid, refunds.get(id) ?? []),
      lines: lines.get(id) ?? [],
    };
  });
  // Of a time that is over, and yet a payer who says that it was not their wish.
  const past = disputed.filter(({ invoice }) => !ids.includes(invoice));
  return [...asked, ...past.map(({ subscription, dispute }) => ({ ...pastInvoice, subscription, dispute }))];
}

const pastInvoice = {
  status: "paid",
  remaining: 0,
  isAttempted: true,
  isProcessing: false,
  failedAt: null,
  dueAt: null,
  isGivenBack: false,
  lines: [],
} as const;

interface Disputed {
  readonly invoice: string;
  readonly subscription: string;
  readonly dispute: "open" | "lost";
}

/** An inquiry has taken nothing back yet. https://docs.stripe.com/disputes/how-disputes-work */
const standings: Readonly<Record<string, Disputed["dispute"]>> = {
  needs_response: "open",
  under_review: "open",
  lost: "lost",
};

/** Those that are lost first: one payment may be disputed twice. */
async function readDisputes(db: Database, subscriptions: readonly string[]): Promise<readonly Disputed[]> {
  const rows = await db
    .selectFrom("invoices")
    .innerJoin("invoice_payments", "invoice_payments.invoice", "invoices.id")
    .innerJoin("mirror", "mirror.parent", "invoice_payments.payment_intent")
    .select(["invoices.id", "invoices.subscription", "mirror.row"])
    .where(isAmong(db, "invoices.subscription", subscriptions))
    .where("mirror.kind", "=", "dispute")
    .where("mirror.tombstone", "=", 0)
    .orderBy("mirror.id")
    .execute();
  const disputed = rows.flatMap(({ id, subscription, row }): Disputed[] => {
    const dispute = standings[(JSON.parse(row) as DisputeMirror).status];
    return dispute && subscription !== null ? [{ invoice: id, subscription, dispute }] : [];
  });
  return disputed.toSorted((a, b) => (a.dispute === b.dispute ? 0 : a.dispute === "lost" ? -1 : 1));
}

type Refunded = Pick<RefundRow, "id" | "amount" | "status">;

async function readRefunds(db: Database, invoices: readonly string[]): Promise<ReadonlyMap<string, Refunded[]>> {
  if (invoices.length === 0) return new Map();
  const rows = await db
    .selectFrom("refunds")
    .select(["id", "amount", "status", "invoice"])
    .where("invoice", "in", invoices)
    .execute();
  return Map.groupBy(rows, ({ invoice }) => invoice ?? "");
}

/** As much as a cancel was to give back, whoever sent it in the end; else all that was paid. */
function isGivenBack(paid: number, refunds: readonly Refunded[]): boolean {
  const sum = (some: readonly Refunded[]) => some.reduce((all, { amount }) => all + amount, 0);
  const back = sum(refunds.filter(isReserved));
  const wanted = sum(refunds.filter(({ id }) => isAutomatic(id)));
  return back > 0 && back >= (wanted || paid);
}

async function readLines(
  db: Database,
  invoices: readonly string[],
  since: Instant,
): Promise<ReadonlyMap<string, readonly AskedLine[]>> {
  const rows = await db
    .selectFrom("invoice_lines")
    .select(["invoice", "subscription_item", "price", "amount", "period_start", "period_end"])
    .where(isAmong(db, "invoice", invoices))
    .where("period_end", ">", since)
    .orderBy("invoice")
    .orderBy("position")
    .execute();
  const byInvoice = Map.groupBy(rows, ({ invoice }) => invoice);
  return new Map(
    [...byInvoice].map(([invoice, some]) => [
      invoice,
      some.map((line) => ({
        item: line.subscription_item ?? "",
        price: line.price,
        amount: line.amount,
        start: line.period_start,
        end: line.period_end,
      })),
    ]),
  );
}
