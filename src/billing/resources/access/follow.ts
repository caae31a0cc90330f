// What is heard of subscriptions, their invoices and what was taken back of them makes other answers, in the same
// transaction.

import { secondMs } from "#kit/clock.ts";
import { isAmong } from "#kit/sql/many.ts";
import { on, type Timer } from "../../kernel/contract/manifest.ts";
import type { Reacting } from "../../kernel/contract/reacting.ts";
import { type BillingTx, openState } from "../../kernel/store/tables.ts";
import { ownersOf, stripeIdsOf } from "../owners.ts";
import { reckon } from "./reckon.ts";

/** Of the users whose Customers of Stripe's these are. */
async function reckonOwners(reacting: Reacting, stripeCustomers: readonly (string | null)[]) {
  const owners = await ownersOf(reacting.tx, stripeCustomers);
  return reckon(
    reacting,
    [...owners.values()].map(({ id }) => id),
  );
}

export const onSubscriptionSeen = on("subscription.seen", (reacting, news) =>
  reckonOwners(
    reacting,
    news.flatMap(({ data: { before, after } }) => [after.customer, before?.customer ?? null]),
  ),
);

/** What was asked for without a subscription gives nothing. */
export const onInvoiceSeen = on("invoice.seen", (reacting, news) =>
  reckonOwners(
    reacting,
    news.flatMap(({ data: { after } }) => (after.subscription === null ? [] : after.customer)),
  ),
);

export const onDisputeChanged = on("dispute.changed", (reacting, news) =>
  reckonPayers(
    reacting,
    news.flatMap(({ data }) => data.paymentIntent ?? []),
  ),
);

export const onRefundChanged = on("refund.changed", (reacting, news) =>
  reckonPayers(
    reacting,
    news.flatMap(({ data }) => data.paymentIntent ?? []),
  ),
);

/** One that was never made has no news of Stripe's. */
export const onRefundFailed = on("refund.failed", async (reacting, news) => {
  const invoices = news.flatMap(({ data }) => data.invoiceId ?? []);
  const rows = await reacting.tx
    .selectFrom("invoices")
    .select("customer")
    .where(isAmong(reacting.tx, "id", invoices))
    .execute();
  return reckonOwners(
    reacting,
    rows.map(({ customer }) => customer),
  );
});

/** A payment that was disputed before it was known what it paid. */
export const onInvoicePayment = on("invoice_payment.seen", async (reacting, news) => {
  const payments = news.flatMap(({ data }) => data.paymentIntent ?? []);
  const disputed = await reacting.tx
    .selectFrom("mirror")
    .select("parent")
    .where(isAmong(reacting.tx, "parent", payments))
    .where("kind", "=", "dispute")
    .execute();
  return reckonPayers(
    reacting,
    disputed.flatMap(({ parent }) => parent ?? []),
  );
});

async function reckonPayers(reacting: Reacting, payments: readonly string[]) {
  if (payments.length === 0) return [];
  const rows = await reacting.tx
    .selectFrom("invoice_payments")
    .innerJoin("invoices", "invoices.id", "invoice_payments.invoice")
    .select("invoices.customer")
    .where(isAmong(reacting.tx, "invoice_payments.payment_intent", payments))
    .where("invoices.subscription", "is not", null)
    .execute();
  return reckonOwners(
    reacting,
    rows.map(({ customer }) => customer),
  );
}

/** It went with its test clock, or with the account's test data. */
export const onGone = on("object.gone", async (reacting, news) => {
  const gone = news.flatMap(({ data }) => (data.kind === "subscription" ? data.id : []));
  const customers = news.flatMap(({ data }) => (data.kind === "customer" ? data.id : []));
  const rows = await reacting.tx
    .selectFrom("mirror")
    .select("customer")
    .where(isAmong(reacting.tx, "id", gone))
    .execute();
  return reckonOwners(reacting, [...customers, ...rows.map(({ customer }) => customer)]);
});

/** All that hangs on the clock is owed a look: until that was taken, nothing is known of the instant it went to. */
export const onClockReady = on("test_clock.ready", async ({ tx, now, fileTimers }, news) => {
  const clocks = news.map(({ data }) => data.id);
  const rows = await tx
    .selectFrom("subscriptions")
    .select("customer")
    .where(isAmong(tx, "test_clock", clocks))
    .execute();
  const owners = await ownersOf(
    tx,
    rows.map(({ customer }) => customer),
  );
  const subjects = new Set([...owners.values()].map(({ id }) => id));
  await fileTimers([...subjects].map((subject) => ({ kind: quietClock.kind, subject, dueAt: now })));
  return [];
});

/** What a clock has brought about takes some requests to see. */
const quietMs = 2 * secondMs;

/** The customer's time goes on to where the clock stands as soon as nothing of theirs is left to be seen. */
export const quietClock: Timer = {
  kind: "access.quiet_clock",
  async work(reacting, { subject }) {
    if (!(await isSeen(reacting.tx, subject))) {
      await reacting.fileTimers([{ kind: quietClock.kind, subject, dueAt: reacting.now + quietMs }]);
      return [];
    }
    return reckon(reacting, [subject], { isQuiet: true });
  },
};

async function isSeen(tx: BillingTx, customer: string): Promise<boolean> {
  const row = await tx
    .selectFrom("customers")
    .select(["id", "stripe_id"])
    .where("id", "=", customer)
    .executeTakeFirst();
  const lanes = row ? await stripeIdsOf(tx, row) : [];
  const open = await tx
    .selectFrom("receipts")
    .select("id")
    .where(isAmong(tx, "lane", lanes))
    .where("state", "=", openState)
    .limit(1)
    .executeTakeFirst();
  return open === undefined;
}
