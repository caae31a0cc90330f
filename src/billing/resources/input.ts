// What callers hand in, checked at the edge. Ids go into URLs, metadata and log lines; metadata goes to Stripe.
import type { Instant } from "#kit/clock.ts";
import { namesHint } from "#kit/options/names.ts";
import { shown } from "#kit/options/options.ts";
import { problem } from "#kit/problems.ts";
import {
  amountMax,
  attemptMax,
  emailPattern,
  filterMax,
  idPattern,
  idSays,
  metadataKeyMax,
  metadataKeysMax,
  type PageOptions,
  textMax,
  urlMax,
} from "../api/index.ts";

/** What both databases and Stripe take as text: no NUL, no half of a surrogate pair. */
export function isPlainText(value: unknown): value is string {
  return typeof value === "string" && value.isWellFormed() && !value.includes("\0");
}

function invalid(field: string, message: string, hint?: string) {
  return problem("invalid_params", message, { hint, details: { field } });
}

export function checkId(field: string, id: unknown): string {
  if (typeof id === "string" && idPattern.test(id)) return id;
  throw invalid(field, `${field} must be ${idSays}`, "It is your own id, such as order_9001.");
}

export function checkText(field: string, text: string | undefined, max = textMax): string | null {
  if (text === undefined) return null;
  if (isPlainText(text) && text.length >= 1 && text.length <= max) return text;
  throw invalid(field, `${field} must have 1 to ${max} characters, whole ones and no NUL`);
}

export function checkEmail(field: string, email: string | undefined): string | null {
  if (email === undefined) return null;
  if (isPlainText(email) && emailPattern.test(email)) return email;
  throw invalid(field, `${field} is not an e-mail address`, "Write it as ada@example.com.");
}

export function checkMetadata(metadata: Readonly<Record<string, string>> | undefined): Record<string, string> {
  const entries = Object.entries(checkObject("metadata", metadata ?? {}));
  if (entries.length > metadataKeysMax) throw invalid("metadata", `metadata takes ${metadataKeysMax} entries`);
  for (const [name, value] of entries) {
    const isName = isPlainText(name) && name.length >= 1 && name.length <= metadataKeyMax;
    if (!isName || /[[\]]/.test(name) || name.startsWith("bursar_") || name === "__proto__") {
      throw invalid(
        `metadata.${name}`,
        `A name in metadata has 1 to ${metadataKeyMax} characters, no brackets, and no bursar_ in front`,
      );
    }
    if (!isPlainText(value) || value.length > textMax) {
      throw invalid(`metadata.${name}`, `A value in metadata is a text of up to ${textMax} characters`);
    }
  }
  return Object.fromEntries(entries);
}

/** A filter that nothing can match is a typing error, and an empty page would hide it. */
export function checkOneOf<T extends string>(field: string, value: T | undefined, known: readonly T[]): T | undefined {
  if (value === undefined || known.includes(value)) return value;
  throw invalid(field, `${field} is one of ${known.join(", ")}`);
}

/** Of a row that is ours or Stripe's: it need not look like an id of the host's. */
export function checkKey(field: string, key: string): string {
  const text = checkText(field, key, filterMax);
  if (text !== null) return text;
  throw invalid(field, `${field} is missing`);
}

/** Of a list: what may stand in an id, a verb or a handler's name, ours or the host's. */
export function checkFilter(field: string, value: string | undefined): string | undefined {
  return checkText(field, value, filterMax) ?? undefined;
}

/** An amount in minor units that a list is asked for. */
export function checkAmountFilter(field: string, amount: number | undefined): number | undefined {
  if (amount === undefined || (Number.isSafeInteger(amount) && amount >= 0 && amount <= amountMax)) return amount;
  throw invalid(field, `${field} is an integer of minor units, 0 to ${amountMax}`);
}

export function checkInstant(field: string, date: Date | undefined): Instant | undefined {
  if (date === undefined) return undefined;
  if (date instanceof Date && !Number.isNaN(date.getTime())) return date.getTime();
  throw invalid(field, `${field} is not a date`, "Give a Date.");
}

export function checkFlag(field: string, flag: boolean | undefined): boolean | undefined {
  if (flag === undefined || typeof flag === "boolean") return flag;
  throw invalid(field, `${field} is true or false`);
}

export function checkUrl(field: string, url: string | undefined): string | undefined {
  if (checkText(field, url, urlMax) === null) return undefined;
  // As it was understood, so that nobody after us understands it otherwise.
  const parsed = URL.parse(url ?? "");
  if (parsed) return parsed.href;
  throw invalid(field, `${field} is not an address`, "Write it whole, with https:// in front.");
}

/** The names of what an object may say: each once, and none is forgotten. */
export type Fields<T> = { readonly [Name in keyof Required<T>]: true };

/** What every list takes. */
export const pageFields: Fields<PageOptions> = { cursor: true, limit: true, from: true, to: true };

/**
 * The one object that a command or a list takes, with these fields and no others: a misspelt filter would show
 * everybody's, and a misspelt `amount` would send back all there is.
 */
export function checkFields<T extends object>(field: string, given: T, fields: Fields<T>): T {
  const names = Object.keys(fields);
  const unknown = Object.keys(checkObject(field, given)).find((name) => !names.includes(name));
  if (unknown === undefined) return given;
  throw problem("invalid_params", `${field} has no field ${shown(unknown)}`, {
    hint: namesHint(unknown, names),
    details: { field: placeIn(field, shown(unknown)), reason: "unknown_field" },
  });
}

/** As in REST: what stands inside is named with its place. */
function placeIn(field: string, name: string): string {
  return ["input", "options", "catalog", "delivery"].includes(field) ? name : `${field}.${name}`;
}

function checkObject<T extends object>(field: string, given: T): T {
  if (typeof given === "object" && given !== null && !Array.isArray(given)) return given;
  throw invalid(field, `${field} is an object`);
}

/** 2 after Stripe refused the first, and so on; undefined is the latest there was. */
export function checkAttempt(attempt: number | undefined): number | undefined {
  if (attempt === undefined || (Number.isSafeInteger(attempt) && attempt >= 1 && attempt <= attemptMax)) return attempt;
  throw invalid("attempt", `attempt is an integer from 1 to ${attemptMax}`);
}
