// What a tax id says by itself: whether it looks like its type, and of which country it is.
import { refusal } from "../../kernel/words/errors.ts";
import { taxIdForms } from "./forms.table.ts";
import { rows } from "./refusals.table.ts";

const classes: Readonly<Record<string, string>> = { "9": String.raw`\d`, A: "[A-Z]", X: "[A-Z0-9]" };

const patterns = new Map(
  Object.entries(taxIdForms).map(([type, { value: forms }]) => [type, forms.map(patternOf)] as const),
);

function patternOf(form: string): RegExp {
  return new RegExp(`^${[...form].map((sign) => classes[sign] ?? sign).join("")}$`);
}

export function checkForm(type: string, value: string, param: string): void {
  const bare = value.replace(/[\s.-]/g, "").toUpperCase();
  const known = patterns.get(type);
  if (known && !known.some((pattern) => pattern.test(bare))) throw refusal(rows.taxIdInvalid, { type }, { param });
}

/** Greece calls itself otherwise here than elsewhere. */
export function countryOf(type: string, value: string): string | null {
  if (type === "eu_oss_vat") return null;
  const country = (type === "eu_vat" ? value : type).slice(0, 2).toUpperCase();
  if (!/^[A-Z]{2}$/.test(country)) return null;
  return country === "EL" ? "GR" : country;
}
