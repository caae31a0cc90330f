// Failures with a code. Every code lives in the one table below, with the HTTP status it has in our REST API and a
// title that never changes; the message says what happened to which id, the hint what to do about it.
// An expected "no" (a decline) is a value, never a Problem; a bug is an assert, never a Problem.

interface ProblemKind {
  /** What our REST API answers with. */
  readonly status: number;
  readonly title: string;
}

export const problemTable = {
  // Requests to us.
  invalid_request: { status: 400, title: "The request cannot be understood" },
  invalid_params: { status: 422, title: "The request is understood and not acceptable" },
  unauthorized: { status: 401, title: "The key is missing, unknown or revoked" },
  forbidden: { status: 403, title: "The key may not do this" },
  not_found: { status: 404, title: "There is nothing with this id" },
  method_not_allowed: { status: 405, title: "This address does not know the method" },
  conflict: { status: 409, title: "The same command was given before with other parameters" },
  wrong_state: { status: 409, title: "The object's state does not admit this" },
  too_slow: { status: 408, title: "The request took too long to arrive" },
  too_large: { status: 413, title: "The request is larger than its limit" },
  unsupported_media_type: { status: 415, title: "The body's content type is not spoken here" },
  too_many_requests: { status: 429, title: "Too many requests" },
  internal: { status: 500, title: "Something went wrong on our side" },
  not_implemented: { status: 501, title: "This does not exist yet" },
  unavailable: { status: 503, title: "Not ready, come back later" },
  // Webhooks.
  webhook_signature: { status: 400, title: "No signature of the webhook matched" },
  webhook_stale: { status: 400, title: "The webhook's signature is too old" },
  webhook_clock_unknown: { status: 503, title: "Stripe's time is not known yet" },
  inbox_full: { status: 503, title: "The inbox takes nothing more for the moment" },
  // Stripe.
  stripe_refused: { status: 502, title: "Stripe did not accept the call" },
  stripe_unreachable: { status: 502, title: "Stripe did not answer" },
  stripe_key_rejected: { status: 502, title: "Stripe does not accept the secret key" },
  operation_parked: { status: 409, title: "The operation waits for a human" },
  operation_unreadable: { status: 500, title: "This version of Bursar does not know the operation" },
  target_refused: { status: 422, title: "This address may not be called" },
  // Money.
  unknown_currency: { status: 422, title: "Stripe does not know this currency" },
  invalid_amount: { status: 422, title: "This is not an amount of that currency" },
  // Starting.
  invalid_config: { status: 500, title: "The configuration cannot work" },
  account_mismatch: { status: 500, title: "The database belongs to another Stripe account" },
  mode_mismatch: { status: 500, title: "Test and live are mixed up" },
  second_worker: { status: 500, title: "The workers of this database run already" },
  database_unreachable: { status: 503, title: "The database does not answer" },
  database_copied: { status: 500, title: "The database is not where it was last used" },
  migration_mismatch: { status: 500, title: "The database was migrated by another version" },
  // The SQL port.
  commit_unknown: { status: 503, title: "The database did not say whether it committed" },
  sql_busy: { status: 503, title: "The database stayed busy" },
  sql_limit: { status: 503, title: "A transaction took longer than its limit" },
  sql_misuse: { status: 500, title: "The SQL port was used against its rules" },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problemTable;

export interface ProblemOptions {
  /** What to do about it, as one or two sentences. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
  /** For machines: ids, field names, limits. Never a secret. */
  readonly details?: Record<string, unknown> | undefined;
}

export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  readonly hint: string | undefined;
  readonly details: Record<string, unknown> | undefined;
  readonly httpStatus: number;

  constructor(code: ProblemCode, message: string, options: ProblemOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.details = options.details;
    this.httpStatus = problemTable[code].status;
  }
}

/** `throw problem("not_found", "No order order_9001", { hint: "Is it an id of this instance?" })` */
export function problem(code: ProblemCode, message: string, options?: ProblemOptions): Problem {
  return new Problem(code, message, options);
}

/** `if (isProblem(error, "commit_unknown")) …` */
export function isProblem(error: unknown, code?: ProblemCode): error is Problem {
  return error instanceof Problem && (code === undefined || error.code === code);
}
