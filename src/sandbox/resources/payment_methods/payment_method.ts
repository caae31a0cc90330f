// READ FIRST. A payment method is a card, a bank account or a name for the page where the payer answers, and may be
// attached to one customer; method_types.table.ts has all. It has no machine: being attached is the field `customer`. A
// card's number is kept only because it stands in the test table; any other number was refused before it came here.
// https://docs.stripe.com/api/payment_methods

import assert from "node:assert/strict";
import { hash } from "node:crypto";
import type Stripe from "stripe";
import { defineNoun, hidden, isUpdate, type Stored } from "../../kernel/state/noun.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { change } from "../../kernel/state/writes.ts";
import { hasChanged } from "../../kernel/store/previous.ts";
import { rows } from "./refusals.table.ts";
import { findTestCard, findTestCardBySuffix, type TestCard } from "./test_cards.ts";

export type PaymentMethod = Stored<Stripe.PaymentMethod> & {
  /** Of another seller's payer; no SDK declares it. */
  readonly shared_payment_granted_token: null;
};

declare module "../../kernel/words/errors.ts" {
  interface Inlined {
    readonly payment_method?: object | undefined;
  }
}

export const paymentMethods = defineNoun<PaymentMethod, "detach">({
  object: "payment_method",
  prefixes: ["pm"],
  indices: ["customer"],
  expandable: { customer: "customer" },
  label: "PaymentMethod",
  missing: rows.paymentMethodMissing,
  saysWhatChanged: (event) => isUpdate(event) || event === "payment_method.detached", // Recorded.
  signals: ["detach"],
});

/** What the sandbox remembers about a payment method. */
export interface Memory {
  /** A card's number, or null. */
  readonly number: string | null;
  /** The ready-made id or token it stands for, as some of them share a number: `chargeCustomerFail`. */
  readonly suffix: string | null;
  /** A bank account's IBAN, or null. */
  readonly iban: string | null;
  /** The number of an American or Canadian account, or null. */
  readonly account: string | null;
  /** Its owner has proved that it is theirs. */
  readonly isVerified: boolean;
  readonly cvcSent: boolean;
  /** Paid once without a customer, or detached: it may not be used again. */
  readonly isSpent: boolean;
  /** The payer has once agreed to later payments without being there. */
  readonly isSetUp: boolean;
}

export function memoryOf(method: PaymentMethod): Memory {
  return method[hidden] as unknown as Memory; // Written by shapeOf and remember only.
}

export function remember(unit: Unit, method: PaymentMethod, changes: Partial<Memory>): PaymentMethod {
  return change(unit, paymentMethods, method, { [hidden]: { ...memoryOf(method), ...changes } }, null);
}

export function cardOf(method: PaymentMethod): TestCard {
  const { number, suffix } = memoryOf(method);
  const card = findTestCardBySuffix(suffix ?? "") ?? findTestCard(number ?? "");
  assert(card, `${method.id} holds a card that is not in the test table`);
  return card;
}

export type BillingDetails = PaymentMethod["billing_details"];

/** What payment methods of every type have. */
export interface MethodDraft {
  readonly billingDetails: BillingDetails;
  readonly metadata: Readonly<Record<string, string>>;
  readonly allowRedisplay: string;
  /** `radar_options[session]`. */
  readonly radarSession?: string | undefined;
}

export interface CardDraft extends MethodDraft {
  readonly card: TestCard;
  readonly expMonth: number;
  readonly expYear: number;
  readonly cvcSent: boolean;
  /** The network of a co-branded card that the payer chose. */
  readonly preferredNetwork?: string | null;
}

export function shapeOf(unit: Unit, draft: CardDraft): PaymentMethod {
  const { card } = draft;
  return shapeWith(
    unit,
    draft,
    { number: card.number, suffix: card.suffixes[0] ?? null, cvcSent: draft.cvcSent },
    {
      type: "card",
      card: {
        brand: card.brand,
        checks: checksOf(draft),
        country: card.country,
        display_brand: displayBrands[card.brand] ?? card.brand,
        exp_month: draft.expMonth,
        exp_year: draft.expYear,
        fingerprint: fingerprintOf(unit, card.number),
        funding: card.funding,
        generated_from: null,
        last4: card.number.slice(-4),
        networks: { available: networksOf(card), preferred: draft.preferredNetwork ?? null },
        regulated_status: "unregulated",
        three_d_secure_usage: { supported: supports3ds(card) },
        wallet: null,
      },
    },
  );
}

/** `block` is the type and the hash that is named after it. */
export function shapeWith(
  unit: Unit,
  draft: MethodDraft,
  memory: Partial<Memory>,
  block: Pick<PaymentMethod, "type"> & { readonly [type in string]: unknown },
): PaymentMethod {
  const numbers = { number: null, suffix: null, iban: null, account: null };
  const fresh: Memory = { ...numbers, isVerified: false, cvcSent: false, isSpent: false, isSetUp: false };
  return {
    id: unit.world.ids.after("pm_1", 23),
    object: "payment_method",
    allow_redisplay: draft.allowRedisplay as PaymentMethod["allow_redisplay"],
    billing_details: draft.billingDetails,
    created: unit.created,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: { ...draft.metadata },
    radar_options: draft.radarSession ? { session: draft.radarSession } : {},
    shared_payment_granted_token: null,
    ...block,
    [hidden]: { ...fresh, ...memory },
  };
}

/** A check is null while nothing was sent that could be checked; the bank answers at the first use. */
function checksOf({ billingDetails, cvcSent }: CardDraft): NonNullable<NonNullable<PaymentMethod["card"]>["checks"]> {
  const unchecked = (isSent: boolean) => (isSent ? "unchecked" : null);
  return {
    address_line1_check: unchecked(Boolean(billingDetails.address?.line1)),
    address_postal_code_check: unchecked(Boolean(billingDetails.address?.postal_code)),
    cvc_check: unchecked(cvcSent),
  };
}

/** What the bank says about what was sent. */
export function checkedBy(method: PaymentMethod, card: TestCard) {
  const { cvcSent } = memoryOf(method);
  const address = method.billing_details.address;
  const { isCheckedUnsent = false } = card;
  const { addressLine1 = "pass", addressPostalCode = "pass" } = card.checks;
  return {
    address_line1_check: address?.line1 || isCheckedUnsent ? addressLine1 : null,
    address_postal_code_check: address?.postal_code || isCheckedUnsent ? addressPostalCode : null,
    cvc_check: cvcSent ? (card.checks.cvc ?? "pass") : null,
  };
}

/** What came of the checks, where the account declines on them. */
export function failedCheck(unit: Unit, method: PaymentMethod): "incorrect_cvc" | "incorrect_zip" | undefined {
  const { declinesOn } = unit.world;
  if (!method.card || declinesOn.length === 0) return undefined;
  const checks = checkedBy(method, cardOf(method));
  if (declinesOn.includes("cvc_failure") && checks.cvc_check === "fail") return "incorrect_cvc";
  if (declinesOn.includes("avs_failure") && checks.address_postal_code_check === "fail") return "incorrect_zip";
  return undefined;
}

/** A bank has been asked: what was unchecked is known from now on. */
export function looked(unit: Unit, method: PaymentMethod): PaymentMethod {
  if (!method.card) return method;
  const checks = checkedBy(method, cardOf(method));
  if (!hasChanged(method.card.checks ?? {}, checks)) return method;
  return change(unit, paymentMethods, method, { card: { ...method.card, checks } }, null);
}

/** The same number has the same fingerprint within an account, and another one elsewhere. */
export function fingerprintOf(unit: Unit, number: string): string {
  return hash("sha256", `${unit.account.id}|${number}`, "base64url").replace(/[-_]/g, "0").slice(0, 16);
}

/** `display_brand` spells some brands out. https://docs.stripe.com/api/payment_methods/object */
const displayBrands: Readonly<Record<string, string>> = {
  amex: "american_express",
  diners: "diners_club",
  unionpay: "union_pay",
  unknown: "other",
};

function supports3ds({ behaviour }: TestCard): boolean {
  return behaviour.kind !== "threeDSecure" || behaviour.mode !== "notSupported";
}

function networksOf(card: TestCard): string[] {
  return card.coBrand ? [card.coBrand, card.brand] : [card.brand];
}
