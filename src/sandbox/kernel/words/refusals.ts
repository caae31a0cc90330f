// What a refusal of Stripe's looks like as a row of a table, with how sure its words are. Placeholders in braces are
// filled by `fillMessage`. A row is a fact about Stripe; where a test shows another wording, change the row and its
// source. What every noun may say stands in errors.table.ts, all else in the `refusals.table.ts` of its noun.
import assert from "node:assert/strict";

/**
 * `observed`: seen in real answers or pasted ones; who saw it stands above the row, where it is one place. `docs`: in
 * Stripe's documentation. `declarations`: the code stands in the SDK, the words are ours. `emulators`: others checked
 * it against test mode. `memory`: nobody confirmed it. `sandbox`: Stripe has no such refusal; the words say what the
 * sandbox lacks.
 *
 * "Recorded" is short for the answers of test mode under 2026-08-26.dahlia that
 * https://github.com/Kiln-AI/stripe_world keeps in tests/conformance/cassettes.
 */
export type RefusalSource = "observed" | "docs" | "declarations" | "emulators" | "memory" | "sandbox";

export interface Refusal {
  readonly status: number;
  readonly type: "api_error" | "card_error" | "idempotency_error" | "invalid_request_error";
  readonly code: string | null;
  /** Null: none, or it depends on the request. */
  readonly param: string | null;
  readonly message: string;
  readonly source: RefusalSource;
}

export type Refusals = Readonly<Record<string, Refusal>>;

export function invalid(code: string | null, message: string, source: RefusalSource): Refusal {
  return { status: 400, type: "invalid_request_error", code, param: null, message, source };
}

export function withParam(param: string, refusal: Refusal): Refusal {
  return { ...refusal, param };
}

export function withStatus(status: number, refusal: Refusal): Refusal {
  return { ...refusal, status };
}

export function idempotency(message: string, source: RefusalSource): Refusal {
  return { ...invalid(null, message, source), type: "idempotency_error" };
}

/** Codes without a page of their own, so that the error has no `doc_url`: two of Stripe's, and ours. */
export const codesWithoutPage: readonly string[] = [
  "invalid_charge_amount_no_decimal_compatible",
  "property_expansion_max_depth",
  "sandbox_not_covered",
];

/** `fillMessage("No such {noun}: '{id}'", { noun: "price", id: "x" })`; a placeholder without a value is a bug. */
export function fillMessage(message: string, values: Readonly<Record<string, string | number>>): string {
  return message.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    assert(value !== undefined, `the message "${message}" has no value for ${name}`);
    return String(value);
  });
}
