// The elements one can type into: those that pay, address and linkAuthentication. Each is a frame with fields over an
// entry; this file ties typing to Stripe's events and to the classes on the page's own node.
import { fieldProblem } from "./cards.js";
import { addressValue } from "./contacts.js";
import { createElementBase, fieldsOf } from "./element_base.js";
import { createField, makeNode } from "./fields.js";
import { createFrame } from "./frame.js";
import { ibanCountry, ibanPlaceholder } from "./iban.js";
import { createMethodChoice, createTerms, layoutOf } from "./method_choice.js";
import { inlineStyles, paymentStyles } from "./styles.js";

/**
 * @typedef {import("./entry.js").Part} Part
 * @typedef {import("./contacts.js").FieldEntry & { method?: import("./entry.js").MethodEntry["method"] }} FieldEntry
 * @typedef {import("./entry.js").PaymentEntry} PaymentEntry
 * @typedef {import("./fields.js").FieldText} FieldText
 * @typedef {"payment" | "card" | "cardNumber" | "cardExpiry" | "cardCvc" | "iban" | "address"
 *   | "linkAuthentication"} CardElementType
 * @typedef {{ type: CardElementType, options: Record<string, any>, entry: FieldEntry, parts: Part[], locale: string,
 *   train: string, appearance: () => any, frameName: string, onDestroy: () => void,
 *   prepare?: (emitter: any) => Promise<void>, offer?: (types: string[]) => void }} CardElementOptions
 */

/** @type {Record<CardElementType, string>} */
const frameTitles = {
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
const paymentTexts = {
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

/** @type {Partial<Record<CardElementType, string>>} */
const splitPlaceholders = { cardNumber: "1234 1234 1234 1234", cardExpiry: "MM / YY", cardCvc: "CVC" };

/** Shown as a form with labels; the others are one line. */
const panelTypes = new Set(["payment", "address", "linkAuthentication"]);
/** @type {Set<Part>} */
const wideParts = new Set(["number", "iban", "name", "email", "line1", "line2"]);

/** @param {CardElementOptions} setup */
export function createCardElement(setup) {
  const { type, entry, parts } = setup;
  const isPanel = panelTypes.has(type);
  let options = setup.options;
  /** @type {import("./fields.js").Field[]} */
  let fields = [];
  let lastChange = "";
  /** @type {(() => void)[]} */
  let others = [];
  /** @type {number | undefined} */
  let blurring;
  const base = createElementBase({
    type,
    classes: () => options.classes ?? {},
    onMount: async () => {
      await setup.prepare?.(base.emitter);
      if (base.isMounted()) base.show(frame.frame);
    },
    onUnmount: () => {
      fields = [];
    },
    onDestroy: () => {
      stopWatching();
      setup.onDestroy();
    },
  });
  const frame = createFrame({
    title: frameTitles[type],
    name: setup.frameName,
    styles: () => (isPanel ? paymentStyles(setup.appearance()) : inlineStyles(options.style)),
    build: (document) => {
      const choice = parts.includes("method") ? choiceIn(document) : undefined;
      const typed = parts.filter((part) => part !== "method").map((part) => createField(document, fieldOptions(part)));
      fields = choice ? [choice, ...typed] : typed;
      // The document is in place only after this returns; a focus() by the page's `ready` listener needs it there.
      queueMicrotask(() => base.announceReady());
      if (!isPanel) return rowOf(document, typed);
      const grid = gridWithTerms(document, typed);
      if (!choice) return grid;
      const root = makeNode(document, "div", "Root");
      root.append(choice.node);
      choice.hold(root, grid);
      return root;
    },
  });
  const stopWatching = entry.watch(sync);
  const listeners = {
    onKey: (/** @type {string} */ key) =>
      key === "Escape" ? base.emitter.emit("escape", { elementType: type }) : base.submitForm(),
    onFocus: () => {
      clearTimeout(blurring);
      base.setFocus(true);
    },
    // Moving between two fields of one element is neither blur nor focus to the page.
    onBlur: () => {
      blurring = window.setTimeout(() => base.setFocus(false));
    },
  };

  /** @param {Part} part */
  function fieldOptions(part) {
    const isInline = !isPanel;
    const texts = isInline ? inlineTexts : paymentTexts;
    const placeholder = placeholderOf(type, options);
    const hasIcon = type === "cardNumber" ? options.showIcon === true : options.hideIcon !== true;
    const known = texts[part] ?? { label: part, placeholder: "", name: part, autocomplete: "off" };
    const isOrganization = part === "name" && options.display?.name === "organization";
    const text = isOrganization ? { ...known, label: "Full name or organization", placeholder: "" } : known;
    return {
      entry,
      part,
      isInline,
      isWide: wideParts.has(part) || (type === "address" && part === "country"),
      countries: options.allowedCountries ?? undefined,
      text: {
        ...text,
        placeholder: placeholder ?? text.placeholder,
        autocomplete: text.autocomplete.replace(/^billing/, options.mode === "shipping" ? "shipping" : "billing"),
      },
      hasIcon: hasIcon && (part === "number" || (!isInline && (part === "cvc" || part === "country"))),
      isDisabled: options.disabled === true || options.readOnly === true,
      locale: setup.locale,
      onTyped: moveOn,
      ...listeners,
    };
  }

  /** @param {Document} document */
  function choiceIn(document) {
    const payment = /** @type {PaymentEntry} */ (entry);
    return createMethodChoice(document, {
      entry: payment,
      layout: layoutOf(options.layout, setup.train),
      ...listeners,
    });
  }

  /** @param {Document} document @param {import("./fields.js").Field[]} typed */
  function gridWithTerms(document, typed) {
    const grid = gridOf(document, typed);
    others = [];
    if (!parts.includes("method")) return grid;
    const business = options.business?.name ?? "this shop";
    const isDebitSaid = options.terms?.sepaDebit !== "never";
    const terms = createTerms(document, /** @type {PaymentEntry} */ (entry), { business, isDebitSaid });
    others = [terms.sync];
    grid.append(terms.node);
    return grid;
  }

  /**
   * The Card Element moves on by itself, as at Stripe; with visible labels that would only confuse.
   * @param {Part} part
   */
  function moveOn(part) {
    if (type !== "card" || part === "postal" || !entry.isComplete([part])) return;
    if (part === "number" && entry.values.number.replace(/ /g, "").length < Math.max(...entry.brand().lengths)) return;
    if (part === "cvc" && entry.brand().name === "unknown") return;
    fields[fields.findIndex((field) => field.part === part) + 1]?.focus();
  }

  function sync() {
    for (const field of fields) field.sync();
    for (const syncOther of others) syncOther();
    const event = changeEvent(type, entry, parts, options);
    base.setStates({ complete: event.complete, empty: event.empty, invalid: entry.firstProblem(true, parts) !== null });
    const text = JSON.stringify([event, entry.values.country, entry.values.method]);
    const isFirst = lastChange === "";
    const hasChanged = lastChange !== text && !(isFirst && event.empty && !event.error);
    lastChange = text;
    if (hasChanged) base.emitter.emit("change", event);
  }

  const getValue = async () => ({
    complete: entry.isComplete(parts),
    isNewAddress: true,
    value: addressValue(entry),
  });
  const element = {
    ...base.methods,
    focus: () => fields.find((field) => entry.isAsked(field.part))?.focus(),
    blur: () => {
      for (const field of fields) field.input.blur();
    },
    clear: () => entry.clear(),
    /** @param {Record<string, any>} changes */
    update: (changes = {}) => {
      options = { ...options, ...changes };
      if (typeof changes.value?.postalCode === "string" && parts.includes("postal"))
        entry.set("postal", changes.value.postalCode);
      for (const field of fields) field.input.disabled = options.disabled === true || options.readOnly === true;
      if (["layout", "business", "terms"].some((name) => name in changes)) frame.rebuild();
      frame.restyle();
      return element;
    },
    collapse: () => {
      /** @type {Partial<PaymentEntry>} */ (entry).collapse?.();
      return element;
    },
    ...(type === "address" ? { getValue } : {}),
    /** What the Stripe object needs and the page does not see. */
    [fieldsOf]: {
      type,
      entry,
      restyle: frame.restyle,
      options: () => options,
      offer: setup.offer,
      judge: () => {
        const found = entry.judgeAll();
        if (found) fields.find((field) => field.part === found.part)?.focus();
        if (!found) return null;
        return base.isMounted() ? found.problem : fieldProblem(found.problem.code, found.problem.message);
      },
    },
  };
  return element;
}

/** @param {CardElementType} type @param {Record<string, any>} options @returns {string | undefined} */
function placeholderOf(type, options) {
  if (panelTypes.has(type) || type === "card") return undefined;
  if (type === "iban") return ibanPlaceholder(options.placeholderCountry ?? "DE");
  return options.placeholder ?? splitPlaceholders[type];
}

/** @param {CardElementType} type @param {FieldEntry} entry @param {Part[]} parts @param {any} options */
function changeEvent(type, entry, parts, options) {
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

/** @param {Document} document @param {import("./fields.js").Field[]} fields */
function gridOf(document, fields) {
  const grid = makeNode(document, "div", "Grid");
  grid.append(...fields.map((field) => field.node));
  return grid;
}

/** @param {Document} document @param {import("./fields.js").Field[]} fields */
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
