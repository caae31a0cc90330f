// From what was typed to a PaymentMethod, a token or a confirmation token.
import { IntegrationError } from "./api.js";
import { insideOf } from "./element_base.js";
import { ibanCountry } from "./iban.js";

/**
 * @typedef {import("./api.js").ApiError} ApiError
 * @typedef {ReturnType<typeof import("./api.js").createApi>} Api
 * @typedef {Record<string, any>} Params
 * @typedef {{ params: Params, error?: undefined } | { params?: undefined, error: ApiError }} Read
 */

/**
 * The PaymentMethod parameters an element stands for, or the first thing wrong with it.
 * @param {unknown} element @param {Params} [extra] @returns {Read}
 */
export function readElement(element, extra = {}) {
  const inside = insideOf(element);
  if (!inside?.entry?.method) {
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
 * A token knows neither payment methods nor billing details.
 * @param {Params} method @param {Params} data
 */
function tokenParams({ card, sepa_debit: debit, billing_details: details }, data) {
  if (card) return { card: { ...card, address_zip: details.address.postal_code, ...data } };
  return { bank_account: { country: ibanCountry(debit.iban), account_number: debit.iban, ...data } };
}

/** @param {Api} api */
export function createPaymentMethodCalls(api) {
  /** @param {Read} read */
  async function make(read) {
    if (read.error) return { error: read.error };
    const { body, error } = await api.request("POST", "/v1/payment_methods", read.params);
    return error ? { error } : { paymentMethod: body };
  }

  /**
   * A method's own block may hold an element, a token or plain parameters.
   * @param {Params} given @param {string} type
   */
  function readMethod(given, type) {
    const block = given[type];
    const { [type]: _block, type: _type, ...others } = given;
    return insideOf(block)?.entry?.method ? readElement(block, others) : { params: { ...given, type } };
  }

  /**
   * The three forms: one object, `{ elements | element, params }`, and the old `(type, element, rest)`.
   * @param {any} first @param {any} [second] @param {Params} [third]
   */
  async function createPaymentMethod(first, second, third) {
    if (typeof first === "string") {
      const isElement = insideOf(second)?.entry?.method !== undefined;
      return make(isElement ? readElement(second, third) : { params: { ...second, type: first } });
    }
    if (first?.elements) {
      return make(readGroup(first.elements, "stripe.createPaymentMethod()", first.params));
    }
    if (first?.element) return make(readElement(first.element, first.params));
    if (typeof first?.type !== "string") {
      throw new IntegrationError("Invalid value for createPaymentMethod(): type should be a string, such as 'card'.");
    }
    return make(readMethod(first, first.type));
  }

  /** @param {any} first @param {Params} [second] */
  async function createToken(first, second = {}) {
    /** @type {Params} */
    let params;
    if (typeof first === "string") {
      const inside = insideOf(second);
      params = { [first]: second };
      if (first === "cvc_update" && inside) params = { cvc_update: { cvc: inside.entry.values.cvc } };
      if (first === "pii") params = { pii: { id_number: second.personal_id_number } };
    } else {
      const read = readElement(first);
      if (read.error) return { error: read.error };
      params = tokenParams(read.params, second);
    }
    const { body, error } = await api.request("POST", "/v1/tokens", params);
    return error ? { error } : { token: body };
  }

  /** @param {{ elements?: unknown, element?: unknown, params?: Params }} options */
  async function createConfirmationToken({ elements, element, params = {} }) {
    const { payment_method_data: methodData, ...others } = params;
    const read = element
      ? readElement(element, methodData)
      : readGroup(elements, "stripe.createConfirmationToken()", methodData);
    const { paymentMethod, error: methodError } = await make(read);
    if (!paymentMethod) return { error: methodError };
    const wish = { shipping: insideOf(elements)?.shipping?.(), ...others, payment_method: paymentMethod.id };
    const { body, error } = await api.request("POST", "/v1/confirmation_tokens", wish);
    return error ? { error } : { confirmationToken: body };
  }

  /**
   * Of the trains before dahlia: `(element, data)`, or the source's parameters alone.
   * @param {any} first @param {Params} [second]
   */
  async function createSource(first, second = {}) {
    let params = first;
    if (insideOf(first)?.entry?.method) {
      const { token, error } = await createToken(first);
      if (error) return { error };
      params = { ...second, type: second.type ?? "card", token: token.id };
    }
    const { body, error } = await api.request("POST", "/v1/sources", params);
    return error ? { error } : { source: body };
  }

  /** @param {{ id: string, client_secret: string }} wish */
  async function retrieveSource({ id, client_secret }) {
    const { body, error } = await api.request("GET", `/v1/sources/${id}`, { client_secret });
    return error ? { error } : { source: body };
  }

  return {
    make,
    readMethod,
    createPaymentMethod,
    createToken,
    createConfirmationToken,
    createSource,
    retrieveSource,
  };
}
