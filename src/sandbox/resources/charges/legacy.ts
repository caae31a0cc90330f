// `POST /v1/charges` with `source`: how one paid before PaymentIntents. There is no payer to ask, so a card that needs
// 3-D Secure is declined. https://docs.stripe.com/api/charges/create

import { move } from "../../kernel/state/machine.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead, mustReadParam, read } from "../../kernel/state/writes.ts";
import { inWorld, later } from "../../kernel/time/later.ts";
import { laterBy } from "../../kernel/time/settlement.ts";
import { checkedAmount, checkedCurrency } from "../../kernel/words/amounts.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { cardError, noSuch, refusal } from "../../kernel/words/errors.ts";
import { refuseFractions } from "../../kernel/words/fractions.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { boolean, hash, integer, text } from "../../kernel/words/params.ts";
import { shortDescriptor } from "../../kernel/words/texts.ts";
import { type Card, lookedAt } from "../cards/index.ts";
import { customers, sourceOf } from "../customers/index.ts";
import {
  authenticationRequired,
  cardOf,
  debitFailureMessage,
  debitOutcome,
  declinedOnPurpose,
  failedCheck,
  judge,
  memoryOf,
  methodRefusals,
  type PaymentMethod,
  paymentMethods,
  plainTerms,
} from "../payment_methods/index.ts";
import { type AnySource, type Source, sentSource, spendSource } from "../sources/index.ts";
import {
  attemptCharge,
  bookCharge,
  captureCharge,
  isReleased,
  released,
  settleCharge,
  shippingOf,
  showsRefunds,
} from "./actions.ts";
import { type Charge, type ChargeDraft, captureWindowSeconds, chargeMachine, charges } from "./charge.ts";
import { debitAnswer } from "./debit_answer.ts";
import { rows } from "./refusals.table.ts";

export function createCharge(unit: Unit, params: Params): Charge {
  const currency = checkedCurrency(params);
  const amount = checkedAmount(params, currency, common.belowMinimum);
  const source = payingSource(unit, params);
  const method = mustRead(unit, paymentMethods, source.id);
  const isDebit = method.type === "sepa_debit";
  if (isDebit) checkDebit(params, currency);
  const verdict = isDebit ? approved : verdictOn(unit, method);
  const seen = source.object === "card" ? lookedAt(unit, source) : source;
  const isCaptured = boolean(params, "capture") !== false;
  const shipping = hash(params, "shipping");
  const charge = attemptCharge(unit, {
    amount,
    currency,
    customer: text(params, "customer") ?? null,
    description: text(params, "description") ?? null,
    isCaptured,
    level3: hash(params, "level3") ?? null,
    method,
    metadata: mergeMetadata({}, params.metadata),
    paymentIntent: null,
    radarSession: text(hash(params, "radar_options") ?? {}, "session") ?? null,
    receiptEmail: text(params, "receipt_email") ?? null,
    shipping: shipping ? shippingOf(shipping) : null,
    source: seen as Charge["source"],
    statementDescriptor: shortDescriptor(params) ?? null,
    statementDescriptorSuffix: text(params, "statement_descriptor_suffix") ?? null,
    transferGroup: text(params, "transfer_group") ?? null,
    verdict,
  });
  if (verdict.kind === "decline") {
    throw cardError({ ...verdict.fields, charge: charge.id });
  }
  spendSource(unit, source);
  const answer = isDebit ? debitAnswer(method) : null;
  if (answer) laterBy(unit, answer, settleDebitedCharge, charge.id);
  if (!isCaptured) later(inWorld(unit), captureWindowSeconds * 1000, expireCharge, charge.id);
  return charge;
}

const approved = { kind: "approve", threeDSecure: null, riskLevel: "normal" } as const;

/** Nobody is there to be asked. */
function verdictOn(unit: Unit, method: PaymentMethod): ChargeDraft["verdict"] {
  const asked = judge(cardOf(method), {
    failedCheck: failedCheck(unit, method),
    isOffSession: true,
    isAuthenticated: false,
    isSetUp: memoryOf(method).isSetUp,
    requests3ds: false,
    terms: plainTerms,
  });
  if (asked.kind === "approve" && unit.world.faults.strikeCharge()) return declinedOnPurpose;
  return asked.kind === "ask" ? authenticationRequired : asked;
}

function checkDebit(params: Params, currency: string): void {
  const type = "sepa_debit";
  if (currency !== "eur") throw refusal(methodRefusals.methodTypeCurrency, { currency, currencies: "eur", type });
  if (boolean(params, "capture") === false)
    throw refusal(methodRefusals.methodTypeNotManual, { type }, { param: "capture" });
}

/** The bank of the debited account has answered. */
export function settleDebitedCharge(unit: Unit, id: string): void {
  const charge = read(unit, charges, id);
  const method = charge?.payment_method ? read(unit, paymentMethods, charge.payment_method) : undefined;
  if (charge?.status !== "pending" || !method) return;
  const { failureCode: code } = debitOutcome(method);
  settleCharge(unit, charge, code ? { code, message: debitFailureMessage(code) } : null);
}

export function captureByHand(unit: Unit, params: Params, id: string): Charge {
  const charge = mustRead(unit, charges, id);
  if (charge.captured) throw refusal(rows.chargeAlreadyCaptured, { charge: id });
  if (charge.payment_intent) throw refusal(rows.chargeOfIntent, { intent: charge.payment_intent });
  if (charge.status !== "succeeded") {
    throw refusal(rows.chargeNotCapturable, { id, why: `has a status of ${charge.status}` });
  }
  if (isReleased(charge)) throw refusal(rows.chargeExpired, { id });
  refuseFractions(params, charge.currency);
  const amount = integer(params, "amount") ?? charge.amount;
  if (amount < 1) throw refusal(common.belowMinimum, { limit: 1 }, { param: "amount" });
  if (amount > charge.amount) throw refusal(rows.captureTooLarge);
  return bookCharge(unit, captureCharge(unit, charge, amount));
}

/** An authorization whose window has passed. */
export function expireCharge(unit: Unit, id: string): void {
  const charge = read(unit, charges, id);
  if (!charge || charge.captured || isReleased(charge)) return;
  const refund = showsRefunds(unit) ? { amount_refunded: charge.amount, refunded: true } : {};
  move(unit, chargeMachine, charge, "expire", "succeeded", { ...released(charge, charge.amount), ...refund });
}

/** The card that pays: named, or the default of the customer. */
function payingSource(unit: Unit, params: Params): Card | Source {
  const source = namedSource(unit, params);
  if (source.object === "bank_account") throw refusal(rows.bankAccountNotCharged, { id: source.id });
  return source as Card | Source; // The two kinds that are left.
}

function namedSource(unit: Unit, params: Params): AnySource {
  const sent = params.source ?? params.card;
  const customerId = text(params, "customer");
  if (customerId) {
    const customer = mustReadParam(unit, customers, customerId, "customer");
    const wanted = sent ?? customer.default_source;
    if (!wanted) throw refusal(rows.customerWithoutCard);
    // A card in the raw has no id, and its number is not said back.
    const id = typeof wanted === "string" ? wanted : "card";
    const found = sourceOf(unit, customerId, id);
    const row = id.startsWith("tok_") ? rows.chargeOfTokenAndCustomer : rows.chargeOfUnlinkedSource;
    if (!found) throw refusal(row, { customer: customerId, id });
    return found;
  }
  if (sent === undefined || sent === null) throw refusal(rows.chargeWithoutSource);
  const source = sentSource(unit, sent);
  // A card of a customer pays with its customer only.
  if (source.customer) throw noSuch({ label: "source" }, source.id, { inPath: false, param: "source" });
  return source;
}
