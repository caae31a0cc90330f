// Ends a subscription: at once, when all that is paid for is used up, or at an instant to come.
// https://docs.stripe.com/billing/subscriptions/cancel
import { secondMs } from "#kit/clock.ts";
import { type Problem, problem } from "#kit/problems.ts";
import {
  type CancelSubscription,
  cancelReasons,
  cancelRefunds,
  type Outcome,
  type Subscription,
} from "../../../api/index.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import { checkFields, checkInstant, checkOneOf, checkText, type Fields } from "../../input.ts";
import { getSubscription } from "../read.ts";
import { isOver, type SubscriptionMirror } from "../subscriptions.ts";
import { begunOf, checkNamed, findSubscription, lookAt, outcomeOfWish, refuseOver, type Wishing } from "../wish.ts";
import { type Cancel, type CancelWish, cancel } from "./cancel_verb.ts";
import { previewEnd } from "./preview.ts";

const fields: Fields<CancelSubscription> = {
  id: true,
  when: true,
  refund: true,
  reason: true,
  comment: true,
  attempt: true,
};

export async function cancelSubscription(
  core: BillingCore,
  subscriptionId: string,
  given: CancelSubscription,
): Promise<Outcome<Subscription>> {
  const options = checkFields("options", given, fields);
  const named = checkNamed(subscriptionId, options);
  const wished = wishedBy(options);
  const wish: Wishing<Cancel> = {
    ...named,
    verb: cancel,
    refuse: (row) => whyNot(row, wished),
    decide: async (row) => decide(core, row, wished),
    again: (decided) => ({ ...decided, ...wished }),
  };
  const isNew = (await begunOf(core, cancel, named)) === undefined;
  if (isNew && wished.refund === "none" && (await isOverBy(core, named.subscriptionId))) {
    return { outcome: "done", value: await getSubscription(core, named.subscriptionId) };
  }
  return outcomeOfWish(core, wish, `Canceling subscription ${subscriptionId}`);
}

/** What is over stays so, whoever has ended it: for whoever wants nothing more than that, it is done. */
async function isOverBy(core: BillingCore, id: string): Promise<boolean> {
  return isOver((await findSubscription(core, id)).status);
}

function wishedBy({ when, refund, reason, comment }: CancelSubscription): CancelWish {
  const back = checkOneOf("refund", refund, cancelRefunds) ?? "none";
  const why = {
    reason: checkOneOf("reason", reason, cancelReasons) ?? null,
    comment: checkText("comment", comment),
  };
  if (when === "now") return { way: "now", at: null, refund: back, ...why };
  if (when === "period_end") {
    if (back !== "none") throw unfit(back, "at the end of its period nothing is left unused");
    return { way: "period_end", at: null, refund: back, ...why };
  }
  const at = when instanceof Date ? checkInstant("when", when) : undefined;
  if (at !== undefined) return { way: "date", at: Math.floor(at / secondMs), refund: back, ...why };
  throw problem("invalid_params", "when is `period_end`, `now` or a Date", { details: { field: "when" } });
}

function unfit(refund: string, why: string): Problem {
  return problem("invalid_params", `refund ${refund} does not go with this \`when\`: ${why}`, {
    hint: 'With `when: "now"` what is unused goes back.',
    details: { field: "refund" },
  });
}

function whyNot(row: SubscriptionMirror, { way }: CancelWish): Problem | undefined {
  const over = refuseOver(row);
  if (over || way === "now") return over;
  const { id, status } = row;
  const hint = 'It can be given up with `when: "now"`.';
  if (status === "incomplete") {
    const message = `Subscription ${id} has not begun: its first invoice is not paid`;
    return problem("wrong_state", message, { hint, details: { id, status } });
  }
  if (status !== "paused" || way === "date") return undefined;
  return problem("wrong_state", `Subscription ${id} is paused: no period runs that could end`, {
    hint,
    details: { id, status },
  });
}

async function decide(core: BillingCore, known: SubscriptionMirror, wished: CancelWish): Promise<Cancel> {
  // Of what has not begun nothing was paid.
  const isReckoned = wished.way === "now" && wished.refund !== "none" && known.status !== "incomplete";
  // What goes back is reckoned of how it stands at Stripe, and not of how it was last heard of.
  const row = isReckoned ? await lookAt(core, known.id) : known;
  const refused = whyNot(row, wished);
  if (refused) throw refused;
  const end = isReckoned ? await previewEnd(core, row) : undefined;
  return {
    subscriptionId: row.id,
    ...wished,
    schedule: row.schedule,
    isFlexible: row.billingMode === "flexible",
    firstInvoice: row.status === "incomplete" ? row.latestInvoice : null,
    latestInvoice: row.latestInvoice,
    isCredited: end?.isCredited ?? false,
  };
}
