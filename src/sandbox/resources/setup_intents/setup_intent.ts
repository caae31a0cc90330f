// READ FIRST. A setup intent is the payer's consent to be charged later, whatever number of attempts it takes. This
// table is its whole life; its refusals, its tests and its picture come from here.
// https://docs.stripe.com/payments/setupintents/lifecycle

import type Stripe from "stripe";
import type { EventType } from "../../kernel/state/event_types.ts";
import { defineMachine } from "../../kernel/state/machine.ts";
import { defineNoun, hidden, type Stored } from "../../kernel/state/noun.ts";
import { refusal, type StripeError } from "../../kernel/words/errors.ts";
import type { Refusal } from "../../kernel/words/refusals.ts";
import { type CardTerms, plainTerms } from "../payment_methods/index.ts";
import { rows } from "./refusals.table.ts";

/** No method of the sandbox leaves a setup waiting for its bank, so Stripe's `processing` does not occur. */
export type SetupIntentStatus =
  | "requires_payment_method"
  | "requires_confirmation"
  | "requires_action"
  | "succeeded"
  | "canceled";

export type SetupIntent = Stored<Stripe.SetupIntent, SetupIntentStatus>;

declare module "../../kernel/words/errors.ts" {
  interface Inlined {
    readonly setup_intent?: object | undefined;
  }
}

export const setupIntents = defineNoun<SetupIntent>({
  object: "setup_intent",
  hasSecret: true,
  prefixes: ["seti"],
  indices: ["customer", "payment_method"],
  expandable: {
    application: null,
    customer: "customer",
    latest_attempt: "setup_attempt",
    mandate: "mandate",
    on_behalf_of: "account",
    payment_method: "payment_method",
    single_use_mandate: "mandate",
  },
  label: "setupintent",
});

const attempted = {
  succeeded: "setup_intent.succeeded",
  requires_payment_method: "setup_intent.setup_failed",
} as const satisfies Partial<Record<SetupIntentStatus, EventType>>;

export const setupIntentMachine = defineMachine(
  setupIntents,
  refuse,
)({
  create: {
    from: ["new"],
    to: { requires_payment_method: "setup_intent.created", requires_confirmation: "setup_intent.created" },
  },
  /** Another method goes back before the confirmation. */
  revise: {
    from: ["requires_payment_method", "requires_confirmation", "requires_action"],
    to: { requires_payment_method: null, requires_confirmation: null },
  },
  confirm: {
    from: ["requires_payment_method", "requires_confirmation", "requires_action"],
    to: { ...attempted, requires_action: "setup_intent.requires_action" },
  },
  authenticate: { from: ["requires_action"], to: attempted },
  cancel: {
    from: ["requires_payment_method", "requires_confirmation", "requires_action"],
    to: { canceled: "setup_intent.canceled" },
  },
});

function refuse(intent: SetupIntent, action: string): StripeError {
  const { id, status } = intent;
  return refusal(rowOf(action, status), { action: wordOf(action), id, status }, { setup_intent: intent });
}

function rowOf(action: string, status: SetupIntentStatus): Refusal {
  if (action === "cancel") return status === "canceled" ? rows.setupAlreadyCanceled : rows.setupNotCancelable;
  if (action === "authenticate") return rows.setupWaitsForNobody;
  return status === "succeeded" ? rows.setupSucceeded : rows.setupCanceled;
}

function wordOf(action: string): string {
  return action === "revise" ? "update" : action;
}

/** What the sandbox remembers about an intent: the consent that came with the last confirmation. */
interface Memory {
  /** Automatic methods were asked for, and may send the payer away. */
  readonly mayRedirect: boolean;
  readonly returnUrl: string | null;
  readonly mandateData: Readonly<Record<string, unknown>> | null;
  /** Wrong answers to what small deposits were. */
  readonly depositFailures: number;
  readonly terms: CardTerms;
}

export const freshMemory: Memory = {
  mayRedirect: false,
  returnUrl: null,
  mandateData: null,
  depositFailures: 0,
  terms: plainTerms,
};

export function memoryOf(intent: SetupIntent): Memory {
  return intent[hidden] as unknown as Memory; // Written by this folder only.
}

/** An older Bursar remembered less. */
export function revivedIntent(kept: SetupIntent): SetupIntent {
  return { ...kept, [hidden]: { ...freshMemory, ...kept[hidden] } };
}

/** The hidden part of `changes` for move() and change(). */
export function remembering(intent: SetupIntent, changes: Partial<Memory>) {
  return { [hidden]: { ...memoryOf(intent), ...changes } };
}

/** What Stripe shows to a publishable key. */
export function reducedIntent(intent: SetupIntent): object {
  const shown: Record<string, unknown> = {};
  for (const name of publicFields) if (name in intent) shown[name] = intent[name];
  return shown;
}

const publicFields = [
  "id",
  "object",
  "automatic_payment_methods",
  "cancellation_reason",
  "client_secret",
  "created",
  "description",
  "last_setup_error",
  "livemode",
  "next_action",
  "payment_method",
  "payment_method_configuration_details",
  "payment_method_types",
  "status",
  "usage",
] as const satisfies readonly (keyof SetupIntent)[];
