// Which types of payment methods an intent takes: listed by hand (older versions), allowed or excluded (newer ones), or
// what the account's configuration has on and the payment can be made with.
// https://docs.stripe.com/payments/payment-methods/dynamic-payment-methods

import { declaredElsewhere, enumValues } from "../../kernel/schema/elsewhere.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { notPlayed, refusal } from "../../kernel/words/errors.ts";
import { text, texts } from "../../kernel/words/params.ts";
import { type Offer, offerOf } from "../payment_method_configurations/index.ts";
import {
  currenciesOf,
  isThere,
  methodRefusals,
  methodTypes,
  type PaymentMethod,
  playedType,
} from "../payment_methods/index.ts";
import { rows } from "./refusals.table.ts";

export interface TypeRules {
  readonly isAutomatic: boolean;
  readonly mayRedirect: boolean;
  /** Null for setup intents, which have none. */
  readonly payment: { readonly amount: number; readonly currency: string; readonly isManualCapture: boolean } | null;
}

export function methodTypesOf(unit: Unit, params: Params, rules: TypeRules): string[] {
  const given = choosing.filter((name) => params[name] !== undefined);
  if (params.allowed_payment_method_types !== undefined && given.length > 1) {
    throw refusal(common.parametersExclusive, { params: given.join(", ") });
  }
  const listed = texts(params, "payment_method_types");
  if (listed) {
    refuseUnplayed(listed);
    for (const type of listed) refuseMisfit(unit, type, rules);
    return [...listed];
  }
  const allowed = texts(params, "allowed_payment_method_types");
  const excluded = texts(params, "excluded_payment_method_types") ?? [];
  if (!allowed && !rules.isAutomatic) return ["card"];
  const { types: on } = offer(unit, params);
  const isOffered = (type: string) => on.includes(type) && fits(unit, type, rules) && !excluded.includes(type);
  const offered = methodTypes.filter(isOffered);
  return allowed ? offered.filter((type) => allowed.includes(type)) : offered;
}

/** One that the sandbox does not play may stand beside one by which the intent can be paid. */
function refuseUnplayed(listed: readonly string[]): void {
  const unplayed = listed.filter((type) => !playedType(type));
  const unknown = unplayed.find((type) => !isStripes(type));
  if (unknown !== undefined) throw refusal(methodRefusals.methodTypeNotThere, { type: unknown });
  const [first] = unplayed;
  if (first !== undefined && unplayed.length === listed.length) {
    throw notPlayed(`payment methods of type ${first}`, "payment_method_types");
  }
}

/** Lists by hand are declared as texts, lists of what is allowed by name. */
function isStripes(type: string): boolean {
  const declared = declaredElsewhere("POST /v1/payment_intents", ["allowed_payment_method_types", "0"], "2020-08-27");
  return [...declared].some((one) => enumValues(one).includes(type));
}

function offer(unit: Unit, params: Params): Offer {
  return offerOf(unit, text(params, "payment_method_configuration"));
}

/** Where automatic methods come from. */
export function configurationDetails(
  unit: Unit,
  params: Params,
  automatic: object | null,
): { id: string; parent: null } | null {
  return automatic && { id: offer(unit, params).id, parent: null };
}

/** `allowed_payment_method_types` stands alone. */
const choosing = [
  "allowed_payment_method_types",
  "automatic_payment_methods",
  "excluded_payment_method_types",
  "payment_method_configuration",
  "payment_method_types",
];

export function checkMethodType(
  method: PaymentMethod,
  intent: { readonly object: string; readonly payment_method_types: readonly string[] },
): void {
  const { type } = method;
  if (intent.payment_method_types.includes(type)) return;
  const name = intent.object === "setup_intent" ? "SetupIntent" : "PaymentIntent";
  throw refusal(rows.methodTypeNotAllowed, { type, intent: name, types: intent.payment_method_types.join(", ") });
}

function fits(unit: Unit, type: string, { mayRedirect, payment }: TypeRules): boolean {
  const played = playedType(type);
  const { home } = unit.world;
  if (!played || !isThere(played, home) || (played.isRedirect && !mayRedirect)) return false;
  if (!payment) return played.saves !== null;
  const { amount, currency, isManualCapture } = payment;
  if (isManualCapture && !played.mayBeHeld) return false;
  const { min = 0, max = Infinity } = played.limits?.[currency] ?? {};
  return (currenciesOf(played, home)?.includes(currency) ?? true) && amount >= min && amount <= max;
}

function refuseMisfit(unit: Unit, type: string, { payment }: TypeRules): void {
  const played = playedType(type);
  if (!played) return;
  const { home } = unit.world;
  if (!isThere(played, home)) throw refusal(methodRefusals.methodTypeNotThere, { type });
  if (!payment) return;
  const { currency, isManualCapture } = payment;
  const currencies = currenciesOf(played, home);
  if (currencies && !currencies.includes(currency)) {
    throw refusal(methodRefusals.methodTypeCurrency, { currency, currencies: currencies.join(", "), type });
  }
  if (isManualCapture && !played.mayBeHeld) throw refusal(methodRefusals.methodTypeNotManual, { type });
}
