// Where an element stands in the page: the page's own node, which wears the element's state as classes, and a wrapper
// in it that holds what the element shows.
import { IntegrationError } from "../api.js";

/** @typedef {{ focus?: boolean, complete?: boolean, empty?: boolean, invalid?: boolean }} States */

/** @type {Record<string, string>} */
const usualClasses = {
  base: "StripeElement",
  focus: "StripeElement--focus",
  complete: "StripeElement--complete",
  empty: "StripeElement--empty",
  invalid: "StripeElement--invalid",
};

/** @param {() => Record<string, string>} ownClasses the page's names for some of the states */
export function createPlace(ownClasses) {
  const wrapper = document.createElement("div");
  wrapper.className = "__PrivateStripeElement";
  /** @type {HTMLElement | null} */
  let host = null;
  /** @type {States} */
  let states = { focus: false, complete: false, empty: true, invalid: false };

  function paint() {
    const classes = { ...usualClasses, ...ownClasses() };
    for (const [state, isOn] of Object.entries({ base: true, ...states })) {
      for (const name of (classes[state] ?? "").split(" ").filter(Boolean)) host?.classList.toggle(name, isOn);
    }
  }

  return {
    isTaken: () => host !== null,
    /** @param {HTMLElement} node */
    isAt: (node) => host === node,
    /** @param {HTMLElement} node */
    enter(node) {
      host = node;
      host.replaceChildren(wrapper);
      paint();
    },
    leave() {
      wrapper.remove();
      host?.classList.remove(...Object.values(usualClasses));
      host = null;
    },
    /** @param {HTMLElement} node */
    show: (node) => wrapper.replaceChildren(node),
    /** @param {States} changes */
    wear(changes) {
      states = { ...states, ...changes };
      paint();
    },
    /** Enter in a field submits the page's form around it, as in a field of the page's own. */
    submitForm: () => host?.closest("form")?.requestSubmit(),
  };
}

/** The node that a page names in mount(). @param {string | HTMLElement} target @returns {HTMLElement} */
export function findPlace(target) {
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
