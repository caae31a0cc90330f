// One field in the frame: label, input, icon, error text. Shows what the entry says and tells it what was typed.
import { caretAfterDigits } from "../entry/cards.js";
import { countryCodes } from "../entry/countries.js";
import { ibanCountry } from "../entry/iban.js";
import { brandIcon, chevronIcon, cvcIcon } from "./icons.js";

/**
 * @typedef {import("../entry/entry.js").FieldEntry} FieldEntry
 * @typedef {import("../entry/entry.js").Part} Part
 * @typedef {{ entry: FieldEntry, part: Part, text: import("./texts.js").FieldText, isInline: boolean, isWide: boolean,
 *   hasIcon: boolean, isDisabled: boolean, locale: string, countries?: string[], onTyped: (part: Part) => void,
 *   onKey: (key: string) => void, onFocus: () => void,
 *   onBlur: () => void }} FieldOptions
 * @typedef {{ part: Part, node: HTMLElement, input: HTMLInputElement | HTMLSelectElement | HTMLFieldSetElement,
 *   sync: () => void, focus: () => void }} Field
 */

const numericParts = new Set(["number", "expiry", "cvc"]);

/** @param {Document} document @param {FieldOptions} options @returns {Field} */
export function createField(document, options) {
  const { entry, part } = options;
  const id = `Field-${options.text.name}`;
  const input = part === "country" ? countrySelect(document, options) : document.createElement("input");
  input.id = `${id}Input`;
  input.className = "Input";
  describeInput(input, options);
  const label = makeNode(document, "label", options.isInline ? "Label Hidden" : "Label", options.text.label);
  /** @type {HTMLLabelElement} */ (label).htmlFor = input.id;
  const error = makeNode(document, "p", options.isInline ? "Error Hidden" : "Error");
  error.id = `${id}Error`;
  error.setAttribute("role", "alert");
  const hint = makeNode(document, "span", "Hidden");
  hint.id = `${id}Hint`;
  const adornment = makeNode(document, "span", "Adornment");
  const box = makeNode(document, "div", "InputBox");
  box.append(input, hint);
  const node = makeNode(document, "div", `Field Field--${part}${options.isWide ? " Field--wide" : ""}`);
  // Inline, the icon stands before the number; in the Payment Element it lies over the end of the input.
  if (options.hasIcon) (options.isInline ? node : box).append(adornment);
  node.append(label, box, error);
  listen(input, options);
  for (const name of ["focus", "blur"]) input.addEventListener(name, sync);

  function sync() {
    const problem = entry.shownProblem(part);
    if (input.value !== entry.values[part]) input.value = entry.values[part];
    input.className = ["Input", ...inputStates(entry, part, problem !== null)].join(" ");
    input.setAttribute("aria-invalid", String(problem !== null));
    if (error.textContent !== (problem?.message ?? "")) error.textContent = problem?.message ?? "";
    hint.textContent = part === "number" ? entry.brand().label : "";
    const described = [problem ? error.id : "", hint.textContent ? hint.id : ""].filter((name) => name !== "");
    if (described.length > 0) input.setAttribute("aria-describedby", described.join(" "));
    else input.removeAttribute("aria-describedby");
    node.hidden = !entry.isAsked(part);
    // Where the page asks for floating labels: at rest in the empty field, above the text of a filled one.
    const isFloating = input.value !== "" || input.ownerDocument.activeElement === input;
    if (!options.isInline) label.className = `Label Label--${isFloating ? "floating" : "resting"}`;
    if (part === "postal" && !options.isInline) describePostal(label, input, postalCountry(entry.values));
    if (options.hasIcon) adornment.replaceChildren(...icons(document, options));
  }

  sync();
  return { part, node, input, sync, focus: () => input.focus() };
}

/** @param {Document} document @param {string} tag @param {string} className @param {string} [text] */
export function makeNode(document, tag, className, text = "") {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}

/** @param {HTMLInputElement | HTMLSelectElement} input @param {FieldOptions} options */
function describeInput(input, options) {
  input.name = options.text.name;
  input.disabled = options.isDisabled;
  input.setAttribute("autocomplete", options.text.autocomplete);
  input.setAttribute("aria-required", String(options.part !== "line2" && options.part !== "phone"));
  if (options.part === "country") return;
  input.setAttribute("type", options.part === "email" ? "email" : "text");
  input.setAttribute("placeholder", options.text.placeholder);
  input.setAttribute("inputmode", inputModeOf(options.part));
  input.setAttribute("autocorrect", "off");
  const isContact = !numericParts.has(options.part) && options.part !== "iban" && options.part !== "postal";
  input.setAttribute("autocapitalize", isContact ? "off" : "characters");
  input.setAttribute("spellcheck", "false");
}

/** @param {Part} part */
function inputModeOf(part) {
  if (part === "email") return "email";
  return numericParts.has(part) ? "numeric" : "text";
}

/** @param {HTMLInputElement | HTMLSelectElement} input @param {FieldOptions} options */
function listen(input, options) {
  const { entry, part } = options;
  input.addEventListener("input", () => {
    const isGrouped = "selectionStart" in input && (numericParts.has(part) || part === "iban");
    const kind = part === "iban" ? /[0-9a-z]/i : /\d/;
    const caret = isGrouped ? (input.selectionStart ?? input.value.length) : input.value.length;
    const isAtEnd = caret === input.value.length;
    const before = [...input.value.slice(0, caret)].filter((character) => kind.test(character)).length;
    entry.set(part, input.value);
    if (isGrouped && !isAtEnd) {
      const position = caretAfterDigits(input.value, before, kind);
      input.setSelectionRange(position, position);
    }
    if (isAtEnd) options.onTyped(part);
  });
  input.addEventListener("focus", options.onFocus);
  input.addEventListener("blur", () => {
    entry.leave(part);
    options.onBlur();
  });
  input.addEventListener("keydown", (event) => {
    const { key } = /** @type {KeyboardEvent} */ (event);
    if (key === "Escape" || (key === "Enter" && part !== "country")) options.onKey(key);
  });
}

/** @param {FieldEntry} entry @param {Part} part @param {boolean} isInvalid */
function inputStates(entry, part, isInvalid) {
  if (isInvalid) return ["Input--invalid"];
  if (entry.values[part] === "") return ["Input--empty"];
  return entry.isComplete([part]) ? ["Input--complete"] : [];
}

/** @param {Document} document @param {FieldOptions} options */
function icons(document, options) {
  const { entry, part, isInline } = options;
  if (part === "cvc") return [cvcIcon(document)];
  if (part === "country") return [chevronIcon(document)];
  const brand = entry.brand().name;
  if (brand !== "unknown" || isInline) return [brandIcon(document, brand)];
  return entry.values.number === "" ? ["visa", "mastercard", "amex"].map((name) => brandIcon(document, name)) : [];
}

/** @param {import("../entry/entry.js").Values} values */
function postalCountry({ method, iban, country }) {
  return method === "sepa_debit" ? ibanCountry(iban) : country;
}

/** @param {HTMLElement} label @param {HTMLInputElement | HTMLSelectElement} input @param {string} country */
function describePostal(label, input, country) {
  label.textContent = country === "US" ? "ZIP code" : "Postal code";
  const examples = new Map([
    ["US", "12345"],
    ["CA", "M5T 1T4"],
    ["GB", "WS11 1DB"],
  ]);
  input.setAttribute("placeholder", examples.get(country) ?? "");
}

/** @param {Document} document @param {FieldOptions} options */
function countrySelect(document, { locale, countries = countryCodes }) {
  const names = new Intl.DisplayNames([locale, "en"], { type: "region" });
  const options = countries.map((code) => ({ code, name: names.of(code) ?? code }));
  options.sort((one, other) => one.name.localeCompare(other.name, locale));
  const select = document.createElement("select");
  for (const { code, name } of options) {
    const option = document.createElement("option");
    option.value = code;
    option.textContent = name;
    select.append(option);
  }
  return select;
}
