// Making a PaymentMethod, a token, a confirmation token or a source of what was typed.
import { IntegrationError } from "../api.js";
import { insideOf } from "../elements/element_base.js";
import { ibanCountry } from "../entry/iban.js";
import { isPaying, readElement, readGroup, readMethod } from "./method_params.js";

/**
 * @typedef {ReturnType<typeof import("../api.js").createApi>} Api
 * @typedef {import("./method_params.js").Params} Params
 */

/** @param {Api} api @param {import("./method_params.js").Read} read */
export async function makePaymentMethod(api, read) {
  if (read.error) return { error: read.error };
  const { body, error } = await api.request("POST", "/v1/payment_methods", read.params);
  return error ? { error } : { paymentMethod: body };
}

/** The calls as a page makes them. @param {Api} api */
export function createMethodCalls(api) {
  return {
    /** @param {any} first @param {any} [second] @param {Params} [third] */
    createPaymentMethod: async (first, second, third) => makePaymentMethod(api, readForms(first, second, third)),
    /** @param {any} first @param {Params} [second] */
    createToken: (first, second) => createToken(api, first, second),
    /** @param {{ elements?: unknown, element?: unknown, params?: Params }} wish */
    createConfirmationToken: (wish) => createConfirmationToken(api, wish),
  };
}

/** Those of the trains before dahlia. @param {Api} api */
export function createSourceCalls(api) {
  return {
    /**
     * `(element, data)`, or the source's parameters alone.
     * @param {any} first @param {Params} [second]
     */
    async createSource(first, second = {}) {
      let params = first;
      if (isPaying(first)) {
        const { token, error } = await createToken(api, first);
        if (error) return { error };
        params = { ...second, type: second.type ?? "card", token: token.id };
      }
      const { body, error } = await api.request("POST", "/v1/sources", params);
      return error ? { error } : { source: body };
    },
    /** @param {{ id: string, client_secret: string }} wish */
    async retrieveSource({ id, client_secret }) {
      const { body, error } = await api.request("GET", `/v1/sources/${id}`, { client_secret });
      return error ? { error } : { source: body };
    },
  };
}

/**
 * The three forms: one object, `{ elements | element, params }`, and the old `(type, element, rest)`.
 * @param {any} first @param {any} [second] @param {Params} [third] @returns {import("./method_params.js").Read}
 */
function readForms(first, second, third) {
  if (typeof first === "string") {
    return isPaying(second) ? readElement(second, third) : { params: { ...second, type: first } };
  }
  if (first?.elements) return readGroup(first.elements, "stripe.createPaymentMethod()", first.params);
  if (first?.element) return readElement(first.element, first.params);
  if (typeof first?.type !== "string") {
    throw new IntegrationError("Invalid value for createPaymentMethod(): type should be a string, such as 'card'.");
  }
  return readMethod(first, first.type);
}

/** @param {Api} api @param {any} first @param {Params} [second] */
async function createToken(api, first, second = {}) {
  const read = typeof first === "string" ? { params: namedTokenParams(first, second) } : readTokenParams(first, second);
  if (read.error) return { error: read.error };
  const { body, error } = await api.request("POST", "/v1/tokens", read.params);
  return error ? { error } : { token: body };
}

/** @param {string} name @param {Params} data @returns {Params} */
function namedTokenParams(name, data) {
  const inside = insideOf(data);
  if (name === "cvc_update" && inside) return { cvc_update: { cvc: inside.entry.values.cvc } };
  return name === "pii" ? { pii: { id_number: data.personal_id_number } } : { [name]: data };
}

/**
 * A token knows neither payment methods nor billing details.
 * @param {unknown} element @param {Params} data @returns {import("./method_params.js").Read}
 */
function readTokenParams(element, data) {
  const { params, error } = readElement(element);
  if (error) return { error };
  const { card, sepa_debit: debit, billing_details: details } = params;
  if (card) return { params: { card: { ...card, address_zip: details.address.postal_code, ...data } } };
  return { params: { bank_account: { country: ibanCountry(debit.iban), account_number: debit.iban, ...data } } };
}

/** @param {Api} api @param {{ elements?: unknown, element?: unknown, params?: Params }} wish */
async function createConfirmationToken(api, { elements, element, params = {} }) {
  const { payment_method_data: methodData, ...others } = params;
  const read = element
    ? readElement(element, methodData)
    : readGroup(elements, "stripe.createConfirmationToken()", methodData);
  const { paymentMethod, error: methodError } = await makePaymentMethod(api, read);
  if (!paymentMethod) return { error: methodError };
  const wish = { shipping: insideOf(elements)?.shipping?.(), ...others, payment_method: paymentMethod.id };
  const { body, error } = await api.request("POST", "/v1/confirmation_tokens", wish);
  return error ? { error } : { confirmationToken: body };
}
