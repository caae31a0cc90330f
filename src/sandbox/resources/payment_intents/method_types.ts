// Which types of payment methods an intent takes: listed by hand (older versions), allowed or excluded (newer ones), or
// what the account has switched on, which in the sandbox is everything it plays.
// https://docs.stripe.com/payments/payment-methods/dynamic-payment-methods

import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { texts } from "../../kernel/words/params.ts";
import { methodRefusals, methodTypes, type PaymentMethod } from "../payment_methods/index.ts";
import { rows } from "./refusals.table.ts";

export interface TypeRules {
  readonly isAutomatic: boolean;
  readonly mayRedirect: boolean;
  /** Null for setup intents, which have none. */
  readonly currency: string | null;
  readonly isManualCapture: boolean;
}

export function methodTypesOf(params: Params, rules: TypeRules): string[] {
  const given = choosing.filter((name) => params[name] !== undefined);
  if (params.allowed_payment_method_types !== undefined && given.length > 1) {
    throw refusal(common.parametersExclusive, { params: given.join(", ") });
  }
  const listed = texts(params, "payment_method_types");
  if (listed) {
    for (const type of listed) refuseMisfit(type, rules);
    return [...listed];
  }
  const allowed = texts(params, "allowed_payment_method_types");
  const excluded = texts(params, "excluded_payment_method_types") ?? [];
  if (!allowed && !rules.isAutomatic) return ["card"];
  const offered = methodTypes.filter((type) => fits(type, rules) && !excluded.includes(type));
  return allowed ? offered.filter((type) => allowed.includes(type)) : offered;
}

/** Automatic methods come from the one configuration that an account begins with. */
export function configurationOf(unit: Unit, automatic: object | null): { id: string; parent: null } | null {
  return automatic && { id: `pmc_1${unit.account.id.slice("acct_1".length)}`, parent: null };
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

function fits(type: string, rules: TypeRules): boolean {
  if (type === "card") return true;
  if (rules.isManualCapture || (rules.currency !== null && rules.currency !== "eur")) return false;
  return type === "sepa_debit" || rules.mayRedirect;
}

function refuseMisfit(type: string, { currency, isManualCapture }: TypeRules): void {
  if (!["bancontact", "ideal", "sepa_debit"].includes(type)) return;
  if (currency !== null && currency !== "eur") throw refusal(methodRefusals.methodTypeCurrency, { currency, type });
  if (isManualCapture) throw refusal(methodRefusals.methodTypeNotManual, { type });
}
