// What happens to a dispute: opened by the bank, answered with evidence, won or lost.
import { emit } from "../../kernel/state/emit.ts";
import { assertMay, begin, move } from "../../kernel/state/machine.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { among, change, mustRead, read } from "../../kernel/state/writes.ts";
import { inWorld, laterAt } from "../../kernel/time/later.ts";
import { dueAt, dueSecond, laterBy } from "../../kernel/time/settlement.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { wholePart } from "../../kernel/words/fractions.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { boolean, hash } from "../../kernel/words/params.ts";
import { type BalanceTransaction, bookMovement } from "../balance_transactions/index.ts";
import { type Charge, charges, markDisputed, unrefunded } from "../charges/index.ts";
import { endMandates } from "../mandates/index.ts";
import { isDebit } from "../payment_methods/index.ts";
import { failPending } from "../refunds/index.ts";
import { disputeDefaults } from "./defaults.table.ts";
import { type Dispute, disputeMachine, disputes, isInquiry } from "./dispute.ts";
import { rows } from "./refusals.table.ts";
import { type DisputePlan, planOf, shapeOf } from "./shape.ts";
import { disputeWaits } from "./waits.table.ts";

const disputeFee = disputeDefaults.fee.value;

/** Reaction to money that was taken: the bank comes afterwards, in a unit of its own. */
export function expectDisputes(unit: Unit, charge: Charge): void {
  const plan = charge.status === "succeeded" && charge.captured ? planOf(unit, charge) : undefined;
  if (plan)
    laterBy(unit, plan.isFinal ? disputeWaits.debitDisputed : disputeWaits.cardDisputed, openDisputes, charge.id);
}

export function openDisputes(unit: Unit, id: string): void {
  const asked = read(unit, charges, id);
  const plan = asked && planOf(unit, asked);
  if (!plan) return;
  if (plan.caseType !== "inquiry") failPending(unit, id);
  const charge = read(unit, charges, id) ?? asked;
  const amount = disputedAmount(charge, plan);
  if (amount < 1) return;
  const part = wholePart(Math.floor(amount / plan.count), charge.currency);
  const first = amount - part * (plan.count - 1);
  const opened = Array.from({ length: plan.count }, (_, nth) => open(unit, charge, plan, nth === 0 ? first : part));
  markDisputed(unit, charge, plan.caseType !== "inquiry");
  if (!plan.isFinal) return;
  for (const dispute of opened) move(unit, disputeMachine, dispute, "close", "lost", {});
}

/** A card's bank knows of refunds, a debited account's does not. https://docs.stripe.com/refunds#refund-requests */
function disputedAmount(charge: Charge, plan: DisputePlan): number {
  return plan.isFinal ? charge.amount_captured : unrefunded(charge);
}

function open(unit: Unit, charge: Charge, plan: DisputePlan, amount: number): Dispute {
  const id = unit.world.ids.after("du_1", 23);
  const dueBy = dueSecond(unit, disputeWaits.answerDue) - 1;
  const shape = shapeOf(unit, { id, amount, charge, plan, dueBy });
  const isAsked = plan.caseType === "inquiry";
  const taken = isAsked ? [] : [withdraw(unit, shape)];
  const status = isAsked ? "warning_needs_response" : "needs_response";
  const dispute = begin(unit, disputeMachine, "create", status, (born) => ({
    ...shape,
    balance_transactions: taken,
    status: born,
  }));
  if (!isAsked) emit(unit, "charge.dispute.funds_withdrawn", dispute);
  if (isAsked) laterBy(unit, disputeWaits.inquiryLapses, expireDispute, id);
  else awaitAnswer(unit, dispute);
  return dispute;
}

/** Nobody answered: the bank keeps what it took. */
function awaitAnswer(unit: Unit, { id, evidence_details: { due_by } }: Dispute): void {
  if (due_by === null) return;
  laterAt(inWorld(unit), dueAt(unit, disputeWaits.answerMissed, due_by * 1000), expireDispute, id);
}

/** Who disputes a debit takes the permission back. */
export function endDisputedMandates(unit: Unit, dispute: Dispute): void {
  const charge = read(unit, charges, dispute.charge);
  if (charge && isDebit(charge.payment_method_details ?? { type: "card" }))
    endMandates(unit, String(charge.payment_method));
}

export function updateDispute(unit: Unit, params: Params, id: string): Dispute {
  const dispute = mustRead(unit, disputes, id, "dispute");
  const metadata = { ...mergeMetadata(dispute.metadata, params.metadata) };
  const sent = hash(params, "evidence");
  const isSubmitted = boolean(params, "submit") ?? sent !== undefined;
  if (!sent && !isSubmitted) return change(unit, disputes, dispute, { metadata }, "charge.dispute.updated");
  assertMay(disputeMachine, dispute, isSubmitted ? "submit" : "stage");
  const evidence = evidenceOf(dispute, sent ?? {});
  const details = { ...dispute.evidence_details, has_evidence: charactersOf(evidence) > 0 };
  if (!isSubmitted) {
    const same = isInquiry(dispute) ? "warning_needs_response" : "needs_response";
    return move(unit, disputeMachine, dispute, "stage", same, { evidence, evidence_details: details, metadata });
  }
  const end = isInquiry(dispute) ? "warning_under_review" : "under_review";
  const isLate = details.due_by !== null && unit.created > details.due_by;
  const verdict = isLate ? undefined : verdictOf(evidence.uncategorized_text);
  laterBy(
    unit,
    verdict ? disputeWaits.wordsDecide : disputeWaits.bankDecides,
    decideDispute,
    id,
    verdict ?? "losing_evidence",
  );
  return move(unit, disputeMachine, dispute, "submit", end, {
    evidence,
    evidence_details: {
      ...details,
      past_due: isLate,
      submission_count: details.submission_count + 1,
      submission_method: "manual",
    },
    metadata,
  });
}

export function closeDispute(unit: Unit, _params: Params, id: string): Dispute {
  const dispute = mustRead(unit, disputes, id, "dispute");
  const end = isInquiry(dispute) ? "warning_closed" : "lost";
  return move(unit, disputeMachine, dispute, "close", end, { is_charge_refundable: false });
}

export function expireDispute(unit: Unit, id: string): void {
  const dispute = read(unit, disputes, id);
  if (dispute?.status !== "needs_response" && dispute?.status !== "warning_needs_response") return;
  const end = isInquiry(dispute) ? "warning_closed" : "lost";
  move(unit, disputeMachine, dispute, "expire", end, { is_charge_refundable: false });
}

type Verdict = "winning_evidence" | "losing_evidence" | "escalate_inquiry_evidence";

function verdictOf(text: string | null): Verdict | undefined {
  const words = ["winning_evidence", "losing_evidence", "escalate_inquiry_evidence"] as const;
  return words.find((word) => text?.includes(word));
}

export function decideDispute(unit: Unit, id: string, verdict: Verdict): void {
  const dispute = read(unit, disputes, id);
  if (dispute?.status === "warning_under_review") {
    const isRefunded = read(unit, charges, dispute.charge)?.refunded === true;
    if (verdict === "escalate_inquiry_evidence" && !isRefunded) escalate(unit, dispute);
    else move(unit, disputeMachine, dispute, "decide", "warning_closed", { is_charge_refundable: false });
    return;
  }
  if (dispute?.status !== "under_review") return;
  if (verdict !== "winning_evidence") {
    move(unit, disputeMachine, dispute, "decide", "lost", {});
    return;
  }
  const won = move(unit, disputeMachine, dispute, "decide", "won", {
    balance_transactions: [...dispute.balance_transactions, reinstate(unit, dispute)],
  });
  emit(unit, "charge.dispute.funds_reinstated", won);
  const charge = read(unit, charges, dispute.charge);
  if (charge) markDisputed(unit, charge, isHeldByAnother(unit, won));
}

/** Another dispute of the same charge keeps its part. */
function isHeldByAnother(unit: Unit, { charge, id }: Dispute): boolean {
  return among(unit, disputes, "charge", charge).some(
    (other) => other.id !== id && !isInquiry(other) && other.status !== "won",
  );
}

function escalate(unit: Unit, dispute: Dispute): void {
  const dueBy = dueSecond(unit, disputeWaits.answerDue) - 1;
  const details = dispute.payment_method_details;
  const escalated = move(unit, disputeMachine, dispute, "escalate", "needs_response", {
    balance_transactions: [withdraw(unit, dispute)],
    evidence_details: {
      ...dispute.evidence_details,
      due_by: dueBy,
      has_evidence: false,
      submission_count: 0,
      submission_method: "not_submitted",
    },
    is_charge_refundable: false,
    payment_method_details: details?.card
      ? { ...details, card: { ...details.card, case_type: "chargeback" } }
      : details,
  });
  emit(unit, "charge.dispute.funds_withdrawn", escalated);
  awaitAnswer(unit, escalated);
  const charge = read(unit, charges, dispute.charge);
  if (charge) markDisputed(unit, charge, true);
}

type Disputed = Pick<Dispute, "id" | "amount" | "charge" | "currency">;

function withdraw(unit: Unit, dispute: Disputed): BalanceTransaction {
  return bookMovement(unit, {
    amount: -dispute.amount,
    fee: disputeFee,
    currency: dispute.currency,
    description: `Chargeback withdrawal for ${dispute.charge}`,
    source: dispute.id,
    type: "adjustment",
    available: "at once",
    reportingCategory: "dispute",
    feeDescription: "Dispute fee",
  });
}

/** The fee comes back with the money. */
function reinstate(unit: Unit, dispute: Disputed): BalanceTransaction {
  return bookMovement(unit, {
    amount: dispute.amount,
    fee: -disputeFee,
    currency: dispute.currency,
    description: `Chargeback reversal for ${dispute.charge}`,
    source: dispute.id,
    type: "adjustment",
    available: "at once",
    reportingCategory: "dispute_reversal",
    feeDescription: "Dispute fee refund",
  });
}

const charactersMax = disputeDefaults.evidenceLength.value;

/** Sent texts over what was there; an empty one takes its field away. */
function evidenceOf(dispute: Dispute, sent: Params): Dispute["evidence"] {
  const texts = Object.entries(sent).map(([name, value]) => [name, value === "" ? null : value]);
  const merged = { ...dispute.evidence, ...Object.fromEntries(texts) };
  const evidence = { ...merged, enhanced_evidence: merged.enhanced_evidence ?? {} };
  if (charactersOf(evidence) > charactersMax) throw refusal(rows.evidenceTooLong, { max: charactersMax });
  return evidence;
}

function charactersOf(evidence: Dispute["evidence"]): number {
  const texts = Object.values(evidence).filter((value): value is string => typeof value === "string");
  return texts.reduce((sum, { length }) => sum + length, 0);
}
