// The door of everybody who wants to be paid: a caller's confirm, and whatever happens by itself. Each outcome is a
// value, a refusal too; the routes make an HTTP error of it.
import { assertMay } from "../../kernel/state/machine.ts";
import type { Params } from "../../kernel/state/resource.ts";
import { type Refused, tried } from "../../kernel/state/tried.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { change, read } from "../../kernel/state/writes.ts";
import { refusal, StripeError } from "../../kernel/words/errors.ts";
import { refuseFractions } from "../../kernel/words/fractions.ts";
import { boolean, text, textOrNull } from "../../kernel/words/params.ts";
import { checkConsent } from "../mandates/index.ts";
import { type Attempt, attempt } from "./attempt.ts";
import { checkMethodType } from "./method_types.ts";
import { methodOptions, refuseDescriptor } from "./options.ts";
import { captureMethod, checkMethod, sentFields, sentMethod, storedMethod, wayBack } from "./params.ts";
import { particularsOf } from "./particulars.ts";
import {
  type Memory,
  memoryOf,
  type PaymentIntent,
  paymentIntentMachine,
  paymentIntents,
  remembering,
} from "./payment_intent.ts";
import { rows } from "./refusals.table.ts";

/** The intent as it is afterwards. `held` waits for its capture, `refused` carries what a caller would be told. */
export type Payment =
  | { readonly outcome: "paid" | "held" | "processing" | "action_required"; readonly intent: PaymentIntent }
  | (Refused & { readonly intent: PaymentIntent });

/**
 * Confirms an intent. A decline leaves its charge and its events; any other refusal leaves nothing.
 * `const { outcome } = payIntent(tick, intent, { payment_method: "pm_…", off_session: true })`.
 */
export function payIntent(unit: Unit, before: PaymentIntent, params: Params): Payment {
  const done = tried(unit, () => confirm(unit, before, params));
  if (done instanceof StripeError) {
    return { outcome: "refused", intent: read(unit, paymentIntents, before.id) ?? before, error: done };
  }
  const { intent, declined } = done;
  return declined ? { outcome: "refused", intent, error: declined } : { outcome: outcomeOf(intent), intent };
}

function outcomeOf({ status }: PaymentIntent): Exclude<Payment["outcome"], "refused"> {
  if (status === "requires_capture") return "held";
  if (status === "processing") return "processing";
  return status === "succeeded" ? "paid" : "action_required";
}

function confirm(unit: Unit, before: PaymentIntent, params: Params): Attempt {
  assertMay(paymentIntentMachine, before, "confirm");
  refuseFractions(params, before.currency);
  const mayRedirect = before.automatic_payment_methods?.allow_redirects === "always";
  const { returnUrl, usesStripeSdk } = wayBack(unit, params, { intent: "PaymentIntent", mayRedirect });
  const { customer } = before;
  const method = sentMethod(unit, params, customer) ?? storedMethod(unit, before);
  if (!method) {
    throw customer === null
      ? refusal(rows.intentWithoutMethod)
      : refusal(rows.intentOfCustomerWithoutMethod, { customer });
  }
  checkMethod(method, customer);
  checkMethodType(method, before);
  if (!memoryOf(before).isOfInvoice) refuseDescriptor(unit, before.statement_descriptor, [method.type]);
  const offSession = params.off_session;
  const isOffSession = offSession === true || typeof offSession === "string";
  const errorOnRequiresAction = boolean(params, "error_on_requires_action") === true;
  const mandateData = checkConsent(unit, params) ?? null;
  const mandate = textOrNull(params, "mandate") ?? null;
  const particulars = particularsOf(params, memoryOf(before).particulars);
  const intent = prepared(unit, before, params, {
    method: method.id,
    memory: { returnUrl, isOffSession, mandateData, mandate, particulars },
  });
  return attempt(unit, intent, method, {
    action: "confirm",
    // With another method the payer has not passed anything.
    isAuthenticated: memoryOf(before).isAuthenticated && method.id === before.payment_method,
    isOffSession,
    errorOnRequiresAction,
    usesStripeSdk,
  });
}

interface Prepared {
  readonly method: string;
  readonly memory: Pick<Memory, "returnUrl" | "isOffSession" | "mandateData" | "mandate" | "particulars">;
}

/** What the confirmation brings along is written before the bank is asked. */
function prepared(unit: Unit, before: PaymentIntent, params: Params, { method, memory }: Prepared): PaymentIntent {
  const sentCapture = text(params, "capture_method");
  const changes = {
    capture_method: sentCapture ? captureMethod(params) : before.capture_method,
    payment_method: method,
    payment_method_options: methodOptions(params, before.payment_method_types, {
      before,
    }) as PaymentIntent["payment_method_options"],
    ...sentFields(params, before),
    ...remembering(before, memory),
  };
  return change(unit, paymentIntents, before, changes, null);
}
