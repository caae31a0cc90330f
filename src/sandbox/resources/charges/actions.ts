import { begin, move } from "../../kernel/machine.ts";
import { mergeMetadata } from "../../kernel/metadata.ts";
import { hidden } from "../../kernel/noun.ts";
import { hash, text, textOrNull } from "../../kernel/params.ts";
import type { Params } from "../../kernel/resource.ts";
import { change, collectionOf, mustRead, read, type Unit } from "../../kernel/unit.ts";
import { bookMovement, processingFee } from "../balance_transactions/index.ts";
import { addressOf, cardOf, type PaymentMethod, paymentMethods } from "../payment_methods/index.ts";
import { type Charge, type ChargeDraft, chargeMachine, charges, shapeOf } from "./charge.ts";

/** One attempt at the bank; its verdict is already known. */
export function attemptCharge(unit: Unit, draft: ChargeDraft): Charge {
  const isDebit = draft.method.type === "sepa_debit";
  const end = draft.verdict.kind === "decline" ? "failed" : isDebit ? "pending" : "succeeded";
  return begin(unit, chargeMachine, "create", end, (status) => shapeOf(unit, draft, status));
}

/** What the bank of a debited account says, days later. */
export function settleCharge(unit: Unit, charge: Charge, failure: { code: string; message: string } | null): Charge {
  if (!failure) return move(unit, chargeMachine, charge, "settle", "succeeded", { paid: true });
  return move(unit, chargeMachine, charge, "settle", "failed", {
    amount_captured: 0,
    captured: false,
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

/**
 * The money arrives on the account: the charge gets its balance transaction.
 * `charge.succeeded` has gone out without it, as with Stripe's asynchronous capture; `charge.updated` brings it.
 */
export function bookCharge(unit: Unit, charge: Charge): Charge {
  const movement = bookMovement(unit, {
    amount: charge.amount_captured,
    fee: processingFee(charge.amount_captured, charge.currency),
    currency: charge.currency,
    description: charge.description,
    source: charge.id,
    type: charge.payment_method_details?.type === "card" ? "charge" : "payment",
    isAtOnce: behaviourOf(unit, charge) === "bypassPending",
  });
  return change(unit, charges, charge, { balance_transaction: movement.id }, "charge.updated");
}

export function captureCharge(unit: Unit, charge: Charge, amount: number): Charge {
  return move(unit, chargeMachine, charge, "capture", "succeeded", { amount_captured: amount, captured: true });
}

/** An authorization that is let go shows as refunded, although no money had moved. */
export function releaseCharge(unit: Unit, charge: Charge): Charge {
  return move(unit, chargeMachine, charge, "release", "succeeded", { amount_refunded: charge.amount, refunded: true });
}

export function addRefunded(unit: Unit, charge: Charge, amount: number, isFraud = false): Charge {
  const refunded = charge.amount_refunded + amount;
  const changes = {
    amount_refunded: refunded,
    ...(isFraud ? { fraud_details: { user_report: "fraudulent" as const } } : {}),
    refunded: refunded >= charge.amount_captured,
  };
  return move(unit, chargeMachine, charge, "refund", "succeeded", changes);
}

/** A refund that failed late: the money is back. */
export function takeRefundBack(unit: Unit, charge: Charge, amount: number): Charge {
  const changes = { amount_refunded: charge.amount_refunded - amount, refunded: false };
  return move(unit, chargeMachine, charge, "fail_refund", "succeeded", changes);
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
  const collection = collectionOf(unit.account, charges);
  const positions = collection.indices.get("payment_intent")?.get(intent) ?? [];
  return positions.flatMap((position) => (collection.items[position] as Charge | undefined) ?? []); // Charges only.
}

/** What the card of this charge does afterwards. */
export function behaviourOf(unit: Unit, charge: Charge): string {
  return cardBehaviour(unit, charge)?.kind ?? "approve";
}

export function cardBehaviour(unit: Unit, charge: Charge) {
  const collection = collectionOf(unit.account, paymentMethods);
  const position = collection.position.get(charge.payment_method ?? "");
  const method = position === undefined ? undefined : (collection.items[position] as PaymentMethod | undefined);
  return method?.type === "card" ? cardOf(method).behaviour : undefined;
}
