// Ends a subscription: at once, when all that is paid for is used up, or at an instant to come.
// https://docs.stripe.com/billing/subscriptions/cancel
import { secondMs } from "#kit/clock.ts";
import { type Problem, problem } from "#kit/problems.ts";
import {
  type CancelSubscription,
  cancelReasons,
  cancelRefunds,
  type Outcome,
  openInvoiceWays,
  type Subscription,
} from "../../../api/index.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import { checkFields, checkInstant, checkOneOf, checkText, type Fields } from "../../input.ts";
import { awaitRefunds, planRefunds } from "../../refunds/index.ts";
import { getSubscription } from "../read.ts";
import { isOver, type SubscriptionMirror } from "../subscriptions.ts";
import {
  begunOf,
  checkNamed,
  findSubscription,
  lookAt,
  type Named,
  outcomeOfWish,
  refuseOver,
  type Wishing,
  wishOf,
} from "../wish.ts";
import { type Cancel, type CancelWish, cancel } from "./cancel_verb.ts";
import { previewEnd } from "./preview.ts";

const fields: Fields<CancelSubscription> = {
  id: true,
  when: true,
  refund: true,
  openInvoices: true,
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
  const outcome = await outcomeOfWish(core, wish, `Canceling subscription ${subscriptionId}`);
  return wished.refund === "refund" && outcome.outcome === "done" ? withRefunds(core, named, outcome) : outcome;
}

/** What goes back was filed with its end. That it came to nothing is told, and takes nothing back of that. */
async function withRefunds(
  core: BillingCore,
  { subscriptionId, id }: Named,
  done: Extract<Outcome<Subscription>, { outcome: "done" }>,
): Promise<Outcome<Subscription>> {
  const refunds = await awaitRefunds(core, wishOf(subscriptionId, id));
  const open = refunds.find(({ state }) => state === "open");
  return open ? { ...done, outcome: "processing", operationId: open.operationId } : done;
}

/** What is over stays so, whoever has ended it: for whoever wants nothing more than that, it is done. */
async function isOverBy(core: BillingCore, id: string): Promise<boolean> {
  return isOver((await findSubscription(core, id)).status);
}

function wishedBy({ when, refund, openInvoices, reason, comment }: CancelSubscription): CancelWish {
  const back = checkOneOf("refund", refund, cancelRefunds) ?? "none";
  const isVoiding = checkOneOf("openInvoices", openInvoices, openInvoiceWays) === "void";
  if (isVoiding && when !== "now") throw unfit("openInvoices: void", "which are open then is not known yet");
  const why = {
    ...(isVoiding && { openInvoices: "void" as const }),
    reason: checkOneOf("reason", reason, cancelReasons) ?? null,
    comment: checkText("comment", comment),
  };
  if (when === "now") return { way: "now", at: null, refund: back, ...why };
  if (when === "period_end") {
    if (back !== "none") throw unfit(`refund: ${back}`, "at the end of its period nothing is left unused");
    return { way: "period_end", at: null, refund: back, ...why };
  }
  const at = when instanceof Date ? checkInstant("when", when) : undefined;
  if (at !== undefined && back === "refund") throw unfit("refund: refund", "what is unused then is not known yet");
  if (at !== undefined) return { way: "date", at: Math.floor(at / secondMs), refund: back, ...why };
  throw problem("invalid_params", "when is `period_end`, `now` or a Date", { details: { field: "when" } });
}

function unfit(option: string, why: string): Problem {
  const [field] = option.split(":");
  return problem("invalid_params", `${option} does not go with this \`when\`: ${why}`, {
    hint: 'It goes with `when: "now"`.',
    details: { field },
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
  const isRefund = wished.refund === "refund";
  return {
    subscriptionId: row.id,
    ...wished,
    schedule: row.schedule,
    isFlexible: row.billingMode === "flexible",
    firstInvoice: row.status === "incomplete" ? row.latestInvoice : null,
    latestInvoice: row.latestInvoice,
    isCredited: end?.isCredited ?? false,
    ...(isRefund && { refunds: await planRefunds(core, end?.unused ?? []) }),
    ...(wished.openInvoices === "void" && { voids: await openInvoicesOf(core, row) }),
  };
}

/** As Stripe has them now; that of one that has not begun is voided by a step of its own. */
async function openInvoicesOf(core: BillingCore, { id, status }: SubscriptionMirror): Promise<readonly string[]> {
  if (status === "incomplete") return [];
  const path = `/v1/invoices?limit=100&status=open&subscription=${id}`;
  const about = { subscriptionId: id };
  const open: string[] = [];
  for await (const invoice of core.kernel.gateway.list(path, { priority: "command", about })) open.push(invoice.id);
  return open;
}
