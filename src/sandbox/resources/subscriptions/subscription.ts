// READ FIRST. A subscription bills its items again and again. Its status says whether its customer has paid for the
// period that runs. This table is its whole life; its refusals, its tests and its picture come from here.
// https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses
import type Stripe from "stripe";
import { defineMachine } from "../../kernel/state/machine.ts";
import { defineNoun, type Hidden, hidden, type Stored } from "../../kernel/state/noun.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { noSuch, refusal, type StripeError } from "../../kernel/words/errors.ts";
import type { SubscriptionItem } from "../subscription_items/index.ts";
import { rows } from "./refusals.table.ts";

export type SubscriptionStatus =
  | ("incomplete" | "incomplete_expired" | "trialing" | "active")
  | ("past_due" | "unpaid" | "canceled" | "paused");

type Unstored =
  | ("cancellation_details" | "customer" | "default_tax_rates" | "discounts" | "items" | "status")
  | "status_details";

export type Subscription = Omit<Stored<Stripe.Subscription>, Unstored> & {
  readonly cancellation_details: CancellationDetails;
  readonly customer: string;
  readonly default_tax_rates: readonly string[];
  readonly discounts: readonly string[];
  /** Its own, oldest first; shown as a list. */
  readonly items: readonly SubscriptionItem[];
  /** Shown while there is one item: its plan, as an id, and how many. */
  readonly plan: string | null;
  readonly quantity: number | null;
  readonly status: SubscriptionStatus;
  /** While it is paused. */
  readonly status_details?: Stripe.Subscription.StatusDetails | undefined;
};

/** Why it ends. */
export interface CancellationDetails extends Stripe.Subscription.CancellationDetails {
  /** Since 2026-08-26. */
  readonly feedback_option: string | null;
}

/**
 * `come_due`: its turn is due, and whoever has planned something for it until now does that first. `dispute`: a payment
 * of it is disputed, and its end will be chosen for that. `file`: when its next turn is due is known anew. `revise`: a
 * caller has changed it. `suspend`: it is paused, and that was told.
 */
export const subscriptions = defineNoun<Subscription, "come_due" | "dispute" | "file" | "revise" | "suspend">({
  object: "subscription",
  prefixes: ["sub"],
  indices: ["customer", "items.id", "pending_setup_intent"],
  signals: ["come_due", "dispute", "file", "revise", "suspend"],
  clock: "customer",
  expandable: {
    application: null,
    customer: "customer",
    default_payment_method: "payment_method",
    default_source: null,
    discounts: "discount",
    "invoice_settings.account_tax_ids": "tax_id",
    latest_invoice: "invoice",
    on_behalf_of: "account",
    pending_setup_intent: "setup_intent",
    plan: "plan",
    schedule: "subscription_schedule",
    test_clock: "test_helpers.test_clock",
  },
});

const updated = "customer.subscription.updated";
const created = "customer.subscription.created";
const resumed = "customer.subscription.resumed";

export const subscriptionMachine = defineMachine(
  subscriptions,
  refuse,
)({
  create: { from: ["new"], to: { incomplete: created, active: created, trialing: created } },
  /** What is owed is paid, or no more owed. */
  activate: { from: ["incomplete", "past_due", "unpaid"], to: { active: updated } },
  /** Nobody has paid the first invoice within a day. */
  expire: { from: ["incomplete"], to: { incomplete_expired: updated } },
  end_trial: { from: ["trialing"], to: { active: updated, paused: "customer.subscription.paused" } },
  begin_trial: { from: ["active", "past_due", "trialing"], to: { trialing: updated } },
  fall_due: { from: ["active", "trialing"], to: { past_due: updated } },
  give_up: { from: ["past_due"], to: { unpaid: updated } },
  pause: { from: ["active", "past_due", "unpaid"], to: { paused: "customer.subscription.paused" } },
  /** It runs again, whether or not that could be paid for (documented). */
  resume: { from: ["paused"], to: { active: resumed, past_due: resumed } },
  cancel: {
    from: ["incomplete", "trialing", "active", "past_due", "unpaid", "paused"],
    to: { canceled: "customer.subscription.deleted" },
  },
});

/** What is over is not there any more, for whoever wants to do something with it (recorded). */
function refuse(subscription: { readonly id: string; readonly status: string }, action: string): StripeError {
  const { id, status } = subscription;
  if (isOver({ status })) return noSuch(subscriptions, id, { inPath: true });
  if (action === "resume") return refusal(rows.notPaused);
  if (action === "pause") return refusal(rows.notPausable, { status });
  return refusal(common.moveImpossible, { id, status, action });
}

export function isOver({ status }: { readonly status: string }): boolean {
  return status === "canceled" || status === "incomplete_expired";
}

/** What the sandbox remembers about a subscription: the period it had as a whole before items had their own. */
interface Memory {
  readonly periodStart: number;
  readonly periodEnd: number;
}

const noPeriod: Memory = { periodStart: 0, periodEnd: 0 };

export function memoryOf({ [hidden]: memory }: Hidden): Memory {
  return (memory as unknown as Memory | undefined) ?? noPeriod; // Written by `holding` only.
}

/**
 * The only way to change items: what the subscription shows of them follows. The period of the whole is from the latest
 * start to the earliest end.
 */
export function holding(items: readonly SubscriptionItem[]) {
  const [only] = items.length === 1 ? items : [];
  const periodStart = Math.max(...items.map((item) => item.current_period_start));
  const periodEnd = Math.min(...items.map((item) => item.current_period_end));
  const memory: Memory = { periodStart, periodEnd };
  return { items, plan: only?.plan ?? null, quantity: only?.quantity ?? null, [hidden]: { ...memory } };
}
