// What the customer has typed into a group of fields, and what is wrong with it. Knows no DOM and no payment method:
// which parts there are, how they are written and when they are wrong is given.

/**
 * @typedef {"method" | "number" | "expiry" | "cvc" | "iban" | "name" | "firstName" | "lastName"
 *   | "email" | "country" | "line1" | "line2" | "city" | "state" | "postal" | "phone"} Part
 * @typedef {Record<Part, string>} Values
 * @typedef {import("./cards.js").FieldProblem} FieldProblem
 * @typedef {{ parts: Part[], initial: Partial<Values>, format: (part: Part, text: string, values: Values) => string,
 *   problemOf: (part: Part, values: Values, isTyping: boolean) => FieldProblem | null,
 *   isAsked?: (part: Part, values: Values) => boolean }} EntryRules
 * @typedef {ReturnType<typeof createEntry>} Entry
 * @typedef {Entry & { brand: () => import("./cards.js").Brand }} FieldEntry
 */

/** @type {Values} */
const noValues = {
  method: "",
  number: "",
  expiry: "",
  cvc: "",
  iban: "",
  name: "",
  firstName: "",
  lastName: "",
  email: "",
  country: "",
  line1: "",
  line2: "",
  city: "",
  state: "",
  postal: "",
  phone: "",
};

/** Chosen and not typed: neither counts as something entered, nor is it ever cleared. */
const chosenParts = new Set(["method", "country"]);

/** @param {EntryRules} rules */
export function createEntry(rules) {
  const values = { ...noValues, ...rules.initial };
  /** Parts that were left or submitted: from then on, incomplete is an error too. @type {Set<Part>} */
  const judged = new Set();
  /** @type {Set<(part: Part | null) => void>} */
  const watchers = new Set();

  /** @param {Part} part */
  const isAsked = (part) => rules.parts.includes(part) && (rules.isAsked?.(part, values) ?? true);

  /** @param {Part} part @param {boolean} isTyping */
  const problemOf = (part, isTyping) => (isAsked(part) ? rules.problemOf(part, values, isTyping) : null);

  /** @param {Part | null} part */
  function announce(part) {
    for (const watcher of watchers) watcher(part);
  }

  return {
    parts: rules.parts,
    values,
    isAsked,
    announce,
    /** @param {Part} part @param {string} text */
    set(part, text) {
      values[part] = rules.format(part, text, values);
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
      for (const part of rules.parts) judged.add(part);
      announce(null);
      return this.firstProblem(false);
    },
    clear() {
      for (const part of rules.parts) if (!chosenParts.has(part)) values[part] = "";
      judged.clear();
      announce(null);
    },
    /** The problem to show now beside one field. @param {Part} part */
    shownProblem: (part) => problemOf(part, !judged.has(part)),
    /** @param {boolean} isShownOnly @param {Part[]} [parts] */
    firstProblem(isShownOnly, parts = rules.parts) {
      for (const part of parts) {
        const problem = problemOf(part, isShownOnly && !judged.has(part));
        if (problem) return { part, problem };
      }
      return null;
    },
    /** @param {Part[]} [parts] */
    isComplete: (parts = rules.parts) => parts.every((part) => problemOf(part, false) === null),
    /** @param {Part[]} [parts] */
    isEmpty: (parts = rules.parts) =>
      parts.every((part) => chosenParts.has(part) || !isAsked(part) || values[part] === ""),
    /** @param {(part: Part | null) => void} watcher */
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
}
