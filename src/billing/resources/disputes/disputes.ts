// READ FIRST: a dispute is the payer's bank taking a payment back. Bursar does not answer disputes yet; it tells a
// human that there is one, and when it is lost.
import { formatMoney } from "#kit/money.ts";
import { idOf } from "../../kernel/contract/context.ts";
import { type Belonging, type MirroredRow, mirrorKind, on } from "../../kernel/contract/manifest.ts";
import type { Fields, News, Remote } from "../../kernel/contract/reacting.ts";
import { marksOf } from "../marks.ts";

declare module "../../kernel/contract/reacting.ts" {
  interface InnerNews {
    "dispute.changed": DisputeMirror;
  }
}

interface DisputeMirror extends MirroredRow {
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

/** One flag when it begins and one when it is lost: between the two a human answers it in the Dashboard. */
export const onDisputeChanged = on("dispute.changed", async ({ tx, flag, isHistory }, news) => {
  const payments = news.flatMap(({ data }) => data.paymentIntent ?? []);
  const rows =
    payments.length === 0
      ? []
      : await tx
          .selectFrom("orders")
          .select(["id", "payment_intent"])
          .where("payment_intent", "in", payments)
          .execute();
  const orders = new Map(rows.map(({ id, payment_intent }) => [payment_intent, id]));
  await flag(
    news.flatMap(({ data: dispute }) => {
      if (dispute.status === "won" || dispute.status === "warning_closed") return [];
      const order = orders.get(dispute.paymentIntent);
      const of = order === undefined ? `payment ${dispute.paymentIntent}` : `order ${order}`;
      const isLost = dispute.status === "lost";
      if (isLost && isHistory) return [];
      const detail = `${formatMoney(dispute)} of ${of} ${isLost ? "went back to the payer" : "are disputed"}`;
      return [{ kind: isLost ? "dispute_lost" : "payment_disputed", subject: dispute.id, detail }];
    }),
  );
  return [];
});
