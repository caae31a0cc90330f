// What follows from the type of a payment method.
import type { Home } from "../../kernel/words/home.ts";
import { type MethodType, methodTypeTable, type PlayedType } from "./method_types.table.ts";

/** The types that the sandbox plays, in the order in which an intent lists them. */
export const methodTypes = Object.keys(methodTypeTable) as readonly PlayedType[]; // Its own keys.

/** Those of an account that nobody has set up. */
export const usualMethodTypes: readonly string[] = methodTypes.filter((type) => methodTypeTable[type].value.isUsual);

/** Undefined for what is not played. */
export function playedType(type: string): MethodType | undefined {
  return Object.hasOwn(methodTypeTable, type) ? methodTypeTable[type as PlayedType].value : undefined;
}

/** In which currencies accounts of that home can be paid by it; null for any. */
export function currenciesOf({ currencies }: MethodType, home: Home): readonly string[] | null {
  return currencies?.map((currency) => (currency === "home" ? home.currency : currency)) ?? null;
}

/** Whether accounts of that home can have it. */
export function isThere({ countries }: MethodType, home: Home): boolean {
  return countries?.includes(home.country) ?? true;
}

interface Typed {
  readonly type: string;
}

/** The payer answers on another page, or with another device. */
export function isDecidedOnPage({ type }: Typed): boolean {
  return playedType(type)?.decidedBy === "page";
}

/** The payer's bank answers, days later. */
export function isDebit({ type }: Typed): boolean {
  return playedType(type)?.decidedBy === "bank";
}

/** A customer can have it. */
export function isSaved({ type }: Typed): boolean {
  return playedType(type)?.saves === "itself";
}

/** Paying with it can leave a bank account behind. */
export function leavesAccount({ type }: Typed): boolean {
  return playedType(type)?.saves === "sepa_debit";
}
