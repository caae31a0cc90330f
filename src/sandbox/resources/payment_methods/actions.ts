// Payment methods come from raw test numbers, tokens (`tok_visa`) and Stripe's ready-made ids (`pm_card_visa`),
// which are not stored: each use makes a fresh one.

import { signal } from "../../kernel/state/reactions.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { add, change, mustRead, read, readById } from "../../kernel/state/writes.ts";
import { beforeWork, cardError, missingParameter, noSuch, notPlayed, refusal } from "../../kernel/words/errors.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { boolean, given, hash, integer, text, textOrNull } from "../../kernel/words/params.ts";
import { accountShape, isUnverified, readyMadeAccount } from "./accounts/bank_debit.ts";
import { type DeclineFields, declineFields, fieldsOf } from "./card_behaviour.ts";
import { isDecidedOnPage, isSaved } from "./method_types.ts";
import {
  type BillingDetails,
  type CardDraft,
  cardOf,
  failedCheck,
  looked,
  type MethodDraft,
  memoryOf,
  type PaymentMethod,
  paymentMethods,
  remember,
  shapeOf,
} from "./payment_method.ts";
import { pageShape } from "./redirect.ts";
import { rows } from "./refusals.table.ts";
import { checkDebitAddress, debitShape, readyMadeDebit, sentDebit } from "./sepa_debit.ts";
import { cardInputProblem, findTestCard, findTestCardBySuffix, fullYear, type TestCard } from "./test_cards.ts";
import { findTestIbanByScenario } from "./test_ibans.ts";

/** `POST /v1/payment_methods`, and `payment_method_data` of a confirmation. */
export function createPaymentMethod(unit: Unit, params: Params, at = ""): PaymentMethod {
  const nested = (name: string) => (at ? `${at}[${name}]` : name);
  const type = text(params, "type") ?? (hash(params, "card") ? "card" : undefined);
  if (type === undefined) throw missingParameter(nested("type"));
  const common = {
    billingDetails: billingDetailsOf(hash(params, "billing_details")),
    metadata: mergeMetadata({}, params.metadata),
    allowRedisplay: text(params, "allow_redisplay") ?? "unspecified",
    radarSession: text(hash(params, "radar_options") ?? {}, "session"),
  };
  if (type === "card") return createCard(unit, params, common, nested("card"));
  return add(unit, paymentMethods, shapeOfType(unit, params, { common, nested, type }), null);
}

interface Sent {
  readonly common: MethodDraft;
  readonly nested: (name: string) => string;
  readonly type: string;
}

function shapeOfType(unit: Unit, params: Params, { common, nested, type }: Sent): PaymentMethod {
  if (isDecidedOnPage({ type })) return pageShape(unit, params, common, type as PaymentMethod["type"]);
  if (type === "sepa_debit") return debitShape(unit, sentDebit(unit, params, common, nested));
  if (type === "acss_debit" || type === "us_bank_account") return accountShape(unit, params, { common, nested, type });
  throw notPlayed(`payment methods of type ${type}`, nested("type"));
}

function createCard(unit: Unit, params: Params, common: MethodDraft, name: string): PaymentMethod {
  const card = hash(params, "card");
  if (!card) throw missingParameter(name);
  const token = text(card, "token");
  const made = token && madeOfToken(unit, token);
  if (made) {
    const billingDetails = hash(params, "billing_details") ? common.billingDetails : made.billing_details;
    return take(unit, token, made, { ...common, billingDetails });
  }
  const draft = token ? { ...tokenDraft(unit, token), ...common } : { ...numberDraft(unit, card), ...common };
  return add(unit, paymentMethods, shapeOf(unit, draft), null);
}

/** The method that a parameter names: stored, or fresh from a ready-made id. A token is not a payment method. */
export function materialise(unit: Unit, id: string, where: { inPath: boolean; param: string }): PaymentMethod {
  const stored = read(unit, paymentMethods, id);
  if (stored) return stored;
  const iban = id.startsWith("pm_sepaDebit_") ? findTestIbanByScenario(id) : undefined;
  if (iban) return add(unit, paymentMethods, debitShape(unit, readyMadeDebit(iban)), null);
  const account = readyMadeAccount(unit, id);
  if (account) return add(unit, paymentMethods, account, null);
  const card = id.startsWith("pm_card_") ? findTestCardBySuffix(id) : undefined;
  if (!card) throw noSuch(paymentMethods, id, where);
  return readyMadeMethod(unit, card);
}

/** A fresh one of Stripe's ready-made cards. */
export function readyMadeMethod(unit: Unit, card: TestCard): PaymentMethod {
  return add(unit, paymentMethods, shapeOf(unit, readyMadeDraft(unit, card)), null);
}

export function attach(unit: Unit, params: Params, id: string): PaymentMethod {
  const customer = text(params, "customer");
  if (!customer) throw refusal(rows.attachToNobody, {}, beforeWork); // Older families require the parameter.
  if (readById(unit, customer)?.object !== "customer") throw noSuch({ label: "customer" }, customer, { inPath: false });
  const method = materialise(unit, id, { inPath: true, param: "payment_method" });
  if (method.customer === customer) return method; // Once more changes nothing and tells nobody.
  if (method.customer !== null) throw refusal(rows.methodAlreadyAttached);
  refuseSpent(method);
  if (!isSaved(method)) throw refusal(rows.methodNotReusable, { type: method.type });
  if (isUnverified(method)) throw refusal(rows.methodUnverified, { type: method.type });
  refuseUnsaved(unit, params, method);
  return attachTo(unit, method, customer);
}

/**
 * A card that declines is not saved, unless `validate=false` leaves the bank unasked. An empty field is named where no
 * other is at fault.
 */
export function refuseUnsaved(unit: Unit, params: Params, method: PaymentMethod): void {
  if (boolean(params, "validate") === false) return;
  const fields = declinedWhenSaved(unit, method);
  if (fields) throw cardError({ ...fields, param: fields.param ?? "" }, { keep: false });
}

function declinedWhenSaved(unit: Unit, method: PaymentMethod): DeclineFields | undefined {
  const behaviour = method.type === "card" ? cardOf(method).behaviour : approved;
  if (behaviour.kind === "decline" && behaviour.at === "attach") return declineFields(behaviour);
  const check = failedCheck(unit, method);
  return check && fieldsOf(check);
}

/** The bank looks at the card once, which fills the checks. */
export function attachTo(unit: Unit, method: PaymentMethod, customer: string): PaymentMethod {
  return change(unit, paymentMethods, looked(unit, method), { customer }, "payment_method.attached");
}

export function detach(unit: Unit, _params: Params, id: string): PaymentMethod {
  const method = mustRead(unit, paymentMethods, id, "payment_method");
  if (method.customer === null) {
    throw refusal(rows.methodNotAttached);
  }
  const spent = remember(unit, method, { isSpent: true });
  const detached = change(unit, paymentMethods, spent, { customer: null }, "payment_method.detached");
  signal(unit, paymentMethods, "detach", method, detached);
  return detached;
}

export function updatePaymentMethod(unit: Unit, params: Params, id: string): PaymentMethod {
  const method = mustRead(unit, paymentMethods, id, "payment_method");
  if (method.customer === null) {
    throw refusal(rows.methodNotSaved);
  }
  const card = hash(params, "card");
  const details = hash(params, "billing_details");
  const merged = details ? billingDetailsOf(details, method.billing_details) : method.billing_details;
  checkDebitAddress(unit, method, merged);
  const changes = {
    allow_redisplay: (text(params, "allow_redisplay") ?? method.allow_redisplay) as PaymentMethod["allow_redisplay"],
    billing_details: merged,
    ...(method.card ? { card: renewedCard(method.card, card) } : {}),
    metadata: { ...mergeMetadata(method.metadata ?? {}, params.metadata) },
  };
  return change(unit, paymentMethods, method, changes, "payment_method.updated");
}

function renewedCard(before: NonNullable<PaymentMethod["card"]>, sent: Params | undefined) {
  return {
    ...before,
    exp_month: (sent && integer(sent, "exp_month")) ?? before.exp_month,
    exp_year: fullYear((sent && integer(sent, "exp_year")) ?? before.exp_year),
    networks: before.networks && {
      ...before.networks,
      ...given({ preferred: textOrNull(hash(sent ?? {}, "networks") ?? {}, "preferred") }),
    },
  };
}

/** Stripe's words for a method that has paid once without a customer, or was detached. */
export function refuseSpent(method: PaymentMethod): void {
  if (memoryOf(method).isSpent) throw refusal(rows.methodUsedUp);
}

const approved = { kind: "approve" } as const;

type CardPart = Pick<CardDraft, "card" | "expMonth" | "expYear" | "cvcSent" | "preferredNetwork">;

/** A network's token stands for a card's number, and comes with a month and a year of its own. */
function numberDraft(unit: Unit, sent: Params): CardPart {
  const params = hash(sent, "network_token") ?? sent;
  const number = typeof params.number === "number" ? String(params.number) : text(params, "number");
  if (number === undefined) throw missingParameter("card[number]");
  const expMonth = numberOf(params, "exp_month");
  const expYear = numberOf(params, "exp_year");
  const cvc = params.cvc === undefined || params.cvc === null ? undefined : String(params.cvc);
  const problem = cardInputProblem({ number, expMonth, expYear, cvc }, unit.now);
  if (problem) {
    const { code, message, param, declineCode } = problem;
    throw cardError({ code, decline_code: declineCode, message, param }, { keep: false });
  }
  const card = findTestCard(number)!; // cardInputProblem has refused every other number.
  const preferredNetwork = text(hash(params, "networks") ?? {}, "preferred") ?? null;
  return { card, expMonth, expYear: fullYear(expYear), cvcSent: cvc !== undefined, preferredNetwork };
}

function numberOf(params: Params, name: string): number {
  const value = params[name];
  if (value === undefined || value === null) throw missingParameter(`card[${name}]`);
  return Number(value);
}

/** The card that `POST /v1/tokens` has put aside; tokens live above payment methods and are known by their shape. */
function madeOfToken(unit: Unit, token: string): PaymentMethod | undefined {
  const stored = readById(unit, token) as { readonly card?: { readonly id: string } } | undefined;
  return stored?.card && read(unit, paymentMethods, stored.card.id);
}

/** A token is used up by what is made of it. */
function take(unit: Unit, token: string, made: PaymentMethod, common: MethodDraft): PaymentMethod {
  const { isSpent, cvcSent } = memoryOf(made);
  if (isSpent || made.customer !== null) throw refusal(rows.tokenUsed, { id: token }, { param: "card[token]" });
  remember(unit, made, { isSpent: true });
  const draft = {
    ...common,
    card: cardOf(made),
    cvcSent,
    expMonth: made.card?.exp_month ?? 0,
    expYear: made.card?.exp_year ?? 0,
  };
  return add(unit, paymentMethods, shapeOf(unit, draft), null);
}

function tokenDraft(unit: Unit, token: string): CardPart {
  const card = findTestCardBySuffix(token);
  if (!card || !token.startsWith("tok_"))
    throw noSuch({ label: "token" }, token, { inPath: false, param: "card[token]" });
  return readyMadeDraft(unit, card);
}

/** Stripe's ready-made cards expire next year in the same month and have a security code. */
function readyMadeDraft(unit: Unit, card: TestCard): CardDraft {
  const today = new Date(unit.now);
  return {
    card,
    expMonth: today.getUTCMonth() + 1,
    expYear: today.getUTCFullYear() + 1,
    cvcSent: true,
    billingDetails: billingDetailsOf(undefined),
    metadata: {},
    allowRedisplay: "unspecified",
  };
}

const emptyAddress = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };

/** Sent fields over what was there; null unsets. */
export function billingDetailsOf(sent: Params | undefined, before?: BillingDetails): BillingDetails {
  const pick = (name: "email" | "name" | "phone" | "tax_id") =>
    sent?.[name] === undefined ? (before?.[name] ?? null) : ((sent[name] as string | null) ?? null);
  const address = sent && hash(sent, "address");
  return {
    address: address ? addressOf(address, before?.address) : (before?.address ?? emptyAddress),
    email: pick("email"),
    name: pick("name"),
    phone: pick("phone"),
    tax_id: pick("tax_id"),
  };
}

/** An address with every field, in Stripe's order. */
export function addressOf(sent: Params, before?: BillingDetails["address"]): NonNullable<BillingDetails["address"]> {
  const pick = (name: keyof typeof emptyAddress) =>
    sent[name] === undefined ? (before?.[name] ?? null) : sent[name] === null ? null : String(sent[name]);
  return {
    city: pick("city"),
    country: pick("country"),
    line1: pick("line1"),
    line2: pick("line2"),
    postal_code: pick("postal_code"),
    state: pick("state"),
  };
}
