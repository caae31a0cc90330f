// The elements with nothing to type here: they mount, are ready, and say what they do not do.
import { createElementBase } from "./element_base.js";

/** @param {string} type @param {() => void} onDestroy */
export function createInertElement(type, onDestroy) {
  const base = createElementBase({
    type,
    classes: () => ({}),
    onMount: () => {
      console.info(`Stripe.js (sandbox): the ${type} element shows nothing here.`);
      // No wallet lives in the sandbox, and a page shall see that it has none to show.
      const absent = type === "expressCheckout" ? { availablePaymentMethods: undefined } : {};
      queueMicrotask(() => base.announceReady(absent));
    },
    onUnmount: () => {},
    onDestroy,
  });
  const nothing = () => {};
  const element = { ...base.methods, focus: nothing, blur: nothing, clear: nothing, update: () => element };
  return element;
}
