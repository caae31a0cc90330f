// READ FIRST. A charge is one attempt to move money. It is born succeeded, failed or (debits) pending, and its status
// hardly moves again: capture and refund are figures on it. https://docs.stripe.com/api/charges

import type Stripe from "stripe";
import { defineMachine } from "../../kernel/state/machine.ts";
import { defineNoun, isUpdate, type Stored } from "../../kernel/state/noun.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { fillMessage } from "../../kernel/words/refusals.ts";
import {
  type CardVerdict,
  cardOf,
  checkedBy,
  type DeclineFields,
  type PaymentMethod,
  threeDSecureFields,
} from "../payment_methods/index.ts";
import { chargeDefaults } from "./defaults.table.ts";
import { bankDetails, type Generated } from "./details.ts";
import { type Offer, offered } from "./offers.ts";

export type Charge = Stored<Omit<Stripe.Charge, "refunds">, "succeeded" | "failed" | "pending"> & Undeclared;

/** What every version answers, though the SDKs of today no longer say so: seen in answers of 2024 to 2026. */
interface Undeclared {
  readonly destination: null;
  readonly order: null;
}

export const charges = defineNoun<Charge>({
  object: "charge",
  prefixes: ["ch", "py"],
  saysWhatChanged: (event) => isUpdate(event) || event === "charge.captured" || event === "charge.refunded",
  indices: ["customer", "payment_intent", "transfer_group"],
  expandable: {
    application: null,
    application_fee: null,
    balance_transaction: "balance_transaction",
    customer: "customer",
    failure_balance_transaction: "balance_transaction",
    on_behalf_of: "account",
    payment_intent: "payment_intent",
    review: "review",
    source_transfer: null,
    transfer: null,
  },
});

export const chargeMachine = defineMachine(charges, (charge, action) =>
  refusal(common.moveImpossible, { action, id: charge.id, status: charge.status }),
)({
  create: {
    from: ["new"],
    to: { succeeded: "charge.succeeded", failed: "charge.failed", pending: "charge.pending" },
  },
  settle: { from: ["pending"], to: { succeeded: "charge.succeeded", failed: "charge.failed" } },
  capture: { from: ["succeeded"], to: { succeeded: "charge.captured" } },
  /** Nothing on the charge tells that its hold was let go. Before basil it was given back with a refund. */
  let_go: { from: ["succeeded"], to: { succeeded: null } },
  give_back: { from: ["succeeded"], to: { succeeded: "charge.refunded" } },
  expire: { from: ["succeeded"], to: { succeeded: "charge.expired" } },
  /** Of a debit under way too: its refund waits for the money. */
  refund: { from: ["succeeded", "pending"], to: { succeeded: "charge.refunded", pending: "charge.refunded" } },
  fail_refund: {
    from: ["succeeded", "pending", "failed"],
    to: { succeeded: "charge.updated", pending: "charge.updated", failed: "charge.updated" },
  },
});

export interface ChargeDraft {
  readonly amount: number;
  /** What its hold is to offer, if the card does. */
  readonly asked?: readonly Offer[];
  readonly currency: string;
  readonly customer: string | null;
  readonly description: string | null;
  /** The money shows up in the balance a little later: asynchronous capture. */
  readonly isBookedLater?: boolean;
  readonly isCaptured: boolean;
  readonly isOfInvoice?: boolean;
  readonly level3?: Readonly<Record<string, unknown>> | null;
  /** What a debit rests on. */
  readonly mandate?: string | null;
  readonly generated?: Generated | null;
  readonly method: PaymentMethod;
  readonly metadata: Readonly<Record<string, string>>;
  /** Which of a co-branded card's networks is to be used. */
  readonly network?: string | null;
  /** Null for a charge of the older API. */
  readonly paymentIntent: string | null;
  readonly radarSession?: string | null;
  readonly receiptEmail: string | null;
  readonly shipping: Charge["shipping"];
  readonly source?: Charge["source"];
  /** The whole of what the payer's bank prints; cards of payment intents have a suffix instead. */
  readonly statementDescriptor?: string | null;
  readonly statementDescriptorSuffix: string | null;
  readonly transferGroup: string | null;
  readonly usesNetworkToken?: boolean;
  readonly verdict: Exclude<CardVerdict, { kind: "ask" }>;
}

export const captureWindowSeconds = chargeDefaults.captureWindowSeconds.value;

export function shapeOf(unit: Unit, draft: ChargeDraft, status: Charge["status"]): Charge {
  const { verdict, method, paymentIntent } = draft;
  const declined = verdict.kind === "decline" ? verdict.fields : undefined;
  // Stripe calls everything but cards a payment: `py_…`.
  const prefix = method.type === "card" ? "ch" : "py";
  const id = unit.world.ids.after(`${prefix}_3${paymentIntent?.slice(4, 20) ?? unit.world.ids.text(16)}`, 7);
  const charge: Charge = {
    id,
    object: "charge",
    amount: draft.amount,
    amount_captured: draft.isCaptured && !declined ? draft.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: descriptorOf(draft),
    captured: draft.isCaptured && !declined,
    created: unit.created,
    currency: draft.currency,
    customer: draft.customer,
    description: draft.description,
    destination: null,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: declined?.code ?? null,
    failure_message: declined?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: { ...draft.metadata },
    on_behalf_of: null,
    order: null,
    outcome: outcomeOf(verdict),
    paid: status === "succeeded",
    payment_intent: paymentIntent,
    payment_method: method.id,
    payment_method_details: detailsOf(unit, draft),
    radar_options: draft.radarSession ? { session: draft.radarSession } : {},
    receipt_email: draft.receiptEmail,
    receipt_number: null,
    receipt_url: declined ? null : receiptOf(id, draft),
    refunded: false,
    review: null,
    shipping: draft.shipping,
    source: draft.source ?? null,
    source_transfer: null,
    statement_descriptor: draft.statementDescriptor ?? null,
    statement_descriptor_suffix: draft.statementDescriptorSuffix,
    status,
    transfer_data: null,
    transfer_group: draft.transferGroup,
  };
  return draft.level3 ? withBefore("livemode", charge, { level3: level3Of(draft.level3) }) : charge;
}

/** With what only few have, where Stripe shows it: before another field. */
function withBefore<O extends object>(next: keyof O & string, object: O, few: Partial<O>): O {
  const fields = Object.entries(object);
  const at = fields.findIndex(([name]) => name === next);
  return Object.fromEntries(fields.toSpliced(at, 0, ...Object.entries(few))) as O; // All of its own, and a few.
}

function level3Of(sent: Readonly<Record<string, unknown>>): NonNullable<Charge["level3"]> {
  const lines = (sent.line_items ?? []) as readonly object[]; // By its schema.
  return { merchant_reference: "", ...sent, line_items: lines.map((line) => ({ ...emptyLine, ...line })) };
}

const emptyLine = {
  discount_amount: null,
  product_code: "",
  product_description: "",
  quantity: null,
  tax_amount: null,
  unit_cost: null,
};

/** The account's name, or its short form with what the charge adds. */
/** An invoice's is another page, recorded by pay-rails/pay and zulip/zulip. Neither leads anywhere here. */
function receiptOf(id: string, { isOfInvoice }: ChargeDraft): string {
  const page = isOfInvoice ? `invoices/${id}?s=ap` : `payment/${id}`;
  return `https://pay.stripe.com/receipts/${page}`;
}

/** In capitals: recorded by zulip/zulip, where "Zulip Cloud Standard" is "ZULIP CLOUD STANDARD". */
function descriptorOf({ statementDescriptor, statementDescriptorSuffix: suffix }: ChargeDraft): string {
  return (statementDescriptor ?? (suffix ? `BURSAR* ${suffix}` : "BURSAR SANDBOX")).toUpperCase();
}

function outcomeOf(verdict: ChargeDraft["verdict"]): Charge["outcome"] {
  const common = { advice_code: null, network_advice_code: null, network_decline_code: null };
  if (verdict.kind === "approve") {
    return {
      ...common,
      network_status: "approved_by_network",
      reason: null,
      risk_level: verdict.riskLevel,
      risk_score: riskScores[verdict.riskLevel],
      seller_message: sellerMessages.paid,
      type: "authorized",
    };
  }
  if (verdict.declinedBy !== "bank") return { ...common, ...blockedBy(verdict.declinedBy) };
  return {
    ...common,
    advice_code: verdict.fields.advice_code ?? null,
    network_advice_code: verdict.fields.network_advice_code ?? null,
    network_decline_code: verdict.fields.network_decline_code ?? null,
    network_status: "declined_by_network",
    reason: verdict.fields.decline_code ?? verdict.fields.code,
    risk_level: "normal",
    risk_score: riskScores.normal,
    seller_message: sellerMessage(verdict.fields),
    type: "issuer_declined",
  };
}

function blockedBy(by: "risk" | "settings") {
  if (by === "settings") {
    return {
      network_status: "reversed_after_approval",
      reason: "rule",
      risk_level: "normal",
      risk_score: riskScores.normal,
      seller_message: sellerMessages.blockedBySettings,
      type: "blocked",
    };
  }
  return {
    network_status: "not_sent_to_network",
    reason: "highest_risk_level",
    risk_level: "highest",
    risk_score: riskScores.highest,
    seller_message: sellerMessages.blocked,
    type: "blocked",
  };
}

const riskScores = chargeDefaults.riskScores.value;
const sellerMessages = chargeDefaults.sellerMessages.value;

function sellerMessage({ decline_code }: DeclineFields): string {
  if (!decline_code || decline_code === "generic_decline") {
    return sellerMessages.declined;
  }
  return fillMessage(sellerMessages.declinedWithCode, { code: decline_code });
}

function detailsOf(unit: Unit, draft: ChargeDraft): Charge["payment_method_details"] {
  if (draft.method.type === "card") return { card: cardDetails(unit, draft), type: "card" };
  const { generated = null, mandate = null } = draft;
  return bankDetails(unit, draft.method, { generated, mandate });
}

type CardDetails = NonNullable<NonNullable<Charge["payment_method_details"]>["card"]>;

function cardDetails(unit: Unit, draft: ChargeDraft): CardDetails {
  const { method, verdict } = draft;
  const card = cardOf(method);
  const shown = method.card;
  const isHeld = verdict.kind === "approve" && !draft.isCaptured;
  const offer = { brand: card.brand, asked: isHeld ? (draft.asked ?? []) : [] };
  const isAsked = verdict.kind === "approve" || verdict.declinedBy !== "risk";
  const details = {
    amount_authorized: verdict.kind === "approve" ? draft.amount : null,
    authorization_code: isAsked ? digits(unit, 6) : null,
    brand: card.brand,
    checks: checkedBy(method, card),
    country: card.country,
    ds_transaction_id: null,
    electronic_commerce_indicator: null,
    exp_month: shown?.exp_month ?? 0,
    exp_year: shown?.exp_year ?? 0,
    extended_authorization: { status: "disabled" },
    fingerprint: shown?.fingerprint ?? null,
    funding: card.funding,
    incremental_authorization: offered("incremental_authorization", offer),
    installments: null,
    last4: card.number.slice(-4),
    mandate: null,
    multicapture: offered("multicapture", offer),
    network: draft.network && draft.network === card.coBrand ? draft.network : card.brand,
    network_token: { used: draft.usesNetworkToken === true },
    network_transaction_id: isAsked ? digits(unit, 15) : null,
    overcapture: { maximum_amount_capturable: draft.amount, status: "unavailable" },
    regulated_status: "unregulated",
    three_d_secure: threeDSecure(verdict),
    transaction_link_id: null,
    wallet: null,
  } as CardDetails;
  return isHeld ? withBefore("checks", details, { capture_before: unit.created + captureWindowSeconds }) : details;
}

/** Numbers that banks and networks give. */
function digits(unit: Unit, length: number): string {
  const letters = unit.world.ids.text(length);
  let digits = "";
  for (let place = 0; place < length; place++) digits += digitOf(letters.charCodeAt(place));
  return digits;
}

/** A letter is taken for the last digit of its code. */
function digitOf(code: number): number {
  return code <= nine ? code - zero : code % 10;
}

const zero = "0".charCodeAt(0);
const nine = "9".charCodeAt(0);

function threeDSecure(verdict: ChargeDraft["verdict"]): CardDetails["three_d_secure"] {
  if (verdict.kind !== "approve" || verdict.threeDSecure === null) return null;
  return {
    exemption_indicator: null,
    ...threeDSecureFields(verdict.threeDSecure),
  } as CardDetails["three_d_secure"];
}
