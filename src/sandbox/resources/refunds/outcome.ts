// The way of a refund's money. A card's refund counts as done at once; one to a bank account takes days, one of a debit
// that is still under way waits for it, and one that the balance cannot cover waits for money.
// https://docs.stripe.com/refunds and https://docs.stripe.com/api/refunds/object#refund_object-pending_reason

import { emit } from "../../kernel/state/emit.ts";
import { move } from "../../kernel/state/machine.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { among, change, read } from "../../kernel/state/writes.ts";
import { inWorld, later } from "../../kernel/time/later.ts";
import { laterBy } from "../../kernel/time/settlement.ts";
import {
  availableIn,
  type BalanceTransaction,
  balanceTransactions,
  bookMovement,
  type Movement,
} from "../balance_transactions/index.ts";
import { type Charge, cardBehaviour, charges, takeRefundBack } from "../charges/index.ts";
import { type Refund, refundMachine, refunds } from "./refund.ts";
import { refundWaits } from "./waits.table.ts";

type PendingReason = "charge_pending" | "insufficient_funds" | "processing";

/** Why a refund that begins now is not done at once; null if it is. */
export function pendingReason(unit: Unit, charge: Charge, amount: number): PendingReason | null {
  if (charge.status === "pending") return "charge_pending";
  if (isBeyondMeans(unit, charge, amount)) return "insufficient_funds";
  return slowness(unit, charge);
}

/** Whether it takes its time, once it leaves. */
function slowness(unit: Unit, charge: Charge): "processing" | null {
  const behaviour = cardBehaviour(unit, charge);
  const isSlow = behaviour?.kind === "refund" && behaviour.outcome === "pendingThenSucceeded";
  return isSlow || !isCard(charge) ? "processing" : null;
}

/** Refunds are paid from what is available. Test mode lets that become negative. */
function isBeyondMeans(unit: Unit, charge: Charge, amount: number): boolean {
  return unit.world.settlement === "real" && availableIn(unit, charge.currency) < amount;
}

export function bookRefund(unit: Unit, charge: Charge, refund: Pick<Refund, "id" | "amount">): BalanceTransaction {
  return bookMovement(unit, {
    amount: -refund.amount,
    fee: 0,
    currency: charge.currency,
    description: `REFUND FOR CHARGE${charge.description ? ` (${charge.description})` : ""}`,
    source: refund.id,
    type: isCard(charge) ? "refund" : "payment_refund",
    available: availableWith(unit, charge.balance_transaction, "as usual"),
  });
}

/**
 * What is given back is taken from where the money stands: of a charge that is still pending, from there, until the
 * charge's own day. Recorded in test mode, 237 refunds of 242. `otherwise`: where nothing is booked yet.
 */
function availableWith(unit: Unit, booked: string | null, otherwise: Movement["available"]): Movement["available"] {
  const transaction = booked === null ? undefined : read(unit, balanceTransactions, booked);
  if (!transaction) return otherwise;
  return transaction.status === "pending" ? { on: transaction.available_on } : "at once";
}

/** Of Stripe's reasons the one that a bank has days later. https://docs.stripe.com/refunds#failed-refunds */
const cardGone = "expired_or_canceled_card";

/** What becomes of it later. */
export function expectOutcome(unit: Unit, charge: Charge, { id, pending_reason }: Refund): void {
  if (pending_reason === "charge_pending") return;
  if (pending_reason === "insufficient_funds") {
    // Stripe holds refunds of cards only; others fail.
    if (!isCard(charge)) later(inWorld(unit), 0, failRefund, id, "insufficient_funds");
    return;
  }
  const behaviour = cardBehaviour(unit, charge);
  if (!isCard(charge)) laterBy(unit, refundWaits.bankRefundArrives, settleRefund, id);
  else if (pending_reason === "processing") laterBy(unit, refundWaits.pendingRefundArrives, settleRefund, id);
  else if (behaviour?.kind === "refund") laterBy(unit, refundWaits.refundFails, failRefund, id, cardGone);
}

/** The debit has been answered: what waited for it leaves, or never will. */
export function releaseForCharge(unit: Unit, charge: Charge): void {
  for (const refund of waiting(unit, "charge_pending")) {
    if (refund.charge !== charge.id) continue;
    if (charge.status === "succeeded") proceed(unit, refund);
    else failRefund(unit, refund.id);
  }
}

/** Money has become available: the oldest refunds go first. */
export function releaseForMoney(unit: Unit): void {
  for (const refund of waiting(unit, "insufficient_funds")) {
    if (availableIn(unit, refund.currency) >= refund.amount) proceed(unit, refund);
  }
}

export function isMoneyAwaited(unit: Unit): boolean {
  return waiting(unit, "insufficient_funds").length > 0;
}

/** A refund that has not left is overtaken by the bank's own. */
export function failPending(unit: Unit, charge: string): void {
  for (const reason of ["charge_pending", "insufficient_funds", "processing"] as const) {
    for (const refund of waiting(unit, reason)) {
      if (refund.charge === charge) failRefund(unit, refund.id, "charge_for_pending_refund_disputed");
    }
  }
}

function proceed(unit: Unit, before: Refund): void {
  const charge = read(unit, charges, before.charge ?? "");
  if (!charge) return;
  const balance_transaction = bookRefund(unit, charge, before).id;
  const pending_reason = slowness(unit, charge) ?? undefined;
  const refund = change(unit, refunds, before, { balance_transaction, pending_reason }, "refund.updated");
  expectOutcome(unit, charge, refund);
  if (pending_reason === undefined) settleRefund(unit, refund.id);
}

export function settleRefund(unit: Unit, id: string): void {
  const refund = read(unit, refunds, id);
  if (refund?.status !== "pending") return;
  const settled = move(unit, refundMachine, refund, "settle", "succeeded", { pending_reason: undefined });
  emit(unit, "charge.refund.updated", settled);
}

export function failRefund(unit: Unit, id: string, reason = "unknown"): void {
  const refund = read(unit, refunds, id);
  if (!refund || (refund.status !== "succeeded" && refund.status !== "pending")) return;
  endAsFailed(unit, refund, { action: "fail", reason });
}

export function endAsFailed(unit: Unit, refund: Refund, end: { action: "expire" | "fail"; reason: string }): Refund {
  const changes = { ...moneyBack(unit, refund), failure_reason: end.reason, pending_reason: undefined };
  const failed = move(unit, refundMachine, refund, end.action, "failed", changes);
  emit(unit, "refund.updated", failed);
  emit(unit, "charge.refund.updated", failed);
  uncount(unit, refund);
  return failed;
}

/** The charge is not refunded by this one after all. */
export function uncount(unit: Unit, refund: Refund): void {
  const charge = read(unit, charges, refund.charge ?? "");
  if (charge) takeRefundBack(unit, charge, refund.amount);
}

/** What had left the balance comes back. */
export function moneyBack(unit: Unit, refund: Refund): Pick<Refund, "failure_balance_transaction"> {
  if (refund.balance_transaction === null) return {};
  const back = bookMovement(unit, {
    amount: refund.amount,
    fee: 0,
    currency: refund.currency,
    description: "REFUND FAILURE",
    source: refund.id,
    type: "refund_failure",
    available: availableWith(unit, refund.balance_transaction, "at once"),
  });
  return { failure_balance_transaction: back.id };
}

export function isCard(charge: Charge): boolean {
  return charge.payment_method_details?.type === "card";
}

function waiting(unit: Unit, reason: PendingReason): Refund[] {
  return among(unit, refunds, "pending_reason", reason).filter(({ status }) => status === "pending");
}
