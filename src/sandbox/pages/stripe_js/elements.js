// `stripe.elements()`: the group that makes elements and knows which intent they pay.
import { IntegrationError } from "./api.js";
import { createCardElement } from "./card_element.js";
import { addressParams, createAddressEntry, createLinkEntry } from "./contacts.js";
import { createElementBase, fieldsOf, insideOf } from "./element_base.js";
import { createEmitter } from "./emitter.js";
import { createCardEntry, createIbanEntry, createPaymentEntry, playedTypes } from "./entry.js";
import { isCollapsedAtFirst, layoutOf } from "./method_choice.js";

/**
 * @typedef {{ api: ReturnType<typeof import("./api.js").createApi>, locale: string, train: string,
 *   nextFrameName: () => string }} Page
 */

/** Elements with nothing to type here: they mount, are ready, and say what they do not do. */
const inertTypes = [
  "auBankAccount",
  "contactDetails",
  "currencySelector",
  "expressCheckout",
  "paymentMethodMessaging",
  "paymentRequestButton",
  "shippingAddress",
  "taxId",
];

/** What elements.submit() looks at; a Card Element is judged when it is used. */
const submittedTypes = new Set(["payment", "address", "linkAuthentication"]);

/** There may be one address of each mode, and one of everything else. @param {string} type @param {any} options */
function keyOf(type, options) {
  return type === "address" ? `address ${options.mode}` : type;
}

/** @param {string} locale */
function regionOf(locale) {
  return new Intl.Locale(locale).maximize().region ?? "US";
}

/** @type {Partial<Record<string, import("./entry.js").Part[]>>} */
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
  const splitEntry = createCardEntry({ parts: ["number", "expiry", "cvc"], today, initial: {} });

  /** @param {string} type @param {Record<string, any>} elementOptions */
  function make(type, elementOptions) {
    const shared = {
      appearance: () => settings.appearance,
      locale: page.locale,
      train: page.train,
      onDestroy: () => created.delete(keyOf(type, elementOptions)),
    };
    const parts = partsOf[type];
    const setup = { ...shared, options: elementOptions, frameName: page.nextFrameName() };
    if (type === "payment") {
      const entry = paymentEntry(page, elementOptions);
      /** @param {string[]} types */
      const offer = (types) => {
        const ordered = inOrder(types, elementOptions.paymentMethodOrder);
        const played = ordered.filter((one) => playedTypes.includes(one));
        entry.offer(ordered, isCollapsedAtFirst(layoutOf(elementOptions.layout, page.train), played, page.train));
      };
      const prepare = async (/** @type {any} */ emitter) => {
        emitter.emit("loaderstart", { elementType: "payment" });
        const { types, error } = await offeredTypes(page, settings);
        if (error) tellLoadError(emitter, error);
        offer(types);
      };
      return createCardElement({ ...setup, type, entry, parts: entry.parts, prepare, offer });
    }
    if (type === "iban") {
      const entry = createIbanEntry();
      return createCardElement({ ...setup, type, entry, parts: entry.parts });
    }
    if (type === "card") {
      const entry = cardEntry(elementOptions);
      return createCardElement({ ...setup, type, entry, parts: entry.parts });
    }
    if (type === "cardNumber" || type === "cardExpiry" || type === "cardCvc") {
      return createCardElement({ ...setup, type, entry: splitEntry, parts: parts ?? [] });
    }
    if (type === "address") {
      if (!["billing", "shipping"].includes(elementOptions.mode)) {
        throw new IntegrationError(
          "You must specify a `mode` of 'shipping' or 'billing' to create an Address Element.",
        );
      }
      const entry = createAddressEntry(elementOptions, regionOf(page.locale));
      return createCardElement({ ...setup, type, entry, parts: entry.parts });
    }
    if (type === "linkAuthentication") {
      const entry = createLinkEntry(elementOptions);
      return createCardElement({ ...setup, type, entry, parts: entry.parts });
    }
    if (inertTypes.includes(type)) return createInertElement(type, shared.onDestroy);
    const names = [
      "card",
      "cardNumber",
      "cardExpiry",
      "cardCvc",
      "iban",
      "payment",
      "address",
      "linkAuthentication",
      ...inertTypes,
    ].join(", ");
    throw new IntegrationError(
      `A valid Element name must be provided. Valid Elements are:\n  ${names}; you passed: ${type}.`,
    );
  }

  const group = {
    /** @param {string} type @param {Record<string, any>} [elementOptions] */
    create(type, elementOptions = {}) {
      const key = keyOf(type, elementOptions);
      if (created.has(key)) throw new IntegrationError(`Can only create one Element of type ${type}.`);
      if (type === "payment" && !settings.clientSecret && !settings.mode) {
        throw new IntegrationError(
          "In order to create a payment element, you must pass a clientSecret or mode " +
            "when creating the Elements group.",
        );
      }
      const element = make(type, elementOptions);
      created.set(key, element);
      return element;
    },
    /** @param {string | { __elementType?: string }} type @param {{ mode?: string }} [wish] */
    getElement: (type, wish = {}) => {
      const name = typeof type === "string" ? type : (type?.__elementType ?? "");
      const modes = wish.mode ? [wish.mode] : ["billing", "shipping"];
      const keys = name === "address" ? modes.map((mode) => keyOf(name, { mode })) : [name];
      return keys.map((key) => created.get(key)).find((element) => element !== undefined) ?? null;
    },
    /** @param {Record<string, any>} changes */
    async update(changes = {}) {
      settings = { ...settings, ...changes };
      for (const element of created.values()) insideOf(element)?.restyle?.();
      if (settings.mode) insideOf(created.get("payment"))?.offer(typesOfMode(settings));
      emitter.emit("update-end");
    },
    /** After the server has changed the intent: what may be paid with is asked again. */
    async fetchUpdates() {
      const { types, error } = await offeredTypes(page, settings);
      if (error) return { error: { message: error.message, status: error.status } };
      insideOf(created.get("payment"))?.offer(types);
      emitter.emit("update-end");
      return {};
    },
    async submit() {
      const payment = created.get("payment");
      for (const element of created.values()) {
        const problem = submittedTypes.has(insideOf(element)?.type) ? insideOf(element).judge() : null;
        if (problem) return { error: problem };
      }
      wasSubmitted = true;
      return payment ? { selectedPaymentMethod: insideOf(payment).entry.method().type } : {};
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
      iban: () => created.get("iban") ?? null,
      billing: () => {
        const address = insideOf(created.get("address billing"))?.entry;
        const email = insideOf(created.get("linkAuthentication"))?.entry.values.email;
        return { ...(address ? addressParams(address) : {}), ...(email ? { email } : {}) };
      },
      shipping: () => {
        const address = insideOf(created.get("address shipping"))?.entry;
        return address ? addressParams(address) : undefined;
      },
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

/** The page's own order first. @param {string[]} types @param {string[]} [order] */
function inOrder(types, order = []) {
  const known = playedTypes.filter((type) => types.includes(type));
  return [...order.filter((type) => known.includes(type)), ...known.filter((type) => !order.includes(type))];
}

/** @param {Page} page @param {Record<string, any>} options */
function paymentEntry(page, options) {
  const details = options.fields?.billingDetails;
  const address = typeof details === "string" ? details : details?.address;
  /** @param {string} name */
  const isAddressOn = (name) => (typeof address === "string" ? address : address?.[name]) !== "never";
  /** @param {string} name */
  const isOn = (name) => (typeof details === "string" ? details : details?.[name]) !== "never";
  /** @type {import("./entry.js").Part[]} */
  const always = details?.name === "always" ? ["name"] : [];
  /** @type {import("./entry.js").Part[]} */
  const parts = [...always, "number", "expiry", "cvc", "iban"];
  if (isOn("name") && always.length === 0) parts.push("name");
  if (isOn("email")) parts.push("email");
  if (isAddressOn("country")) parts.push("country");
  if (isAddressOn("line1")) parts.push("line1");
  if (isAddressOn("postalCode")) parts.push("postal");
  if (isAddressOn("city")) parts.push("city");
  const known = options.defaultValues?.billingDetails ?? {};
  const region = regionOf(page.locale);
  const { country = region, postal_code: postal = "", line1 = "", city = "" } = known.address ?? {};
  const initial = { country, postal, line1, city, name: known.name ?? "", email: known.email ?? "" };
  return createPaymentEntry({ parts, today, initial, always });
}

/** @param {Record<string, any>} options */
function cardEntry(options) {
  /** @type {import("./entry.js").Part[]} */
  const parts = options.hidePostalCode ? ["number", "expiry", "cvc"] : ["number", "expiry", "cvc", "postal"];
  return createCardEntry({ parts, today, initial: { postal: options.value?.postalCode ?? "" } });
}

/**
 * What the intent takes; a client secret that leads nowhere is an error.
 * @param {Page} page @param {Record<string, any>} settings
 * @returns {Promise<{ types: string[], error?: import("./api.js").ApiError }>}
 */
async function offeredTypes(page, settings) {
  /** @type {string | undefined} */
  const secret = settings.clientSecret;
  if (!secret) return { types: typesOfMode(settings) };
  const path = secret.startsWith("seti_") ? "setup_intents" : "payment_intents";
  const id = secret.split("_secret_")[0];
  const { body, error } = await page.api.request("GET", `/v1/${path}/${id}`, { client_secret: secret });
  return error ? { types: ["card"], error } : { types: body.payment_method_types };
}

/** @param {any} emitter @param {import("./api.js").ApiError} error */
function tellLoadError(emitter, error) {
  if (!emitter.has("loaderror")) console.error(`Unhandled payment Element loaderror: ${error.message}`, error);
  emitter.emit("loaderror", { elementType: "payment", error });
}

/** Without an intent: what an intent of these settings would take. @param {Record<string, any>} settings */
function typesOfMode(settings) {
  const listed = settings.paymentMethodTypes ?? settings.payment_method_types ?? settings.allowedPaymentMethodTypes;
  const isDebitable = settings.currency === "eur" || (settings.mode === "setup" && !settings.currency);
  const isManual = (settings.captureMethod ?? settings.capture_method) === "manual";
  const excluded = settings.excludedPaymentMethodTypes ?? [];
  return (listed ?? playedTypes).filter(
    (/** @type {string} */ type) => !excluded.includes(type) && (type === "card" || (isDebitable && !isManual)),
  );
}

/** @param {string} type @param {() => void} onDestroy */
function createInertElement(type, onDestroy) {
  const base = createElementBase({
    type,
    classes: () => ({}),
    onMount: () => {
      console.info(`Stripe.js (sandbox): the ${type} element shows nothing here.`);
      // No wallet lives in the sandbox, and a page shall see that it has none to show.
      const absent = type === "expressCheckout" ? { availablePaymentMethods: undefined } : {};
      queueMicrotask(() => base.announceReady(absent));
    },
    onUnmount: () => {},
    onDestroy,
  });
  const nothing = () => {};
  const element = { ...base.methods, focus: nothing, blur: nothing, clear: nothing, update: () => element };
  return element;
}
