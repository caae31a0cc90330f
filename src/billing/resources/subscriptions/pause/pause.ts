// A subscription rests: its periods run, and what it is billed meanwhile is not collected.
// https://docs.stripe.com/billing/subscriptions/pause-payment
import { secondMs } from "#kit/clock.ts";
import { type Problem, problem } from "#kit/problems.ts";
import { type Outcome, type PauseSubscription, pausedInvoices, type Subscription } from "../../../api/index.ts";
import { integer, oneOf, orNull, record, type Shaped } from "../../../kernel/contract/shape.ts";
import { defineVerb } from "../../../kernel/contract/verb.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import { checkFields, checkInstant, checkOneOf, type Fields } from "../../input.ts";
import { isoOf } from "../../instants.ts";
import type { SubscriptionMirror } from "../subscriptions.ts";
import {
  aboutSubscription,
  changing,
  checkNamed,
  ofSubscription,
  outcomeOfWish,
  refuseUnbegun,
  subscriptionLane,
  tellFailed,
} from "../wish.ts";

const fields: Fields<PauseSubscription> = { id: true, invoices: true, resumesAt: true, attempt: true };

export async function pauseSubscription(
  core: BillingCore,
  subscriptionId: string,
  given: PauseSubscription,
): Promise<Outcome<Subscription>> {
  const options = checkFields("options", given, fields);
  const named = checkNamed(subscriptionId, options);
  const behavior = checkOneOf("invoices", options.invoices, pausedInvoices);
  if (behavior === undefined) {
    throw problem("invalid_params", `invoices is one of ${pausedInvoices.join(", ")}`, {
      hint: "Say what becomes of the invoices meanwhile.",
      details: { field: "invoices" },
    });
  }
  const resumesAt = checkInstant("resumesAt", options.resumesAt);
  const resumesAtSecond = resumesAt === undefined ? null : Math.floor(resumesAt / secondMs);
  const params: Params = { subscriptionId: named.subscriptionId, behavior, resumesAt: resumesAtSecond };
  const refuse = (row: SubscriptionMirror) => refuseUnbegun(row) ?? refuseDated(row, params);
  const wish = { ...named, verb: pause, refuse, decide: async () => params, again: () => params };
  return outcomeOfWish(core, wish, `Pausing subscription ${subscriptionId}`);
}

/** The date of an earlier pause cannot be unset, and whether it stays where none is sent is not said. */
function refuseDated({ id, pauseCollection }: SubscriptionMirror, { resumesAt }: Params): Problem | undefined {
  const until = pauseCollection?.resumesAt ?? null;
  if (until === null || resumesAt !== null) return undefined;
  return problem("wrong_state", `Subscription ${id} is paused until ${isoOf(until)} already`, {
    hint: "Name another date, or resume it first.",
    details: { id, resumesAt: isoOf(until) },
  });
}

const pauseParams = record({
  ...ofSubscription,
  behavior: oneOf(pausedInvoices),
  /** Stripe's second; null: until somebody says so. */
  resumesAt: orNull(integer),
});
type Params = Shaped<typeof pauseParams>;

export const pause = defineVerb({
  name: "subscriptions.pause",
  params: pauseParams,
  outcome: record({}),
  lane: subscriptionLane,
  about: aboutSubscription,
  steps: [
    changing(({ behavior, resumesAt }: Params) => ({
      pause_collection: { behavior, resumes_at: resumesAt ?? undefined },
    })),
  ],
  answered: async () => ({}),
  refused: tellFailed("pause"),
});
