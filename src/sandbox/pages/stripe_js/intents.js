// Confirming an intent and seeing its next action through. PaymentIntents and SetupIntents go the same way.
import { IntegrationError } from "./api.js";
import { showChallenge } from "./challenge.js";
import { insideOf } from "./element_base.js";
import { assertDetailsGiven, readGroup } from "./payment_methods.js";

/**
 * @typedef {Record<string, any>} Params
 * @typedef {ReturnType<typeof import("./payment_methods.js").createPaymentMethodCalls>} MethodCalls
 * @typedef {{ path: string, result: string, object: string, lastError: string, name: string,
 *   prefix: string }} IntentKind
 * @typedef {{ api: ReturnType<typeof import("./api.js").createApi>, methods: MethodCalls,
 *   nextFrameName: () => string }} Context
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

/** A promise for a page that is about to be left. @returns {Promise<never>} */
function leavingPage() {
  return new Promise(() => {});
}

/** @param {unknown} secret @param {IntentKind} kind @param {string} caller */
function intentId(secret, kind, caller) {
  const [id, rest] = String(secret).split("_secret_");
  if (typeof secret === "string" && id && rest && secret.startsWith(kind.prefix)) return id;
  throw new IntegrationError(
    `Invalid value for ${caller} intent secret: value should be a client secret of the form ` +
      `\${id}_secret_\${secret}. You specified: ${String(secret)}.`,
  );
}

/** @param {Context} context */
export function createIntentCalls(context) {
  const { api, methods } = context;

  /** @param {IntentKind} kind @param {string} secret @param {string} caller */
  async function retrieve(kind, secret, caller) {
    const path = `${kind.path}/${intentId(secret, kind, caller)}`;
    const { body, error } = await api.request("GET", path, { client_secret: secret });
    return error ? { error } : { [kind.result]: body };
  }

  /**
   * Goes through the challenge, or leaves the page for it; answers the intent as it is afterwards.
   * @param {IntentKind} kind @param {Params} intent @returns {Promise<Params>}
   */
  async function finish(kind, intent) {
    const action = intent.status === "requires_action" ? intent.next_action : null;
    if (action?.type === "redirect_to_url") {
      window.location.assign(action.redirect_to_url.url);
      return leavingPage();
    }
    if (action?.type !== "use_stripe_sdk") return { [kind.result]: intent };
    const shown = new URL(action.use_stripe_sdk.stripe_js);
    // The page may reach the sandbox under another name than the one the sandbox has for itself.
    const url = new URL(`${shown.pathname}${shown.search}`, api.base).href;
    const ending = await showChallenge({ url, frameName: context.nextFrameName() });
    if (ending === "abandoned") {
      const refusal = { source: intent.id, client_secret: intent.client_secret, outcome: "failed" };
      await api.request("POST", "/v1/3ds2/authenticate", refusal);
    }
    const path = `${kind.path}/${intent.id}`;
    const { body, error } = await api.request("GET", path, { client_secret: intent.client_secret });
    if (error) return { error };
    return body.status === "requires_payment_method" ? { error: failure(kind, body) } : { [kind.result]: body };
  }

  /** @param {IntentKind} kind @param {string} secret @param {Params} params @param {string} caller */
  async function confirm(kind, secret, params, caller) {
    const path = `${kind.path}/${intentId(secret, kind, caller)}/confirm`;
    const wish = { ...params, use_stripe_sdk: true, client_secret: secret };
    return api.request("POST", path, wish);
  }

  /**
   * stripe.confirmPayment and stripe.confirmSetup.
   * @param {IntentKind} kind @param {Params} options @param {string} caller
   */
  async function confirmWithElements(kind, options, caller) {
    const { elements, confirmParams = {}, redirect = "always" } = options ?? {};
    const group = insideOf(elements);
    const secret = options?.clientSecret ?? group?.settings().clientSecret;
    if (!secret)
      throw new IntegrationError(`Invalid value for ${caller}: a clientSecret or elements with one is required.`);
    intentId(secret, kind, caller);
    if (redirect === "always" && !confirmParams.return_url) {
      throw new IntegrationError(
        `${caller}: the \`confirmParams.return_url\` argument is required unless passing \`redirect: 'if_required'\`.`,
      );
    }
    const { payment_method_data: methodData, save_payment_method: _saved, ...params } = confirmParams;
    const isChosen = params.payment_method || params.confirmation_token;
    if (!isChosen && (elements || methodData)) {
      assertDetailsGiven(group?.payment?.(), methodData?.billing_details);
      const read = elements ? readGroup(elements, caller, methodData) : { params: methodData };
      const { paymentMethod, error } = await methods.make(read);
      if (!paymentMethod) return { error };
      params.payment_method = paymentMethod.id;
    }
    if (kind === intentKinds.payment) params.shipping ??= group?.shipping?.();
    const { body, error } = await confirm(kind, secret, params, caller);
    if (error) return { error };
    const result = await finish(kind, body);
    if (result.error || redirect !== "always") return result;
    window.location.assign(returnAddress(kind, result[kind.result], confirmParams.return_url));
    return leavingPage();
  }

  /**
   * stripe.confirmCardPayment and its likes: `payment_method` is an id, or an object whose block named after the type
   * holds an element, a token or plain parameters.
   * @param {IntentKind} kind @param {string} type @param {string} caller
   */
  function confirmOfType(kind, type, caller) {
    /** @param {string} secret @param {Params} [given] @param {{ handleActions?: boolean }} [options] */
    return async (secret, given = {}, options = {}) => {
      intentId(secret, kind, caller);
      const { payment_method: method, ...params } = given;
      if (method && typeof method === "object") {
        const { paymentMethod, error } = await methods.make(methods.readMethod(method, type));
        if (!paymentMethod) return { error };
        params.payment_method = paymentMethod.id;
      } else if (method) params.payment_method = method;
      const { body, error } = await confirm(kind, secret, params, caller);
      if (error) return { error };
      return options.handleActions === false ? { [kind.result]: body } : finish(kind, body);
    };
  }

  /** @param {string} secret @param {string} caller @returns {Promise<Record<string, any>>} */
  async function handleAction(secret, caller) {
    const kind = String(secret).startsWith("seti_") ? intentKinds.setup : intentKinds.payment;
    const found = /** @type {Record<string, any>} */ (await retrieve(kind, secret, caller));
    if (found.error) return found;
    const intent = found[kind.result];
    if (intent.status === "requires_action") return finish(kind, intent);
    return { error: notWaiting(kind, intent, caller) };
  }

  return { retrieve, confirmWithElements, confirmOfType, handleAction };
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
