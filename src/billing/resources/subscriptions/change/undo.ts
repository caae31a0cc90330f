// Takes back what was asked for and is not there yet.
import { problem } from "#kit/problems.ts";
import type { Outcome, Subscription, UndoChange } from "../../../api/index.ts";
import { lookNow } from "../../../kernel/changes/observe.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import { checkAttempt, checkFields, checkId, type Fields } from "../../input.ts";
import { latestIn } from "../../latest.ts";
import { outcomeOf } from "../../outcomes.ts";
import { getSubscription } from "../read.ts";
import { readMirrored, refused } from "./asked/index.ts";
import { drop, release } from "./made/index.ts";

const fields: Fields<UndoChange> = { id: true, attempt: true };

export async function undoChange(
  core: BillingCore,
  subscriptionId: string,
  given: UndoChange,
): Promise<Outcome<Subscription>> {
  const options = checkFields("options", given, fields);
  const wishId = checkId("id", options.id);
  const attempt = checkAttempt(options.attempt);
  await core.ready();
  const subject = `${subscriptionId}:${wishId}`;
  const asked = { subject, attempt };
  const taking =
    (await begunOf(core, asked)) ??
    (await resolve(core, subscriptionId, wishId).catch(async (error: unknown) => {
      // Somebody may have wished the same at this moment.
      const other = await begunOf(core, asked);
      if (!other) throw error;
      return other;
    }));
  const ended =
    taking.verb === "release"
      ? await core.operations.carryOut(release, { subject, attempt, params: taking.params })
      : await core.operations.carryOut(drop, { subject, attempt, params: taking.params });
  // By its own answer the schedule or the invoice is known, and not what became of the subscription.
  if (ended.state === "done") await lookNow(core.kernel, { kind: "subscription", id: subscriptionId });
  const value = await getSubscription(core, subscriptionId);
  return outcomeOf(ended, { what: `Taking back a change of subscription ${subscriptionId}`, value });
}

type Taking =
  | { readonly verb: "release"; readonly params: ReturnType<typeof release.params.read> }
  | { readonly verb: "drop"; readonly params: ReturnType<typeof drop.params.read> };

async function begunOf(
  core: BillingCore,
  { subject, attempt }: { subject: string; attempt: number | undefined },
): Promise<Taking | undefined> {
  const [releasing, dropping] = await core.sql.read("subscriptions.undone", async (reader) => [
    await latestIn(reader, core.kernel, { verb: release, subject }),
    await latestIn(reader, core.kernel, { verb: drop, subject }),
  ]);
  const latest = releasing ?? dropping;
  if (!latest || (attempt !== undefined && attempt > latest.attempt)) return undefined;
  const params = JSON.parse(latest.params) as unknown;
  return releasing
    ? { verb: "release", params: release.params.read(params, "params") }
    : { verb: "drop", params: drop.params.read(params, "params") };
}

async function resolve(core: BillingCore, id: string, wishId: string): Promise<Taking> {
  await getSubscription(core, id); // Whose it is.
  await lookNow(core.kernel, { kind: "subscription", id });
  const seen = await core.sql.read("subscriptions.undo", (reader) => readMirrored(reader, id));
  if (!seen) throw problem("internal", `Subscription ${id} was there a moment ago`);
  const { row } = seen;
  const common = { subscriptionId: id, customerId: row.customer ?? "", wishId, wish: "" };
  if (row.pendingUpdate !== null && row.latestInvoice !== null) {
    return { verb: "drop", params: { ...common, invoiceId: row.latestInvoice, unpaid: null } };
  }
  if (row.schedule !== null) return { verb: "release", params: { ...common, scheduleId: row.schedule } };
  throw refused(row, "has nothing planned and nothing that waits", "There is nothing to take back.");
}
