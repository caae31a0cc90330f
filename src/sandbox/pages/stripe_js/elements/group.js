// `stripe.elements()`: the group that makes elements and knows which intent they pay.
import { IntegrationError } from "../api.js";
import { createEmitter, listening } from "../emitter.js";
import { fieldsOf, insideOf } from "./element_base.js";
import { createSplitEntry, makeElement } from "./kinds.js";
import { billingOf, createMembers, shippingOf } from "./members.js";
import { checkSettings, offeredTypes, typesOfMode } from "./offer.js";

/** What elements.submit() looks at; a Card Element is judged when it is used. */
const submittedTypes = new Set(["payment", "address", "linkAuthentication"]);

/** @param {import("./kinds.js").Page} page @param {Record<string, any>} given */
export function createElements(page, given) {
  checkSettings(given);
  let settings = given;
  let wasSubmitted = false;
  const emitter = createEmitter();
  const members = createMembers();
  const group = { page, settings: () => settings, splitEntry: createSplitEntry() };
  const { on, off } = listening(emitter);

  return {
    /** @param {string} type @param {Record<string, any>} [options] */
    create(type, options = {}) {
      if (members.has(type, options)) throw new IntegrationError(`Can only create one Element of type ${type}.`);
      if (type === "payment" && !settings.clientSecret && !settings.mode) {
        throw new IntegrationError(
          "In order to create a payment element, you must pass a clientSecret or mode " +
            "when creating the Elements group.",
        );
      }
      const element = makeElement(group, { type, options, onDestroy: () => members.remove(type, options) });
      members.add(type, options, element);
      return element;
    },
    /** @param {string | { __elementType?: string }} type @param {{ mode?: string }} [wish] */
    getElement: (type, wish) => members.find(typeof type === "string" ? type : (type?.__elementType ?? ""), wish),
    /** @param {Record<string, any>} changes */
    async update(changes = {}) {
      settings = { ...settings, ...changes };
      for (const inside of members.insides()) inside?.restyle?.();
      if (settings.mode) insideOf(members.find("payment"))?.offer(typesOfMode(settings));
      emitter.emit("update-end");
    },
    /** After the server has changed the intent: what may be paid with is asked again. */
    async fetchUpdates() {
      const { types, error } = await offeredTypes(page.api, settings);
      if (error) return { error: { message: error.message, status: error.status } };
      insideOf(members.find("payment"))?.offer(types);
      emitter.emit("update-end");
      return {};
    },
    async submit() {
      for (const inside of members.insides()) {
        const problem = submittedTypes.has(inside?.type) ? inside.judge() : null;
        if (problem) return { error: problem };
      }
      wasSubmitted = true;
      const payment = insideOf(members.find("payment"));
      return payment ? { selectedPaymentMethod: payment.entry.method().type } : {};
    },
    on,
    off,
    [fieldsOf]: {
      settings: () => settings,
      wasSubmitted: () => wasSubmitted,
      payment: () => members.find("payment"),
      card: () => members.find("card") ?? members.find("cardNumber"),
      iban: () => members.find("iban"),
      billing: () => billingOf(members),
      shipping: () => shippingOf(members),
    },
  };
}
