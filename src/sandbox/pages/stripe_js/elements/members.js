// The elements of a group. There may be one address of each mode, and one of every other type.
import { addressParams } from "../entry/contact_entries.js";
import { insideOf } from "./element_base.js";

/** @typedef {ReturnType<typeof createMembers>} Members */

/** @param {string} type @param {{ mode?: string }} options */
function keyOf(type, { mode }) {
  return type === "address" ? `address ${mode}` : type;
}

export function createMembers() {
  /** @type {Map<string, any>} */
  const members = new Map();
  return {
    /** @param {string} type @param {Record<string, any>} options */
    has: (type, options) => members.has(keyOf(type, options)),
    /** @param {string} type @param {Record<string, any>} options @param {unknown} element */
    add: (type, options, element) => members.set(keyOf(type, options), element),
    /** @param {string} type @param {Record<string, any>} options */
    remove: (type, options) => members.delete(keyOf(type, options)),
    /** An address of either mode when none is named. @param {string} type @param {{ mode?: string }} [wish] */
    find(type, wish = {}) {
      const modes = wish.mode ? [wish.mode] : ["billing", "shipping"];
      return modes.map((mode) => members.get(keyOf(type, { mode }))).find((element) => element !== undefined) ?? null;
    },
    insides: () => [...members.values()].map(insideOf),
  };
}

/** Who pays, as far as the group's elements that only ask that know it. @param {Members} members */
export function billingOf(members) {
  const address = insideOf(members.find("address", { mode: "billing" }))?.entry;
  const email = insideOf(members.find("linkAuthentication"))?.entry.values.email;
  return { ...(address ? addressParams(address) : {}), ...(email ? { email } : {}) };
}

/** @param {Members} members */
export function shippingOf(members) {
  const address = insideOf(members.find("address", { mode: "shipping" }))?.entry;
  return address ? addressParams(address) : undefined;
}
