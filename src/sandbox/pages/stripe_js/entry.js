// What the customer has typed into one group of card fields, and what is wrong with it. One entry belongs to one
// card or payment element, or is shared by cardNumber, cardExpiry and cardCvc of one elements group. Knows no DOM.
import {
  asksPostalCode,
  brandOf,
  cvcProblem,
  expiryProblem,
  formatExpiry,
  formatNumber,
  numberProblem,
  onlyDigits,
  parseExpiry,
  postalProblem,
} from "./cards.js";

/**
 * @typedef {"number" | "expiry" | "cvc" | "country" | "postal"} Part
 * @typedef {{ parts: Part[], today: () => { month: number, year: number }, country: string,
 *   postal: string }} EntryOptions
 * @typedef {ReturnType<typeof createCardEntry>} CardEntry
 */

/** @param {EntryOptions} options */
export function createCardEntry(options) {
  /** @type {Record<Part, string>} */
  const values = { number: "", expiry: "", cvc: "", country: options.country, postal: options.postal };
  /** Parts that were left or submitted: from then on, incomplete is an error too. @type {Set<Part>} */
  const judged = new Set();
  /** @type {Set<(part: Part | null) => void>} */
  const watchers = new Set();
  const brand = () => brandOf(onlyDigits(values.number));

  /** @param {Part} part @param {boolean} isTyping */
  function problemOf(part, isTyping) {
    if (part === "number") return numberProblem(values.number, isTyping);
    if (part === "expiry") return expiryProblem(values.expiry, isTyping, options.today());
    if (part === "cvc") return cvcProblem(values.cvc, isTyping, brand());
    if (part === "postal" && isAsked("postal")) return postalProblem(values.postal, isTyping, values.country);
    return null;
  }

  /** @param {Part} part */
  function isAsked(part) {
    return (
      options.parts.includes(part) && (part !== "postal" || values.country === "" || asksPostalCode(values.country))
    );
  }

  /** @param {Part | null} part */
  function announce(part) {
    for (const watcher of watchers) watcher(part);
  }

  return {
    parts: options.parts,
    values,
    brand,
    isAsked,
    /** @param {Part} part @param {string} text */
    set(part, text) {
      const cvcMax = brand().name === "unknown" ? 4 : brand().cvcLength;
      if (part === "number") values.number = formatNumber(text);
      else if (part === "expiry") values.expiry = formatExpiry(text);
      else if (part === "cvc") values.cvc = onlyDigits(text).slice(0, cvcMax);
      else values[part] = text.slice(0, 16);
      judged.delete(part);
      announce(part);
    },
    /** The customer left the field: an incomplete value is now an error, an empty one not yet. @param {Part} part */
    leave(part) {
      if (values[part] === "" || judged.has(part)) return;
      judged.add(part);
      announce(part);
    },
    /** Judges everything, as a submit does, and answers the first problem. */
    judgeAll() {
      for (const part of options.parts) judged.add(part);
      announce(null);
      return this.firstProblem(false);
    },
    clear() {
      for (const part of options.parts) if (part !== "country") values[part] = "";
      judged.clear();
      announce(null);
    },
    /** The problem to show now beside one field. @param {Part} part */
    shownProblem: (part) => problemOf(part, !judged.has(part)),
    /** @param {boolean} isShownOnly @param {Part[]} [parts] */
    firstProblem(isShownOnly, parts = options.parts) {
      for (const part of parts) {
        const problem = problemOf(part, isShownOnly && !judged.has(part));
        if (problem) return { part, problem };
      }
      return null;
    },
    /** @param {Part[]} [parts] */
    isComplete: (parts = options.parts) => parts.every((part) => problemOf(part, false) === null),
    /** @param {Part[]} [parts] */
    isEmpty: (parts = options.parts) => parts.every((part) => part === "country" || values[part] === ""),
    /** `card` as POST /v1/payment_methods takes it. */
    card: () => ({ number: onlyDigits(values.number), ...parseExpiry(values.expiry), cvc: values.cvc || undefined }),
    /** The address the fields themselves know; the page's own billing details win over it. */
    address: () => ({
      country: values.country === "" ? undefined : values.country,
      postal_code: isAsked("postal") && values.postal !== "" ? values.postal.trim() : undefined,
    }),
    /** @param {(part: Part | null) => void} watcher */
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
}
