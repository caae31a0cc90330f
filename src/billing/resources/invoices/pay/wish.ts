// The wish to pay an invoice, as callers give it.
import { dayMs, minuteMs } from "#kit/clock.ts";
import { problem } from "#kit/problems.ts";
import { methodIdPattern, type PayInvoice, validForMsMax, validForMsMin } from "../../../api/index.ts";
import { type PayWish, payWish } from "./verb.ts";

/** Who pays now is there to be asked again; who is away has agreed to be charged today, not some day. */
export const validForMs = { on_session: 15 * minuteMs, off_session: dayMs } as const;

export function wishIn(invoiceId: string, options: Omit<PayInvoice, "id" | "attempt">): PayWish {
  const { method = null, offSession = true, outOfBand = false } = options;
  const session = offSession ? "off_session" : "on_session";
  const valid = options.validForMs ?? validForMs[session];
  return payWish.read({ invoiceId, method, session, outOfBand, validForMs: valid }, "wish");
}

export function checkMethod(method: string | undefined): void {
  if (method === undefined || (typeof method === "string" && methodIdPattern.test(method))) return;
  throw problem("invalid_params", "method is Stripe's id of a method, such as pm_1TqK2mFzYw8rJd5v", {
    hint: "`methods.list()` shows them.",
    details: { field: "method" },
  });
}

export function checkValidity(given: number | undefined): void {
  if (given === undefined || (Number.isSafeInteger(given) && given >= validForMsMin && given <= validForMsMax)) return;
  const says = `validForMs is an integer of milliseconds, ${validForMsMin} to ${validForMsMax}`;
  throw problem("invalid_params", says, { details: { field: "validForMs" } });
}
