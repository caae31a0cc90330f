// The elements one can type into: those that pay, address and linkAuthentication. Each is a frame with fields over an
// entry; this file ties typing to Stripe's events and to the classes on the page's own node.
import { fieldProblem } from "../entry/cards.js";
import { addressValue } from "../entry/contact_entries.js";
import { createFrame } from "../look/frame.js";
import { inlineStyles, paymentStyles } from "../look/styles.js";
import { frameTitles, isPanel } from "../look/texts.js";
import { createView, isDisabled, noView } from "../look/view.js";
import { createChangeTeller } from "./change_event.js";
import { createElementBase, fieldsOf } from "./element_base.js";

/**
 * @typedef {import("../entry/entry.js").Part} Part
 * @typedef {import("./change_event.js").Typed} Typed
 * @typedef {Typed & { options: Record<string, any>, locale: string, train: string, appearance: () => any,
 *   frameName: string, onDestroy: () => void, prepare?: (emitter: any) => Promise<void>,
 *   offer?: (types: string[]) => void }} TypedSetup
 */

/** Which options change what is shown, and not only how. */
const shownOptions = ["layout", "business", "terms"];

/** @param {TypedSetup} setup */
export function createTypedElement(setup) {
  const { type, entry, parts } = setup;
  const newsOf = createChangeTeller(setup);
  let options = setup.options;
  let view = noView;
  const base = createElementBase({
    type,
    classes: () => options.classes ?? {},
    onMount: async () => {
      await setup.prepare?.(base.emitter);
      if (base.isMounted()) base.show(frame.frame);
    },
    onUnmount: () => {
      view = noView;
    },
    onDestroy: () => {
      stopWatching();
      setup.onDestroy();
    },
  });
  const onTyped = (/** @type {Part} */ part) => {
    if (isMovedOnFrom(setup, part)) view.fields[view.fields.findIndex((field) => field.part === part) + 1]?.focus();
  };
  const listeners = { ...createKeyListeners(base, type), onTyped };
  const frame = createFrame({
    title: frameTitles[type],
    name: setup.frameName,
    styles: () => (isPanel(type) ? paymentStyles(setup.appearance()) : inlineStyles(options.style)),
    build: (document) => {
      const built = createView(document, { ...setup, options, listeners });
      view = built;
      // The document is in place only after this returns; a focus() by the page's `ready` listener needs it there.
      queueMicrotask(() => base.announceReady());
      return built.root;
    },
  });
  const stopWatching = entry.watch(() => {
    view.sync();
    const isInvalid = entry.firstProblem(true, parts) !== null;
    base.wear({ complete: entry.isComplete(parts), empty: entry.isEmpty(parts), invalid: isInvalid });
    const news = newsOf(options);
    if (news) base.emitter.emit("change", news);
  });
  /** @param {Record<string, any>} changes */
  const change = (changes) => {
    options = { ...options, ...changes };
    for (const field of view.fields) field.input.disabled = isDisabled(options);
    if (shownOptions.some((name) => name in changes)) frame.rebuild();
    frame.restyle();
  };
  const shown = { frame, change, isMounted: base.isMounted, fields: () => view.fields, options: () => options };
  return { ...base.methods, ...methodsOf(setup, shown), [fieldsOf]: insideOfTyped(setup, shown) };
}

/**
 * @typedef {{ frame: ReturnType<typeof createFrame>, change: (changes: Record<string, any>) => void,
 *   isMounted: () => boolean, fields: () => import("../look/fields.js").Field[],
 *   options: () => Record<string, any> }} Shown
 */

/** What the page may call, besides what every element has. @param {TypedSetup} setup @param {Shown} shown */
function methodsOf({ type, entry, parts }, shown) {
  const getValue = async () => ({
    complete: entry.isComplete(parts),
    isNewAddress: true,
    value: addressValue(entry),
  });
  return {
    focus: () =>
      shown
        .fields()
        .find((field) => entry.isAsked(field.part))
        ?.focus(),
    blur: () => {
      for (const field of shown.fields()) field.input.blur();
    },
    clear: () => entry.clear(),
    /** @template T @this {T} @param {Record<string, any>} [changes] @returns {T} */
    update(changes = {}) {
      const postal = changes.value?.postalCode;
      if (typeof postal === "string" && parts.includes("postal")) entry.set("postal", postal);
      shown.change(changes);
      return this;
    },
    /** @template T @this {T} @returns {T} */
    collapse() {
      /** @type {Partial<import("../entry/method_entries.js").PaymentEntry>} */ (entry).collapse?.();
      return this;
    },
    ...(type === "address" ? { getValue } : {}),
  };
}

/** What the Stripe object needs and the page does not see. @param {TypedSetup} setup @param {Shown} shown */
function insideOfTyped({ type, entry, offer }, shown) {
  return {
    type,
    entry,
    offer,
    options: shown.options,
    restyle: shown.frame.restyle,
    /** Judges all fields as a submit does: answers the first problem and leads the customer to it. */
    judge() {
      const found = entry.judgeAll();
      if (!found) return null;
      shown
        .fields()
        .find((field) => field.part === found.part)
        ?.focus();
      return shown.isMounted() ? found.problem : fieldProblem(found.problem.code, found.problem.message);
    },
  };
}

/** @param {ReturnType<typeof createElementBase>} base @param {string} elementType */
function createKeyListeners(base, elementType) {
  /** @type {number | undefined} */
  let blurring;
  return {
    onKey: (/** @type {string} */ key) =>
      key === "Escape" ? base.emitter.emit("escape", { elementType }) : base.submitForm(),
    onFocus: () => {
      clearTimeout(blurring);
      base.setFocus(true);
    },
    // Moving between two fields of one element is neither blur nor focus to the page.
    onBlur: () => {
      blurring = window.setTimeout(() => base.setFocus(false));
    },
  };
}

/**
 * The Card Element moves on by itself, as at Stripe; with visible labels that would only confuse.
 * @param {Typed} element @param {Part} part
 */
function isMovedOnFrom({ type, entry }, part) {
  if (type !== "card" || part === "postal" || !entry.isComplete([part])) return false;
  const brand = entry.brand();
  if (part === "number") return entry.values.number.replace(/ /g, "").length >= Math.max(...brand.lengths);
  return part !== "cvc" || brand.name !== "unknown";
}
