// What an element tells the page when something in it changed.
import { addressValue } from "../entry/contact_entries.js";
import { ibanCountry } from "../entry/iban.js";

/**
 * @typedef {import("../entry/entry.js").FieldEntry
 *   & { method?: import("../entry/method_entries.js").MethodEntry["method"] }} FieldEntry
 * @typedef {{ type: import("../look/texts.js").TypedType, entry: FieldEntry,
 *   parts: import("../entry/entry.js").Part[] }} Typed
 */

/** @param {Typed} element @param {Record<string, any>} options */
function changeEvent({ type, entry, parts }, options) {
  const state = { elementType: type, empty: entry.isEmpty(parts), complete: entry.isComplete(parts) };
  if (type === "payment") {
    const collapsed = entry.values.method === "";
    return { ...state, collapsed, value: { type: collapsed ? "" : entry.method?.().type }, error: undefined };
  }
  if (type === "linkAuthentication") return { ...state, value: { email: entry.values.email }, error: undefined };
  if (type === "address") {
    return { ...state, elementMode: options.mode, isNewAddress: true, value: addressValue(entry), error: undefined };
  }
  const error = entry.firstProblem(true, parts)?.problem;
  if (type === "iban") return { ...state, country: ibanCountry(entry.values.iban), bankName: "", error };
  const brand = parts.includes("number") ? { brand: entry.brand().name } : {};
  const value = type === "card" ? { value: { postalCode: entry.values.postal } } : {};
  return { ...state, ...brand, ...value, error };
}

/**
 * Answers the event that is news to the page, if there is one: the first state of an empty element is none, and the
 * country and the way to pay count although not every event shows them.
 * @param {Typed} element
 */
export function createChangeTeller(element) {
  let last = "";
  /** @param {Record<string, any>} options */
  return (options) => {
    const event = changeEvent(element, options);
    const { country, method } = element.entry.values;
    const text = JSON.stringify([event, country, method]);
    const isUntouched = last === "" && event.empty && !event.error;
    const isNews = last !== text && !isUntouched;
    last = text;
    return isNews ? event : undefined;
  };
}
