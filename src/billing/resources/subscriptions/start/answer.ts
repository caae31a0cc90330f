// What became of a start, as its caller is told it: by how the subscription stands.
import { problem } from "#kit/problems.ts";
import type { Outcome, Subscription, SubscriptionStart } from "../../../api/index.ts";
import { lookNow } from "../../../kernel/changes/observe.ts";
import { record, text } from "../../../kernel/contract/shape.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import type { Ended } from "../../../kernel/journal/operations.ts";
import { outcomeOf } from "../../outcomes.ts";
import { viewAll } from "../read.ts";
import type { StartAsked } from "./wish.ts";

export type StartEnded = Ended<{ readonly subscriptionId: string }>;

export async function answerOf(
  core: BillingCore,
  { id, wish: { customerId } }: StartAsked,
  ended: StartEnded,
): Promise<Outcome<SubscriptionStart>> {
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
  return waitingFor(core, await view());
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

/** https://docs.stripe.com/api/invoices/object#invoice_object-confirmation_secret */
const payable = record({ hosted_invoice_url: text, confirmation_secret: record({ client_secret: text }) });

/** The page is Stripe's, of the first invoice; its secret is for a page of the host's own, and is stored nowhere. */
async function waitingFor(core: BillingCore, value: SubscriptionStart): Promise<Outcome<SubscriptionStart>> {
  const { subscription } = value;
  if (subscription?.status !== "incomplete") return subscription ? standingAs(value, subscription) : missing(value);
  const path = `/v1/invoices/${subscription.latestInvoiceId}?expand[]=confirmation_secret`;
  const { remote } = await core.kernel.gateway.read(path, { priority: "command" });
  if (remote?.status !== "open") return missing(value);
  const { hosted_invoice_url: url, confirmation_secret } = payable.read(remote, remote.id);
  return { outcome: "action_required", value, url, clientSecret: confirmation_secret.client_secret };
}

function missing({ id }: SubscriptionStart): never {
  throw problem("unavailable", `Stripe does not show the first invoice of start ${id} yet`, {
    hint: "Ask again: the same start gives its answer then.",
    details: { id },
  });
}
