// `window.Stripe`: what a page calls. The last file of the script; see script.ts for how the files are joined.
import { createApi, IntegrationError } from "./api.js";
import {
  confirmOfType,
  confirmWithElements,
  handleAction,
  intentKinds,
  retrieveIntent,
  verifyDeposits,
} from "./calls/intents.js";
import {
  absentBuilders,
  absentNames,
  confirmPaymentTypes,
  confirmSetupTypes,
  removedNames,
} from "./calls/method_names.js";
import { createMethodCalls, createSourceCalls } from "./calls/payment_methods.js";
import { createElements } from "./elements/group.js";
import { isTrainFrom } from "./trains.js";

const newestVersion = "2026-10-28.endive";
const newestTrain = "endive";

/** @param {unknown} key */
function checkKey(key) {
  if (typeof key !== "string" || key.trim() === "") {
    throw new IntegrationError("Please call Stripe() with your publishable key. You used an empty string.");
  }
  if (/^(sk|rk)_/.test(key)) {
    throw new IntegrationError(
      "You should not use your secret key with Stripe.js.\n        Please pass a publishable key instead.",
    );
  }
  if (/^pk_live_/.test(key)) {
    throw new IntegrationError(
      "This Stripe.js is the sandbox's stand-in and refuses live keys. Load https://js.stripe.com for live payments, " +
        "or use a key that starts with pk_test_.",
    );
  }
  if (!key.startsWith("pk_")) throw new IntegrationError(`Invalid API Key provided: ${key.slice(0, 8)}…`);
}

/** @param {string} name */
function absentMessage(name) {
  return `stripe.${name}() is not part of the sandbox's Stripe.js.`;
}

/** @param {string} name */
function absent(name) {
  return async () => {
    const message = absentMessage(name);
    console.error(message);
    return { error: { type: "invalid_request_error", message } };
  };
}

/** @param {string} name @param {string} kind */
function absentBuilder(name, kind) {
  const build = () => {
    throw new IntegrationError(absentMessage(name));
  };
  return kind === "async" ? async () => build() : build;
}

/** Stripe publishes that these throw, not in which words. @param {string} name @param {string} train */
function removed(name, train) {
  const row = removedNames[name];
  if (!row || !isTrainFrom(train, row.since)) return absent(name);
  return () => {
    throw new IntegrationError(
      `stripe.${name}() is no longer part of Stripe.js since ${row.since}. Use ${row.instead} instead: ${row.page}`,
    );
  };
}

/** No wallet lives in the sandbox; pages then hide their button. */
function createPaymentRequest() {
  const request = {
    canMakePayment: async () => null,
    show: () => {
      throw new IntegrationError("canMakePayment() answered null: there is no wallet to show.");
    },
    abort: () => {},
    isShowing: () => false,
    update: () => {},
    on: () => request,
    once: () => request,
    off: () => request,
  };
  return request;
}

/** @param {{ base: string, train: string }} source */
export function createStripeConstructor({ base, train }) {
  let frames = 0;
  const nextFrameName = () => {
    frames += 1;
    return `__privateStripeFrame${String(frames).padStart(4, "0")}`;
  };

  /** @param {string} key @param {Record<string, any>} [options] */
  function Stripe(key, options = {}) {
    checkKey(key);
    const api = createApi({ base, key, version: options.apiVersion ?? newestVersion, account: options.stripeAccount });
    const language = options.locale && options.locale !== "auto" ? options.locale : navigator.language;
    const page = { api, nextFrameName, locale: language || "en-US", train };
    return {
      _registerWrapper: () => {},
      registerAppInfo: () => {},
      /** @param {Record<string, any>} [elementsOptions] */
      elements: (elementsOptions = {}) => createElements(page, elementsOptions),
      paymentRequest: createPaymentRequest,
      ...createMethodCalls(api),
      ...intentCalls(page),
      ...tabledCalls(page),
      ...(isTrainFrom(train, "dahlia") ? {} : createSourceCalls(api)),
    };
  }

  // The wrapper of the newest train warns when this differs from what it expects; 3 is how /v3/ says its name.
  Stripe.version = train === "v3" ? 3 : train;
  return Stripe;
}

/** @param {import("./elements/kinds.js").Page} page */
function intentCalls(page) {
  const { payment, setup } = intentKinds;
  return {
    /** @param {Record<string, any>} wish */
    confirmPayment: (wish) => confirmWithElements(page, payment, wish, "stripe.confirmPayment()"),
    /** @param {Record<string, any>} wish */
    confirmSetup: (wish) => confirmWithElements(page, setup, wish, "stripe.confirmSetup()"),
    /** @param {string} secret */
    retrievePaymentIntent: (secret) => retrieveIntent(page, payment, secret, "stripe.retrievePaymentIntent"),
    /** @param {string} secret */
    retrieveSetupIntent: (secret) => retrieveIntent(page, setup, secret, "stripe.retrieveSetupIntent"),
    verifyMicrodepositsForPayment: verifyDeposits(page, payment, "stripe.verifyMicrodepositsForPayment"),
    verifyMicrodepositsForSetup: verifyDeposits(page, setup, "stripe.verifyMicrodepositsForSetup"),
    /** @param {{ clientSecret: string }} wish */
    handleNextAction: async (wish) => handleAction(page, wish?.clientSecret, "stripe.handleNextAction()"),
    /** @param {string} secret */
    handleCardAction: async (secret) => handleAction(page, secret, "stripe.handleCardAction()"),
  };
}

/** The calls that are made from the tables of method_names.js. @param {import("./elements/kinds.js").Page} page */
function tabledCalls(page) {
  const { payment, setup } = intentKinds;
  /** @type {Record<string, unknown>} */
  const calls = {};
  for (const [name, type] of Object.entries(confirmPaymentTypes)) {
    calls[`confirm${name}Payment`] = confirmOfType(page, payment, type, `stripe.confirm${name}Payment`);
  }
  for (const [name, type] of Object.entries(confirmSetupTypes)) {
    calls[`confirm${name}Setup`] = confirmOfType(page, setup, type, `stripe.confirm${name}Setup`);
  }
  for (const name of absentNames) calls[name] = absent(name);
  for (const [name, kind] of Object.entries(absentBuilders)) calls[name] = absentBuilder(name, kind);
  for (const name of Object.keys(removedNames)) calls[name] = removed(name, page.train);
  return calls;
}

/** Where the script came from is where its API is. */
export function install() {
  const tag = /** @type {HTMLScriptElement | null} */ (document.currentScript);
  const source = new URL(tag?.src || "/", window.location.href);
  const [first] = source.pathname.split("/").filter(Boolean);
  const train = source.searchParams.get("train") ?? (/^[a-z0-9]+$/.test(first ?? "") ? first : newestTrain);
  const page = /** @type {any} */ (window);
  page.Stripe ??= createStripeConstructor({ base: source.origin, train: train ?? newestTrain });
}
