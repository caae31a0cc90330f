// READ FIRST. An update that is not paid for waits: the subscription goes on as if nobody had asked, shows what it
// would become as `pending_update`, and its newest invoice is open. Paid, the update is applied; not paid in time,
// voided, or followed by another update, it is given up, and leaves nothing but its void invoice.
// https://docs.stripe.com/billing/subscriptions/pending-updates
import { secondMs } from "#kit/clock.ts";
import { emit } from "../../../kernel/state/emit.ts";
import type { Params } from "../../../kernel/state/resource.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { change, mustRead, read } from "../../../kernel/state/writes.ts";
import { laterAt } from "../../../kernel/time/later.ts";
import { mergeMetadata } from "../../../kernel/words/metadata.ts";
import { boolean } from "../../../kernel/words/params.ts";
import { giveUpBill, heldBill, type Invoice, subscriptionOf } from "../../invoices/index.ts";
import type { Plan } from "../changes/plan.ts";
import { subscriptionDefaults } from "../defaults.table.ts";
import { type Subscription, subscriptions } from "../subscription.ts";

type Update = NonNullable<Subscription["pending_update"]>;

/** Every field of it is null but the time until which it may be paid, where nothing else is said (recorded). */
export function pendingUpdate(expires_at: number, changes: Partial<Update> = {}): Update {
  return {
    billing_cycle_anchor: null,
    cancel_at_period_end: null,
    discount: null,
    discounts: null,
    expires_at,
    metadata: null,
    subscription_items: null,
    trial_end: null,
    trial_from_plan: null,
    ...changes,
  };
}

interface Holding extends Pick<Plan, "changes" | "turn"> {
  readonly params: Params;
  readonly latest_invoice: string;
}

export function holdUpdate(unit: Unit, before: Subscription, held: Holding): Subscription {
  const { params, turn, changes, latest_invoice } = held;
  const isTrial = turn.kind === "trial" || turn.kind === "trial_ended";
  const pending_update = pendingUpdate(expiryOf(unit, before), {
    billing_cycle_anchor: turn.kind === "none" ? null : (changes.billing_cycle_anchor ?? null),
    cancel_at_period_end: boolean(params, "cancel_at_period_end") ?? null,
    metadata: params.metadata === undefined ? null : { ...mergeMetadata({}, params.metadata) },
    subscription_items: changes.items as unknown as Update["subscription_items"], // Shown as theirs.
    trial_end: isTrial ? (changes.trial_end ?? null) : null,
  });
  laterAt(unit, pending_update.expires_at * secondMs, expireUpdate, before.id);
  const stored = mustRead(unit, subscriptions, before.id);
  return change(unit, subscriptions, stored, { latest_invoice, pending_update }, "customer.subscription.updated");
}

/** At the latest when its trial or the first of its periods ends (documented). */
function expiryOf(unit: Unit, { items, status, trial_end: trial }: Subscription): number {
  const ends = items.map((item) => item.current_period_end);
  const open = Math.floor((unit.now + subscriptionDefaults.incompleteMs.value) / secondMs);
  return Math.min(open, ...ends, ...(status === "trialing" && trial !== null ? [trial] : []));
}

/** The subscription whose update that invoice holds back. */
export function holdingOf(unit: Unit, invoice: Invoice): Subscription | undefined {
  const subscription = read(unit, subscriptions, subscriptionOf(invoice) ?? "");
  const isHeld = subscription?.pending_update && heldBill(unit, subscription.id)?.id === invoice.id;
  return isHeld ? subscription : undefined;
}

/** Answers the subscription without what was pending. Which of the two events comes first is not known (documented). */
export function dropUpdate(unit: Unit, subscription: Subscription): Subscription {
  const invoice = subscription.pending_update && heldBill(unit, subscription.id);
  if (!invoice || holdingOf(unit, invoice) === undefined) return subscription;
  const event = "customer.subscription.updated";
  const after = change(unit, subscriptions, subscription, { pending_update: null }, event);
  emit(unit, "customer.subscription.pending_update_expired", after);
  giveUpBill(unit, invoice);
  return mustRead(unit, subscriptions, after.id);
}

export function expireUpdate(unit: Unit, id: string): void {
  const subscription = read(unit, subscriptions, id);
  const expiresAt = subscription?.pending_update?.expires_at ?? Number.POSITIVE_INFINITY;
  if (subscription && expiresAt * secondMs <= unit.now) dropUpdate(unit, subscription);
}
