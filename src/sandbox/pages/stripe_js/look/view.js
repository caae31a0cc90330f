// What an element shows in its frame: its fields, in a grid with labels or in one line, and in the Payment Element the
// choice between ways to pay and what the customer agrees to.
import { createField, makeNode } from "./fields.js";
import { createMethodChoice, createTerms, layoutOf } from "./method_choice.js";
import { fieldText, isPanel } from "./texts.js";

/**
 * @typedef {import("../entry/entry.js").Part} Part
 * @typedef {import("../entry/method_entries.js").PaymentEntry} PaymentEntry
 * @typedef {import("./fields.js").Field} Field
 * @typedef {{ onKey: (key: string) => void, onFocus: () => void, onBlur: () => void,
 *   onTyped: (part: Part) => void }} Listeners
 * @typedef {{ type: import("./texts.js").TypedType, entry: import("../entry/entry.js").FieldEntry, parts: Part[],
 *   options: Record<string, any>, locale: string, train: string, listeners: Listeners }} ViewSetup
 * @typedef {{ root: HTMLElement | undefined, fields: Field[], sync: () => void }} View
 */

/** Of an element that is not mounted. @type {View} */
export const noView = { root: undefined, fields: [], sync: () => {} };

/** @param {Document} document @param {ViewSetup} setup @returns {View & { root: HTMLElement }} */
export function createView(document, setup) {
  const fields = setup.parts
    .filter((part) => part !== "method")
    .map((part) => createField(document, fieldOptions(setup, part)));
  if (!isPanel(setup.type)) return viewOf(rowOf(document, fields), fields);
  const grid = makeNode(document, "div", "Grid");
  grid.append(...fields.map((field) => field.node));
  if (!setup.parts.includes("method")) return viewOf(grid, fields);
  const { options, listeners } = setup;
  const entry = /** @type {PaymentEntry} */ (setup.entry);
  const business = options.business?.name ?? "this shop";
  const terms = createTerms(document, entry, { business, isDebitSaid: options.terms?.sepaDebit !== "never" });
  grid.append(terms.node);
  const layout = layoutOf(options.layout, setup.train);
  const choice = createMethodChoice(document, { entry, layout, grid, ...listeners });
  return viewOf(choice.root, [choice, ...fields], terms.sync);
}

/** @param {HTMLElement} root @param {Field[]} fields @param {() => void} [syncMore] */
function viewOf(root, fields, syncMore) {
  return {
    root,
    fields,
    sync() {
      for (const field of fields) field.sync();
      syncMore?.();
    },
  };
}

/** @type {Set<Part>} */
const wideParts = new Set(["number", "iban", "name", "email", "line1", "line2"]);

/** @param {ViewSetup} setup @param {Part} part @returns {import("./fields.js").FieldOptions} */
function fieldOptions({ type, entry, options, locale, listeners }, part) {
  const isInline = !isPanel(type);
  const showsIcons = type === "cardNumber" ? options.showIcon === true : options.hideIcon !== true;
  return {
    entry,
    part,
    isInline,
    isWide: wideParts.has(part) || (type === "address" && part === "country"),
    countries: options.allowedCountries ?? undefined,
    text: fieldText(type, part, options),
    hasIcon: showsIcons && (part === "number" || (!isInline && (part === "cvc" || part === "country"))),
    isDisabled: isDisabled(options),
    locale,
    ...listeners,
  };
}

/** @param {Record<string, any>} options */
export function isDisabled(options) {
  return options.disabled === true || options.readOnly === true;
}

/** @param {Document} document @param {Field[]} fields */
function rowOf(document, fields) {
  const row = makeNode(document, "div", "Row");
  const [first, ...others] = fields.map((field) => field.node);
  if (first) row.append(first);
  if (others.length > 0) {
    const rest = makeNode(document, "div", "Rest");
    rest.append(...others);
    row.append(rest);
  } else if (first) first.style.flex = "1 1 auto";
  return row;
}
