// From what was typed to the parameters of a PaymentMethod.
import { IntegrationError } from "../api.js";
import { insideOf } from "../elements/element_base.js";

/**
 * @typedef {import("../api.js").ApiError} ApiError
 * @typedef {Record<string, any>} Params
 * @typedef {{ params: Params, error?: undefined } | { params?: undefined, error: ApiError }} Read
 */

/**
 * The PaymentMethod parameters an element stands for, or the first thing wrong with it.
 * @param {unknown} element @param {Params} [extra] @returns {Read}
 */
export function readElement(element, extra = {}) {
  const inside = insideOf(element);
  if (!isPaying(element)) {
    throw new IntegrationError(
      "A card, IBAN or payment Element of this page was expected, as made by elements.create().",
    );
  }
  const error = inside.judge();
  if (error) return { error };
  const { billing_details: details = {}, ...others } = extra;
  const { billing_details: typed, ...method } = inside.entry.method();
  const address = { ...typed.address, ...details.address };
  return { params: { ...method, billing_details: { ...typed, ...details, address }, ...others } };
}

/**
 * The same for the element that pays in a group, with what the group's other elements know of the payer.
 * @param {unknown} elements @param {string} caller @param {Params} [extra] @returns {Read}
 */
export function readGroup(elements, caller, extra = {}) {
  const element = payingElement(elements, caller);
  const known = insideOf(elements)?.billing?.() ?? {};
  const given = extra.billing_details ?? {};
  const billing_details = { ...known, ...given, address: { ...known.address, ...given.address } };
  return readElement(element, { ...extra, billing_details });
}

/** Every detail that the Payment Element may collect, as the API spells it. */
const detailPaths = [
  ["name"],
  ["email"],
  ["phone"],
  ...["line1", "line2", "city", "state", "country", "postal_code"].map((name) => ["address", name]),
];

/**
 * What the page took out of the Payment Element with "never" it must say itself: null or "" is said, undefined is not.
 * @param {unknown} element @param {Params} [given] the confirm's `payment_method_data.billing_details`
 */
export function assertDetailsGiven(element, given = {}) {
  const fields = insideOf(element)?.options?.().fields?.billingDetails;
  for (const path of detailPaths) {
    /** @param {any} tree @param {(name: string) => string} spelt */
    const at = (tree, spelt) =>
      path.reduce((branch, name) => (typeof branch === "string" ? branch : branch?.[spelt(name)]), tree);
    const asked = at(fields, (name) => name.replace("postal_code", "postalCode"));
    if (asked !== "never" || at(given, (name) => name) !== undefined) continue;
    const detail = `billing_details.${path.join(".")}`;
    throw new IntegrationError(
      `You specified "never" for fields.${detail} when creating the payment Element, but did not pass ` +
        `confirmParams.payment_method_data.${detail} when calling stripe.confirmPayment or stripe.confirmSetup. If ` +
        "you opt out of collecting data via the payment Element using the fields option, the data must be passed at " +
        "confirm-time.",
    );
  }
}

/** The element that pays in an elements group. @param {unknown} elements @param {string} caller */
function payingElement(elements, caller) {
  const group = insideOf(elements);
  if (group?.settings?.().mode && !group.wasSubmitted()) {
    throw new IntegrationError(`elements.submit() must be called before ${caller}.`);
  }
  const element = group?.payment?.() ?? group?.card?.() ?? group?.iban?.();
  if (!element) {
    throw new IntegrationError(
      `Invalid value for ${caller}: elements should have a mounted Payment Element or Express Checkout Element.`,
    );
  }
  return element;
}

/**
 * A method's own block may hold an element, a token or plain parameters.
 * @param {Params} given @param {string} type @returns {Read}
 */
export function readMethod(given, type) {
  const block = given[type];
  const { [type]: _block, type: _type, ...others } = given;
  return isPaying(block) ? readElement(block, others) : { params: { ...given, type } };
}

/** Whether something is an element that stands for a payment method. @param {unknown} thing */
export function isPaying(thing) {
  return insideOf(thing)?.entry?.method !== undefined;
}
