// A life that nobody saw: a subscription that is over when it is first heard of, or was last seen before its first
// payment. That it is canceled does not say whether it had started: one that waits for its payer is canceled too. What
// was asked for it says so; until that is known, nothing is told.
import { isAmong } from "#kit/sql/many.ts";
import { on } from "../../kernel/contract/manifest.ts";
import type { News, Reacting } from "../../kernel/contract/reacting.ts";
import { lockCustomers } from "../customers/index.ts";
import type { InvoiceMirror } from "../invoices/index.ts";
import { isHistory, ownersOf } from "../owners.ts";
import { newsOf, wasStarted, wholeLife } from "./happened.ts";
import type { SubscriptionMirror } from "./subscriptions.ts";

export const onEndSeen = on("subscription.seen", async (reacting, news) => {
  const over = news
    .map(({ data }) => data)
    .filter(({ before, after }) => after.status === "canceled" && !wasStarted(before))
    .map(({ after }) => after);
  const begun = await begunOf(reacting, over);
  await oweInvoices(
    reacting,
    over.filter((one) => !begun.includes(one)),
  );
  return told(reacting, begun);
});

/** Its invoice may be heard of after its end. Whose life was seen was told of it: the same facts are the same ones. */
export const onPaidSeen = on("invoice.seen", async (reacting, news) => {
  const { tx } = reacting;
  const paid = news.flatMap(({ data: { before, after } }) =>
    isOfRunning(after) && !(before && isOfRunning(before)) ? after : [],
  );
  const ids = paid.flatMap(({ subscription }) => subscription ?? []);
  if (ids.length === 0) return [];
  const owners = await ownersOf(
    tx,
    paid.map(({ customer }) => customer),
  );
  // As whoever sees the end has: of two that see one each at this moment, the second sees both.
  await lockCustomers(
    tx,
    [...owners.values()].map(({ id }) => id),
  );
  const stored = await tx
    .selectFrom("subscriptions")
    .innerJoin("mirror", "mirror.id", "subscriptions.id")
    .select("mirror.row")
    .where(isAmong(tx, "subscriptions.id", ids))
    .where("subscriptions.status", "=", "canceled")
    .execute();
  const over = stored.map(({ row }) => JSON.parse(row) as SubscriptionMirror);
  return told(reacting, await begunOf(reacting, over));
});

async function told({ tx }: Reacting, begun: readonly SubscriptionMirror[]): Promise<readonly News[]> {
  const owners = await ownersOf(
    tx,
    begun.map(({ customer }) => customer),
  );
  return begun.flatMap((after) => {
    const owner = owners.get(after.customer);
    return isHistory(after, owner) ? [] : wholeLife(after).map((one) => newsOf(one, after.id, owner?.id ?? null));
  });
}

async function begunOf({ tx }: Reacting, over: readonly SubscriptionMirror[]): Promise<readonly SubscriptionMirror[]> {
  if (over.length === 0) return [];
  const ids = over.map(({ id }) => id);
  const stored = await tx
    .selectFrom("invoices")
    .innerJoin("mirror", "mirror.id", "invoices.id")
    .select("mirror.row")
    .where(isAmong(tx, "invoices.subscription", ids))
    .execute();
  const bySubscription = Map.groupBy(
    stored.map(({ row }) => JSON.parse(row) as InvoiceMirror),
    ({ subscription }) => subscription,
  );
  return over.filter((one) => hadStarted(one, bySubscription.get(one.id) ?? []));
}

/**
 * What is sent, or asks for nothing, starts at once; else the first invoice has to be paid, or its bank at it.
 * https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses
 */
function hadStarted(
  { collectionMethod, latestInvoice, endedAt }: SubscriptionMirror,
  invoices: readonly InvoiceMirror[],
): boolean {
  if (collectionMethod === "send_invoice" || latestInvoice === null) return true;
  const wasLate = ({ paidAt }: InvoiceMirror) => paidAt !== null && endedAt !== null && paidAt > endedAt;
  return invoices.some((invoice) => isOfRunning(invoice) && !wasLate(invoice));
}

/** What waits for its payment asks for it at once: a draft is of one that runs, as is a renewal. */
function isOfRunning({ status, billingReason, payment }: InvoiceMirror): boolean {
  if (status === "paid" || status === "draft") return true;
  return billingReason === "subscription_cycle" || payment?.status === "processing";
}

async function oweInvoices({ fileLooks }: Reacting, over: readonly SubscriptionMirror[]): Promise<void> {
  await fileLooks(
    over.flatMap(({ id: parent, customer, latestInvoice: id }) =>
      id === null ? [] : [{ kind: "invoice", id, customer, parent }],
    ),
  );
}
