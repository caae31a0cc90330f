// What tax ids look like, type by type. The folder's only door.
export { checkTaxId, expectedForm, isSameTaxId, type SaidTaxId } from "./check.ts";
