// What is told of subscriptions.
import { z } from "zod";
import { subscriptionStatuses } from "../../api/index.ts";
import { type FactsOf, type FactTable, fact } from "../../kernel/contract/facts.ts";

declare module "../../api/facts.ts" {
  interface Facts extends FactsOf<typeof subscriptionsFacts> {}
}

const common = {
  subscriptionId: z.string().describe("Stripe's"),
  customerId: z.string().nullable().describe("Yours; null when its Customer is nobody's here"),
  status: z.enum(subscriptionStatuses),
};
const about = { subscriptionId: "sub_1Q2w3e", customerId: "user_42", status: "active" as const };
const items = z
  .array(
    z.strictObject({ priceId: z.string(), lookupKey: z.string().nullable(), quantity: z.int().nullable() }).readonly(),
  )
  .readonly();
const gold = [{ priceId: "price_1Q2w3e", lookupKey: "gold_monthly", quantity: 1 }];
const instant = z.iso.datetime();
/** The commands about a subscription that runs. */
export const subscriptionWishes = ["cancel", "undo", "pause", "resume", "discount", "setMethod"] as const;
const subject = "subscriptionId";
const quantities = z.array(z.strictObject({ priceId: z.string(), quantity: z.int().nullable() }).readonly()).readonly();
const pro = [{ priceId: "price_1Q2w3e", quantity: 3 }];
const billed = z
  .strictObject({ currency: z.string(), total: z.int(), tax: z.int(), due: z.int() })
  .readonly()
  .describe("In minor units");
/** Of what is not seen on the subscription itself. */
const { status: _status, ...whose } = common;
const { status: _active, ...whom } = about;

const startReasons = ["expired", "declined", "refused", "not_paid", "replaced"] as const;
const aboutStart = {
  startId: z.string().describe("Yours, of the start"),
  customerId: common.customerId,
};
const begun = { startId: "signup_77", customerId: "user_42" };

export const subscriptionsFacts = {
  "subscription.action_required": fact({
    doc: "A start waits for its payer, who has to enter a card or to hear their bank, until `expiresAt`. The same start, given again, answers the page.",
    data: z.strictObject({ ...aboutStart, subscriptionId: common.subscriptionId, expiresAt: instant }).readonly(),
    subject,
    example: { ...begun, subscriptionId: "sub_1Q2w3e", expiresAt: "2026-12-01T23:00:00.000Z" },
  }),
  "subscription.start_failed": fact({
    doc: "A start came to nothing after somebody had relied on it: it was too late to be sent (`expired`), its bank or Stripe refused it after `processing` was answered (`declined`, `refused`), nobody paid it within 23 hours (`not_paid`), or another start took its place before it was paid (`replaced`).",
    data: z
      .strictObject({
        ...aboutStart,
        subscriptionId: common.subscriptionId.nullable(),
        attempt: z.int(),
        reason: z.enum(startReasons),
        code: z.string().nullable(),
        declineCode: z.string().nullable(),
      })
      .readonly(),
    subject: "startId",
    example: {
      ...begun,
      subscriptionId: null,
      attempt: 1,
      reason: "declined",
      code: "card_declined",
      declineCode: "insufficient_funds",
    },
  }),
  "subscription.started": fact({
    doc: "A customer has a subscription: its first payment came, or none was needed to begin. Told once, and not of one that is still `incomplete`. Where it is over by the time that anybody hears of it, `status` says so.",
    data: z.strictObject({ ...common, items, trialEnd: instant.nullable() }).readonly(),
    subject,
    example: { ...about, status: "trialing", items: gold, trialEnd: "2026-12-01T00:00:00.000Z" },
  }),
  "subscription.activated": fact({
    doc: "A subscription is active for the first time: its trial is over, or it began without one.",
    data: z.strictObject({ ...common, items }).readonly(),
    subject,
    example: { ...about, items: gold },
  }),
  "subscription.changed": fact({
    doc: "Other prices or quantities are subscribed to than before.",
    data: z.strictObject({ ...common, items, previousItems: items }).readonly(),
    subject,
    example: {
      ...about,
      items: gold,
      previousItems: [{ priceId: "price_1Q0a1b", lookupKey: "silver_monthly", quantity: 1 }],
    },
  }),
  "subscription.change_pending": fact({
    doc: "A change was asked for and is not paid: the subscription stays as it is, and becomes `items` once `invoiceId` is paid. At `expiresAt` it is given up.",
    data: z
      .strictObject({ ...common, items: quantities, expiresAt: instant, invoiceId: z.string().nullable() })
      .readonly(),
    subject,
    example: { ...about, items: pro, expiresAt: "2026-12-01T23:00:00.000Z", invoiceId: "in_1Q2w3e" },
  }),
  "subscription.change_applied": fact({
    doc: "A change that waited for its payment is paid: the subscription is what was asked for, and `subscription.changed` says what that is.",
    data: z.strictObject({ ...common, items: quantities }).readonly(),
    subject,
    example: { ...about, items: pro },
  }),
  "subscription.change_expired": fact({
    doc: "A change that waited for its payment was given up: it was not paid in time, or its invoice was voided. The subscription stays as it was.",
    data: z.strictObject({ ...common, items: quantities }).readonly(),
    subject,
    example: { ...about, items: pro },
  }),
  "subscription.change_replaced": fact({
    doc: "A change that waited for its payment was given up because another one was asked for. `items` are those that will not come.",
    data: z.strictObject({ ...common, items: quantities }).readonly(),
    subject,
    example: { ...about, items: pro },
  }),
  "subscription.change_scheduled": fact({
    doc: "The subscription becomes `items` at `changesAt`, whoever planned that; told again when the plan is another one.",
    data: z.strictObject({ ...whose, items: quantities, changesAt: instant }).readonly(),
    subject,
    example: { ...whom, items: pro, changesAt: "2027-01-01T00:00:00.000Z" },
  }),
  "subscription.change_withdrawn": fact({
    doc: "A change that was planned will not come: the subscription goes on as it is.",
    data: z.strictObject(whose).readonly(),
    subject,
    example: whom,
  }),
  "subscription.change_failed": fact({
    doc: "A change came to nothing after its caller had been answered `processing`: declined, refused by Stripe, or not made while it was wished (`expired`, which is told in any case). The subscription stays as it was.",
    data: z
      .strictObject({
        ...whose,
        wishId: z.string().describe("Yours, or the token of its preview"),
        attempt: z.int(),
        reason: z.enum(["declined", "refused", "expired"]),
        code: z.string().nullable(),
        declineCode: z.string().nullable(),
      })
      .readonly(),
    subject,
    example: { ...whom, wishId: "upgrade_1", attempt: 1, reason: "expired", code: null, declineCode: null },
  }),
  "subscription.change_reverted": fact({
    doc: 'A change that was made before it was paid for (`ifUnpaid: "revert"`) was not paid: `invoiceId` is void and the subscription is what it was before.',
    data: z.strictObject({ ...whose, invoiceId: z.string(), items: quantities }).readonly(),
    subject,
    example: { ...whom, invoiceId: "in_1Q2w3e", items: pro },
  }),
  "subscription.change_differs": fact({
    doc: "A change was billed otherwise than its preview had said, because the subscription was changed at the same moment: for a human, who finds it among the flags too.",
    data: z.strictObject({ ...whose, invoiceId: z.string(), previewed: billed, billed }).readonly(),
    subject,
    example: {
      ...whom,
      invoiceId: "in_1Q2w3e",
      previewed: { currency: "eur", total: 1000, tax: 0, due: 1000 },
      billed: { currency: "eur", total: 3000, tax: 0, due: 3000 },
    },
  }),
  "subscription.past_due": fact({
    doc: "An invoice of the subscription was not paid: its status is `past_due` now, or `unpaid` once Stripe has given up.",
    data: z.strictObject({ ...common, invoiceId: z.string().nullable() }).readonly(),
    subject,
    example: { ...about, status: "past_due", invoiceId: "in_1Q2w3e" },
  }),
  "subscription.recovered": fact({
    doc: "A subscription that was `past_due` or `unpaid` is paid for again.",
    data: z.strictObject(common).readonly(),
    subject,
    example: about,
  }),
  "subscription.paused": fact({
    doc: "The subscription rests: its status is `paused`, or (`isCollectionPaused`) it goes on and its invoices are not collected.",
    data: z.strictObject({ ...common, isCollectionPaused: z.boolean(), resumesAt: instant.nullable() }).readonly(),
    subject,
    example: { ...about, isCollectionPaused: true, resumesAt: "2027-01-01T00:00:00.000Z" },
  }),
  "subscription.resumed": fact({
    doc: "A subscription that rested goes on.",
    data: z.strictObject(common).readonly(),
    subject,
    example: about,
  }),
  "subscription.cancel_scheduled": fact({
    doc: "The subscription will end at `cancelAt`, whoever decided that; told again when the date moves.",
    data: z.strictObject({ ...common, cancelAt: instant }).readonly(),
    subject,
    example: { ...about, cancelAt: "2026-12-31T00:00:00.000Z" },
  }),
  "subscription.cancel_withdrawn": fact({
    doc: "The subscription was to end and will not.",
    data: z.strictObject(common).readonly(),
    subject,
    example: about,
  }),
  "subscription.ended": fact({
    doc: "A subscription that had started is over, for ever. `reason` is Stripe's: cancellation_requested, payment_failed, payment_disputed.",
    data: z.strictObject({ ...common, endedAt: instant.nullable(), reason: z.string().nullable() }).readonly(),
    subject,
    example: { ...about, status: "canceled", endedAt: "2026-12-31T00:00:00.000Z", reason: "cancellation_requested" },
  }),
  "subscription.wish_failed": fact({
    doc: "What was answered `processing` was not done: Stripe refused it, or it was not carried out in time. The subscription stands as it says. `wishId` is yours; give the command again with the next attempt.",
    data: z
      .strictObject({
        ...common,
        wish: z.enum(subscriptionWishes),
        wishId: z.string(),
        attempt: z.int(),
        code: z.string().nullable(),
        message: z.string(),
      })
      .readonly(),
    subject,
    example: {
      ...about,
      wish: "cancel",
      wishId: "cancel_1",
      attempt: 1,
      code: "resource_missing",
      message: "No such subscription: 'sub_1Q2w3e'",
    },
  }),
  "trial.ending": fact({
    doc: "A trial ends in three days, or sooner where it was that short. Told once for each end.",
    data: z.strictObject({ ...common, trialEnd: instant }).readonly(),
    subject,
    example: { ...about, status: "trialing", trialEnd: "2026-12-01T00:00:00.000Z" },
  }),
} satisfies FactTable;
