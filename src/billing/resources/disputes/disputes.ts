// READ FIRST: a dispute is the payer's bank taking a payment back. Bursar does not answer disputes yet; it tells a
// human that there is one, and when it is lost.
import { formatMoney } from "#kit/money.ts";
import { isAmong } from "#kit/sql/many.ts";
import { idOf } from "../../kernel/contract/context.ts";
import { type Belonging, type MirroredRow, mirrorKind, on, type Timer } from "../../kernel/contract/manifest.ts";
import type { Fields, News, RaisedFlag, Reacting, Remote } from "../../kernel/contract/reacting.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import { heldMs, readClaims } from "../claims.ts";
import { marksOf } from "../marks.ts";

declare module "../../kernel/contract/reacting.ts" {
  interface InnerNews {
    "dispute.changed": DisputeMirror;
  }
}

export interface DisputeMirror extends MirroredRow {
  readonly status: string;
  readonly amount: number;
  readonly currency: string;
  readonly paymentIntent: string | null;
}

/** A dispute names no customer; its payment has one. */
const belongsTo = (remote: Fields): Belonging => ({
  customer: null,
  parent: idOf(remote.payment_intent) ?? idOf(remote.charge),
});

function disputeRow(remote: Remote): DisputeMirror {
  const status = String(remote.status);
  return {
    ...marksOf(remote),
    id: remote.id,
    ...belongsTo(remote),
    isFinal: status === "won" || status === "lost" || status === "warning_closed",
    status,
    amount: Number(remote.amount),
    currency: String(remote.currency),
    paymentIntent: idOf(remote.payment_intent),
  };
}

function disputeNews(before: DisputeMirror | null, after: DisputeMirror): News<"dispute.changed">[] {
  if (before?.status === after.status) return [];
  return [{ type: "dispute.changed", subject: after.id, transition: `${after.id}:${after.status}`, data: after }];
}

export const disputeKind = mirrorKind<DisputeMirror>({
  kind: "dispute",
  path: (id) => `/v1/disputes/${id}`,
  list: { path: "/v1/disputes", byCustomer: false },
  belongsTo,
  row: disputeRow,
  facts: disputeNews,
});

/**
 * One flag when it begins and one when it is lost: between the two a human answers it in the Dashboard. It says of
 * what, so it waits until that is known.
 */
export const onDisputeChanged = on("dispute.changed", (reacting, news) =>
  flagDisputes(
    reacting,
    news.map(({ data }) => data),
  ),
);

async function flagDisputes(reacting: Reacting, disputes: readonly DisputeMirror[]): Promise<readonly []> {
  const { tx, now, isHistory } = reacting;
  const payments = [...new Set(disputes.flatMap(({ paymentIntent }) => paymentIntent ?? []))];
  const whose = await whoseOf(tx, payments);
  const unknown = isHistory ? [] : payments.filter((id) => !whose.has(id));
  const known = disputes.filter(({ paymentIntent }) => !unknown.includes(paymentIntent ?? ""));
  await reacting.flag(known.flatMap((dispute) => flagOf(dispute, { of: whose.get(dispute.paymentIntent), isHistory })));
  await reacting.fileTimers(unknown.map((subject) => ({ kind: heldDisputes.kind, subject, dueAt: now + heldMs })));
  return [];
}

/** By payment, what it pays; absent while that is not known. */
async function whoseOf(tx: BillingTx, payments: readonly string[]): Promise<ReadonlyMap<string | null, string>> {
  if (payments.length === 0) return new Map();
  const orders = await tx
    .selectFrom("orders")
    .select(["id", "payment_intent"])
    .where(isAmong(tx, "payment_intent", payments))
    .execute();
  const claims = await readClaims(tx, payments);
  const others = [...claims].map(
    ([id, invoice]) => [id, invoice === null ? `payment ${id}` : `invoice ${invoice}`] as const,
  );
  return new Map([...others, ...orders.map(({ id, payment_intent }) => [payment_intent, `order ${id}`] as const)]);
}

interface Told {
  readonly of: string | undefined;
  readonly isHistory: boolean;
}

function flagOf(dispute: DisputeMirror, { of, isHistory }: Told): readonly RaisedFlag[] {
  if (dispute.status === "won" || dispute.status === "warning_closed") return [];
  const isLost = dispute.status === "lost";
  if (isLost && isHistory) return [];
  const end = isLost ? "went back to the payer" : "are disputed";
  const detail = `${formatMoney(dispute)} of ${of ?? `payment ${dispute.paymentIntent}`} ${end}`;
  return [{ kind: isLost ? "dispute_lost" : "payment_disputed", subject: dispute.id, detail }];
}

/** Once it is known whose these payments are. A flag is raised once, so that what was flagged is not flagged again. */
async function flagHeld(reacting: Reacting, payments: readonly string[]): Promise<readonly []> {
  const { tx } = reacting;
  if (payments.length === 0) return [];
  const subjects = await heldAmong(tx, payments);
  if (subjects.length === 0) return [];
  const rows = await tx
    .selectFrom("mirror")
    .select("row")
    .where("kind", "=", disputeKind.kind)
    .where(isAmong(tx, "parent", subjects))
    .execute();
  await reacting.withdrawTimers(subjects.map((subject) => ({ kind: heldDisputes.kind, subject })));
  return flagDisputes(
    reacting,
    rows.map(({ row }) => JSON.parse(row) as DisputeMirror),
  );
}

/** Those of which something waits: each has a timer. */
async function heldAmong(tx: BillingTx, payments: readonly string[]): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom("timers")
    .select("subject")
    .where("kind", "=", heldDisputes.kind)
    .where(isAmong(tx, "subject", payments))
    .execute();
  return rows.map(({ subject }) => subject);
}

export const onDisputeClaims = on("payment.claims", (reacting, news) =>
  flagHeld(
    reacting,
    news.map(({ data }) => data.paymentIntent),
  ),
);

export const onDisputeInvoice = on("invoice_payment.seen", (reacting, news) =>
  flagHeld(
    reacting,
    news.flatMap(({ data }) => data.paymentIntent ?? []),
  ),
);

/** Nothing was heard of it, or Stripe has not answered yet. */
export const heldDisputes: Timer = {
  kind: "disputes.held",
  async work(reacting, { subject }) {
    const rows = await reacting.tx
      .selectFrom("mirror")
      .select("row")
      .where("kind", "=", disputeKind.kind)
      .where("parent", "=", subject)
      .execute();
    return flagDisputes(
      reacting,
      rows.map(({ row }) => JSON.parse(row) as DisputeMirror),
    );
  },
};
