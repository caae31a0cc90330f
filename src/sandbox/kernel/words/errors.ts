// Every "no" the sandbox says, in Stripe's envelope: keys in alphabetical order, only the ones that apply, `doc_url`
// wherever the code has a page. Whoever refuses throws a StripeError; the HTTP core writes it down and, unless `keep`
// says otherwise, drops the unit of work with it.
// https://docs.stripe.com/api/errors

import { common } from "./errors.table.ts";
import { codesWithoutPage, fillMessage, type Refusal } from "./refusals.ts";

export type StripeErrorType = "api_error" | "card_error" | "idempotency_error" | "invalid_request_error";

/** Objects that Stripe shows whole inside an error; each noun that is shown so declares its field here. */
// biome-ignore lint/suspicious/noEmptyInterface: the nouns fill it.
export interface Inlined {}

/** The fields of `error` in Stripe's answer. */
export interface StripeErrorFields extends Inlined {
  readonly type: StripeErrorType;
  readonly message?: string | undefined;
  readonly code?: string | undefined;
  readonly param?: string | undefined;
  readonly decline_code?: string | undefined;
  readonly advice_code?: string | undefined;
  readonly network_advice_code?: string | undefined;
  readonly network_decline_code?: string | undefined;
  readonly charge?: string | undefined;
  readonly payment_method_type?: string | undefined;
}

export interface StripeErrorOptions {
  /** The unit is committed although it is refused: a declined confirm keeps its charge and its events. */
  readonly keep?: boolean;
  /** Refused before work began: the answer is not stored under the idempotency key. */
  readonly replayable?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal on its way to the wire. `throw new StripeError(402, { type: "card_error", … }, { keep: true })`. */
export class StripeError extends Error {
  readonly status: number;
  readonly fields: StripeErrorFields;
  readonly keep: boolean;
  readonly replayable: boolean;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, fields: StripeErrorFields, options: StripeErrorOptions = {}) {
    super(fields.message ?? fields.code ?? fields.type);
    this.name = "StripeError";
    this.status = status;
    this.fields = fields;
    this.keep = options.keep ?? false;
    this.replayable = options.replayable ?? true;
    this.headers = options.headers ?? {};
  }

  get body(): { error: Record<string, unknown> } {
    return errorBody(this.fields);
  }
}

/** The envelope. `requestLogUrl` is known to the HTTP core only. */
export function errorBody(fields: StripeErrorFields, requestLogUrl?: string): { error: Record<string, unknown> } {
  const all: Record<string, unknown> = { ...fields };
  const { code } = fields;
  if (code && !codesWithoutPage.includes(code)) {
    all.doc_url = `https://stripe.com/docs/error-codes/${code.replaceAll("_", "-")}`;
  }
  if (requestLogUrl) all.request_log_url = requestLogUrl;
  const error: Record<string, unknown> = {};
  for (const key of Object.keys(all).sort()) if (all[key] !== undefined) error[key] = all[key];
  return { error };
}

interface InvalidRequest {
  readonly message: string;
  readonly code?: string;
  readonly param?: string;
  readonly status?: number;
}

/** A request that cannot be carried out as written. 400 unless told otherwise. */
export function invalidRequest(refusal: InvalidRequest, options?: StripeErrorOptions): StripeError {
  const { status = 400, ...fields } = refusal;
  return new StripeError(status, { type: "invalid_request_error", ...fields }, options);
}

/** A parameter that the schema refuses: not kept under the idempotency key, since no work began. */
export function invalidParameter(refusal: InvalidRequest): StripeError {
  return invalidRequest(refusal, { replayable: false });
}

interface RefusalExtras extends StripeErrorOptions, Inlined {
  /** Where the table leaves it open. */
  readonly param?: string;
  readonly status?: number;
}

/** A row of a table, filled: `refusal(common.amountTooSmall, { amount: "€0.50 eur" })`. */
export function refusal(
  row: Refusal,
  values: Readonly<Record<string, string | number>> = {},
  extras: RefusalExtras = {},
): StripeError {
  const { status = row.status, param = row.param ?? undefined, keep, replayable, headers, ...inlined } = extras;
  const message = fillMessage(row.message, values);
  return new StripeError(
    status,
    { type: row.type, code: row.code ?? undefined, message, param, ...inlined },
    { keep, replayable, headers },
  );
}

/** Nothing has begun, so nothing is kept under the idempotency key. */
export const beforeWork: StripeErrorOptions = { replayable: false };

export function missingParameter(param: string): StripeError {
  return refusal(common.parameterMissing, { param }, { param, ...beforeWork });
}

/** How a noun is called where it is missing, and in which words if not in the usual ones. */
export interface Called {
  readonly label: string;
  readonly missing?: Refusal;
}

/** `no such customer`: 404 when the id stood in the path, 400 when it came in a parameter. */
export function noSuch(noun: Called, id: string, where: { inPath: boolean; param?: string }): StripeError {
  const status = where.inPath ? 404 : 400;
  const { label, missing = common.objectMissing } = noun;
  const param = where.param ?? (where.inPath ? "id" : label);
  return refusal(missing, { noun: label, id }, { status, param });
}

type CardRefusal = Omit<StripeErrorFields, "type"> & { readonly message: string; readonly code: string };

/** The bank, or its stand-in, says no. 402, and what happened is kept. */
export function cardError(refusal: CardRefusal, options: StripeErrorOptions = { keep: true }): StripeError {
  return new StripeError(402, { type: "card_error", ...refusal }, options);
}

export function unrecognizedUrl(method: string, path: string): StripeError {
  return refusal(common.urlUnknown, { method, path }, beforeWork);
}

/** Stripe has this endpoint and the sandbox does not: said aloud, never pretended. */
export function notCovered(method: string, path: string): StripeError {
  return notPlayed(`${method} ${path}`);
}

/** The same of what a parameter names: `notPlayed("payment methods of type klarna", "type")`. */
export function notPlayed(what: string, param?: string): StripeError {
  return new StripeError(
    501,
    {
      type: "api_error",
      code: "sandbox_not_covered",
      message: `The sandbox does not have ${what} yet. Stripe does; nothing was changed.`,
      param,
    },
    { replayable: false, headers: { "stripe-should-retry": "false" } },
  );
}
