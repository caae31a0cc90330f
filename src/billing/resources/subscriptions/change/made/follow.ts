// What becomes of changes that wait for their money: they are paid, given up or put back; and what follows from that.
// Each state is left once, by the statement that finds it.
import { isAmong } from "#kit/sql/many.ts";
import { on } from "../../../../kernel/contract/manifest.ts";
import type { News, Reacting } from "../../../../kernel/contract/reacting.ts";
import { filed } from "../../../../kernel/contract/verb.ts";
import { ownersOf } from "../../../owners.ts";
import type { ChangeState, SubscriptionChangeRow } from "../../change_tables.ts";
import { isSameSold, isThrough, type Quantity } from "../../schedules/index.ts";
import type { SubscriptionMirror } from "../../subscriptions.ts";
import { readMirrored } from "../asked/index.ts";
import { changeParams, takingOff } from "./change_verb.ts";
import { putBack } from "./put_back.ts";
import { drop, release } from "./take_back.ts";

/** Of what waits, what its subscription shows. */
export const onSubscriptionChanged = on("subscription.seen", async (reacting, news) => {
  const latest = new Map(news.map(({ data }) => [data.after.id, data.after]));
  const rows = await waitingOf(reacting, "subscription", [...latest.keys()]);
  if (rows.length === 0) return [];
  const owners = await ownersOf(
    reacting.tx,
    [...latest.values()].map(({ customer }) => customer),
  );
  const told: News[] = [];
  for (const row of rows) {
    const seen = latest.get(row.subscription);
    if (!seen) continue;
    const whose = { subscriptionId: seen.id, customerId: owners.get(seen.customer)?.id ?? null };
    told.push(...(await differenceTold(reacting, row, whose)), ...(await followed(reacting, { row, seen, whose })));
  }
  return told;
});

interface Following {
  readonly row: SubscriptionChangeRow;
  readonly seen: SubscriptionMirror;
  readonly whose: { readonly subscriptionId: string; readonly customerId: string | null };
}

async function followed(reacting: Reacting, { row, seen, whose }: Following): Promise<News[]> {
  const asked = JSON.parse(row.items) as readonly Quantity[];
  const pending = seen.pendingUpdate?.items ?? null;
  if (row.state === "pending") {
    if (pending !== null && isSameSold(pending, asked) && seen.latestInvoice === row.invoice) return [];
    const isApplied = pending === null && isSameSold(seen.items, asked);
    const state = isApplied ? "applied" : pending === null ? "expired" : "replaced";
    if ((await leave(reacting, row, state)) && isApplied) await takeOff(reacting, row, seen.discounts);
    return [];
  }
  const previous = JSON.parse(row.previous) as readonly Quantity[];
  if (row.state !== "reverting" || !isSameSold(seen.items, previous)) return [];
  if (!(await leave(reacting, row, "reverted"))) return [];
  const items = previous.map(({ price, quantity }) => ({ priceId: price, quantity }));
  const data = { ...whose, invoiceId: row.invoice ?? "", items };
  return [{ type: "subscription.change_reverted", subject: seen.id, transition: row.operation, data }];
}

async function differenceTold(
  { tx }: Reacting,
  { operation, differs, invoice, subscription }: SubscriptionChangeRow,
  whose: Following["whose"],
): Promise<News[]> {
  if (differs === null || invoice === null) return [];
  await tx.updateTable("subscription_changes").set({ differs: null }).where("operation", "=", operation).execute();
  const data = { ...whose, invoiceId: invoice, ...JSON.parse(differs) };
  return [{ type: "subscription.change_differs", subject: subscription, transition: operation, data }];
}

/** Of what was changed before it is paid, what its invoice shows. */
export const onChangeBilled = on("invoice.seen", async (reacting, news) => {
  const latest = new Map(news.map(({ data }) => [data.after.id, data.after]));
  const rows = await waitingOf(reacting, "invoice", [...latest.keys()]);
  for (const row of rows.filter(({ state }) => state === "unpaid")) {
    const invoice = latest.get(row.invoice ?? "");
    if (!invoice) continue;
    const { status, payment, attemptCount } = invoice;
    const hasFailed = payment?.status === "requires_payment_method" && (payment.failure !== null || attemptCount > 0);
    const isGivenUp = status === "void" || status === "uncollectible";
    if (status === "paid") await paid(reacting, row);
    else if (isGivenUp || hasFailed) await revert(reacting, row, { isVoid: status === "void" });
  }
  return [];
});

/** An invoice that was sent is not paid by its due date. */
export const onChangeOverdue = on("invoice.overdue", async (reacting, news) => {
  const rows = await waitingOf(
    reacting,
    "invoice",
    news.map(({ data }) => data.invoiceId),
  );
  for (const row of rows.filter(({ state }) => state === "unpaid")) await revert(reacting, row, { isVoid: false });
  return [];
});

async function paid(reacting: Reacting, row: SubscriptionChangeRow): Promise<void> {
  if (!(await leave(reacting, row, "applied"))) return;
  const seen = await readMirrored(reacting.tx, row.subscription);
  if (seen) await takeOff(reacting, row, seen.row.discounts);
}

async function revert(reacting: Reacting, row: SubscriptionChangeRow, { isVoid }: { isVoid: boolean }): Promise<void> {
  if (!(await leave(reacting, row, "reverting"))) return;
  if (isVoid) return putBack(reacting, row.operation);
  const { subscriptionId, customerId, wishId } = await paramsOf(reacting, row);
  await reacting.fileOperation(
    filed(drop, {
      subject: `${subscriptionId}:${wishId}:unpaid`,
      attempt: 1,
      params: { subscriptionId, customerId, wishId, wish: "", invoiceId: row.invoice ?? "", unpaid: row.operation },
    }),
  );
}

async function takeOff(reacting: Reacting, row: SubscriptionChangeRow, standing: readonly string[]): Promise<void> {
  if (row.discounts === null) return;
  await reacting.fileOperation(takingOff({ params: await paramsOf(reacting, row), standing }));
}

async function paramsOf({ tx }: Reacting, { operation }: SubscriptionChangeRow) {
  const { params } = await tx
    .selectFrom("operations")
    .select("params")
    .where("id", "=", operation)
    .executeTakeFirstOrThrow();
  return changeParams.read(JSON.parse(params), "params");
}

/** False when somebody else was faster. */
async function leave({ tx }: Reacting, { operation, state }: SubscriptionChangeRow, to: ChangeState): Promise<boolean> {
  const left = await tx
    .updateTable("subscription_changes")
    .set({ state: to })
    .where("operation", "=", operation)
    .where("state", "=", state)
    .returning("operation")
    .executeTakeFirst();
  return left !== undefined;
}

function waitingOf({ tx }: Reacting, column: "subscription" | "invoice", ids: readonly string[]) {
  return tx
    .selectFrom("subscription_changes")
    .selectAll()
    .where(isAmong(tx, column, [...ids]))
    .where((eb) => eb.or([eb("state", "in", ["pending", "unpaid", "reverting"]), eb("differs", "is not", null)]))
    .orderBy("created_at")
    .execute();
}

/** What was planned has come: the schedule is let go of, so that nothing stands in the way of what is wished next. */
export const onPlanThrough = on("schedule.seen", async (reacting, news) => {
  for (const { data } of news) {
    const { id, subscription, customer, instance } = data.after;
    const isOurs = instance === reacting.instance && subscription !== null && customer !== null;
    if (!isOurs || !isThrough(data.after) || (data.before !== null && isThrough(data.before))) continue;
    const params = { subscriptionId: subscription, customerId: customer, wishId: id, wish: "", scheduleId: id };
    await reacting.fileOperation(filed(release, { subject: `${subscription}:${id}`, attempt: 1, params }));
  }
  return [];
});
