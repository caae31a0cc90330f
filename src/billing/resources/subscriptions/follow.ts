// How what was seen of subscriptions becomes facts. What Stripe had before the host knew its customer is not news.
import { type Instant, secondMs } from "#kit/clock.ts";
import { isAmong } from "#kit/sql/many.ts";
import { on } from "../../kernel/contract/manifest.ts";
import type { News, Reacting } from "../../kernel/contract/reacting.ts";
import { isHistory, ownersOf } from "../owners.ts";
import { oweClocks, readClocks } from "../test_clocks/index.ts";
import { newsOf, whatHappened } from "./happened.ts";
import { oweHeld } from "./held.ts";
import type { SubscriptionMirror } from "./subscriptions.ts";
import { fileTrialEnds, isTrialEnding, trialNews } from "./trials.ts";

export const onSubscriptionSeen = on("subscription.seen", async (reacting, news) => {
  const rows = news.map(({ data }) => data.after);
  const clocks = rows.map(({ testClock }) => testClock);
  await oweClocks(reacting, clocks);
  await oweInvoices(
    reacting,
    news.map(({ data }) => data),
  );
  await oweSchedules(
    reacting,
    news.map(({ data }) => data),
  );
  await fileTrialEnds(
    reacting,
    news.map(({ data }) => data),
  );
  const owners = await ownersOf(
    reacting.tx,
    rows.map(({ customer }) => customer),
  );
  const times = await readClocks(reacting.tx, clocks);
  return news.flatMap(({ data: { before, after }, transition }): readonly News[] => {
    const owner = owners.get(after.customer);
    if (before === null && isHistory(after, owner)) return [];
    const customerId = owner?.id ?? null;
    const happened = whatHappened(before, after, transition).map((one) => newsOf(one, after.id, customerId));
    return [...happened, ...trialOnClock(after, customerId, times)];
  });
});

/** What hangs on a clock that has moved is looked at, and what is due by it is told. */
export const onClockReady = on("test_clock.ready", async (reacting, news) => {
  const { tx, fileLooks } = reacting;
  const times = new Map(news.map(({ data }) => [data.id, data.frozenTime * secondMs]));
  const stored = await tx
    .selectFrom("subscriptions")
    .innerJoin("mirror", "mirror.id", "subscriptions.id")
    .select("mirror.row")
    .where(isAmong(tx, "subscriptions.test_clock", [...times.keys()]))
    .execute();
  const rows = stored.map(({ row }) => JSON.parse(row) as SubscriptionMirror);
  const living = rows.filter(({ isFinal }) => !isFinal);
  const customers = new Set(living.flatMap(({ customer }) => customer ?? []));
  await fileLooks([
    ...living.map(({ id, customer }) => ({ kind: "subscription", id, customer, parent: null })),
    ...living.flatMap((row) => (row.schedule === null ? [] : scheduleLook(row, row.schedule))),
    ...[...customers].map((id) => ({ kind: "customer", id, customer: id, parent: null })),
  ]);
  const owners = await ownersOf(tx, [...customers]);
  return living.flatMap((row) => trialOnClock(row, owners.get(row.customer)?.id ?? null, times));
});

function trialOnClock(
  row: SubscriptionMirror,
  customerId: string | null,
  times: ReadonlyMap<string | null, Instant>,
): readonly News[] {
  const now = row.testClock === null ? undefined : times.get(row.testClock);
  return now !== undefined && isTrialEnding(row, now) ? [trialNews(row, customerId)] : [];
}

type Seen = { readonly before: SubscriptionMirror | null; readonly after: SubscriptionMirror };

/** What a schedule plans is known once it has been seen; its events may be lost. */
async function oweSchedules({ fileLooks }: Reacting, seen: readonly Seen[]): Promise<void> {
  const looks = seen.flatMap(({ before, after }) => {
    const known = before?.schedule ?? null;
    if (known === after.schedule) return [];
    return [known, after.schedule].flatMap((id) => (id === null ? [] : scheduleLook(after, id)));
  });
  await fileLooks(looks);
}

const scheduleLook = ({ id: parent, customer }: SubscriptionMirror, id: string) => ({
  kind: "subscription_schedule",
  id,
  customer,
  parent,
});

/** On a test clock in the past its events may be lost: Stripe's list of them is read from a cursor of our time. */
async function oweInvoices(reacting: Reacting, seen: readonly Seen[]): Promise<void> {
  const latest = seen.flatMap(({ before, after }) => {
    const isNew = after.testClock !== null && before?.latestInvoice !== after.latestInvoice;
    return isNew && after.latestInvoice !== null ? [{ id: after.latestInvoice, of: after }] : [];
  });
  if (latest.length === 0) return;
  const ids = latest.map(({ id }) => id);
  const rows = await reacting.tx
    .selectFrom("mirror")
    .select("id")
    .where(isAmong(reacting.tx, "id", ids))
    .execute();
  const known = new Set(rows.map(({ id }) => id));
  const unknown = latest.filter(({ id }) => !known.has(id));
  await reacting.fileLooks(
    unknown.map(({ id, of }) => ({ kind: "invoice", id, customer: of.customer, parent: of.id })),
  );
  const jumped = seen.filter((one) => one.after.testClock !== null && hasJumped(one));
  await oweHeld(
    reacting,
    "invoice",
    jumped.flatMap(({ after }) => after.customer ?? []),
  );
}

/** Over a period that nobody has seen, and so over its invoice. */
function hasJumped({ before, after }: Seen): boolean {
  const begins = after.items.map(({ currentPeriodStart }) => currentPeriodStart);
  const known = before === null ? [after.startDate] : before.items.map(({ currentPeriodEnd }) => currentPeriodEnd);
  return Math.min(...begins) > Math.max(...known);
}
