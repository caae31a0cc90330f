// READ FIRST. What is sold, as tax offices class it. Stripe has them, the same for every account; nobody makes one.
// https://docs.stripe.com/api/tax_codes
import type Stripe from "stripe";
import { defineNoun, type Stored } from "../../kernel/state/noun.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { add, read } from "../../kernel/state/writes.ts";
import { noSuch } from "../../kernel/words/errors.ts";
import { taxCodeRows } from "./tax_codes.table.ts";

export type TaxCode = Stored<Stripe.TaxCode>;

export const taxCodes = defineNoun<TaxCode>({ object: "tax_code", prefixes: ["txcd"], label: "tax code" });

/** Those that the sandbox knows by name: the general ones, what is sold online, and shipping. */
export const knownCodes: readonly TaxCode[] = Object.entries(taxCodeRows).map(([id, { value }]) => ({
  id,
  object: "tax_code",
  ...value,
  requirements: null,
}));

/** A product names it. Stripe knows hundreds: one that only looks like a code may be any of them. */
export function checkCode(unit: Unit, id: string, param: string): void {
  const known = knownCodes.find((code) => code.id === id);
  if (!known && !/^txcd_\d{8}$/.test(id)) throw noSuch(taxCodes, id, { inPath: false, param });
  if (known && !read(unit, taxCodes, id)) add(unit, taxCodes, known, null); // Where it can be expanded.
}
