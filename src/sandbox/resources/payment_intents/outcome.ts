// What every attempt writes down, whatever it paid with: the draft of its charge, the error that is kept, the method
// that stays with the customer.
import type { Unit } from "../../kernel/state/unit.ts";
import type { Charge, ChargeDraft } from "../charges/index.ts";
import {
  attachTo,
  type DeclineFields,
  isSaved,
  keptError,
  memoryOf as methodMemory,
  type PaymentMethod,
  remember,
} from "../payment_methods/index.ts";
import { askedOf, futureUsage } from "./options.ts";
import { memoryOf, type PaymentIntent } from "./payment_intent.ts";

/** What the attempt itself decides is added to it. */
export function chargeDraft(
  intent: PaymentIntent,
  method: PaymentMethod,
): Omit<ChargeDraft, "generated" | "isCaptured" | "mandate" | "verdict"> {
  const { isOfInvoice, particulars } = memoryOf(intent);
  const { level3, radarSession, terms } = particulars;
  return {
    amount: intent.amount,
    asked: askedOf(intent),
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    isBookedLater: intent.capture_method === "automatic_async",
    isOfInvoice,
    level3,
    method,
    metadata: intent.metadata,
    network: intent.payment_method_options?.card?.network ?? null,
    paymentIntent: intent.id,
    radarSession,
    receiptEmail: intent.receipt_email,
    shipping: intent.shipping as Charge["shipping"],
    statementDescriptor: intent.statement_descriptor,
    statementDescriptorSuffix: intent.statement_descriptor_suffix,
    transferGroup: intent.transfer_group,
    usesNetworkToken: terms.usesNetworkToken,
  };
}

/** The payer's failure, which is not a card's. */
export const unauthenticated = "payment_intent_authentication_failure";

export function lastError(
  fields: Pick<DeclineFields, "code" | "message"> & Partial<DeclineFields>,
  method: PaymentMethod | undefined,
  charge: Charge | undefined,
): PaymentIntent["last_payment_error"] {
  return keptError(fields, method, charge?.id) as unknown as PaymentIntent["last_payment_error"];
}

/** On success, and when it was asked for, the method stays with the customer; else it has been used up. */
export function saveMethod(
  unit: Unit,
  intent: PaymentIntent,
  method: PaymentMethod,
  isAuthenticated: boolean,
): PaymentMethod {
  const isForLater = futureUsage(intent, method.type) !== null || memoryOf(intent).particulars.savesMethod;
  const isSetUp = methodMemory(method).isSetUp || (isForLater && isAuthenticated);
  if (method.customer !== null) return isSetUp ? remember(unit, method, { isSetUp }) : method;
  if (intent.customer === null || !isForLater || !isSaved(method))
    return remember(unit, method, { isSpent: true, isSetUp });
  return attachTo(unit, remember(unit, method, { isSetUp }), intent.customer);
}
