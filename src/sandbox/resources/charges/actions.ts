// What happens to a charge: attempted, booked, captured, released, refunded, disputed.
import { begin, move } from "../../kernel/state/machine.ts";
import { hidden } from "../../kernel/state/noun.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { among, change, mustRead, read } from "../../kernel/state/writes.ts";
import { dueMidnight, laterBy } from "../../kernel/time/settlement.ts";
import { isBefore } from "../../kernel/versions/families.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { hash, text, textOrNull } from "../../kernel/words/params.ts";
import {
  type BalanceTransaction,
  balanceTransactions,
  bookMovement,
  type Movement,
  processingFee,
  usualDay,
} from "../balance_transactions/index.ts";
import { addressOf, cardOf, isDebit, type PaymentMethod, paymentMethods } from "../payment_methods/index.ts";
import { type Charge, type ChargeDraft, chargeMachine, charges, shapeOf } from "./charge.ts";
import { debitAnswer } from "./debit_answer.ts";
import { chargeWaits } from "./waits.table.ts";

/**
 * One attempt at the bank; its verdict is already known. Captured money is booked with it, so that `charge.succeeded`
 * names the balance transaction; of an asynchronous capture (`automatic_async`) it follows with `charge.updated`. Cards
 * that put funds straight to available do so at once: the official CLI's triggers pay them out in the next call.
 * https://docs.stripe.com/payments/payment-intents/asynchronous-capture
 */
export function attemptCharge(unit: Unit, draft: ChargeDraft): Charge {
  const { isCaptured, method, verdict } = draft;
  const end = verdict.kind === "decline" ? "failed" : isDebit(method) ? "pending" : "succeeded";
  const isPaid = verdict.kind === "approve" && isCaptured;
  const available = availableOf(unit, method);
  const isBookedLater = draft.isBookedLater === true && available !== "at once";
  const charge = begin(unit, chargeMachine, "create", end, (status) => {
    const shape = shapeOf(unit, draft, status);
    if (!isPaid || isBookedLater) return shape;
    return { ...shape, balance_transaction: moneyOf(unit, shape, available).id };
  });
  if (isPaid && isBookedLater) laterBy(unit, chargeWaits.captureBooked, bookLater, charge.id, available);
  return charge;
}

export function bookLater(unit: Unit, id: string, available: Movement["available"]): void {
  const charge = read(unit, charges, id);
  if (charge) bookCharge(unit, charge, available);
}

/** What the bank of a debited account says, days later. It has the money back if it refuses. */
export function settleCharge(unit: Unit, charge: Charge, failure: { code: string; message: string } | null): Charge {
  if (!failure) return move(unit, chargeMachine, charge, "settle", "succeeded", { paid: true });
  return move(unit, chargeMachine, charge, "settle", "failed", {
    amount_captured: 0,
    captured: false,
    failure_balance_transaction: takeBack(unit, charge)?.id ?? null,
    failure_code: failure.code,
    failure_message: failure.message,
    outcome: charge.outcome && {
      ...charge.outcome,
      network_status: "declined_by_network",
      reason: failure.code as NonNullable<Charge["outcome"]>["reason"],
      seller_message: failure.message,
      type: "issuer_declined",
    },
    receipt_url: null,
  });
}

/** The money arrives on the account: the charge gets its balance transaction, and `charge.updated` tells. */
export function bookCharge(unit: Unit, charge: Charge, available?: Movement["available"]): Charge {
  return book(unit, charge, { amount: charge.amount_captured, available });
}

interface Booked {
  readonly amount: number;
  readonly available?: Movement["available"] | undefined;
}

/** Of what is captured in parts each is a movement of its own, and the charge names the last (inferred). */
function book(
  unit: Unit,
  charge: Charge,
  { amount, available }: Booked,
  amount_captured = charge.amount_captured,
): Charge {
  const method = read(unit, paymentMethods, charge.payment_method ?? "");
  const when = available ?? (method ? availableOf(unit, method) : "as usual");
  const { id } = moneyOf(unit, charge, when, amount);
  return change(unit, charges, charge, { amount_captured, balance_transaction: id }, "charge.updated");
}

function moneyOf(
  unit: Unit,
  charge: Charge,
  available: Movement["available"],
  amount = charge.amount_captured,
): BalanceTransaction {
  return bookMovement(unit, {
    amount,
    fee: processingFee(amount, charge.currency),
    currency: charge.currency,
    description: charge.description,
    source: charge.id,
    type: charge.payment_method_details?.type === "card" ? "charge" : "payment",
    available,
  });
}

/**
 * Money of a debit is on the account from the beginning, as pending, and stays so until the bank has answered.
 * https://support.stripe.com/questions/changes-to-balance-transaction-behavior-for-debit-payment-methods
 */
function availableOf(unit: Unit, method: PaymentMethod): Movement["available"] {
  if (method.type === "card") return cardOf(method).behaviour.kind === "bypassPending" ? "at once" : "as usual";
  const answer = isDebit(method) ? debitAnswer(method) : null;
  return answer ? { on: Math.max(usualDay(unit), dueMidnight(unit, answer)) } : "as usual";
}

/** The fee comes back too. */
function takeBack(unit: Unit, charge: Charge): BalanceTransaction | undefined {
  const booked = charge.balance_transaction ? read(unit, balanceTransactions, charge.balance_transaction) : undefined;
  return (
    booked &&
    bookMovement(unit, {
      amount: -booked.amount,
      fee: -booked.fee,
      currency: booked.currency,
      description: "PAYMENT FAILURE REFUND",
      source: charge.id,
      type: "payment_failure_refund",
      available: booked.status === "pending" ? { on: booked.available_on } : "at once",
    })
  );
}

/** The last capture, mostly the only one: what is not captured goes back. */
export function captureCharge(unit: Unit, charge: Charge, amount: number): Charge {
  const amount_captured = charge.amount_captured + amount;
  const { amount_refunded } = charge;
  const refunded = amount_refunded > 0 && amount_refunded === amount_captured;
  const changes = { amount_captured, captured: true, refunded };
  const captured = move(unit, chargeMachine, charge, "capture", "succeeded", changes);
  const rest = charge.amount - amount_captured;
  return rest > 0 && showsRefunds(unit) ? giveBack(unit, captured, rest) : captured;
}

/** A part of what is held; the rest stays held. https://docs.stripe.com/payments/multicapture */
export function capturePart(unit: Unit, charge: Charge, amount: number): Charge {
  return book(unit, charge, { amount }, charge.amount_captured + amount);
}

/** The last of several captures; nothing is left to be taken by it where it only lets the rest go. */
export function bookLast(unit: Unit, charge: Charge, amount: number): Charge {
  return amount > 0 ? book(unit, charge, { amount }) : charge;
}

/** The bank holds more. https://docs.stripe.com/payments/incremental-authorization */
export function raiseHold(unit: Unit, charge: Charge, amount: number): Charge {
  const details = charge.payment_method_details;
  const card = details?.card && { ...details.card, amount_authorized: amount };
  const payment_method_details = details && card ? { ...details, card } : details;
  return change(unit, charges, charge, { amount, payment_method_details }, "charge.updated");
}

/**
 * An authorization ends before it was captured, or a part of it that was not captured. Before basil that shows as
 * refunded, although no money had moved.
 * https://docs.stripe.com/changelog/basil/2025-03-31/remove-refund-from-partial-capture-and-payment-cancellation-flow
 */
export function releaseCharge(unit: Unit, charge: Charge): Charge {
  if (showsRefunds(unit)) return giveBack(unit, charge, charge.amount);
  return move(unit, chargeMachine, charge, "let_go", "succeeded", released(charge, charge.amount));
}

function giveBack(unit: Unit, charge: Charge, amount: number): Charge {
  const amount_refunded = charge.amount_refunded + amount;
  const changes = { ...released(charge, amount), amount_refunded, refunded: amount_refunded === charge.amount };
  return move(unit, chargeMachine, charge, "give_back", "succeeded", changes);
}

export function showsRefunds(unit: Unit): boolean {
  return isBefore(unit.family, "basil");
}

export function released(charge: Charge, amount: number) {
  return { [hidden]: { ...charge[hidden], released: amount } };
}

/** Its hold has ended without money. */
export function isReleased(charge: Charge): boolean {
  return charge[hidden]?.released === charge.amount;
}

/** What can still be refunded. `amount_refunded` of the older versions counts what was never captured. */
export function unrefunded(charge: Charge): number {
  const never = charge.amount_refunded > 0 ? Number(charge[hidden]?.released ?? 0) : 0;
  return charge.amount_captured - (charge.amount_refunded - never);
}

/** A hold that is let go by a refund, as before payment intents. */
export function refundHold(unit: Unit, charge: Charge): Charge {
  const changes = { ...released(charge, charge.amount), amount_refunded: charge.amount, refunded: true };
  return move(unit, chargeMachine, charge, "refund", "succeeded", changes);
}

export function addRefunded(unit: Unit, charge: Charge, amount: number, isFraud = false): Charge {
  const refunded = charge.amount_refunded + amount;
  const changes = {
    amount_refunded: refunded,
    ...(isFraud ? { fraud_details: { user_report: "fraudulent" as const } } : {}),
    refunded: charge.captured && amount >= unrefunded(charge), // More may be captured yet.
  };
  return move(unit, chargeMachine, charge, "refund", sameStatus(charge), changes);
}

/** A refund that failed: the money is back, or never left. */
export function takeRefundBack(unit: Unit, charge: Charge, amount: number): Charge {
  const changes = { amount_refunded: charge.amount_refunded - amount, refunded: false };
  return move(unit, chargeMachine, charge, "fail_refund", charge.status, changes);
}

/** A charge that failed has nothing to refund: the machine says so. */
function sameStatus({ status }: Charge): "pending" | "succeeded" {
  return status === "pending" ? "pending" : "succeeded";
}

export function updateCharge(unit: Unit, params: Params, id: string): Charge {
  const before = mustRead(unit, charges, id);
  const or = <T>(sent: T | undefined, kept: T): T => (sent === undefined ? kept : sent);
  const shipping = hash(params, "shipping");
  return change(
    unit,
    charges,
    before,
    {
      customer: text(params, "customer") ?? before.customer,
      description: or(textOrNull(params, "description"), before.description),
      fraud_details: fraudDetails(params) ?? before.fraud_details,
      metadata: { ...mergeMetadata(before.metadata, params.metadata) },
      receipt_email: or(textOrNull(params, "receipt_email"), before.receipt_email),
      shipping: shipping ? shippingOf(shipping) : before.shipping,
      transfer_group: text(params, "transfer_group") ?? before.transfer_group,
    },
    "charge.updated",
  );
}

function fraudDetails(params: Params): Charge["fraud_details"] | undefined {
  const report = textOrNull(hash(params, "fraud_details") ?? {}, "user_report");
  if (report === undefined) return undefined;
  return report === "fraudulent" || report === "safe" ? { user_report: report } : {};
}

export function shippingOf(sent: Params): NonNullable<Charge["shipping"]> {
  return {
    address: addressOf(hash(sent, "address") ?? {}),
    carrier: text(sent, "carrier") ?? null,
    name: text(sent, "name") ?? "",
    phone: text(sent, "phone") ?? null,
    tracking_number: text(sent, "tracking_number") ?? null,
  };
}

/** A bank asks about the charge, or has taken its money (then it cannot be refunded). */
export function markDisputed(unit: Unit, charge: Charge, isChargedBack: boolean): Charge {
  const now = read(unit, charges, charge.id) ?? charge;
  const memory = { ...now[hidden], isChargedBack };
  return change(unit, charges, now, { disputed: true, [hidden]: memory }, "charge.updated");
}

export function isChargedBack(charge: Charge): boolean {
  return charge[hidden]?.isChargedBack === true;
}

/** The attempts of one payment intent, oldest first. */
export function chargesOfIntent(unit: Unit, intent: string): Charge[] {
  return among(unit, charges, "payment_intent", intent);
}

export function cardBehaviour(unit: Unit, charge: Charge) {
  const method = read(unit, paymentMethods, charge.payment_method ?? "");
  return method?.type === "card" ? cardOf(method).behaviour : undefined;
}
