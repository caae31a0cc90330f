// How long texts may be, and what is said of longer ones.
import { commonDefaults } from "./defaults.table.ts";
import { common } from "./errors.table.ts";
import { refusal } from "./errors.ts";
import { type Params, textOrNull } from "./params.ts";

/** `refuseLonger("…", 17, "name")`: of what is too long the ends are shown. */
export function refuseLonger(value: string, limit: number, param: string): void {
  if (value.length <= limit) return;
  const ends = `${value.slice(0, 4)}...${value.slice(-4)}`;
  throw refusal(common.textTooLong, { value: ends, limit }, { param });
}

const descriptorLength = commonDefaults.descriptorLength.value;

/** What stands on the payer's statement. https://docs.stripe.com/get-started/account/statement-descriptors */
export function shortDescriptor(params: Params, param = "statement_descriptor"): string | null | undefined {
  const value = textOrNull(params, "statement_descriptor");
  if (value && value.length > descriptorLength) {
    throw refusal(common.descriptorTooLong, { limit: descriptorLength, value, length: value.length }, { param });
  }
  return value;
}
