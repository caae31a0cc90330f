// What callers hand in, checked at the edge. Ids go into URLs, metadata and log lines; metadata goes to Stripe.
import { problem } from "#kit/problems.ts";

/** Stripe's metadata values hold 500 characters; ids stay far below and need no escaping anywhere. */
const idPattern = /^[A-Za-z0-9_.:@-]{1,200}$/;
const emailPattern = /^[^\s@]{1,64}@[^\s@]{1,255}$/;
const textMax = 500;
/** Stripe takes 50 keys of 40 characters; three are ours. */
const metadataKeysMax = 40;

/** What both databases and Stripe take as text: no NUL, no half of a surrogate pair. */
export function isPlainText(value: unknown): value is string {
  return typeof value === "string" && value.isWellFormed() && !value.includes("\0");
}

function invalid(field: string, message: string, hint?: string) {
  return problem("invalid_params", message, { hint, details: { field } });
}

export function checkId(field: string, id: unknown): string {
  if (typeof id === "string" && idPattern.test(id)) return id;
  throw invalid(field, `${field} must be 1 to 200 of A-Z a-z 0-9 _ . : @ -`, "It is your own id, such as order_9001.");
}

export function checkText(field: string, text: string | undefined): string | null {
  if (text === undefined) return null;
  if (isPlainText(text) && text.length >= 1 && text.length <= textMax) return text;
  throw invalid(field, `${field} must have 1 to ${textMax} characters, whole ones and no NUL`);
}

export function checkEmail(field: string, email: string | undefined): string | null {
  if (email === undefined) return null;
  if (isPlainText(email) && emailPattern.test(email)) return email;
  throw invalid(field, `${field} is not an e-mail address`);
}

export function checkMetadata(metadata: Readonly<Record<string, string>> | undefined): Record<string, string> {
  const entries = Object.entries(metadata ?? {});
  if (entries.length > metadataKeysMax) throw invalid("metadata", `metadata takes ${metadataKeysMax} entries`);
  for (const [name, value] of entries) {
    const isName = isPlainText(name) && name.length >= 1 && name.length <= 40;
    if (!isName || /[[\]]/.test(name) || name.startsWith("bursar_")) {
      throw invalid(
        `metadata.${name}`,
        "A name in metadata has 1 to 40 characters, no brackets, and no bursar_ in front",
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

/** 2 after Stripe refused the first, and so on; undefined is the latest there was. */
export function checkAttempt(attempt: number | undefined): number | undefined {
  if (attempt === undefined || (Number.isSafeInteger(attempt) && attempt >= 1)) return attempt;
  throw invalid("attempt", "attempt is an integer, 1 or more");
}
