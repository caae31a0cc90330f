// What every element has: listeners, a place in the page, and a life from mount() to destroy().
import { IntegrationError } from "../api.js";
import { createEmitter, listening } from "../emitter.js";
import { createPlace, findPlace } from "./place.js";

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
  const { type: elementType } = options;
  const emitter = createEmitter();
  const place = createPlace(options.classes);
  let isDestroyed = false;
  let hasFocus = false;
  let wasReady = false;

  function unmount() {
    place.leave();
    wasReady = false;
    options.onUnmount();
  }

  const methods = {
    /** @param {string | HTMLElement} target */
    mount(target) {
      if (isDestroyed) throw new IntegrationError("This Element has already been destroyed. Please create a new one.");
      const node = findPlace(target);
      if (place.isAt(node)) return;
      if (place.isTaken()) unmount();
      place.enter(node);
      options.onMount();
    },
    unmount,
    destroy() {
      if (isDestroyed) return;
      isDestroyed = true;
      unmount();
      emitter.clear();
      options.onDestroy();
    },
    ...listening(emitter),
  };

  return {
    emitter,
    methods,
    isMounted: place.isTaken,
    show: place.show,
    wear: place.wear,
    submitForm: place.submitForm,
    /** @param {Record<string, unknown>} [more] */
    announceReady(more = {}) {
      if (wasReady || !place.isTaken()) return;
      wasReady = true;
      emitter.emit("ready", { elementType, ...more });
    },
    /** @param {boolean} value */
    setFocus(value) {
      if (hasFocus === value) return;
      hasFocus = value;
      place.wear({ focus: value });
      emitter.emit(value ? "focus" : "blur", { elementType });
    },
  };
}
