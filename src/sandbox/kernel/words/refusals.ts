// What a refusal of Stripe's looks like as a row of a table, with how sure its words are. Placeholders in braces are
// filled by `fillMessage`. A row is a fact about Stripe; where a test shows another wording, change the row and its
// evidence. What every noun may say stands in errors.table.ts, all else in the `refusals.table.ts` of its noun.
import assert from "node:assert/strict";
import type { Evidence, Known } from "./evidence.ts";

export interface Refusal extends Known {
  readonly status: number;
  readonly type: "api_error" | "card_error" | "idempotency_error" | "invalid_request_error";
  readonly code: string | null;
  /** Null: none, or it depends on the request. */
  readonly param: string | null;
  readonly message: string;
}

export type Refusals = Readonly<Record<string, Refusal>>;

export function invalid(code: string | null, message: string, evidence: Evidence): Refusal {
  return { status: 400, type: "invalid_request_error", code, param: null, message, evidence };
}

export function withParam(param: string, refusal: Refusal): Refusal {
  return { ...refusal, param };
}

export function withStatus(status: number, refusal: Refusal): Refusal {
  return { ...refusal, status };
}

export function idempotency(message: string, evidence: Evidence): Refusal {
  return { ...invalid(null, message, evidence), type: "idempotency_error" };
}

/** Codes without a page of their own, so that the error has no `doc_url`: three of Stripe's, and ours. */
export const codesWithoutPage: readonly string[] = [
  "invalid_charge_amount_no_decimal_compatible",
  "property_expansion_max_depth",
  "sandbox_not_covered",
  "subscription_payment_intent_requires_action",
];

/** `fillMessage("No such {noun}: '{id}'", { noun: "price", id: "x" })`; a placeholder without a value is a bug. */
export function fillMessage(message: string, values: Readonly<Record<string, string | number>>): string {
  return message.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    assert(value !== undefined, `the message "${message}" has no value for ${name}`);
    return String(value);
  });
}
