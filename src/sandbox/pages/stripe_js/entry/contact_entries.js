// The entries of elements that only ask who somebody is: Address and Link Authentication. What they hear goes along
// with the payment: the billing address and the e-mail address with its method, the shipping address with its intent.

import { postalProblem } from "./cards.js";
import { createEntry } from "./entry.js";
import { contactProblem } from "./method_entries.js";

/**
 * @typedef {import("./entry.js").Part} Part
 * @typedef {import("./entry.js").FieldEntry} FieldEntry
 */

/** Countries without postal codes. */
const countriesWithoutPostal = new Set(
  (
    "AE AG AO AW BF BI BJ BO BS BW BZ CD CF CG CI CM DJ DM ER FJ GA GD GH GM GQ GY HK JM KI KM KN LC ML MO MR MW NR " +
    "NU PA QA RW SB SC SL SR ST SY TD TF TG TK TO TT TV UG VU YE ZW"
  ).split(" "),
);
/** Countries whose addresses name a state or province. */
const countriesWithState = new Set(["AU", "BR", "CA", "CN", "IN", "MX", "MY", "US"]);

const noBrand = { name: "unknown", label: "", prefix: /^/, lengths: [], groups: [], cvcLength: 3 };

/** @param {Record<string, any>} options @param {string} region @returns {FieldEntry} */
export function createAddressEntry(options, region) {
  const known = options.defaultValues ?? {};
  const { line1, line2, city, state, postal_code: postal, country } = known.address ?? {};
  const allowed = options.allowedCountries ?? [];
  const first = allowed.length > 0 && !allowed.includes(region) ? allowed[0] : region;
  const { firstName, lastName } = known;
  const given = { name: known.name, firstName, lastName, line1, line2, city, state, postal, phone: known.phone };
  const isPhoneNeeded = options.validation?.phone?.required === "always";
  /** @type {Part[]} */
  const parts = ["country", "line1", "line2", "city", "state", "postal"];
  const entry = createEntry({
    parts: [
      ...nameParts(options),
      ...parts,
      ...(options.fields?.phone === "always" ? /** @type {const} */ (["phone"]) : []),
    ],
    initial: {
      ...Object.fromEntries(Object.entries(given).map(([part, text]) => [part, text ?? ""])),
      country: country ?? first,
    },
    format: (_part, text) => text.slice(0, 200),
    isAsked: (part, values) => {
      if (part === "postal") return !countriesWithoutPostal.has(values.country);
      return part !== "state" || countriesWithState.has(values.country);
    },
    problemOf: (part, values, isTyping) => {
      if (part === "country") return null;
      if (part === "phone" && isPhoneNeeded) return contactProblem("city", values.phone, isTyping);
      return part === "postal" && values.postal.trim() !== ""
        ? postalProblem(values.postal, isTyping, values.country)
        : contactProblem(part, values[part], isTyping);
    },
  });
  return { ...entry, brand: () => noBrand };
}

/** @param {Record<string, any>} options @returns {Part[]} */
function nameParts(options) {
  if (options.fields?.name === "never") return [];
  return options.display?.name === "split" ? ["firstName", "lastName"] : ["name"];
}

/** @param {Record<string, any>} options @returns {FieldEntry} */
export function createLinkEntry(options) {
  const entry = createEntry({
    parts: ["email"],
    initial: { email: options.defaultValues?.email ?? "" },
    format: (_part, text) => text.slice(0, 200),
    problemOf: (part, values, isTyping) => contactProblem(part, values.email, isTyping),
  });
  return { ...entry, brand: () => noBrand };
}

/** As the Address Element's change event and getValue() tell it. @param {FieldEntry} entry */
export function addressValue({ values, isAsked }) {
  const { line1, line2, city, country, firstName, lastName } = values;
  const state = isAsked("state") ? values.state : "";
  const postal_code = isAsked("postal") ? values.postal : "";
  const address = { line1, line2: line2 === "" ? null : line2, city, state, postal_code, country };
  const phone = isAsked("phone") ? { phone: values.phone } : {};
  if (!isAsked("firstName")) return { name: values.name, address, ...phone };
  return { name: `${firstName} ${lastName}`.trim(), firstName, lastName, address, ...phone };
}

/** The same as API parameters: what is empty is left out. @param {FieldEntry} entry */
export function addressParams(entry) {
  const { name, address, phone } = addressValue(entry);
  /** @param {Record<string, string | null | undefined>} given */
  const said = (given) => Object.fromEntries(Object.entries(given).filter(([, text]) => text));
  return { ...said({ name, phone }), address: said(address) };
}
