// `stripe.elements()`: the group that makes elements and knows which intent they pay.
import { IntegrationError } from "./api.js";
import { createCardElement } from "./card_element.js";
import { createElementBase, fieldsOf, insideOf } from "./element_base.js";
import { createEmitter } from "./emitter.js";
import { createCardEntry } from "./entry.js";

/**
 * @typedef {{ api: ReturnType<typeof import("./api.js").createApi>, locale: string, nextFrameName: () => string }} Page
 */

/** Elements with nothing to type here: they mount, are ready, and say what they do not do. */
const inertTypes = [
  "address",
  "auBankAccount",
  "contactDetails",
  "currencySelector",
  "expressCheckout",
  "iban",
  "linkAuthentication",
  "paymentMethodMessaging",
  "paymentRequestButton",
  "shippingAddress",
  "taxId",
];

/** @type {Record<string, import("./entry.js").Part[]>} */
const partsOf = { cardNumber: ["number"], cardExpiry: ["expiry"], cardCvc: ["cvc"] };

/** @param {Page} page @param {Record<string, any>} options */
export function createElements(page, options) {
  checkOptions(options);
  let settings = options;
  let wasSubmitted = false;
  const emitter = createEmitter();
  /** @type {Map<string, any>} */
  const created = new Map();
  // cardNumber, cardExpiry and cardCvc are one card in three places.
  const splitEntry = createCardEntry({ parts: ["number", "expiry", "cvc"], today, country: "", postal: "" });

  /** @param {string} type @param {Record<string, any>} elementOptions */
  function make(type, elementOptions) {
    const shared = {
      appearance: () => settings.appearance,
      locale: page.locale,
      onDestroy: () => created.delete(type),
    };
    const parts = partsOf[type];
    const setup = { ...shared, options: elementOptions, frameName: page.nextFrameName() };
    if (type === "payment") {
      const entry = paymentEntry(page, elementOptions);
      const onMount = (/** @type {any} */ group) => checkIntent(page, settings.clientSecret, group);
      return createCardElement({ ...setup, type, entry, parts: entry.parts, onMount });
    }
    if (type === "card") {
      const entry = cardEntry(elementOptions);
      return createCardElement({ ...setup, type, entry, parts: entry.parts });
    }
    if (type === "cardNumber" || type === "cardExpiry" || type === "cardCvc") {
      return createCardElement({ ...setup, type, entry: splitEntry, parts: parts ?? [] });
    }
    if (inertTypes.includes(type)) return createInertElement(type, shared.onDestroy);
    const names = ["card", "cardNumber", "cardExpiry", "cardCvc", "payment", ...inertTypes].join(", ");
    throw new IntegrationError(
      `A valid Element name must be provided. Valid Elements are:\n  ${names}; you passed: ${type}.`,
    );
  }

  const group = {
    /** @param {string} type @param {Record<string, any>} [elementOptions] */
    create(type, elementOptions = {}) {
      if (created.has(type)) throw new IntegrationError(`Can only create one Element of type ${type}.`);
      if (type === "payment" && !settings.clientSecret && !settings.mode) {
        throw new IntegrationError(
          "In order to create a payment element, you must pass a clientSecret or mode " +
            "when creating the Elements group.",
        );
      }
      const element = make(type, elementOptions);
      created.set(type, element);
      return element;
    },
    /** @param {string | { __elementType?: string }} type */
    getElement: (type) => created.get(typeof type === "string" ? type : (type?.__elementType ?? "")) ?? null,
    /** @param {Record<string, any>} changes */
    async update(changes = {}) {
      settings = { ...settings, ...changes };
      for (const element of created.values()) insideOf(element)?.restyle?.();
      emitter.emit("update-end");
    },
    async fetchUpdates() {
      emitter.emit("update-end");
      return {};
    },
    async submit() {
      const payment = created.get("payment");
      const problem = payment ? insideOf(payment).judge() : null;
      if (problem) return { error: problem };
      wasSubmitted = true;
      return payment ? { selectedPaymentMethod: "card" } : {};
    },
    /** @param {string} name @param {(event?: any) => void} listener */
    on(name, listener) {
      emitter.add(name, listener, false);
      return group;
    },
    /** @param {string} name @param {(event?: any) => void} [listener] */
    off(name, listener) {
      emitter.remove(name, listener);
      return group;
    },
    [fieldsOf]: {
      settings: () => settings,
      wasSubmitted: () => wasSubmitted,
      payment: () => created.get("payment") ?? null,
      card: () => created.get("card") ?? created.get("cardNumber") ?? null,
    },
  };
  return group;
}

function today() {
  const now = new Date();
  return { month: now.getMonth() + 1, year: now.getFullYear() };
}

/** @param {Record<string, any>} options */
function checkOptions(options) {
  const secret = options.clientSecret;
  if (secret !== undefined && !/^[a-z]+_.+_secret_/.test(String(secret))) {
    throw new IntegrationError(
      "Invalid value for elements(): clientSecret should be a client secret of the form {id}_secret_{secret}. " +
        `You specified: ${String(secret)}.`,
    );
  }
  if (secret !== undefined && options.mode !== undefined) {
    throw new IntegrationError("Invalid value for elements(): pass either clientSecret or mode, not both.");
  }
  if (options.mode === undefined) return;
  if (!["payment", "setup", "subscription"].includes(options.mode)) {
    throw new IntegrationError("Invalid value for elements(): mode should be one of payment, setup, subscription.");
  }
  if (options.mode !== "setup" && !Number.isInteger(options.amount)) {
    throw new IntegrationError(
      "Invalid value for elements(): amount should be an integer, in the smallest currency unit.",
    );
  }
  if (options.mode !== "setup" && !/^[a-z]{3}$/.test(String(options.currency))) {
    throw new IntegrationError(
      "Invalid value for elements(): currency should be a lower-case ISO code, such as 'eur'.",
    );
  }
}

/** @param {Page} page @param {Record<string, any>} options */
function paymentEntry(page, options) {
  const details = options.fields?.billingDetails;
  const address = typeof details === "string" ? details : details?.address;
  /** @param {string} name */
  const isOn = (name) => (typeof address === "string" ? address : address?.[name]) !== "never";
  /** @type {import("./entry.js").Part[]} */
  const parts = ["number", "expiry", "cvc"];
  if (isOn("country")) parts.push("country");
  if (isOn("postalCode")) parts.push("postal");
  const known = options.defaultValues?.billingDetails?.address ?? {};
  const region = new Intl.Locale(page.locale).maximize().region ?? "US";
  return createCardEntry({ parts, today, country: known.country ?? region, postal: known.postal_code ?? "" });
}

/** @param {Record<string, any>} options */
function cardEntry(options) {
  /** @type {import("./entry.js").Part[]} */
  const parts = options.hidePostalCode ? ["number", "expiry", "cvc"] : ["number", "expiry", "cvc", "postal"];
  return createCardEntry({ parts, today, country: "", postal: options.value?.postalCode ?? "" });
}

/**
 * Tells the page early that its client secret leads nowhere.
 * @param {Page} page @param {string | undefined} secret @param {any} emitter
 */
async function checkIntent(page, secret, emitter) {
  emitter.emit("loaderstart", { elementType: "payment" });
  if (!secret) return;
  const path = secret.startsWith("seti_") ? "setup_intents" : "payment_intents";
  const id = secret.split("_secret_")[0];
  const { error } = await page.api.request("GET", `/v1/${path}/${id}`, { client_secret: secret });
  if (!error) return;
  if (!emitter.has("loaderror")) console.error(`Unhandled payment Element loaderror: ${error.message}`, error);
  emitter.emit("loaderror", { elementType: "payment", error });
}

/** @param {string} type @param {() => void} onDestroy */
function createInertElement(type, onDestroy) {
  const base = createElementBase({
    type,
    classes: () => ({}),
    onMount: () => {
      console.info(`Stripe.js (sandbox): the ${type} element shows nothing here.`);
      queueMicrotask(base.announceReady);
    },
    onUnmount: () => {},
    onDestroy,
  });
  const nothing = () => {};
  const element = { ...base.methods, focus: nothing, blur: nothing, clear: nothing, update: () => element };
  const getValue = async () => ({ complete: false, isNewAddress: true, value: {} });
  return type === "address" ? { ...element, getValue } : element;
}
