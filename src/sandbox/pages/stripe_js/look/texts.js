// What stands beside and inside the fields, per element: titles of frames, labels, placeholders, names for autofill.
import { ibanPlaceholder } from "../entry/iban.js";

/**
 * @typedef {import("../entry/entry.js").Part} Part
 * @typedef {{ label: string, placeholder: string, name: string, autocomplete: string }} FieldText
 * @typedef {"payment" | "card" | "cardNumber" | "cardExpiry" | "cardCvc" | "iban" | "address"
 *   | "linkAuthentication"} TypedType
 */

/** @type {Record<TypedType, string>} */
export const frameTitles = {
  payment: "Secure payment input frame",
  card: "Secure card payment input frame",
  cardNumber: "Secure card number input frame",
  cardExpiry: "Secure expiration date input frame",
  cardCvc: "Secure CVC input frame",
  iban: "Secure IBAN input frame",
  address: "Secure address input frame",
  linkAuthentication: "Secure email input frame",
};

/** @type {Partial<Record<Part, FieldText>>} */
const panelTexts = {
  number: { label: "Card number", placeholder: "1234 1234 1234 1234", name: "number", autocomplete: "cc-number" },
  expiry: { label: "Expiration date", placeholder: "MM / YY", name: "expiry", autocomplete: "cc-exp" },
  cvc: { label: "Security code", placeholder: "CVC", name: "cvc", autocomplete: "cc-csc" },
  iban: { label: "IBAN", placeholder: "DE00 0000 0000 0000 0000 00", name: "iban", autocomplete: "off" },
  name: { label: "Full name", placeholder: "First and last name", name: "name", autocomplete: "billing name" },
  firstName: { label: "First name", placeholder: "", name: "firstName", autocomplete: "billing given-name" },
  lastName: { label: "Last name", placeholder: "", name: "lastName", autocomplete: "billing family-name" },
  email: { label: "Email", placeholder: "you@example.com", name: "email", autocomplete: "billing email" },
  country: { label: "Country", placeholder: "", name: "country", autocomplete: "billing country" },
  line1: { label: "Address", placeholder: "Street and number", name: "line1", autocomplete: "billing address-line1" },
  line2: { label: "Apartment, suite", placeholder: "", name: "line2", autocomplete: "billing address-line2" },
  city: { label: "City", placeholder: "", name: "city", autocomplete: "billing address-level2" },
  state: { label: "State or province", placeholder: "", name: "state", autocomplete: "billing address-level1" },
  phone: { label: "Phone number", placeholder: "", name: "phone", autocomplete: "billing tel" },
  postal: { label: "Postal code", placeholder: "12345", name: "postalCode", autocomplete: "billing postal-code" },
};

/** @type {Partial<Record<Part, FieldText>>} */
const inlineTexts = {
  number: { label: "Card number", placeholder: "Card number", name: "cardnumber", autocomplete: "cc-number" },
  expiry: { label: "Expiration date", placeholder: "MM / YY", name: "exp-date", autocomplete: "cc-exp" },
  cvc: { label: "Security code", placeholder: "CVC", name: "cvc", autocomplete: "cc-csc" },
  iban: { label: "IBAN", placeholder: "", name: "iban", autocomplete: "off" },
  postal: { label: "ZIP or postal code", placeholder: "ZIP", name: "postal", autocomplete: "billing postal-code" },
};

/** @type {Partial<Record<TypedType, string>>} */
const splitPlaceholders = { cardNumber: "1234 1234 1234 1234", cardExpiry: "MM / YY", cardCvc: "CVC" };

/** Shown as a form with labels; the others are one line. @type {Set<TypedType>} */
const panelTypes = new Set(["payment", "address", "linkAuthentication"]);

/** @param {TypedType} type */
export function isPanel(type) {
  return panelTypes.has(type);
}

/** @param {TypedType} type @param {Part} part @param {Record<string, any>} options @returns {FieldText} */
export function fieldText(type, part, options) {
  const texts = isPanel(type) ? panelTexts : inlineTexts;
  const known = texts[part] ?? { label: part, placeholder: "", name: part, autocomplete: "off" };
  const isOrganization = part === "name" && options.display?.name === "organization";
  const text = isOrganization ? { ...known, label: "Full name or organization", placeholder: "" } : known;
  const section = options.mode === "shipping" ? "shipping" : "billing";
  return {
    ...text,
    placeholder: placeholderOf(type, options) ?? text.placeholder,
    autocomplete: text.autocomplete.replace(/^billing/, section),
  };
}

/** Where an element is one field, the page may choose. @param {TypedType} type @param {Record<string, any>} options */
function placeholderOf(type, options) {
  if (isPanel(type) || type === "card") return undefined;
  if (type === "iban") return ibanPlaceholder(options.placeholderCountry ?? "DE");
  return options.placeholder ?? splitPlaceholders[type];
}
