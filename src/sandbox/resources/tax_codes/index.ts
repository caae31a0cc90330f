// Tax codes: what is sold, as tax offices class it. The folder's only door.
import { listAmong } from "../../kernel/answer/lists.ts";
import { defineResource } from "../../kernel/state/resource.ts";
import { noSuch } from "../../kernel/words/errors.ts";
import { knownCodes, type TaxCode, taxCodes } from "./tax_code.ts";
import { taxCodeRows } from "./tax_codes.table.ts";

export { checkCode } from "./tax_code.ts";

const path = "/v1/tax_codes";

export const taxCodeResource = defineResource<TaxCode>({
  noun: taxCodes,
  defaults: taxCodeRows,
  routes: [
    { method: "GET", path, run: (_unit, params) => listAmong(knownCodes, params, { url: path, noun: taxCodes }) },
    { method: "GET", path: `${path}/:id`, run: (_unit, _params, id) => mustKnow(id) },
  ],
});

function mustKnow(id: string): TaxCode {
  const known = knownCodes.find((code) => code.id === id);
  if (!known) throw noSuch(taxCodes, id, { inPath: true });
  return known;
}
