// Makes a subscription, under the slot that its start has taken. Where a method pays, it is made paid for, or not at
// all: a decline is Stripe's refusal, leaves nothing there, and gives slot and trial back. Where the payer pays, it is
// made unpaid, and waits for them. Decision 61 says why.
import type { News, Reacting } from "../../../kernel/contract/reacting.ts";
import { integer, listOf, oneOf, orNull, record, type Shaped, text } from "../../../kernel/contract/shape.ts";
import { defineVerb, itsId, type OperationView, type Refusal } from "../../../kernel/contract/verb.ts";
import type { FormValue } from "../../../kernel/stripe/form.ts";
import { lockCustomers } from "../../customers/index.ts";
import { marks, marksOf } from "../../marks.ts";
import { bind, giveBack, settleSlots, takeSlot, takeTrial } from "../slots/index.ts";
import { startName } from "../tables.ts";
import { wishShape } from "./wish.ts";

const counted = listOf(record({ price: text, quantity: integer }));

const startParams = record({
  /** The attempt that the caller has named: one attempt of theirs may be several operations. */
  asked: integer,
  wish: wishShape,
  stripeCustomerId: text,
  testClock: orNull(text),
  group: text,
  items: counted,
  /** On the first invoice alone. */
  once: counted,
  trialDays: orNull(integer),
  coupon: orNull(text),
  promotion: orNull(text),
  /** method: it is charged in the call. payer: in a page, within 23 hours. invoice: whoever it is sent to. */
  pays: oneOf(["method", "payer", "invoice"]),
});
export type StartParams = Shaped<typeof startParams>;
type StartView = OperationView<StartParams>;

export const start = defineVerb({
  name: startName,
  params: startParams,
  outcome: record({ subscriptionId: text }),
  lane: ({ params }) => `subscriptions:${params.wish.customerId}`,
  about: ({ params }) => ({ customerId: params.wish.customerId }),
  validForMs: ({ params }) => params.wish.validForMs,
  async reserve(reacting, { id: operation, subject, params }) {
    const { wish, group, trialDays } = params;
    const { tx, now } = reacting;
    await settleSlots(reacting, [wish.customerId]);
    const wanted = { customer: wish.customerId, plan_group: group, start: subject };
    await takeSlot(tx, wanted);
    if (trialDays !== null) await takeTrial(tx, wanted);
    const row = { operation, subscription: null, replaced: 0, created_at: now };
    await tx
      .insertInto("subscription_starts")
      .values({ ...row, id: subject, customer: wish.customerId })
      .onConflict((conflict) => conflict.column("id").doUpdateSet({ operation })) // of the attempt before
      .execute();
  },
  steps: [
    {
      name: "create",
      answer: itsId,
      embeds: ({ params }) => [
        { kind: "customer", id: params.stripeCustomerId },
        ...(params.wish.method === null ? [] : [{ kind: "payment_method", id: params.wish.method }]),
      ],
      request: (operation) => ({ method: "POST", path: "/v1/subscriptions", params: requestOf(operation) }),
      // Without the status those that are canceled are left out; those on a test clock are in their customer's list,
      // and dated by the clock. https://docs.stripe.com/api/subscriptions/list
      async find({ id, params }, { since, list }) {
        const window = params.testClock === null ? `&created[gte]=${since}` : "";
        const path = `/v1/subscriptions?limit=100&status=all&customer=${params.stripeCustomerId}${window}`;
        return (await list(path)).find((subscription) => marksOf(subscription).operation === id) ?? null;
      },
    },
  ],
  async answered(reacting, { subject, params }, { create }) {
    // Before its slot is touched: whoever settles slots locks the customer first too.
    await lockCustomers(reacting.tx, [params.wish.customerId]);
    const subscriptionId = await bind(reacting.tx, { start: subject, subscription: create.id });
    await settleSlots(reacting, [params.wish.customerId]);
    return { subscriptionId };
  },
  async refused(reacting, operation, refusal) {
    if (asksPayer(operation, refusal)) return goOnWithPayer(reacting, operation);
    await lockCustomers(reacting.tx, [operation.params.wish.customerId]);
    await giveBack(reacting, { customer: operation.params.wish.customerId, start: operation.subject });
    return startFailed(operation, refusal);
  },
});

type Form = Readonly<Record<string, FormValue>>;

/** https://docs.stripe.com/api/subscriptions/create */
function requestOf(operation: StartView): Form {
  const { params, subject } = operation;
  const { wish, items, once } = params;
  return {
    customer: params.stripeCustomerId,
    items: items.map((item) => ({ ...item })),
    ...(once.length > 0 && { add_invoice_items: once.map((item) => ({ ...item })) }),
    ...payingOf(params),
    ...(wish.method !== null && { default_payment_method: wish.method }),
    ...(params.trialDays !== null && {
      trial_period_days: params.trialDays,
      trial_settings: { end_behavior: { missing_payment_method: wish.trial?.withoutMethod } },
    }),
    ...discountsOf(params),
    ...(wish.taxes.by === "stripe" && { automatic_tax: { enabled: true } }),
    ...(wish.taxes.by === "rates" && { default_tax_rates: [...wish.taxes.rates] }),
    metadata: marks(operation, { ...wish.metadata, bursar_start: subject, bursar_customer: wish.customerId }),
  };
}

/** https://docs.stripe.com/billing/subscriptions/overview#payment-behavior */
function payingOf({ pays, wish }: StartParams): Form {
  if (pays === "invoice") return { collection_method: "send_invoice", days_until_due: wish.daysUntilDue ?? undefined };
  const payment_settings = { save_default_payment_method: "on_subscription" };
  if (pays === "payer") return { payment_behavior: "default_incomplete", payment_settings };
  return {
    payment_behavior: "error_if_incomplete",
    payment_settings,
    ...(wish.offSession && { off_session: true }),
  };
}

function discountsOf({ coupon, promotion }: StartParams): Form {
  if (coupon !== null) return { discounts: [{ coupon }] };
  return promotion === null ? {} : { discounts: [{ promotion_code: promotion }] };
}

/** What Stripe says when a bank wants to hear the payer: on session, and off. Recorded, and documented. */
const askingCodes = ["subscription_payment_intent_requires_action", "authentication_required"];

function asksPayer({ params }: StartView, { http, code, declineCode }: Refusal): boolean {
  return params.pays === "method" && http === 402 && [code, declineCode].some((one) => askingCodes.includes(one ?? ""));
}

/** In the same transaction, so that no other start comes between: the slot stays taken, and it follows by itself. */
async function goOnWithPayer(
  reacting: Reacting,
  { subject, attempt, params, createdAt, isPromised }: StartView,
): Promise<readonly News[]> {
  await reacting.fileOperation({
    verb: startName,
    subject,
    attempt: attempt + 1,
    params: { ...params, pays: "payer" } satisfies StartParams,
    wishedAt: createdAt,
    isAwaited: !isPromised,
  });
  return [];
}

/** Who ended it so knows: the original of a copied database, which goes on. */
const silent = ["withdrawn", "other_instance"];

/** That it grew too old is told always, any other end to whoever was answered `processing`. */
function startFailed({ subject, params, isPromised }: StartView, refusal: Refusal): News[] {
  const { type, http, code, declineCode } = refusal;
  const isExpired = type === "expired";
  if (silent.includes(type) || !(isExpired || isPromised)) return [];
  const reason = isExpired ? "expired" : http === 402 ? "declined" : "refused";
  const { asked, wish } = params;
  const about = { startId: subject, customerId: wish.customerId, subscriptionId: null, attempt: asked };
  const data = { ...about, reason, code, declineCode } as const;
  return [{ type: "subscription.start_failed", subject, transition: `attempt:${asked}`, data }];
}
