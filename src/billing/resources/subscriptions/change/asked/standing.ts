// How a subscription stands at this moment, by Stripe's word: what a change is reckoned from. And what forbids one.
import type { Instant } from "#kit/clock.ts";
import { problem } from "#kit/problems.ts";
import type { AppliedCatalog, UnpaidEnd } from "../../../../api/index.ts";
import { lookNow } from "../../../../kernel/changes/observe.ts";
import type { BillingCore } from "../../../../kernel/core.ts";
import type { Selecting } from "../../../../kernel/store/tables.ts";
import { appliedCatalog, type Sold, soldBy } from "../../../catalog/index.ts";
import { isoOf } from "../../../instants.ts";
import { listMethods } from "../../../methods/index.ts";
import { ownersOf } from "../../../owners.ts";
import { readClocks } from "../../../test_clocks/index.ts";
import type { ScheduleMirror } from "../../schedules/index.ts";
import { isOver, type SubscriptionMirror } from "../../subscriptions.ts";
import type { ChangeWish } from "./wish.ts";

export interface Standing {
  readonly row: SubscriptionMirror;
  readonly version: number;
  /** The host's id; null when its Customer is nobody's here. */
  readonly customerId: string | null;
  /** By price. */
  readonly sold: ReadonlyMap<string, Sold>;
  /** The plan that it has, and the catalog that sells it. */
  readonly plan: Sold & { readonly kind: "plan" };
  readonly catalog: AppliedCatalog;
  readonly schedule: ScheduleMirror | null;
  /** Stripe's time, or that of its test clock. */
  readonly now: Instant;
}

/** Stripe is asked: what the portal or the Dashboard did a moment ago counts. */
export async function standingOf(core: BillingCore, id: string): Promise<Standing> {
  const known = await core.sql.read("subscriptions.known", (reader) => readMirrored(reader, id));
  if (!known) {
    throw problem("not_found", `No subscription ${id} of a customer of yours`, {
      hint: "It is Stripe's id, sub_…: `subscriptions.list({ customerId })` shows those of a customer.",
      details: { id },
    });
  }
  await lookNow(core.kernel, { kind: "subscription", id });
  if (known.row.testClock !== null) {
    await lookNow(core.kernel, { kind: "test_helpers.test_clock", id: known.row.testClock });
  }
  const seen = await core.sql.read("subscriptions.standing", async (reader) => {
    const { row, version } = (await readMirrored(reader, id)) ?? known;
    return {
      row,
      version,
      customerId: (await ownersOf(reader, [row.customer])).get(row.customer)?.id ?? null,
      sold: await soldBy(reader, row.items),
      now: (await readClocks(reader, [row.testClock])).get(row.testClock),
    };
  });
  const plan = planOf(seen.row, seen.sold);
  const schedule = seen.row.schedule === null ? null : await scheduleOf(core, seen.row.schedule);
  const catalog = await appliedCatalog(core, plan.namespace);
  return { ...seen, plan, schedule, catalog, now: seen.now ?? core.ports.clock.now() };
}

export async function readMirrored(db: Selecting, id: string) {
  const stored = await db
    .selectFrom("subscriptions")
    .innerJoin("mirror", "mirror.id", "subscriptions.id")
    .select(["mirror.row", "mirror.version"])
    .where("subscriptions.id", "=", id)
    .executeTakeFirst();
  return stored && { row: JSON.parse(stored.row) as SubscriptionMirror, version: stored.version };
}

async function scheduleOf(core: BillingCore, id: string): Promise<ScheduleMirror | null> {
  await lookNow(core.kernel, { kind: "subscription_schedule", id });
  const stored = await core.sql.read("subscriptions.schedule", (reader) =>
    reader.selectFrom("mirror").select("row").where("id", "=", id).executeTakeFirst(),
  );
  return stored ? (JSON.parse(stored.row) as ScheduleMirror) : null;
}

function planOf(row: SubscriptionMirror, sold: ReadonlyMap<string, Sold>): Sold & { readonly kind: "plan" } {
  const plans = row.items.flatMap(({ price }) => {
    const one = sold.get(price);
    return one?.kind === "plan" ? [one] : [];
  });
  const [plan, second] = plans;
  if (plan && !second) return plan;
  const what = plan
    ? `has the plans ${plans
        .map(({ name }) => name)
        .toSorted()
        .join(" and ")}`
    : "has no plan of your catalog";
  throw refused(row, `${what}, so it is not clear what would be changed`, "Change it in Stripe's Dashboard.");
}

/** Throws for what cannot be changed as it stands, and says what to do. */
export function refuseState({ row }: Pick<Standing, "row">, wish: ChangeWish): void {
  const { status } = row;
  if (isOver(status)) throw refused(row, `is ${status}: it is over, and stays so`, "Start another one.");
  if (status === "incomplete") {
    throw refused(row, "has not begun: its first invoice is not paid", "Have that paid, then change it.");
  }
  if (status === "paused") throw refused(row, "is paused", "Resume it, then change it.");
  if (wish.when === "now") refuseNow(row);
  else refuseLater(row);
}

function refuseNow(row: SubscriptionMirror): void {
  const { status, pauseCollection, latestInvoice } = row;
  if (status === "past_due" || status === "unpaid") {
    const hint = `Have ${latestInvoice ?? "its latest invoice"} paid first, or change it with \`when: "period_end"\`.`;
    throw refused(row, `is ${status}: what it costs now is not paid`, hint);
  }
  if (pauseCollection !== null) {
    throw refused(row, "is not collected at the moment, so a change would cost nothing", "Resume it, then change it.");
  }
}

/** What others have planned is theirs to take back; a plan of ours makes room for the next one. */
export function refuseSchedule({ kernel }: BillingCore, { row, schedule }: Standing): void {
  if (schedule === null || schedule.isFinal || schedule.instance === kernel.instance) return;
  const hint = "`subscriptions.undoChange()` takes back what is planned there; then change it.";
  throw refused(row, `is managed by the schedule ${schedule.id}, which somebody else has made`, hint);
}

/** Of debits it takes days until anybody knows whether they pay, and of invoices that are sent too. */
const debits: ReadonlySet<string> = new Set([
  ...["acss_debit", "au_becs_debit", "bacs_debit", "nz_bank_account", "sepa_debit", "us_bank_account"],
]);

/** Stripe keeps the old items until the invoice is paid for cards alone. */
export async function refuseUnpayable(core: BillingCore, standing: Standing, behavior: UnpaidEnd): Promise<void> {
  if (behavior === "revert") return;
  const { row } = standing;
  const hint =
    'Say `ifUnpaid: "revert"`: it is changed at once, and put back when it is not paid; or `when: "period_end"`.';
  if (row.collectionMethod === "send_invoice") {
    throw refused(row, "is paid by invoices that are sent, and cannot wait with a change until one is paid", hint);
  }
  const type = await methodTypeOf(core, standing);
  if (type === undefined || !debits.has(type)) return;
  throw refused(row, `is paid by ${type}, and cannot wait with a change until a bank has answered`, hint);
}

/** Undefined where nobody knows: Stripe refuses it then by itself. */
async function methodTypeOf(core: BillingCore, { row, customerId }: Standing): Promise<string | undefined> {
  if (customerId === null) return undefined;
  const methods = await listMethods(core, customerId);
  const named = methods.find(({ id }) => id === row.defaultMethod);
  return (named ?? methods.find(({ isDefault }) => isDefault))?.type;
}

function refuseLater(row: SubscriptionMirror): void {
  const { cancelAt, cancelAtPeriodEnd, items } = row;
  if (cancelAt !== null || cancelAtPeriodEnd) {
    const at = cancelAt === null ? "the end of its period" : isoOf(cancelAt);
    throw refused(row, `will end at ${at}, and has no period after that`, "Take its cancellation back first.");
  }
  if (new Set(items.map(({ currentPeriodEnd }) => currentPeriodEnd)).size === 1) return;
  throw refused(row, "has items whose periods end at different times", 'Change it with `when: "now"`.');
}

/** Where the period that runs begins and ends: of items whose periods differ, the part that they have in common. */
export function periodOf({ items }: SubscriptionMirror): { readonly start: number; readonly end: number } {
  return {
    start: Math.max(...items.map(({ currentPeriodStart }) => currentPeriodStart)),
    end: Math.min(...items.map(({ currentPeriodEnd }) => currentPeriodEnd)),
  };
}

export function refused(row: Pick<SubscriptionMirror, "id" | "status">, says: string, hint: string) {
  return problem("wrong_state", `Subscription ${row.id} ${says}`, {
    hint,
    details: { id: row.id, status: row.status },
  });
}
