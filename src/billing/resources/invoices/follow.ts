// How what was seen of invoices becomes facts, and how they hear of their payments. What Stripe had before the host
// knew its customer is not news.
import { secondMs } from "#kit/clock.ts";
import { isAmong } from "#kit/sql/many.ts";
import { on } from "../../kernel/contract/manifest.ts";
import type { News } from "../../kernel/contract/reacting.ts";
import { isHistory, ownersOf } from "../owners.ts";
import { oweClocks, readClocks } from "../test_clocks/index.ts";
import { ownIdsOf } from "./one_off/made.ts";
import { whatHappened } from "./seen/happened.ts";
import type { InvoiceMirror } from "./seen/invoices.ts";
import { fileDueDates, overdueNews } from "./seen/overdue.ts";

export const onInvoiceSeen = on("invoice.seen", async (reacting, news) => {
  const rows = news.map(({ data }) => data.after);
  const clocks = rows.map(({ testClock }) => testClock);
  await oweClocks(reacting, clocks);
  const owners = await ownersOf(
    reacting.tx,
    rows.map(({ customer }) => customer),
  );
  await fileDueDates(
    reacting,
    news.map(({ data }) => data),
  );
  const ownIds = await ownIdsOf(
    reacting.tx,
    rows.map(({ id }) => id),
  );
  const times = await readClocks(reacting.tx, clocks);
  return news.flatMap(({ data: { before, after }, transition }): readonly News[] => {
    const owner = owners.get(after.customer);
    if (before === null && isHistory(after, owner)) return [];
    const customerId = owner?.id ?? null;
    const ownId = ownIds.get(after.id) ?? null;
    const happened = whatHappened(before, after, transition).map(
      (one) => ({ ...one, subject: after.id, data: { ...one.data, customerId, ownId } }) as News,
    );
    const now = after.testClock === null ? undefined : times.get(after.testClock);
    return now === undefined
      ? happened
      : [...happened, ...overdueNews(after, { now, owner, ownId: ownIds.get(after.id) })];
  });
});

/** What hangs on a clock that has moved is looked at, and what is due by it is told. */
export const onClockReady = on("test_clock.ready", async ({ tx, fileLooks }, news) => {
  const times = new Map(news.map(({ data }) => [data.id, data.frozenTime * secondMs]));
  const stored = await tx
    .selectFrom("invoices")
    .innerJoin("mirror", "mirror.id", "invoices.id")
    .select("mirror.row")
    .where(isAmong(tx, "invoices.test_clock", [...times.keys()]))
    .execute();
  const rows = stored.map(({ row }) => JSON.parse(row) as InvoiceMirror);
  const living = rows.filter(({ isFinal }) => !isFinal);
  await fileLooks(living.map(lookAt));
  const owners = await ownersOf(
    tx,
    living.map(({ customer }) => customer),
  );
  const ownIds = await ownIdsOf(
    tx,
    living.map(({ id }) => id),
  );
  return living.flatMap((row) => {
    const now = times.get(row.testClock ?? "") ?? 0;
    return overdueNews(row, { now, owner: owners.get(row.customer), ownId: ownIds.get(row.id) });
  });
});

/** Stripe sends no event of an open invoice whose payment is being confirmed. */
export const onPaymentChanged = on("payment.changed", async ({ tx, fileLooks }, news) => {
  const intents = news.map(({ data }) => data.id);
  const rows = await tx
    .selectFrom("invoices")
    .select(["id", "customer", "subscription"])
    .where(isAmong(tx, "payment_intent", intents))
    .where("status", "=", "open")
    .execute();
  await fileLooks(rows.map(lookAt));
  return [];
});

const lookAt = ({ id, customer, subscription }: Pick<InvoiceMirror, "id" | "customer" | "subscription">) => ({
  kind: "invoice",
  id,
  customer,
  parent: subscription,
});
