// What callers do with a payment intent: create, update, confirm, capture, cancel, authenticate.

import { claimClientSecret } from "../../kernel/state/accounts.ts";
import { assertMay, begin, move } from "../../kernel/state/machine.ts";
import { hidden } from "../../kernel/state/noun.ts";
import type { Params } from "../../kernel/state/resource.ts";
import { answered } from "../../kernel/state/tried.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { change, mustRead } from "../../kernel/state/writes.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { refuseFraction, refuseFractions } from "../../kernel/words/fractions.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { boolean, integer, text, texts } from "../../kernel/words/params.ts";
import { withConfirmationToken } from "../confirmation_tokens/index.ts";
import { rememberTransaction } from "../customers/index.ts";
import { attempt, failAuthentication } from "./attempt.ts";
import { checkSecret, mustReadIntent } from "./client_secret.ts";
import { callOffDebit } from "./debits/debit.ts";
import { endInParts, releaseHeld } from "./held.ts";
import { checkMethodType, configurationDetails, methodTypesOf } from "./method_types.ts";
import { methodOptions, refuseDescriptor } from "./options.ts";
import {
  automaticMethods,
  captureMethod,
  checkedAmount,
  checkedCurrency,
  checkedCustomer,
  checkMethod,
  sentFields,
  sentMethod,
  sentTypes,
  storedMethod,
} from "./params.ts";
import { particularsOf } from "./particulars.ts";
import { payIntent } from "./pay.ts";
import {
  assertCancelable,
  assertRevisable,
  freshMemory,
  memoryOf,
  type PaymentIntent,
  paymentIntentMachine,
  paymentIntents,
  remembering,
} from "./payment_intent.ts";
import { rows } from "./refusals.table.ts";

export function createIntentOfInvoice(unit: Unit, sent: Params): PaymentIntent {
  return createIntent(unit, sent, { isOfInvoice: true });
}

export function createIntent(unit: Unit, sent: Params, { isOfInvoice = false } = {}): PaymentIntent {
  const id = unit.world.ids.after("pi_3", 23);
  const isConfirmed = boolean(sent, "confirm") === true;
  if (!isConfirmed) refuseConfirmOnly(sent);
  const params = withConfirmationToken(unit, sent, { payment_intent: id });
  const currency = checkedCurrency(params);
  const amount = checkedAmount(params, currency);
  const customer = checkedCustomer(unit, params) ?? null;
  if (customer !== null) rememberTransaction(unit, customer);
  const method = sentMethod(unit, params, customer);
  const automatic = automaticMethods(params);
  const types = methodTypesOf(unit, params, {
    isAutomatic: automatic !== null,
    mayRedirect: automatic?.allow_redirects !== "never",
    payment: { amount, currency, isManualCapture: text(params, "capture_method") === "manual" },
  });
  if (method) checkMethodType(method, { object: "payment_intent", payment_method_types: types });
  if (!automatic && !isOfInvoice) refuseDescriptor(unit, text(params, "statement_descriptor"), types);
  const end = method ? "requires_confirmation" : "requires_payment_method";
  const intent = begin(unit, paymentIntentMachine, "create", end, (status) => ({
    ...blankShape,
    id,
    allowed_payment_method_types: sentTypes(params, "allowed_payment_method_types"),
    amount,
    automatic_payment_methods: automatic,
    capture_method: captureMethod(params),
    client_secret: unit.world.ids.after(`${id}_secret_`, 25),
    confirmation_method: text(params, "confirmation_method") === "manual" ? "manual" : "automatic",
    created: unit.created,
    currency,
    customer,
    excluded_payment_method_types: sentTypes(params, "excluded_payment_method_types"),
    metadata: { ...mergeMetadata({}, params.metadata) },
    payment_method: method?.id ?? null,
    payment_method_configuration_details: configurationDetails(unit, params, automatic),
    payment_method_options: methodOptions(params, types) as PaymentIntent["payment_method_options"],
    payment_method_types: types,
    ...sentFields(params),
    status,
    [hidden]: { ...freshMemory, isOfInvoice, particulars: particularsOf(params) },
  }));
  claimClientSecret(unit.account, unit.world.accounts, id);
  // The method is made already: what names it would make it once more.
  return isConfirmed
    ? answered(payIntent(unit, intent, { ...params, payment_method: undefined, payment_method_data: undefined })).intent
    : intent;
}

export function retrieveIntent(unit: Unit, params: Params, id: string): PaymentIntent {
  const intent = mustReadIntent(unit, paymentIntents, id);
  checkSecret(unit, params, intent);
  return intent;
}

/** What an invoice decides of its own. */
const invoiced = ["amount", "currency", "customer"];

export function updateIntent(unit: Unit, params: Params, id: string): PaymentIntent {
  const before = mustReadIntent(unit, paymentIntents, id);
  const currency = params.currency === undefined ? before.currency : checkedCurrency(params);
  const customer = checkedCustomer(unit, params) ?? before.customer;
  if (invoiced.some((name) => params[name] !== undefined)) refuseOfInvoice(before, "change");
  refuseFractions(params, currency);
  // Another currency counts what stands in coins of its own.
  if (currency !== before.currency) refuseFraction(integer(params, "amount") ?? before.amount, currency, "currency");
  const common = {
    ...sentFields(params, before),
    ...remembering(before, { particulars: particularsOf(params, memoryOf(before).particulars) }),
    metadata: { ...mergeMetadata(before.metadata, params.metadata) },
  };
  if (!before.automatic_payment_methods && !memoryOf(before).isOfInvoice) {
    refuseDescriptor(unit, common.statement_descriptor, before.payment_method_types);
  }
  const revised = revisionParams.find((name) => params[name] !== undefined);
  if (revised === undefined) return change(unit, paymentIntents, before, common, null);
  assertRevisable(before, revised);
  const isUnset = params.payment_method === null;
  const method = sentMethod(unit, params, customer) ?? (isUnset ? undefined : storedMethod(unit, before));
  if (method) checkMethod(method, customer);
  const sentCapture = text(params, "capture_method");
  const types = revisedTypes(unit, before, params, currency);
  if (method) checkMethodType(method, { object: "payment_intent", payment_method_types: types });
  return move(
    unit,
    paymentIntentMachine,
    before,
    "revise",
    method ? "requires_confirmation" : "requires_payment_method",
    {
      ...common,
      allowed_payment_method_types:
        sentTypes(params, "allowed_payment_method_types") ?? before.allowed_payment_method_types,
      amount: params.amount === undefined ? before.amount : checkedAmount(params, currency),
      capture_method: sentCapture ? captureMethod(params) : before.capture_method,
      currency,
      customer,
      excluded_payment_method_types:
        sentTypes(params, "excluded_payment_method_types") ?? before.excluded_payment_method_types,
      next_action: null,
      payment_method: method?.id ?? null,
      payment_method_options: methodOptions(params, types, { before }) as PaymentIntent["payment_method_options"],
      payment_method_types: types,
    },
  );
}

/** The door of an invoice that is to be paid by it and asks for another amount now, however small. */
export function askFor(unit: Unit, before: PaymentIntent, amount: number): PaymentIntent {
  assertRevisable(before, "amount");
  const to = before.payment_method === null ? "requires_payment_method" : "requires_confirmation";
  return move(unit, paymentIntentMachine, before, "revise", to, { amount, next_action: null });
}

/** Another amount, another currency or another choice may bring other types. */
function revisedTypes(unit: Unit, before: PaymentIntent, params: Params, currency: string): string[] {
  const isChosen = typeChoices.some((name) => texts(params, name) !== undefined);
  const isOther = currency !== before.currency || params.amount !== undefined;
  if (!isChosen && (!isOther || before.automatic_payment_methods === null)) return before.payment_method_types;
  return methodTypesOf(unit, params, {
    isAutomatic: before.automatic_payment_methods !== null,
    mayRedirect: before.automatic_payment_methods?.allow_redirects !== "never",
    payment: {
      amount: integer(params, "amount") ?? before.amount,
      currency,
      isManualCapture: (text(params, "capture_method") ?? before.capture_method) === "manual",
    },
  });
}

export function confirmIntent(unit: Unit, sent: Params, id: string): PaymentIntent {
  const intent = mustReadIntent(unit, paymentIntents, id);
  checkSecret(unit, sent, intent);
  assertMay(paymentIntentMachine, intent, "confirm");
  if (unit.isPublishable && intent.confirmation_method === "manual") {
    throw refusal(rows.intentOfServers, { id });
  }
  return answered(payIntent(unit, intent, withConfirmationToken(unit, sent, { payment_intent: id }))).intent;
}

/** What an invoice was made with asks for what the invoice says, and ends with it. */
function refuseOfInvoice(intent: PaymentIntent, action: string): void {
  if (memoryOf(intent).isOfInvoice) throw refusal(rows.intentOfInvoice, { action }, { payment_intent: intent });
}

export function cancelByCall(unit: Unit, params: Params, id: string): PaymentIntent {
  const intent = mustReadIntent(unit, paymentIntents, id);
  assertCancelable(unit, intent);
  refuseOfInvoice(intent, "cancel");
  return cancelIntent(unit, params, id);
}

export function cancelIntent(unit: Unit, params: Params, id: string): PaymentIntent {
  const intent = mustReadIntent(unit, paymentIntents, id);
  assertCancelable(unit, intent);
  if (intent.status === "processing") callOffDebit(unit, intent);
  if (intent.status === "requires_capture" && intent.amount_received > 0) return endInParts(unit, intent, "cancel");
  releaseHeld(unit, intent);
  return move(unit, paymentIntentMachine, intent, "cancel", "canceled", {
    amount_capturable: 0,
    canceled_at: unit.created,
    cancellation_reason: (text(params, "cancellation_reason") ?? null) as PaymentIntent["cancellation_reason"],
    next_action: null,
  });
}

/** What the two buttons of the 3-D Secure page send; the route lives with the setup intents. */
export function authenticate(unit: Unit, params: Params, id: string): PaymentIntent {
  const intent = mustRead(unit, paymentIntents, id, "source");
  checkSecret(unit, params, intent);
  assertMay(paymentIntentMachine, intent, "authenticate");
  const method = storedMethod(unit, intent);
  if (text(params, "outcome") !== "succeeded" || !method) return failAuthentication(unit, intent, method);
  if (intent.confirmation_method === "manual") {
    return move(unit, paymentIntentMachine, intent, "authenticate", "requires_confirmation", {
      ...remembering(intent, { isAuthenticated: true }),
      next_action: null,
    });
  }
  return attempt(unit, intent, method, {
    action: "authenticate",
    isAuthenticated: true,
    isOffSession: false,
    errorOnRequiresAction: false,
    usesStripeSdk: false,
  }).intent;
}

const typeChoices = ["allowed_payment_method_types", "excluded_payment_method_types", "payment_method_types"];

const revisionParams = [
  "allowed_payment_method_types",
  "amount",
  "currency",
  "customer",
  "excluded_payment_method_types",
  "payment_method",
  "payment_method_data",
  "payment_method_options",
  "payment_method_types",
  "capture_method",
];

const confirmOnlyParams = [
  "confirmation_token",
  "error_on_requires_action",
  "mandate",
  "mandate_data",
  "off_session",
  "return_url",
  "use_stripe_sdk",
];

export function refuseConfirmOnly(params: Params, intent: "PaymentIntent" | "SetupIntent" = "PaymentIntent"): void {
  const stray = confirmOnlyParams.find((name) => params[name] !== undefined && params[name] !== false);
  if (stray !== undefined) throw refusal(rows.paramOfConfirmation, { intent, param: stray }, { param: stray });
}

/** Every field, in Stripe's order, empty: a created intent is this with its parameters over it. */
const blankShape: Omit<PaymentIntent, "status"> = {
  id: "",
  object: "payment_intent",
  allowed_payment_method_types: null,
  amount: 0,
  amount_capturable: 0,
  amount_details: { tip: {} },
  amount_received: 0,
  application: null,
  application_fee_amount: null,
  automatic_payment_methods: null,
  canceled_at: null,
  cancellation_reason: null,
  capture_method: "automatic_async",
  client_secret: null,
  confirmation_method: "automatic",
  created: 0,
  currency: "",
  customer: null,
  customer_account: null,
  description: null,
  excluded_payment_method_types: null,
  last_payment_error: null,
  latest_charge: null,
  livemode: false,
  managed_payments: { enabled: false },
  metadata: {},
  next_action: null,
  on_behalf_of: null,
  payment_method: null,
  payment_method_configuration_details: null,
  payment_method_options: null,
  payment_method_types: [],
  payment_record: null,
  processing: null,
  receipt_email: null,
  review: null,
  setup_future_usage: null,
  shared_payment_granted_token: null,
  shipping: null,
  source: null,
  statement_descriptor: null,
  statement_descriptor_suffix: null,
  transfer_data: null,
  transfer_group: null,
};
