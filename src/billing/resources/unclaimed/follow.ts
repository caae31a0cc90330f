// Who claims what was paid, or what went back.
import { minuteMs } from "#kit/clock.ts";
import { formatMoney } from "#kit/money.ts";
import { isAmong } from "#kit/sql/many.ts";
import { resolveFlag } from "../../kernel/changes/flags.ts";
import { on, type Timer } from "../../kernel/contract/manifest.ts";
import type { Reacting } from "../../kernel/contract/reacting.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import type { PaymentIntentMirror } from "../payments/index.ts";
import { claimsOf } from "./unclaimed.ts";

/** Invoice payments were seen to come up to 21 s after their payment, and what a webhook lost is found in a minute. */
const waitMs = 3 * minuteMs;

const unclaimedFlag = "payment_unclaimed";

export const unclaimed: Timer = {
  kind: "unclaimed.ask",
  async work(reacting, { subject }) {
    if (!(await isOfNoOrder(reacting.tx, subject))) return [];
    const left = await ofNoInvoice(reacting.tx, [subject]);
    await reacting.fileLooks(left.map(claimsOf));
    return [];
  },
};

export const onPaid = on("payment.changed", async (reacting, news) => {
  // One that names an order is told of by orders.
  const paid = news.filter(({ data }) => data.status === "succeeded" && data.orderId === null);
  return wait(
    reacting,
    paid.map(({ data }) => data.id),
  );
});

export const onRefunded = on("refund.changed", (reacting, news) =>
  wait(
    reacting,
    news.flatMap(({ data }) => data.paymentIntent ?? []),
  ),
);

export const onDisputed = on("dispute.changed", (reacting, news) =>
  wait(
    reacting,
    news.flatMap(({ data }) => data.paymentIntent ?? []),
  ),
);

async function wait(reacting: Reacting, payments: readonly string[]): Promise<readonly []> {
  const left = await ofNoInvoice(reacting.tx, payments);
  const dueAt = reacting.now + waitMs;
  await reacting.fileTimers(left.map((subject) => ({ kind: unclaimed.kind, subject, dueAt })));
  return [];
}

/** Those that no invoice is known to be paid by. */
async function ofNoInvoice(tx: BillingTx, payments: readonly string[]): Promise<readonly string[]> {
  if (payments.length === 0) return [];
  const invoices = await tx
    .selectFrom("invoice_payments")
    .select("payment_intent")
    .where(isAmong(tx, "payment_intent", payments))
    .execute();
  const claimed = new Set(invoices.map(({ payment_intent }) => payment_intent));
  return [...new Set(payments)].filter((id) => !claimed.has(id));
}

/** No order was checked out with it. An order has its payment long before it is asked here. */
async function isOfNoOrder(tx: BillingTx, payment: string): Promise<boolean> {
  const order = await tx.selectFrom("orders").select("id").where("payment_intent", "=", payment).executeTakeFirst();
  return order === undefined;
}

/** What Stripe says: the invoice that claims it is learnt, or a human is asked. */
export const onClaims = on("payment.claims", async ({ tx, fileLooks, flag }, news) => {
  const claims = news.flatMap(({ data }) => data.claims);
  await fileLooks([
    ...claims.map(({ id, invoice }) => ({ kind: "invoice_payment", id, customer: null, parent: invoice })),
    ...claims.map(({ invoice }) => ({ kind: "invoice", id: invoice, customer: null, parent: null })),
  ]);
  const nobodys = news.filter(({ data }) => data.claims.length === 0).map(({ data }) => data.paymentIntent);
  const left = await ofNoInvoice(tx, nobodys);
  const rows = await tx
    .selectFrom("mirror")
    .select(["id", "row"])
    .where(isAmong(tx, "id", left))
    .execute();
  await flag(
    rows.map(({ id, row }) => {
      const { amountReceived: amount, currency, customer } = JSON.parse(row) as PaymentIntentMirror;
      const money = formatMoney({ amount, currency });
      const detail = `${money} came by ${id} of ${customer ?? "nobody"}, and no order and no invoice claims it`;
      return { kind: unclaimedFlag, subject: id, detail };
    }),
  );
  return [];
});

/** An invoice claims it after all. */
export const onInvoicePayment = on("invoice_payment.seen", async ({ tx, now, withdrawTimers }, news) => {
  const payments = news.flatMap(({ data }) => data.paymentIntent ?? []);
  await withdrawTimers(payments.map((subject) => ({ kind: unclaimed.kind, subject })));
  for (const subject of payments) await resolveFlag(tx, { kind: unclaimedFlag, subject, now });
  return [];
});
