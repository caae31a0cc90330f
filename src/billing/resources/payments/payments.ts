// READ FIRST: what Stripe knows of a payment, as the few fields we live by, and what happened between two looks.
// Everything here is pure. News of payments stay inside; orders turn them into facts.
import { idOf } from "../../kernel/contract/context.ts";
import type { Belonging, Manifest, MirroredRow } from "../../kernel/contract/manifest.ts";
import { mirrorKind, on } from "../../kernel/contract/manifest.ts";
import type { Fields, News, Remote } from "../../kernel/contract/reacting.ts";
import { mark, marksOf } from "../marks.ts";

declare module "../../kernel/contract/reacting.ts" {
  interface InnerNews {
    /** Something that we live by is different. */
    "payment.changed": PaymentIntentMirror;
    "charge.failed": FailedCharge;
  }
}

export interface FailedCharge {
  readonly charge: string;
  readonly paymentIntent: string | null;
  readonly failure: Failure | null;
}

export type PaymentStatus =
  | "requires_payment_method"
  | "requires_confirmation"
  | "requires_action"
  | "processing"
  | "requires_capture"
  | "succeeded"
  | "canceled";

export interface Failure {
  readonly code: string;
  readonly declineCode: string | null;
  readonly message: string;
}

export interface PaymentIntentMirror extends MirroredRow {
  readonly status: PaymentStatus;
  readonly orderId: string | null;
  readonly amount: number;
  readonly amountReceived: number;
  readonly amountCapturable: number;
  readonly currency: string;
  readonly latestCharge: string | null;
  readonly failure: Failure | null;
  readonly cancellationReason: string | null;
}

const paymentIntentBelongsTo = (remote: Fields): Belonging => ({ customer: idOf(remote.customer), parent: null });

function paymentIntentRow(remote: Remote): PaymentIntentMirror {
  const status = remote.status as PaymentStatus;
  return {
    ...marksOf(remote),
    id: remote.id,
    ...paymentIntentBelongsTo(remote),
    isFinal: status === "succeeded" || status === "canceled",
    status,
    orderId: mark(remote, "bursar_order"),
    amount: Number(remote.amount),
    amountReceived: Number(remote.amount_received ?? 0),
    amountCapturable: Number(remote.amount_capturable ?? 0),
    currency: String(remote.currency),
    latestCharge: idOf(remote.latest_charge),
    failure: failureOf(remote.last_payment_error),
    cancellationReason: (remote.cancellation_reason as string | null | undefined) ?? null,
  };
}

function failureOf(error: unknown): Failure | null {
  if (error === null || typeof error !== "object") return null;
  const { code, decline_code, message } = error as Record<string, unknown>;
  return {
    code: String(code ?? "unknown"),
    declineCode: typeof decline_code === "string" ? decline_code : null,
    message: String(message ?? ""),
  };
}

/** Each status that was entered is told; a failed attempt is told once per charge, or per fall from requires_action. */
function paymentIntentFacts(
  before: PaymentIntentMirror | null,
  after: PaymentIntentMirror,
  version: number,
): News<"payment.changed">[] {
  const isSame =
    before !== null &&
    before.status === after.status &&
    before.latestCharge === after.latestCharge &&
    before.amount === after.amount &&
    before.amountReceived === after.amountReceived &&
    // A failed authentication makes no charge, and a look may jump over the status in between.
    before.failure?.code === after.failure?.code;
  if (isSame) return [];
  const transition = `${after.id}@${version}`;
  return [{ type: "payment.changed", subject: after.id, transition, data: after }];
}

/**
 * What a card that is held offers, when its payment asked for it, as Stripe names it: to be captured in parts, to hold
 * more. https://docs.stripe.com/api/charges/object#charge_object-payment_method_details-card-multicapture
 */
export const offers = ["multicapture", "incremental_authorization"] as const;
export type Offer = (typeof offers)[number];

export interface ChargeMirror extends MirroredRow {
  readonly status: "succeeded" | "pending" | "failed";
  readonly amount: number;
  readonly amountCaptured: number;
  readonly amountRefunded: number;
  readonly currency: string;
  readonly paymentIntent: string | null;
  readonly failure: Failure | null;
  /** Missing in rows that an earlier version wrote. */
  readonly offers?: readonly Offer[];
}

const chargeBelongsTo = (remote: Fields): Belonging => ({
  customer: idOf(remote.customer),
  parent: idOf(remote.payment_intent),
});

function chargeRow(remote: Remote): ChargeMirror {
  const status = remote.status as ChargeMirror["status"];
  const outcome = remote.outcome as { reason?: unknown } | null | undefined;
  const declineCode = typeof outcome?.reason === "string" ? outcome.reason : null;
  const failureCode = remote.failure_code;
  return {
    ...marksOf(remote),
    id: remote.id,
    ...chargeBelongsTo(remote),
    isFinal: status === "failed",
    status,
    amount: Number(remote.amount),
    amountCaptured: Number(remote.amount_captured ?? 0),
    amountRefunded: Number(remote.amount_refunded ?? 0),
    currency: String(remote.currency),
    paymentIntent: idOf(remote.payment_intent),
    failure:
      typeof failureCode === "string"
        ? { code: failureCode, declineCode, message: String(remote.failure_message ?? "") }
        : null,
    offers: offersOf(remote.payment_method_details),
  };
}

function offersOf(details: unknown): readonly Offer[] {
  const { card } = (details ?? {}) as { card?: { readonly [Name in Offer]?: { readonly status?: unknown } } };
  return offers.filter((offer) => card?.[offer]?.status === "available");
}

/** What the charge that pays offers; undefined while it has not been seen as this version sees it. */
export function offersIn(chargeRow: string): readonly Offer[] | undefined {
  return (JSON.parse(chargeRow) as ChargeMirror).offers;
}

/** A failed charge is an object of its own: it is told even when the look at its payment jumped over it. */
function chargeFacts(before: ChargeMirror | null, after: ChargeMirror): News<"charge.failed">[] {
  if (after.status !== "failed" || before?.status === "failed") return [];
  const data = { charge: after.id, paymentIntent: after.paymentIntent, failure: after.failure };
  return [{ type: "charge.failed", subject: after.id, transition: after.id, data }];
}

/** Orders and refunds say of theirs what it means; a charge has nobody else to speak for it. */
const onChargeGone = on("object.gone", async ({ flag }, news) => {
  const gone = news.flatMap(({ data }) => (data.kind === "charge" ? data.id : []));
  await flag(gone.map((id) => ({ kind: "charge_gone", subject: id, detail: "Stripe does not know it any more." })));
  return [];
});

export const paymentsManifest: Manifest = {
  name: "payments",
  tables: { migrations: [], columns: {} },
  facts: {},
  kinds: [
    mirrorKind<PaymentIntentMirror>({
      kind: "payment_intent",
      path: (id) => `/v1/payment_intents/${id}`,
      list: { path: "/v1/payment_intents", byCustomer: true },
      belongsTo: paymentIntentBelongsTo,
      row: paymentIntentRow,
      facts: paymentIntentFacts,
    }),
    mirrorKind<ChargeMirror>({
      kind: "charge",
      path: (id) => `/v1/charges/${id}`,
      list: { path: "/v1/charges", byCustomer: true },
      belongsTo: chargeBelongsTo,
      row: chargeRow,
      facts: chargeFacts,
    }),
  ],
  events: [
    "payment_intent.created",
    "payment_intent.processing",
    "payment_intent.requires_action",
    "payment_intent.amount_capturable_updated",
    "payment_intent.payment_failed",
    "payment_intent.succeeded",
    "payment_intent.canceled",
    "charge.pending",
    "charge.succeeded",
    "charge.failed",
    "charge.captured",
    "charge.refunded",
    "charge.expired",
    "charge.updated",
  ],
  verbs: [],
  reactions: [onChargeGone],
  timers: [],
};
