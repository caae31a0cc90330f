// What every element has: listeners, a place in the page, classes on that place.
import { IntegrationError } from "./api.js";
import { createEmitter } from "./emitter.js";

/** Where an element or a group keeps what the Stripe object needs and the page must not see. */
export const fieldsOf = Symbol("fields of an element");

/** @param {unknown} element @returns {any} */
export function insideOf(element) {
  return element && typeof element === "object" ? /** @type {any} */ (element)[fieldsOf] : undefined;
}

/**
 * @typedef {{ type: string, classes: () => Record<string, string>, onMount: () => void, onUnmount: () => void,
 *   onDestroy: () => void }} BaseOptions
 */

/** @param {BaseOptions} options */
export function createElementBase(options) {
  const emitter = createEmitter();
  const wrapper = document.createElement("div");
  wrapper.className = "__PrivateStripeElement";
  /** @type {HTMLElement | null} */
  let host = null;
  let isDestroyed = false;
  let hasFocus = false;
  let wasReady = false;
  let states = { complete: false, empty: true, invalid: false };

  function paint() {
    if (!host) return;
    const names = { base: "StripeElement", focus: "StripeElement--focus", complete: "StripeElement--complete" };
    /** @type {Record<string, string>} */
    const classes = {
      ...names,
      empty: "StripeElement--empty",
      invalid: "StripeElement--invalid",
      ...options.classes(),
    };
    for (const [state, isOn] of Object.entries({ base: true, focus: hasFocus, ...states })) {
      for (const name of (classes[state] ?? "").split(" ").filter(Boolean)) host.classList.toggle(name, isOn);
    }
  }

  function leave() {
    wrapper.remove();
    host?.classList.remove("StripeElement", "StripeElement--focus", "StripeElement--complete");
    host?.classList.remove("StripeElement--empty", "StripeElement--invalid");
    host = null;
    wasReady = false;
    options.onUnmount();
  }

  const methods = {
    /** @param {string | HTMLElement} target */
    mount(target) {
      if (isDestroyed) throw new IntegrationError("This Element has already been destroyed. Please create a new one.");
      const place = findPlace(target);
      if (host === place) return;
      if (host) leave();
      host = place;
      place.replaceChildren(wrapper);
      paint();
      options.onMount();
    },
    unmount: () => leave(),
    destroy() {
      if (isDestroyed) return;
      isDestroyed = true;
      leave();
      emitter.clear();
      options.onDestroy();
    },
    /** @param {string} name @param {(event?: any) => void} listener */
    on(name, listener) {
      emitter.add(name, listener, false);
      return this;
    },
    /** @param {string} name @param {(event?: any) => void} listener */
    once(name, listener) {
      emitter.add(name, listener, true);
      return this;
    },
    /** @param {string} name @param {(event?: any) => void} [listener] */
    off(name, listener) {
      emitter.remove(name, listener);
      return this;
    },
  };

  return {
    emitter,
    methods,
    isMounted: () => host !== null,
    /** @param {HTMLElement} node */
    show: (node) => wrapper.replaceChildren(node),
    /** @param {Record<string, unknown>} [more] */
    announceReady(more = {}) {
      if (wasReady || !host) return;
      wasReady = true;
      emitter.emit("ready", { elementType: options.type, ...more });
    },
    /** @param {boolean} value */
    setFocus(value) {
      if (hasFocus === value) return;
      hasFocus = value;
      paint();
      emitter.emit(value ? "focus" : "blur", { elementType: options.type });
    },
    /** @param {typeof states} next */
    setStates(next) {
      states = next;
      paint();
    },
    /** Enter in a field submits the page's form around it, as in a field of the page's own. */
    submitForm: () => host?.closest("form")?.requestSubmit(),
  };
}

/** @param {string | HTMLElement} target @returns {HTMLElement} */
function findPlace(target) {
  if (typeof target !== "string" && !target) {
    throw new IntegrationError("Missing argument. Make sure to call mount() with a valid DOM element or selector.");
  }
  const place = typeof target === "string" ? document.querySelector(target) : target;
  if (!place) {
    throw new IntegrationError(
      `The selector you specified (${target}) applies to no DOM elements that are currently on the page. ` +
        "Make sure the element exists on the page before calling mount().",
    );
  }
  return /** @type {HTMLElement} */ (place);
}
