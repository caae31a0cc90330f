// What is seen of subscriptions moves the slots of their customers, and tells what became of starts that wait for a
// payer.
import { hourMs, secondMs } from "#kit/clock.ts";
import { isAmong } from "#kit/sql/many.ts";
import { on } from "../../../kernel/contract/manifest.ts";
import type { News, Reacting } from "../../../kernel/contract/reacting.ts";
import { isHistory, ownersOf } from "../../owners.ts";
import { movesSlots, settleSlots } from "../slots/index.ts";
import type { SubscriptionMirror } from "../subscriptions.ts";
import { startName } from "../tables.ts";
import { start } from "./verb.ts";

export const onSlotsMoved = on("subscription.seen", async (reacting, news) => {
  const moved = news.filter(({ data: { before, after } }) => movesSlots(before, after));
  const owners = await ownersOf(
    reacting.tx,
    moved.flatMap(({ data: { before, after } }) => [before?.customer ?? null, after.customer]),
  );
  await settleSlots(reacting, [...new Set([...owners.values()].map(({ id }) => id))]);
  return [];
});

export const onSlotGone = on("object.gone", async ({ tx }, news) => {
  const gone = news.flatMap(({ data }) => (data.kind === "subscription" ? data.id : []));
  if (gone.length > 0) await tx.deleteFrom("subscription_slots").where("subscription", "in", gone).execute();
  return [];
});

/** https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses */
const unpaidMs = 23 * hourMs;

export const onStartSeen = on("subscription.seen", async (reacting, news) => {
  const changed = news.filter(({ data: { before, after } }) => before?.status !== after.status);
  const begun = changed.filter(({ data }) => data.after.status === "incomplete");
  const lost = changed.filter(({ data }) => data.after.status === "incomplete_expired");
  const rows = [...begun, ...lost].map(({ data }) => data.after);
  const starts = await startsOf(reacting, rows);
  if (starts.size === 0) return [];
  const owners = await ownersOf(
    reacting.tx,
    rows.map(({ customer }) => customer),
  );
  const told = (of: (after: SubscriptionMirror, common: Common) => News) => (one: (typeof news)[number]) => {
    const { before, after } = one.data;
    const made = starts.get(after.id);
    const owner = owners.get(after.customer);
    if (!made || (before === null && isHistory(after, owner))) return [];
    const { replaced, ...known } = made;
    return [of(after, { ...known, replaced, customerId: owner?.id ?? null, subscriptionId: after.id })];
  };
  return [...begun.flatMap(told(actionRequired)), ...lost.flatMap(told(notPaid))];
});

interface Made {
  readonly startId: string;
  readonly attempt: number;
  readonly replaced: boolean;
}

interface Common extends Made {
  readonly customerId: string | null;
  readonly subscriptionId: string;
}

function actionRequired(
  { id, created }: SubscriptionMirror,
  { replaced: _, attempt: _attempt, ...about }: Common,
): News {
  const expiresAt = new Date(created * secondMs + unpaidMs).toISOString();
  return { type: "subscription.action_required", subject: id, transition: id, data: { ...about, expiresAt } };
}

function notPaid({ id }: SubscriptionMirror, { replaced, ...about }: Common): News {
  const reason = replaced ? "replaced" : "not_paid";
  const data = { ...about, reason, code: null, declineCode: null } as const;
  return { type: "subscription.start_failed", subject: about.startId, transition: id, data };
}

/** By Stripe's id; of a copy of one of ours nothing is told. */
async function startsOf(
  { tx, instance }: Reacting,
  rows: readonly SubscriptionMirror[],
): Promise<ReadonlyMap<string, Made>> {
  const own = rows.filter((row) => row.instance === instance && row.operation !== null);
  if (own.length === 0) return new Map();
  const made = await tx
    .selectFrom("operations")
    .innerJoin("subscription_starts", "subscription_starts.id", "operations.subject")
    .select(["operations.id", "operations.params", "subject", "subscription", "replaced"])
    .where(
      isAmong(
        tx,
        "operations.id",
        own.flatMap(({ operation }) => operation ?? []),
      ),
    )
    .where("verb", "=", startName)
    .execute();
  const byOperation = new Map(made.map((one) => [one.id, one]));
  return new Map(
    own.flatMap(({ id, operation }) => {
      const one = byOperation.get(operation ?? "");
      if (!one || (one.subscription ?? id) !== id) return [];
      const { asked: attempt } = start.params.read(JSON.parse(one.params), "params");
      return [[id, { startId: one.subject, attempt, replaced: one.replaced === 1 }] as const];
    }),
  );
}
