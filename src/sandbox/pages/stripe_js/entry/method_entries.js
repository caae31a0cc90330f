// The entries of payment methods: of a card, shared by cardNumber, cardExpiry and cardCvc of one elements group, of an
// IBAN, and of the Payment Element, where the customer chooses between the two. Each says what it means as parameters
// of POST /v1/payment_methods.

import {
  asksPostalCode,
  brandOf,
  cvcProblem,
  expiryProblem,
  fieldProblem,
  formatExpiry,
  formatNumber,
  numberProblem,
  onlyDigits,
  parseExpiry,
  postalProblem,
} from "./cards.js";
import { createEntry } from "./entry.js";
import { formatIban, ibanCountry, ibanProblem, isAddressNeeded, plainIban } from "./iban.js";

/**
 * @typedef {import("./entry.js").Part} Part
 * @typedef {import("./entry.js").Values} Values
 * @typedef {{ month: number, year: number }} Month
 * @typedef {{ parts: Part[], today: () => Month, initial: Partial<Values> }} EntryOptions
 * @typedef {{ type: string, billing_details: Record<string, any>, [block: string]: any }} MethodParams
 * @typedef {import("./entry.js").FieldEntry & { method: () => MethodParams }} MethodEntry
 * @typedef {MethodEntry & { types: () => string[], offer: (types: string[], isCollapsed: boolean) => void,
 *   collapse: () => void }} PaymentEntry
 * @typedef {EntryOptions & { always: Part[] }} PaymentEntryOptions
 */

/** What the Payment Element can collect here, in the order of its tabs. */
export const playedTypes = [
  "card",
  "afterpay_clearpay",
  "alipay",
  "bancontact",
  "ideal",
  "klarna",
  "link",
  "sepa_debit",
  "wechat_pay",
];

/** @type {Part[]} */
const debitParts = ["iban", "name", "email"];
/** @type {Part[]} */
const debitAddressParts = ["line1", "city", "postal"];
/** @type {Part[]} */
const cardParts = ["number", "expiry", "cvc", "country", "postal"];
/** What a bank that is visited does not ask itself. @type {Record<string, Part[]>} */
const visitParts = {
  afterpay_clearpay: ["name", "email"],
  alipay: [],
  bancontact: ["name"],
  ideal: [],
  klarna: ["email"],
  link: ["email"],
  wechat_pay: [],
};

/** @param {EntryOptions} options @returns {MethodEntry} */
export function createCardEntry({ parts, today, initial }) {
  const entry = createEntry({
    parts,
    initial,
    format: formatPart,
    isAsked: isCardPartAsked,
    problemOf: (part, values, isTyping) => partProblem(part, values, { isTyping, today: today() }),
  });
  return { ...entry, brand: () => brandIn(entry.values), method: () => cardMethod(entry) };
}

/** @returns {MethodEntry} */
export function createIbanEntry() {
  const entry = createEntry({
    parts: ["iban"],
    initial: {},
    format: formatPart,
    problemOf: (_part, values, isTyping) => ibanProblem(values.iban, isTyping),
  });
  return { ...entry, brand: () => brandIn(entry.values), method: () => debitMethod(entry) };
}

/**
 * @param {PaymentEntryOptions} options `always` names what is asked of every way to pay
 * @returns {PaymentEntry}
 */
export function createPaymentEntry({ parts, today, initial, always }) {
  let types = ["card"];
  let wasOffered = false;
  /** The customer has not chosen yet: nothing but the choice is asked. @param {Values} values */
  const isCollapsed = (values) => values.method === "";
  const entry = createEntry({
    parts: ["method", ...parts],
    initial: { method: "card", ...initial },
    format: formatPart,
    isAsked: (part, values) => {
      if (part === "method") return types.length > 1 || isCollapsed(values);
      if (isCollapsed(values)) return false;
      if (always.includes(part)) return true;
      if (values.method === "card") return cardParts.includes(part) && isCardPartAsked(part, values);
      const visit = visitParts[values.method];
      if (visit) return visit.includes(part);
      return (
        debitParts.includes(part) || (debitAddressParts.includes(part) && isAddressNeeded(ibanCountry(values.iban)))
      );
    },
    problemOf: (part, values, isTyping) =>
      part === "postal" && values.method !== "card"
        ? contactProblem(part, values.postal, isTyping)
        : partProblem(part, values, { isTyping, today: today() }),
  });
  return {
    ...entry,
    brand: () => brandIn(entry.values),
    method: () => {
      const { method } = entry.values;
      if (visitParts[method]) return visitMethod(method, entry);
      return method === "sepa_debit" ? debitMethod(entry) : cardMethod(entry);
    },
    types: () => types,
    offer(given, isCollapsedFirst) {
      const offered = given.filter((type) => playedTypes.includes(type));
      types = offered.length > 0 ? offered : ["card"];
      if (isCollapsedFirst && !wasOffered) entry.values.method = "";
      else if (!wasOffered || !(isCollapsed(entry.values) || types.includes(entry.values.method))) {
        entry.values.method = types[0] ?? "card";
      }
      wasOffered = true;
      entry.announce(null);
    },
    collapse: () => entry.set("method", ""),
  };
}

/** @param {Values} values */
function brandIn(values) {
  return brandOf(onlyDigits(values.number));
}

/** @param {Part} part @param {Values} values */
function isCardPartAsked(part, values) {
  return part !== "postal" || values.country === "" || asksPostalCode(values.country);
}

/** @param {Part} part @param {string} text @param {Values} values */
function formatPart(part, text, values) {
  const brand = brandIn(values);
  if (part === "number") return formatNumber(text);
  if (part === "expiry") return formatExpiry(text);
  if (part === "cvc") return onlyDigits(text).slice(0, brand.name === "unknown" ? 4 : brand.cvcLength);
  if (part === "iban") return formatIban(text);
  return text.slice(0, part === "postal" ? 16 : 200);
}

/** @param {Part} part @param {Values} values @param {{ isTyping: boolean, today: Month }} moment */
function partProblem(part, values, { isTyping, today }) {
  if (part === "number") return numberProblem(values.number, isTyping);
  if (part === "expiry") return expiryProblem(values.expiry, isTyping, today);
  if (part === "cvc") return cvcProblem(values.cvc, isTyping, brandIn(values));
  if (part === "postal") return postalProblem(values.postal, isTyping, values.country);
  if (part === "iban") return ibanProblem(values.iban, isTyping);
  if (part === "method") return values.method === "" && !isTyping ? nothingChosen() : null;
  if (part === "country") return null;
  return contactProblem(part, values[part], isTyping);
}

/** Stripe does not publish its words for this. */
function nothingChosen() {
  return fieldProblem("incomplete_payment_method", "Please choose a payment method.");
}

/** @param {Part} part @param {string} text @param {boolean} isTyping */
export function contactProblem(part, text, isTyping) {
  const isBlank = text.trim() === "";
  if (isTyping) return null;
  if (part === "email") {
    if (isBlank) return fieldProblem("incomplete_email", "Your email is incomplete.");
    const isGood = /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text.trim());
    return isGood ? null : fieldProblem("email_invalid", "Your email is invalid.");
  }
  if (!isBlank) return null;
  if (part === "name") return fieldProblem("incomplete_name", "Please provide your full name.");
  if (part === "firstName") return fieldProblem("incomplete_name", "Please provide your first name.");
  if (part === "lastName") return fieldProblem("incomplete_name", "Please provide your last name.");
  return part === "phone" || part === "line2" ? null : fieldProblem(`incomplete_${part}`, "This field is incomplete.");
}

/** The card, and the address its fields know. @param {import("./entry.js").Entry} entry @returns {MethodParams} */
function cardMethod({ values, isAsked }) {
  const card = { number: onlyDigits(values.number), ...parseExpiry(values.expiry), cvc: values.cvc || undefined };
  const address = {
    country: values.country === "" ? undefined : values.country,
    postal_code: isAsked("postal") && values.postal !== "" ? values.postal.trim() : undefined,
  };
  const name = isAsked("name") && values.name !== "" ? { name: values.name } : {};
  return { type: "card", card, billing_details: { ...name, address } };
}

/** @param {import("./entry.js").Entry} entry @returns {MethodParams} */
function debitMethod({ values, isAsked }) {
  const { line1, city, postal } = values;
  const address = isAsked("line1") ? { country: ibanCountry(values.iban), line1, city, postal_code: postal } : {};
  const contact = { name: values.name || undefined, email: values.email || undefined };
  return {
    type: "sepa_debit",
    sepa_debit: { iban: plainIban(values.iban) },
    billing_details: { ...contact, address },
  };
}

/** @param {string} type @param {import("./entry.js").Entry} entry @returns {MethodParams} */
function visitMethod(type, { values, isAsked }) {
  const name = isAsked("name") && values.name !== "" ? { name: values.name } : {};
  const email = isAsked("email") && values.email !== "" ? { email: values.email } : {};
  return { type, billing_details: { ...name, ...email, address: {} } };
}
