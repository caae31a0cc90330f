// Every type of element, and how it is made.
import { IntegrationError } from "../api.js";
import { createAddressEntry, createLinkEntry } from "../entry/contact_entries.js";
import { createCardEntry, createIbanEntry, createPaymentEntry, playedTypes } from "../entry/method_entries.js";
import { isCollapsedAtFirst, layoutOf } from "../look/method_choice.js";
import { createInertElement } from "./inert_element.js";
import { inOrder, offeredTypes } from "./offer.js";
import { createTypedElement } from "./typed_element.js";

/**
 * @typedef {{ api: ReturnType<typeof import("../api.js").createApi>, locale: string, train: string,
 *   nextFrameName: () => string }} Page
 * @typedef {{ page: Page, settings: () => Record<string, any>,
 *   splitEntry: import("../entry/method_entries.js").MethodEntry }} Group
 * @typedef {{ type: any, options: Record<string, any>, onDestroy: () => void }} Wish
 * @typedef {import("../entry/entry.js").Part} Part
 */

/** The types that the stand-in names but shows nothing for. */
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

/** @type {Record<string, (group: Group, wish: Wish) => any>} */
const makers = {
  card: (group, wish) => typed(group, wish, { entry: cardEntry(wish.options) }),
  cardNumber: (group, wish) => typed(group, wish, { entry: group.splitEntry, parts: ["number"] }),
  cardExpiry: (group, wish) => typed(group, wish, { entry: group.splitEntry, parts: ["expiry"] }),
  cardCvc: (group, wish) => typed(group, wish, { entry: group.splitEntry, parts: ["cvc"] }),
  iban: (group, wish) => typed(group, wish, { entry: createIbanEntry() }),
  payment: makePayment,
  address: makeAddress,
  linkAuthentication: (group, wish) => typed(group, wish, { entry: createLinkEntry(wish.options) }),
  ...Object.fromEntries(
    inertTypes.map((type) => [
      type,
      (/** @type {Group} */ _group, /** @type {Wish} */ wish) => createInertElement(type, wish.onDestroy),
    ]),
  ),
};

/** @param {Group} group @param {Wish} wish */
export function makeElement(group, wish) {
  const make = Object.hasOwn(makers, wish.type) ? makers[wish.type] : undefined;
  if (make) return make(group, wish);
  const names = Object.keys(makers).join(", ");
  throw new IntegrationError(
    `A valid Element name must be provided. Valid Elements are:\n  ${names}; you passed: ${wish.type}.`,
  );
}

/** cardNumber, cardExpiry and cardCvc are one card in three places. */
export function createSplitEntry() {
  return createCardEntry({ parts: ["number", "expiry", "cvc"], today, initial: {} });
}

/**
 * An element with fields over an entry; all of the entry's, where `own` does not say which.
 * @param {Group} group @param {Wish} wish
 * @param {{ entry: import("./change_event.js").FieldEntry, parts?: Part[], prepare?: (emitter: any) => Promise<void>,
 *   offer?: (types: string[]) => void }} own
 */
function typed({ page, settings }, wish, own) {
  return createTypedElement({
    ...wish,
    parts: own.entry.parts,
    appearance: () => settings().appearance,
    locale: page.locale,
    train: page.train,
    frameName: page.nextFrameName(),
    ...own,
  });
}

/** @param {Group} group @param {Wish} wish */
function makePayment(group, wish) {
  const { page, settings } = group;
  const { layout, paymentMethodOrder } = wish.options;
  const entry = paymentEntry(page, wish.options);
  /** @param {string[]} types */
  const offer = (types) => {
    const ordered = inOrder(types, paymentMethodOrder);
    const played = ordered.filter((one) => playedTypes.includes(one));
    entry.offer(ordered, isCollapsedAtFirst(layoutOf(layout, page.train), played, page.train));
  };
  const prepare = async (/** @type {import("../emitter.js").Emitter} */ emitter) => {
    emitter.emit("loaderstart", { elementType: "payment" });
    const { types, error } = await offeredTypes(page.api, settings());
    if (error) tellLoadError(emitter, error);
    offer(types);
  };
  return typed(group, wish, { entry, prepare, offer });
}

/** @param {import("../emitter.js").Emitter} emitter @param {import("../api.js").ApiError} error */
function tellLoadError(emitter, error) {
  if (!emitter.has("loaderror")) console.error(`Unhandled payment Element loaderror: ${error.message}`, error);
  emitter.emit("loaderror", { elementType: "payment", error });
}

/** @param {Group} group @param {Wish} wish */
function makeAddress(group, wish) {
  if (!["billing", "shipping"].includes(wish.options.mode)) {
    throw new IntegrationError("You must specify a `mode` of 'shipping' or 'billing' to create an Address Element.");
  }
  return typed(group, wish, { entry: createAddressEntry(wish.options, regionOf(group.page.locale)) });
}

/** @param {Record<string, any>} options */
function cardEntry(options) {
  /** @type {Part[]} */
  const parts = options.hidePostalCode ? ["number", "expiry", "cvc"] : ["number", "expiry", "cvc", "postal"];
  return createCardEntry({ parts, today, initial: { postal: options.value?.postalCode ?? "" } });
}

/** @param {Page} page @param {Record<string, any>} options */
function paymentEntry(page, options) {
  const details = options.fields?.billingDetails;
  const address = typeof details === "string" ? details : details?.address;
  /** @param {string} name */
  const isAddressOn = (name) => (typeof address === "string" ? address : address?.[name]) !== "never";
  /** @param {string} name */
  const isOn = (name) => (typeof details === "string" ? details : details?.[name]) !== "never";
  /** @type {Part[]} */
  const always = details?.name === "always" ? ["name"] : [];
  /** @type {Part[]} */
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

/** @param {string} locale */
function regionOf(locale) {
  return new Intl.Locale(locale).maximize().region ?? "US";
}

function today() {
  const now = new Date();
  return { month: now.getMonth() + 1, year: now.getFullYear() };
}
