// What a seller writes on the invoices of a customer, each thing with a name: a purchase order, a tax number.
// https://docs.stripe.com/invoicing/customize
import type { Params } from "../../kernel/state/resource.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { text } from "../../kernel/words/params.ts";
import { refuseLonger } from "../../kernel/words/texts.ts";
import { customerDefaults } from "./defaults.table.ts";

export interface CustomField {
  readonly name: string;
  readonly value: string;
}

/** Undefined where nothing was sent, null where they are taken away. `param`: how they are called. */
export function customFields({ custom_fields: sent }: Params, param: string): CustomField[] | null | undefined {
  if (sent === undefined) return undefined;
  if (!Array.isArray(sent) || sent.length === 0) return null;
  const limit = customerDefaults.customFields.value;
  if (sent.length > limit) throw refusal(common.listTooLong, { param, limit }, { param });
  return sent.map((field: Params, at) => ({
    name: short(field, "name", `${param}[${at}][name]`),
    value: short(field, "value", `${param}[${at}][value]`),
  }));
}

const lengths = { name: customerDefaults.customFieldName.value, value: customerDefaults.customFieldValue.value };

/** Its schema has asked for both. */
function short(field: Params, name: keyof typeof lengths, param: string): string {
  const value = text(field, name) ?? "";
  refuseLonger(value, lengths[name], param);
  return value;
}
