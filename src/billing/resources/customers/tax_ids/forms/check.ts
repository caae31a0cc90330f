// Whether a tax id may be right: whether it looks like its type, and whether its check digits fit. One that Stripe
// would refuse, or a tax office will not know, is refused here with what is expected.
import { problem } from "#kit/problems.ts";
import { type TaxIdType, taxIdMax, taxIdTypes } from "../../../../api/index.ts";
import { checkOneOf, checkText } from "../../../input.ts";
import { fitsCheckDigits } from "./check_digits.ts";
import { euVatForms, taxIdForms } from "./forms.table.ts";

export interface SaidTaxId {
  readonly type: string;
  readonly value: string;
}

/** As Stripe is told it: laid out as the type is, in large letters. */
export function checkTaxId(given: { type: TaxIdType; value: string }, mode: "test" | "live"): SaidTaxId {
  const type = checkOneOf("type", given.type, taxIdTypes);
  if (type === undefined) throw problem("invalid_params", "type is missing", { details: { field: "type" } });
  const value = checkText("value", given.value, taxIdMax);
  if (value === null) throw problem("invalid_params", "value is missing", { details: { field: "value" } });
  const bare = bareOf(value);
  const forms = taxIdForms[type];
  if (forms.length === 0) return { type, value: value.trim() };
  if (mode === "test" && isAskedFor(type, bare)) return { type, value: bare };
  const form = forms.find((one) => patternOf(one).test(bare));
  if (form === undefined) throw unlike(type, bare, "shape");
  if (!fitsCheckDigits(type, bare)) throw unlike(type, bare, "check_digits");
  return { type, value: laidOut(form, bare) };
}

/** Whether both are the same number, however they are written. */
export function isSameTaxId(one: SaidTaxId, other: SaidTaxId): boolean {
  return one.type === other.type && bareOf(one.value) === bareOf(other.value);
}

/** What is expected, for whoever is refused. */
export function expectedForm({ type, value }: SaidTaxId): string {
  const forms = formsFor(type as TaxIdType, bareOf(value));
  const signs = "# is a digit, @ a letter, * either; blanks, dots and dashes do not matter";
  if (forms.length > 0) return `It is written as ${forms.join(" or ")} (${signs}).`;
  if (type !== "eu_vat") return "Compare it with what the tax office has written.";
  return `It begins with the letters of a country: ${Object.keys(euVatForms).join(", ")}.`;
}

/** Only letters of A to Z: a dotless i of another alphabet is not an I. */
function bareOf(value: string): string {
  return value.replace(/[\s./-]/g, "").replace(/[a-z]/g, (letter) => letter.toUpperCase());
}

const signs: Readonly<Record<string, string>> = { "#": "[0-9]", "@": "[A-Z]", "*": "[A-Z0-9]" };

function patternOf(form: string): RegExp {
  return new RegExp(`^${[...bareOf(form)].map((sign) => signs[sign] ?? sign).join("")}$`);
}

function laidOut(form: string, bare: string): string {
  const left = [...bare];
  return [...form].map((sign) => (/[\s./-]/.test(sign) ? sign : left.shift())).join("");
}

/** Of an EU VAT number those of its country. */
function formsFor(type: TaxIdType, bare: string): readonly string[] {
  if (type !== "eu_vat") return taxIdForms[type] ?? [];
  const country = bare.slice(0, 2);
  return Object.hasOwn(euVatForms, country) ? euVatForms[country as keyof typeof euVatForms] : [];
}

function unlike(type: TaxIdType, bare: string, reason: "shape" | "check_digits") {
  const what =
    reason === "shape" ? `value does not look like a ${type}` : `The check digits of this ${type} do not fit`;
  const slip = reason === "check_digits" ? "One of its digits may be wrong, or two have changed places. " : "";
  return problem("invalid_params", what, {
    hint: `${slip}${expectedForm({ type, value: bare })}`,
    details: { field: "value", type, reason },
  });
}

/** In test mode a number says what the office will say. https://docs.stripe.com/billing/customer/tax-ids#validation */
function isAskedFor(type: TaxIdType, bare: string): boolean {
  return ["au_abn", "eu_vat", "gb_vat"].includes(type) && /^(?:[A-Z]{2})?(?:0{9}|1{9}|2{9})$/.test(bare);
}
