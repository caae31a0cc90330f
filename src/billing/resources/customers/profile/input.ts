// What a caller says of a customer, checked.
import { problem } from "#kit/problems.ts";
import {
  type Address,
  addressParts,
  type CustomerProfile,
  countryPattern,
  localePattern,
  nameMax,
  phoneMax,
  taxExempts,
} from "../../../api/index.ts";
import { checkEmail, checkFields, checkMetadata, checkOneOf, checkText, type Fields } from "../../input.ts";
import type { ProfileChanges } from "./profile.ts";

export const profileFields: Fields<CustomerProfile> = {
  email: true,
  name: true,
  phone: true,
  address: true,
  locale: true,
  taxExempt: true,
  metadata: true,
};

/** What nobody names is not among them; what is null is emptied. */
export function checkProfile(input: CustomerProfile): ProfileChanges {
  const emptied = <T>(given: T | null | undefined, check: (given: T | undefined) => string | null) =>
    given === null ? "" : check(given);
  const changes = {
    email: emptied(input.email, (email) => checkEmail("email", email)),
    name: emptied(input.name, (name) => checkText("name", name, nameMax)),
    phone: emptied(input.phone, (phone) => checkText("phone", phone, phoneMax)),
    address: input.address === null ? {} : checkAddress(input.address),
    locale: emptied(input.locale, (locale) =>
      checkPattern("locale", locale, { pattern: localePattern, says: "a language such as de or pt-BR" }),
    ),
    // Nobody is without: to take it away is to be taxed as anybody.
    taxExempt: input.taxExempt === null ? "none" : (checkOneOf("taxExempt", input.taxExempt, taxExempts) ?? null),
    metadata: input.metadata === undefined ? null : checkMetadata(input.metadata),
  };
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== null));
}

const addressFields: Fields<Address> = {
  line1: true,
  line2: true,
  city: true,
  state: true,
  postalCode: true,
  country: true,
};

function checkAddress(given: Address | undefined): Record<string, string> | null {
  if (given === undefined) return null;
  const address = checkFields("address", given, addressFields);
  checkPattern("address.country", address.country, {
    pattern: countryPattern,
    says: "a code of two letters such as DE",
  });
  const parts = addressParts.map((part) => [part, checkText(`address.${part}`, address[part])] as const);
  const known = parts.flatMap(([part, text]) => (text === null ? [] : [[part, text] as const]));
  if (known.length > 0) return Object.fromEntries(known);
  throw problem("invalid_params", "address says nothing", {
    hint: "Give at least one of its parts; null empties it.",
    details: { field: "address" },
  });
}

function checkPattern(
  field: string,
  given: string | undefined,
  { pattern, says }: { pattern: RegExp; says: string },
): string | null {
  if (given === undefined) return null;
  if (typeof given === "string" && pattern.test(given)) return given;
  throw problem("invalid_params", `${field} is ${says}`, { details: { field } });
}
