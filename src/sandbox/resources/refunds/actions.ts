// What callers do with a refund: create, update, cancel.
import { emit } from "../../kernel/state/emit.ts";
import { assertMay, begin, move } from "../../kernel/state/machine.ts";
import type { Params } from "../../kernel/state/resource.ts";
import { answered, orRefused, type Refused } from "../../kernel/state/tried.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { change, mustRead, readById } from "../../kernel/state/writes.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { beforeWork, noSuch, refusal } from "../../kernel/words/errors.ts";
import { refuseFractions } from "../../kernel/words/fractions.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { moneyText } from "../../kernel/words/money_text.ts";
import { boolean, integer, text } from "../../kernel/words/params.ts";
import type { Refusal } from "../../kernel/words/refusals.ts";
import {
  addRefunded,
  type Charge,
  charges,
  chargesOfIntent,
  isChargedBack,
  isReleased,
  refundHold,
  unrefunded,
} from "../charges/index.ts";
import { bookRefund, endAsFailed, expectOutcome, isCard, moneyBack, pendingReason, uncount } from "./outcome.ts";
import { type Refund, refundMachine, refunds } from "./refund.ts";
import { rows } from "./refusals.table.ts";

export function createRefund(unit: Unit, params: Params): Refund {
  return answered(refund(unit, params)).refund;
}

/** `pending` is on its way to a bank, or waits for money. */
export type Refunding = { readonly outcome: "succeeded" | "pending"; readonly refund: Refund } | Refused;

/**
 * The door of everybody who gives money back: a caller, and whatever happens by itself. A refusal is a value and leaves
 * nothing. `const { outcome } = refund(tick, { charge: "ch_…", amount: 500 })`.
 */
export function refund(unit: Unit, params: Params): Refunding {
  return orRefused(unit, () => {
    const made = begun(unit, params);
    return { outcome: made.status === "succeeded" ? "succeeded" : "pending", refund: made };
  });
}

function begun(unit: Unit, params: Params): Refund {
  const charge = refundedCharge(unit, params);
  refuseConnect(charge, params);
  refuseFractions(params, charge.currency);
  if (isHeldByHand(charge)) return releaseHold(unit, charge, params);
  // Two wordings of one mistake, by the parameter that names the charge.
  const tooSmall = text(params, "charge") ? common.belowMinimum : common.notPositive;
  const amount = refundableAmount(charge, integer(params, "amount"), tooSmall);
  const reason = pendingReason(unit, charge, amount);
  const id = refundId(unit, charge);
  const draft = { ...shapeOf(unit, charge, params), id, amount };
  const isOnItsWay = reason === null || reason === "processing";
  const movement = isOnItsWay ? bookRefund(unit, charge, draft) : null;
  const refund = begin(unit, refundMachine, "create", reason === null ? "succeeded" : "pending", (status) => ({
    ...draft,
    balance_transaction: movement?.id ?? null,
    ...(reason === null ? {} : { pending_reason: reason }),
    status,
  }));
  addRefunded(unit, charge, amount, refund.reason === "fraudulent");
  expectOutcome(unit, charge, refund);
  if (refund.status === "succeeded") {
    emit(unit, "refund.updated", refund);
    emit(unit, "charge.refund.updated", refund);
  }
  return refund;
}

/** Before PaymentIntents a refund was the only way to let a hold go. */
function isHeldByHand(charge: Charge): boolean {
  return charge.status === "succeeded" && charge.payment_intent === null && !charge.captured && !isReleased(charge);
}

/** No money had moved, so none is booked. */
function releaseHold(unit: Unit, charge: Charge, params: Params): Refund {
  const amount = integer(params, "amount") ?? charge.amount;
  if (amount !== charge.amount) throw refusal(rows.refundOfHoldInPart);
  const shape = { ...shapeOf(unit, charge, params), id: refundId(unit, charge), amount };
  const refund = begin(unit, refundMachine, "create", "succeeded", (status) => ({ ...shape, status }));
  refundHold(unit, charge);
  return refund;
}

/** Before basil a hold that ends leaves a refund behind, and so does the part that is not captured. */
export function refundReleased(unit: Unit, charge: Charge, reason: Refund["reason"]): void {
  if (charge.amount_refunded === 0) return;
  const shape = { ...shapeOf(unit, charge, {}), id: refundId(unit, charge), amount: charge.amount_refunded, reason };
  begin(unit, refundMachine, "create", "succeeded", (status) => ({ ...shape, status }));
}

function refundId(unit: Unit, charge: Charge): string {
  return unit.world.ids.after(`${isCard(charge) ? "re" : "pyr"}_3${charge.id.slice(4, 20)}`, 7);
}

export function updateRefund(unit: Unit, params: Params, id: string): Refund {
  const refund = mustRead(unit, refunds, id);
  const metadata = { ...mergeMetadata(refund.metadata ?? {}, params.metadata) };
  return change(unit, refunds, refund, { metadata }, "refund.updated");
}

export function cancelRefund(unit: Unit, _params: Params, id: string): Refund {
  const refund = mustRead(unit, refunds, id);
  assertMay(refundMachine, refund, "cancel");
  const changes = { ...moneyBack(unit, refund), failure_reason: "merchant_request" };
  const canceled = move(unit, refundMachine, refund, "cancel", "canceled", changes);
  emit(unit, "charge.refund.updated", canceled);
  uncount(unit, refund);
  return canceled;
}

/** Test mode's shortcut to a payer who never said where to send the money. */
export function expireRefund(unit: Unit, _params: Params, id: string): Refund {
  const refund = mustRead(unit, refunds, id);
  assertMay(refundMachine, refund, "expire");
  return endAsFailed(unit, refund, { action: "expire", reason: "unknown" });
}

/** The charge that a refund names, by itself or by its payment intent. */
function refundedCharge(unit: Unit, params: Params): Charge {
  if (text(params, "origin")) throw refusal(rows.refundOfCashBalance);
  const chargeId = text(params, "charge");
  const intentId = text(params, "payment_intent");
  if (chargeId && intentId) {
    throw refusal(common.parametersExclusive, { params: "charge, payment_intent" });
  }
  // As if the id stood in the path.
  if (chargeId) return mustRead(unit, charges, chargeId);
  if (!intentId) throw refusal(rows.refundOfNothing, {}, beforeWork);
  if (readById(unit, intentId)?.object !== "payment_intent") {
    throw noSuch({ label: "payment_intent" }, intentId, { inPath: false });
  }
  const attempts = chargesOfIntent(unit, intentId);
  const paid =
    attempts.find(({ status }) => status === "succeeded") ?? attempts.find(({ status }) => status === "pending");
  if (paid) return paid;
  throw refusal(rows.refundOfUnpaid, { intent: intentId });
}

/** What belongs to platforms, and to a customer's cash. */
function refuseConnect(charge: Charge, params: Params): void {
  if (boolean(params, "refund_application_fee")) throw refusal(rows.refundOfNoFee, { charge: charge.id });
  if (boolean(params, "reverse_transfer")) throw refusal(rows.refundOfNoTransfer, { charge: charge.id });
}

function refundableAmount(charge: Charge, wanted: number | undefined, tooSmall: Refusal): number {
  const { id, status, payment_intent: intent } = charge;
  if (status === "failed") {
    throw intent ? refusal(rows.refundOfUnpaid, { intent }) : refusal(rows.refundOfFailedCharge, { id, status });
  }
  if (charge.refunded) throw refusal(rows.chargeAlreadyRefunded, { charge: id });
  // A hold without an intent that did not end yet is let go by releaseHold().
  const isUncaptured = charge.amount_captured === 0 && !charge.captured;
  if (isUncaptured && intent === null) throw refusal(rows.refundOfFailedCharge, { id, status: "expired" });
  if (isUncaptured) throw refusal(rows.refundOfHold, { intent: intent ?? "" });
  if (isChargedBack(charge)) throw refusal(rows.chargeDisputed, { charge: charge.id });
  const left = unrefunded(charge);
  const amount = wanted ?? left;
  if (amount < 1) throw refusal(tooSmall, { limit: 1 }, { param: "amount" });
  if (amount <= left) return amount;
  const shown = (value: number) => moneyText(value, charge.currency);
  const row = left === charge.amount ? rows.refundOverCharge : rows.refundOverAmount;
  throw refusal(row, { amount: shown(amount), unrefunded: shown(left) });
}

/** A refund goes back the way the money came. */
function destinationOf(charge: Charge): Refund["destination_details"] {
  const type = charge.payment_method_details?.type ?? "card";
  if (type !== "card") return emptyDestinations.has(type) ? { [type]: {}, type } : { type };
  const card = { reference_status: "pending", reference_type: "acquirer_reference_number", type: "refund" } as const;
  return { card, type };
}

/** Stripe's SDKs declare a hash for them in which nothing stands. */
const emptyDestinations: ReadonlySet<string> = new Set(["afterpay_clearpay", "alipay", "klarna", "wechat_pay"]);

function shapeOf(unit: Unit, charge: Charge, params: Params): Omit<Refund, "status"> {
  return {
    id: "",
    object: "refund",
    amount: 0,
    balance_transaction: null,
    charge: charge.id,
    created: unit.created,
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: destinationOf(charge),
    metadata: { ...mergeMetadata({}, params.metadata) },
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: (text(params, "reason") ?? null) as Refund["reason"],
    receipt_number: null,
    source_transfer_reversal: null,
    transfer_reversal: null,
  };
}
