// What a new dispute looks like, by the card or the bank account that was charged.
import type { Unit } from "../../kernel/state/unit.ts";
import { read } from "../../kernel/state/writes.ts";
import { type Charge, cardBehaviour } from "../charges/index.ts";
import { debitOutcome, isDebit, paymentMethods } from "../payment_methods/index.ts";
import type { Dispute } from "./dispute.ts";

type CaseType = "chargeback" | "inquiry" | "compliance";
type Enhanced = "mastercard_compliance" | "visa_compelling_evidence_3" | "visa_compliance";

/** What the bank of this charge will do. */
export interface DisputePlan {
  readonly reason: string;
  readonly caseType: CaseType;
  readonly count: number;
  readonly enhanced: Enhanced | null;
  /** The bank of a debited account does not ask. */
  readonly isFinal: boolean;
}

export function planOf(unit: Unit, charge: Charge): DisputePlan | undefined {
  const method = read(unit, paymentMethods, charge.payment_method ?? "");
  if (method && isDebit(method)) {
    if (!debitOutcome(method).isDisputed) return undefined;
    return { reason: "debit_not_authorized", caseType: "chargeback", count: 1, enhanced: null, isFinal: true };
  }
  const behaviour = cardBehaviour(unit, charge);
  if (behaviour?.kind !== "dispute" || behaviour.form === "earlyFraudWarning") return undefined;
  const { reason, form, count } = behaviour;
  const caseType = form === "inquiry" ? "inquiry" : form === "chargeback" ? "chargeback" : "compliance";
  const enhanced = behaviour.eligibleFor === "visaCompellingEvidence3" ? "visa_compelling_evidence_3" : byForm[form];
  return { reason, caseType, count, enhanced: enhanced ?? null, isFinal: false };
}

const byForm: Readonly<Record<string, Enhanced | undefined>> = {
  mastercardCompliance: "mastercard_compliance",
  visaCompliance: "visa_compliance",
};

export interface DisputeDraft {
  readonly id: string;
  readonly amount: number;
  readonly charge: Charge;
  readonly plan: DisputePlan;
  readonly dueBy: number;
}

export function shapeOf(unit: Unit, draft: DisputeDraft): Omit<Dispute, "status" | "balance_transactions"> {
  const { id, amount, charge, plan } = draft;
  const brand = charge.payment_method_details?.card?.brand;
  return {
    id,
    object: "dispute",
    amount,
    charge: charge.id,
    created: unit.created,
    currency: charge.currency,
    enhanced_eligibility_types: plan.enhanced ? [plan.enhanced] : [],
    evidence: emptyEvidence,
    evidence_details: {
      due_by: plan.isFinal ? null : draft.dueBy,
      enhanced_eligibility: eligibilityOf(plan.enhanced),
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: "not_submitted",
    },
    intended_submission_method: "manual",
    is_charge_refundable: plan.caseType === "inquiry",
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    ...(brand ? { payment_method_details: cardPart(brand, plan) } : {}),
    reason: plan.reason,
  };
}

function cardPart(brand: string, plan: DisputePlan): NonNullable<Dispute["payment_method_details"]> {
  const codes = networkReasonCodes[brand] ?? {};
  return {
    card: { brand, case_type: plan.caseType, network: brand, network_reason_code: codes[plan.reason] ?? null },
    type: "card",
  };
}

const networkReasonCodes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  mastercard: { fraudulent: "4837", product_not_received: "4853" },
  visa: { fraudulent: "10.4", product_not_received: "13.1" },
};

function eligibilityOf(enhanced: Enhanced | null): Dispute["evidence_details"]["enhanced_eligibility"] {
  if (enhanced === null) return {};
  if (enhanced !== "visa_compelling_evidence_3") return { [enhanced]: { status: "requires_fee_acknowledgement" } };
  return {
    visa_compelling_evidence_3: {
      required_actions: [
        "missing_customer_identifiers",
        "missing_disputed_transaction_description",
        "missing_merchandise_or_services",
        "missing_prior_undisputed_transactions",
      ],
      status: "requires_action",
    },
  };
}

const emptyEvidence: Dispute["evidence"] = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
};
