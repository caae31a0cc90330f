// What became of a start, as its caller is told it: by how the subscription stands.
import { problem } from "#kit/problems.ts";
import type { Outcome, Subscription, SubscriptionStart } from "../../../api/index.ts";
import { lookNow } from "../../../kernel/changes/observe.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import type { Ended } from "../../../kernel/journal/operations.ts";
import { askPayer, type OpenInvoiceLink } from "../../invoices/index.ts";
import { outcomeOf } from "../../outcomes.ts";
import { viewAll } from "../read.ts";
import type { StartAsked } from "./wish.ts";

export type StartEnded = Ended<{ readonly subscriptionId: string }>;

interface Answering {
  readonly core: BillingCore;
  readonly openLink: OpenInvoiceLink;
  readonly asked: StartAsked;
}

export async function answerOf(answering: Answering, ended: StartEnded): Promise<Outcome<SubscriptionStart>> {
  const { core, asked } = answering;
  const { id } = asked;
  const { customerId } = asked.wish;
  const made = ended.state === "done" ? ended.outcome.subscriptionId : null;
  const view = async () => ({ id, customerId, subscription: made === null ? null : await viewOf(core, made) });
  const value = await view();
  const { subscription } = value;
  if (ended.state !== "done" || !ended.isShown || subscription === null) {
    const given = ended.state === "done" ? { ...ended, isShown: false } : ended;
    return outcomeOf(given, { what: `Start ${id}`, value });
  }
  if (subscription.status !== "incomplete") return standingAs(value, subscription);
  // It may have been paid since it was seen, and nobody is sent to a page that takes no money.
  if (ended.answer === undefined) await lookNow(core.kernel, { kind: "subscription", id: subscription.id });
  return waitingFor(answering, await view());
}

async function viewOf(core: BillingCore, id: string): Promise<Subscription | null> {
  const [subscription] = await viewAll(core, [id]);
  return subscription ?? null;
}

function standingAs(value: SubscriptionStart, { status }: Subscription): Outcome<SubscriptionStart> {
  if (status !== "incomplete_expired") return { outcome: "done", value };
  const message = "Nobody paid the first invoice, and the subscription is over.";
  return { outcome: "declined", value, reason: status, code: null, declineCode: null, message };
}

/** In the page of the first invoice: by a card, and after a decline by another one. */
async function waitingFor(
  { core, openLink, asked }: Answering,
  value: SubscriptionStart,
): Promise<Outcome<SubscriptionStart>> {
  const { subscription } = value;
  if (subscription && subscription.status !== "incomplete") return standingAs(value, subscription);
  const invoiceId = subscription?.latestInvoiceId ?? null;
  if (invoiceId === null) throw missing(value);
  const { returnUrl } = asked;
  return { outcome: "action_required", value, ...(await askPayer(core, openLink, { invoiceId, returnUrl })) };
}

function missing({ id }: SubscriptionStart) {
  return problem("unavailable", `Stripe does not show the first invoice of start ${id} yet`, {
    hint: "Ask again: the same start gives its answer then.",
    details: { id },
  });
}
