// Confirming an intent and seeing its next action through. PaymentIntents and SetupIntents go the same way.
import { IntegrationError } from "../api.js";
import { insideOf } from "../elements/element_base.js";
import { showChallenge } from "./challenge.js";
import { assertDetailsGiven, readGroup, readMethod } from "./method_params.js";
import { makePaymentMethod } from "./payment_methods.js";

/**
 * @typedef {Record<string, any>} Params
 * @typedef {{ path: string, result: string, object: string, lastError: string, name: string,
 *   prefix: string }} IntentKind
 * @typedef {{ api: ReturnType<typeof import("../api.js").createApi>, nextFrameName: () => string }} Context
 */

/** @type {Record<"payment" | "setup", IntentKind>} */
export const intentKinds = {
  payment: {
    path: "/v1/payment_intents",
    result: "paymentIntent",
    object: "payment_intent",
    lastError: "last_payment_error",
    name: "PaymentIntent",
    prefix: "pi_",
  },
  setup: {
    path: "/v1/setup_intents",
    result: "setupIntent",
    object: "setup_intent",
    lastError: "last_setup_error",
    name: "SetupIntent",
    prefix: "seti_",
  },
};

/** @param {unknown} secret @param {IntentKind} kind @param {string} caller */
function intentId(secret, kind, caller) {
  const [id, rest] = String(secret).split("_secret_");
  if (typeof secret === "string" && id && rest && secret.startsWith(kind.prefix)) return id;
  throw new IntegrationError(
    `Invalid value for ${caller} intent secret: value should be a client secret of the form ` +
      `\${id}_secret_\${secret}. You specified: ${String(secret)}.`,
  );
}

/** @param {Context} context @param {IntentKind} kind @param {string} secret @param {string} caller */
export async function retrieveIntent({ api }, kind, secret, caller) {
  const path = `${kind.path}/${intentId(secret, kind, caller)}`;
  const { body, error } = await api.request("GET", path, { client_secret: secret });
  return error ? { error } : { [kind.result]: body };
}

/**
 * stripe.confirmPayment and stripe.confirmSetup.
 * @param {Context} context @param {IntentKind} kind @param {Params} options @param {string} caller
 */
export async function confirmWithElements(context, kind, options, caller) {
  const { elements, confirmParams = {}, redirect = "always" } = options ?? {};
  const secret = options?.clientSecret ?? insideOf(elements)?.settings().clientSecret;
  if (!secret) {
    throw new IntegrationError(`Invalid value for ${caller}: a clientSecret or elements with one is required.`);
  }
  const id = intentId(secret, kind, caller);
  if (redirect === "always" && !confirmParams.return_url) {
    throw new IntegrationError(
      `${caller}: the \`confirmParams.return_url\` argument is required unless passing \`redirect: 'if_required'\`.`,
    );
  }
  const { params, error: methodError } = await readConfirmParams(context, elements, confirmParams, caller);
  if (!params) return { error: methodError };
  if (kind === intentKinds.payment) params.shipping ??= insideOf(elements)?.shipping?.();
  const { body, error } = await confirm(context, kind, { id, secret, params });
  if (error) return { error };
  const result = await finish(context, kind, body);
  if (result.error || redirect !== "always") return result;
  window.location.assign(returnAddress(kind, result[kind.result], confirmParams.return_url));
  return leavingPage();
}

/**
 * The parameters of the confirm, with the payment method made of what was typed, unless the page names one.
 * @param {Context} context @param {unknown} elements @param {Params} confirmParams @param {string} caller
 * @returns {Promise<{ params: Params, error?: undefined } | { params?: undefined, error: unknown }>}
 */
async function readConfirmParams({ api }, elements, confirmParams, caller) {
  const { payment_method_data: methodData, save_payment_method: _saved, ...params } = confirmParams;
  const isChosen = params.payment_method || params.confirmation_token;
  if (isChosen || !(elements || methodData)) return { params };
  assertDetailsGiven(insideOf(elements)?.payment?.(), methodData?.billing_details);
  const read = elements ? readGroup(elements, caller, methodData) : { params: methodData };
  const { paymentMethod, error } = await makePaymentMethod(api, read);
  return paymentMethod ? { params: { ...params, payment_method: paymentMethod.id } } : { error };
}

/**
 * stripe.confirmCardPayment and its likes: `payment_method` is an id, or an object whose block named after the type
 * holds an element, a token or plain parameters.
 * @param {Context} context @param {IntentKind} kind @param {string} type @param {string} caller
 */
export function confirmOfType(context, kind, type, caller) {
  /** @param {string} secret @param {Params} [given] @param {{ handleActions?: boolean }} [options] */
  return async (secret, given = {}, options = {}) => {
    const id = intentId(secret, kind, caller);
    const { payment_method: method, ...params } = given;
    if (method && typeof method === "object") {
      const { paymentMethod, error } = await makePaymentMethod(context.api, readMethod(method, type));
      if (!paymentMethod) return { error };
      params.payment_method = paymentMethod.id;
    } else if (method) params.payment_method = method;
    const { body, error } = await confirm(context, kind, { id, secret, params });
    if (error) return { error };
    return options.handleActions === false ? { [kind.result]: body } : finish(context, kind, body);
  };
}

/**
 * stripe.verifyMicrodepositsForPayment and its like for setups.
 * @param {Context} context @param {IntentKind} kind @param {string} caller
 */
export function verifyDeposits({ api }, kind, caller) {
  /** @param {string} secret @param {Params} [said] */
  return async (secret, said = {}) => {
    const path = `${kind.path}/${intentId(secret, kind, caller)}/verify_microdeposits`;
    const { body, error } = await api.request("POST", path, { ...said, client_secret: secret });
    return error ? { error } : { [kind.result]: body };
  };
}

/** @param {Context} context @param {string} secret @param {string} caller @returns {Promise<Record<string, any>>} */
export async function handleAction(context, secret, caller) {
  const kind = String(secret).startsWith("seti_") ? intentKinds.setup : intentKinds.payment;
  const found = /** @type {Record<string, any>} */ (await retrieveIntent(context, kind, secret, caller));
  if (found.error) return found;
  const intent = found[kind.result];
  if (intent.status === "requires_action") return finish(context, kind, intent);
  return { error: notWaiting(kind, intent, caller) };
}

/**
 * @param {Context} context @param {IntentKind} kind
 * @param {{ id: string, secret: string, params: Params }} wish
 */
async function confirm({ api }, kind, { id, secret, params }) {
  return api.request("POST", `${kind.path}/${id}/confirm`, { ...params, use_stripe_sdk: true, client_secret: secret });
}

/**
 * Goes through the challenge, or leaves the page for it; answers the intent as it is afterwards.
 * @param {Context} context @param {IntentKind} kind @param {Params} intent @returns {Promise<Params>}
 */
async function finish({ api, nextFrameName }, kind, intent) {
  const action = intent.status === "requires_action" ? intent.next_action : null;
  const away = action?.redirect_to_url ?? action?.alipay_handle_redirect;
  if (away) {
    window.location.assign(away.url);
    return leavingPage();
  }
  // What is scanned leads to the page that is shown instead.
  const inside = action?.use_stripe_sdk?.stripe_js ?? action?.wechat_pay_display_qr_code?.hosted_instructions_url;
  if (!inside) return { [kind.result]: intent };
  const shown = new URL(inside);
  // The page may reach the sandbox under another name than the one the sandbox has for itself.
  const url = new URL(`${shown.pathname}${shown.search}`, api.base).href;
  const ending = await showChallenge({ url, frameName: nextFrameName() });
  if (ending === "abandoned") {
    const refusal = { source: intent.id, client_secret: intent.client_secret, outcome: "failed" };
    await api.request("POST", "/v1/3ds2/authenticate", refusal);
  }
  const path = `${kind.path}/${intent.id}`;
  const { body, error } = await api.request("GET", path, { client_secret: intent.client_secret });
  if (error) return { error };
  return body.status === "requires_payment_method" ? { error: failure(kind, body) } : { [kind.result]: body };
}

/** A promise for a page that is about to be left. @returns {Promise<never>} */
function leavingPage() {
  return new Promise(() => {});
}

/** @param {IntentKind} kind @param {Params} intent @param {string} caller */
function notWaiting(kind, intent, caller) {
  return {
    type: "invalid_request_error",
    code: `${kind.object}_unexpected_state`,
    message: `${caller}: The ${kind.name} supplied is not in the requires_action state.`,
    [kind.object]: intent,
  };
}

/** @param {IntentKind} kind @param {Params} intent */
function failure(kind, intent) {
  const known = {
    type: "invalid_request_error",
    code: `${kind.object}_authentication_failure`,
    message:
      "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
  };
  return { ...known, ...intent[kind.lastError], [kind.object]: intent };
}

/**
 * The return URL with the parameters Stripe adds.
 * @param {IntentKind} kind @param {Params} intent @param {string} returnUrl
 */
function returnAddress(kind, intent, returnUrl) {
  const url = new URL(returnUrl, window.location.href);
  const isGood = intent.status === "succeeded" || intent.status === "requires_capture";
  url.searchParams.set(kind.object, intent.id);
  url.searchParams.set(`${kind.object}_client_secret`, intent.client_secret);
  url.searchParams.set("redirect_status", isGood ? "succeeded" : "pending");
  return url.href;
}
