// What callers do with a setup intent: create, update, confirm, cancel, authenticate.
import { claimClientSecret } from "../../kernel/state/accounts.ts";
import { assertMay, begin, move } from "../../kernel/state/machine.ts";
import { hidden } from "../../kernel/state/noun.ts";
import type { Params } from "../../kernel/state/resource.ts";
import { answered } from "../../kernel/state/tried.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { among, change, mustRead } from "../../kernel/state/writes.ts";
import { missingParameter } from "../../kernel/words/errors.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { boolean, given, text, textOrNull, texts } from "../../kernel/words/params.ts";
import { withConfirmationToken } from "../confirmation_tokens/index.ts";
import {
  automaticMethods,
  checkedCustomer,
  checkMethod,
  checkMethodType,
  checkSecret,
  configurationDetails,
  methodTypesOf,
  mustReadIntent,
  refuseConfirmOnly,
  sentMethod,
} from "../payment_intents/index.ts";
import { cardTermsOf } from "../payment_methods/index.ts";
import { abandonAttempt, attemptSetup, failAuthentication } from "./attempt.ts";
import { optionsOf, setUp, storedMethod } from "./set_up.ts";
import {
  freshMemory,
  memoryOf,
  remembering,
  type SetupIntent,
  setupIntentMachine,
  setupIntents,
} from "./setup_intent.ts";

export function createIntent(unit: Unit, sent: Params): SetupIntent {
  const id = unit.world.ids.after("seti_1", 23);
  const isConfirmed = boolean(sent, "confirm") === true;
  if (!isConfirmed) refuseConfirmOnly(sent, "SetupIntent");
  const params = withConfirmationToken(unit, sent, { setup_intent: id });
  const customer = checkedCustomer(unit, params) ?? null;
  const method = sentMethod(unit, params, customer, "SetupIntent");
  const automatic = automaticMethods(params);
  const types = methodTypesOf(unit, params, {
    isAutomatic: automatic !== null,
    mayRedirect: automatic?.allow_redirects !== "never",
    payment: null,
  });
  if (method) checkMethodType(method, { object: "setup_intent", payment_method_types: types });
  const end = method ? "requires_confirmation" : "requires_payment_method";
  const intent = begin(unit, setupIntentMachine, "create", end, (status) => ({
    ...blankShape,
    id,
    allowed_payment_method_types: (texts(params, "allowed_payment_method_types")?.slice() ??
      null) as SetupIntent["allowed_payment_method_types"],
    ...sentFields(params),
    automatic_payment_methods: automatic,
    client_secret: `${id}_secret_${unit.world.ids.text(25)}`,
    created: unit.created,
    customer,
    description: text(params, "description") ?? null,
    excluded_payment_method_types: (texts(params, "excluded_payment_method_types")?.slice() ??
      null) as SetupIntent["excluded_payment_method_types"],
    metadata: { ...mergeMetadata({}, params.metadata) },
    payment_method: method?.id ?? null,
    payment_method_configuration_details: configurationDetails(unit, params, automatic),
    payment_method_options: optionsOf(params, types),
    payment_method_types: types,
    status,
    usage: text(params, "usage") ?? "off_session",
    // Nobody is held to a default: the official CLI sets cards up without a word about the way back.
    [hidden]: {
      ...freshMemory,
      mayRedirect: params.automatic_payment_methods !== undefined && automatic?.allow_redirects === "always",
      terms: cardTermsOf(params),
    },
  }));
  claimClientSecret(unit.account, unit.world.accounts, id);
  // The method is made already: what names it would make it once more.
  return isConfirmed
    ? answered(setUp(unit, intent, { ...params, payment_method: undefined, payment_method_data: undefined })).intent
    : intent;
}

/** Fields that create and update share. Only what was sent is in the answer. */
function sentFields(params: Params) {
  return given({
    attach_to_self: boolean(params, "attach_to_self"),
    flow_directions: texts(params, "flow_directions")?.slice() as SetupIntent["flow_directions"] | undefined,
  });
}

export function retrieveIntent(unit: Unit, params: Params, id: string): SetupIntent {
  const intent = mustReadIntent(unit, setupIntents, id);
  checkSecret(unit, params, intent);
  return intent;
}

export function updateIntent(unit: Unit, params: Params, id: string): SetupIntent {
  const before = mustReadIntent(unit, setupIntents, id);
  const customer = checkedCustomer(unit, params) ?? before.customer;
  const description = textOrNull(params, "description");
  const common = {
    ...sentFields(params),
    customer,
    description: description === undefined ? before.description : description,
    metadata: { ...mergeMetadata(before.metadata ?? {}, params.metadata) },
  };
  if (!revisionParams.some((name) => params[name] !== undefined)) {
    const stored = customer === before.customer ? undefined : storedMethod(unit, before);
    if (stored) checkMethod(stored, customer, "SetupIntent");
    return change(unit, setupIntents, before, common, null);
  }
  assertMay(setupIntentMachine, before, "revise");
  const method = sentMethod(unit, params, customer, "SetupIntent") ?? storedMethod(unit, before);
  const types = texts(params, "payment_method_types")?.slice() ?? before.payment_method_types;
  if (method) checkMethod(method, customer, "SetupIntent");
  if (method) checkMethodType(method, { object: "setup_intent", payment_method_types: types });
  abandonAttempt(unit, before);
  const end = method ? "requires_confirmation" : "requires_payment_method";
  return move(unit, setupIntentMachine, before, "revise", end, {
    ...common,
    ...remembering(before, { terms: cardTermsOf(params, memoryOf(before).terms) }),
    next_action: null,
    payment_method: method?.id ?? null,
    payment_method_options: optionsOf(params, types, before),
    payment_method_types: types,
  });
}

export function confirmIntent(unit: Unit, sent: Params, id: string): SetupIntent {
  const intent = mustReadIntent(unit, setupIntents, id);
  checkSecret(unit, sent, intent);
  return answered(setUp(unit, intent, withConfirmationToken(unit, sent, { setup_intent: id }))).intent;
}

export function cancelIntent(unit: Unit, params: Params, id: string): SetupIntent {
  const intent = mustReadIntent(unit, setupIntents, id);
  const reason = (text(params, "cancellation_reason") ?? null) as SetupIntent["cancellation_reason"];
  return cancel(unit, intent, reason);
}

/** A deleted customer can agree to nothing any more. */
export function cancelOpenIntents(unit: Unit, customer: string): void {
  for (const intent of among(unit, setupIntents, "customer", customer)) {
    const isOpen = intent.status !== "succeeded" && intent.status !== "canceled";
    if (isOpen) cancel(unit, intent, "abandoned");
  }
}

/** What the buttons of the page send. */
export function authenticate(unit: Unit, params: Params, id: string): SetupIntent {
  const intent = mustRead(unit, setupIntents, id, "source");
  checkSecret(unit, params, intent);
  assertMay(setupIntentMachine, intent, "authenticate");
  const method = storedMethod(unit, intent);
  if (text(params, "outcome") !== "succeeded" || !method) return failAuthentication(unit, intent, method);
  return attemptSetup(unit, intent, method, { action: "authenticate", usesStripeSdk: false }).intent;
}

function cancel(unit: Unit, intent: SetupIntent, reason: SetupIntent["cancellation_reason"]): SetupIntent {
  assertMay(setupIntentMachine, intent, "cancel");
  abandonAttempt(unit, intent);
  return move(unit, setupIntentMachine, intent, "cancel", "canceled", {
    cancellation_reason: reason,
    next_action: null,
  });
}

export function requiredSource(params: Params): string {
  const source = text(params, "source");
  if (!source) throw missingParameter("source");
  return source;
}

const revisionParams = ["payment_method", "payment_method_data", "payment_method_options", "payment_method_types"];

/** Every field, in Stripe's order, empty: a created intent is this with its parameters over it. */
const blankShape: Omit<SetupIntent, "status"> = {
  id: "",
  object: "setup_intent",
  allowed_payment_method_types: null,
  application: null,
  automatic_payment_methods: null,
  cancellation_reason: null,
  client_secret: null,
  created: 0,
  customer: null,
  customer_account: null,
  description: null,
  excluded_payment_method_types: null,
  flow_directions: null,
  last_setup_error: null,
  latest_attempt: null,
  livemode: false,
  managed_payments: null,
  mandate: null,
  metadata: {},
  next_action: null,
  on_behalf_of: null,
  payment_method: null,
  payment_method_configuration_details: null,
  payment_method_options: null,
  payment_method_types: [],
  single_use_mandate: null,
  usage: "off_session",
};
