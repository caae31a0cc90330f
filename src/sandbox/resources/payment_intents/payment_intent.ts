// READ FIRST. A payment intent is one purchase, whatever number of attempts it takes. This table is its whole life; its
// refusals, its tests and its picture come from here. https://docs.stripe.com/payments/paymentintents/lifecycle

import type Stripe from "stripe";
import type { EventType } from "../../kernel/state/event_types.ts";
import { defineMachine } from "../../kernel/state/machine.ts";
import { defineNoun, hidden, type Stored } from "../../kernel/state/noun.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { isBefore } from "../../kernel/versions/families.ts";
import { refusal, type StripeError } from "../../kernel/words/errors.ts";
import { noParticulars, type Particulars } from "./particulars.ts";
import { rows } from "./refusals.table.ts";

export type PaymentIntentStatus =
  | "requires_payment_method"
  | "requires_confirmation"
  | "requires_action"
  | "processing"
  | "requires_capture"
  | "succeeded"
  | "canceled";

export type PaymentIntent = Stored<Stripe.PaymentIntent, PaymentIntentStatus> & {
  /** Of another seller's payer; no SDK declares it. */
  readonly shared_payment_granted_token: null;
};

declare module "../../kernel/words/errors.ts" {
  interface Inlined {
    readonly payment_intent?: object | undefined;
  }
}

export const paymentIntents = defineNoun<PaymentIntent>({
  object: "payment_intent",
  clock: "customer",
  keepsWorldTime: true,
  hasSecret: true,
  prefixes: ["pi"],
  indices: ["customer"],
  expandable: {
    application: null,
    customer: "customer",
    latest_charge: "charge",
    on_behalf_of: "account",
    payment_method: "payment_method",
    payment_record: null,
    review: "review",
    source: null,
  },
});

const attempted = {
  succeeded: "payment_intent.succeeded",
  requires_capture: "payment_intent.amount_capturable_updated",
  processing: "payment_intent.processing",
  requires_payment_method: "payment_intent.payment_failed",
} as const satisfies Partial<Record<PaymentIntentStatus, EventType>>;

export const paymentIntentMachine = defineMachine(
  paymentIntents,
  refuse,
)({
  create: {
    from: ["new"],
    to: { requires_payment_method: "payment_intent.created", requires_confirmation: "payment_intent.created" },
  },
  /** A change of what is to be paid, or with what, goes back before the confirmation. */
  revise: {
    from: ["requires_payment_method", "requires_confirmation", "requires_action"],
    to: { requires_payment_method: null, requires_confirmation: null },
  },
  confirm: {
    from: ["requires_payment_method", "requires_confirmation", "requires_action"],
    to: { ...attempted, requires_action: "payment_intent.requires_action" },
  },
  authenticate: { from: ["requires_action"], to: { ...attempted, requires_confirmation: null } },
  settle: {
    from: ["processing"],
    to: { succeeded: "payment_intent.succeeded", requires_payment_method: "payment_intent.payment_failed" },
  },
  /** In parts, where the card offers it: each tells how much is left. */
  capture: {
    from: ["requires_capture"],
    to: { succeeded: "payment_intent.succeeded", requires_capture: "payment_intent.amount_capturable_updated" },
  },
  increment: { from: ["requires_capture"], to: { requires_capture: "payment_intent.amount_capturable_updated" } },
  /** What was captured in part has been paid. */
  expire: {
    from: ["requires_capture"],
    to: { canceled: "payment_intent.canceled", succeeded: "payment_intent.succeeded" },
  },
  cancel: {
    from: ["requires_payment_method", "requires_capture", "requires_confirmation", "requires_action", "processing"],
    to: { canceled: "payment_intent.canceled", succeeded: "payment_intent.succeeded" },
  },
});

/** Stripe's words, from the table. */
function refuse(intent: PaymentIntent, action: string): StripeError {
  const { id, status } = intent;
  const inlined = { payment_intent: intent };
  if (action === "cancel") return refusal(rows.intentNotCancelable, { status }, inlined);
  if (action === "capture") {
    const isCapturedInPart = status === "succeeded" && intent.amount_received < intent.amount;
    return refusal(isCapturedInPart ? rows.intentRestReleased : rows.intentNotCapturable, { status }, inlined);
  }
  if (action !== "confirm") return refusal(rows.intentWaitsForNobody, { action, id, status }, inlined);
  return refusal(status === "succeeded" ? rows.intentAlreadySucceeded : rows.intentNotConfirmable, { status }, inlined);
}

/** As the machine's `cancel`, in the words of the caller's version. */
export function assertCancelable({ family }: Unit, intent: PaymentIntent): void {
  const { status } = intent;
  if (paymentIntentMachine.actions.cancel.from.some((from) => from === status)) return;
  const row = isBefore(family, "dahlia") ? rows.intentNotCancelableBefore : rows.intentNotCancelable;
  throw refusal(row, { status }, { payment_intent: intent });
}

/** As the machine's `revise`, with the name of what was to be changed. */
export function assertRevisable(intent: PaymentIntent, param: string): void {
  const { status } = intent;
  if (paymentIntentMachine.actions.revise.from.some((from) => from === status)) return;
  throw refusal(rows.intentNotUpdatable, { param, status }, { param, payment_intent: intent });
}

/** What the sandbox remembers about an intent. */
export interface Memory {
  /** The return_url of the last confirmation. */
  readonly returnUrl: string | null;
  readonly isOffSession: boolean;
  /** `mandate_data` of the last confirmation, and the mandate that it named. */
  readonly mandateData: Readonly<Record<string, unknown>> | null;
  readonly mandate: string | null;
  /** With confirmation_method=manual: the payer has passed, the server has not confirmed yet. */
  readonly isAuthenticated: boolean;
  /** An invoice's descriptor stands on its payment whole, by card too (recorded by zulip/zulip, 2025-11-17.clover). */
  readonly isOfInvoice: boolean;
  /** How often it was captured, and how often it was to hold more. */
  readonly captures: number;
  readonly increments: number;
  /** Wrong answers to what small deposits were. */
  readonly depositFailures: number;
  readonly particulars: Particulars;
}

export const freshMemory: Memory = {
  returnUrl: null,
  isOffSession: false,
  mandateData: null,
  mandate: null,
  isAuthenticated: false,
  isOfInvoice: false,
  captures: 0,
  increments: 0,
  depositFailures: 0,
  particulars: noParticulars,
};

export function memoryOf(intent: PaymentIntent): Memory {
  return intent[hidden] as unknown as Memory; // Written by this folder only.
}

/** An older Bursar remembered less. */
export function revivedIntent(kept: PaymentIntent): PaymentIntent {
  return { ...kept, [hidden]: { ...freshMemory, ...kept[hidden] } };
}

/** The hidden part of `changes` for move() and change(). */
export function remembering(intent: PaymentIntent, changes: Partial<Memory>) {
  return { [hidden]: { ...memoryOf(intent), ...changes } };
}

/** What Stripe shows to a publishable key: enough to pay, nothing about the customer. */
export function reducedIntent(intent: PaymentIntent): object {
  const shown: Record<string, unknown> = {};
  for (const name of publicFields) if (name in intent) shown[name] = intent[name];
  return shown;
}

const publicFields = [
  "id",
  "object",
  "amount",
  "amount_details",
  "automatic_payment_methods",
  "canceled_at",
  "cancellation_reason",
  "capture_method",
  "client_secret",
  "confirmation_method",
  "created",
  "currency",
  "description",
  "last_payment_error",
  "livemode",
  "next_action",
  "payment_method",
  "payment_method_configuration_details",
  "payment_method_types",
  "processing",
  "receipt_email",
  "setup_future_usage",
  "shipping",
  "source",
  "status",
] as const satisfies readonly (keyof PaymentIntent)[];
