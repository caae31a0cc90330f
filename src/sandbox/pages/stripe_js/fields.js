// One field in the frame: label, input, icon, error text. Shows what the entry says and tells it what was typed.
import { asksPostalCode, caretAfterDigits, onlyDigits } from "./cards.js";
import { countryCodes } from "./countries.js";
import { brandIcon, chevronIcon, cvcIcon } from "./icons.js";

/**
 * @typedef {import("./entry.js").CardEntry} CardEntry
 * @typedef {import("./entry.js").Part} Part
 * @typedef {{ label: string, placeholder: string, name: string, autocomplete: string }} FieldText
 * @typedef {{ entry: CardEntry, part: Part, text: FieldText, isInline: boolean, hasIcon: boolean, isDisabled: boolean,
 *   locale: string, onTyped: (part: Part) => void, onKey: (key: string) => void, onFocus: () => void,
 *   onBlur: () => void }} FieldOptions
 * @typedef {ReturnType<typeof createField>} Field
 */

/** @param {Document} document @param {FieldOptions} options */
export function createField(document, options) {
  const { entry, part } = options;
  const id = `Field-${options.text.name}`;
  const input = part === "country" ? countrySelect(document, options.locale) : document.createElement("input");
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
  const node = makeNode(document, "div", `Field Field--${part}${part === "number" ? " Field--wide" : ""}`);
  // Inline, the icon stands before the number; in the Payment Element it lies over the end of the input.
  if (options.hasIcon) (options.isInline ? node : box).append(adornment);
  node.append(label, box, error);
  listen(input, options);

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
    if (part === "postal" && !options.isInline) describePostal(label, input, entry.values.country);
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
  input.setAttribute("aria-required", "true");
  if (options.part === "country") return;
  input.setAttribute("type", "text");
  input.setAttribute("placeholder", options.text.placeholder);
  input.setAttribute("inputmode", options.part === "postal" ? "text" : "numeric");
  input.setAttribute("autocorrect", "off");
  input.setAttribute("autocapitalize", "characters");
  input.setAttribute("spellcheck", "false");
}

/** @param {HTMLInputElement | HTMLSelectElement} input @param {FieldOptions} options */
function listen(input, options) {
  const { entry, part } = options;
  input.addEventListener("input", () => {
    const isText = "selectionStart" in input;
    const caret = isText ? (input.selectionStart ?? input.value.length) : 0;
    const isAtEnd = caret === input.value.length;
    const digitsBefore = onlyDigits(input.value.slice(0, caret)).length;
    entry.set(part, input.value);
    if (isText && !isAtEnd && part !== "postal") {
      const position = caretAfterDigits(input.value, digitsBefore);
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

/** @param {CardEntry} entry @param {Part} part @param {boolean} isInvalid */
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

/** @param {HTMLElement} label @param {HTMLInputElement | HTMLSelectElement} input @param {string} country */
function describePostal(label, input, country) {
  label.textContent = country === "US" ? "ZIP code" : "Postal code";
  const examples = new Map([
    ["US", "12345"],
    ["CA", "M5T 1T4"],
    ["GB", "WS11 1DB"],
  ]);
  if (asksPostalCode(country)) input.setAttribute("placeholder", examples.get(country) ?? "");
}

/** @param {Document} document @param {string} locale */
function countrySelect(document, locale) {
  const names = new Intl.DisplayNames([locale, "en"], { type: "region" });
  const options = countryCodes.map((code) => ({ code, name: names.of(code) ?? code }));
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
