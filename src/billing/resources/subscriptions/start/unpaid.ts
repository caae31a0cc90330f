// Ends a subscription that waits for its first payment, so that another start takes its place. Its first invoice is
// voided, by which Stripe ends it, and not the subscription canceled: a payment that comes at this moment is either
// before, and Stripe refuses to void what is paid, or it meets no invoice any more. So nobody loses what they have just
// paid for. https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses
import { problem } from "#kit/problems.ts";
import { lookNow } from "../../../kernel/changes/observe.ts";
import { record, text } from "../../../kernel/contract/shape.ts";
import { defineVerb, flagPromised, itsId } from "../../../kernel/contract/verb.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import { latestOperation } from "../../latest.ts";
import { failureOf } from "../../outcomes.ts";
import type { SubscriptionMirror } from "../subscriptions.ts";

const tellPromised = flagPromised("subscriptions.endUnpaid");

export const endUnpaid = defineVerb({
  name: "subscriptions.endUnpaid",
  params: record({ customerId: text, invoiceId: text }),
  outcome: record({}),
  lane: ({ subject }) => `subscription:${subject}`,
  about: ({ subject, params }) => ({ customerId: params.customerId, subscriptionId: subject }),
  async reserve({ tx }, { subject }) {
    await tx.updateTable("subscription_starts").set({ replaced: 1 }).where("subscription", "=", subject).execute();
  },
  steps: [
    {
      name: "void",
      answer: itsId,
      touches: ({ params }) => params.invoiceId,
      embeds: ({ params }) => [{ kind: "invoice", id: params.invoiceId }],
      request: ({ params }) => ({ method: "POST", path: `/v1/invoices/${params.invoiceId}/void`, params: {} }),
      holds: ({ status }) => status === "void",
    },
  ],
  async answered({ fileLooks }, { subject }) {
    await fileLooks([{ kind: "subscription", id: subject, customer: null, parent: null }]);
    return {};
  },
  async refused(reacting, operation, refusal) {
    const { tx } = reacting;
    const { subject } = operation;
    await tx.updateTable("subscription_starts").set({ replaced: 0 }).where("subscription", "=", subject).execute();
    return tellPromised(reacting, operation, refusal);
  },
});

/** Nothing where it is paid by now, is over, or is nobody's: then the slot says what else is in the way. */
export async function makeRoom(
  core: BillingCore,
  { customerId, group, start }: { readonly customerId: string; readonly group: string; readonly start: string },
): Promise<void> {
  const held = await heldUnpaid(core, { customerId, group, start });
  if (held === undefined) return;
  await lookNow(core.kernel, { kind: "subscription", id: held });
  const row = await mirrorOf(core, held);
  if (row?.status !== "incomplete" || row.latestInvoice === null) return;
  const { attempt = 1, state } = (await latestOperation(core, endUnpaid, held)) ?? {};
  const isOver = state !== undefined && state !== "open" && state !== "done" && state !== "parked";
  const params = { customerId, invoiceId: row.latestInvoice };
  const wish = { subject: held, attempt: isOver ? attempt + 1 : attempt, params };
  const ended = await core.operations.carryOut(endUnpaid, wish);
  await lookNow(core.kernel, { kind: "subscription", id: held });
  if (ended.state === "done") return;
  if (ended.state === "open") {
    throw problem("stripe_unreachable", `Stripe has not answered whether the unpaid subscription ${held} is over`, {
      hint: "Ask again in a few seconds: the start that is wished takes its place then.",
      details: { operation: ended.operationId, subscriptionId: held },
    });
  }
  // It was paid at this moment: then it runs, and holds its slot.
  if ((await mirrorOf(core, held))?.status !== "incomplete") return;
  throw failureOf(ended, `Ending the unpaid subscription ${held}`);
}

async function heldUnpaid(
  core: BillingCore,
  { customerId, group, start }: { customerId: string; group: string; start: string },
): Promise<string | undefined> {
  const slot = await core.sql.read("subscriptions.slot", (reader) =>
    reader
      .selectFrom("subscription_slots")
      .innerJoin("subscriptions", "subscriptions.id", "subscription_slots.subscription")
      .select(["subscription_slots.start", "subscriptions.id"])
      .where("subscription_slots.customer", "=", customerId)
      .where("plan_group", "=", group)
      .where("subscriptions.status", "=", "incomplete")
      .executeTakeFirst(),
  );
  return slot && slot.start !== start ? slot.id : undefined;
}

async function mirrorOf(core: BillingCore, id: string): Promise<SubscriptionMirror | undefined> {
  const stored = await core.sql.read("subscriptions.mirror", (reader) =>
    reader.selectFrom("mirror").select("row").where("id", "=", id).executeTakeFirst(),
  );
  return stored && (JSON.parse(stored.row) as SubscriptionMirror);
}
