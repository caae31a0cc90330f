// How each type of payment method is to be charged, on invoices and on what they come from.
import type { Params } from "../../kernel/state/resource.ts";
import { hash } from "../../kernel/words/params.ts";

/** Once one type has options, all are named (recorded). */
const noOptions = {
  acss_debit: null,
  bancontact: null,
  card: null,
  customer_balance: null,
  konbini: null,
  payto: null,
  pix: null,
  sepa_debit: null,
  upi: null,
  us_bank_account: null,
};

/** What was sent over what was there; undefined when nothing was sent. Its schema has checked it. */
export function methodOptions<O extends object>(settings: Params, before: O | null | undefined): O | undefined {
  const sent = hash(settings, "payment_method_options");
  return sent && ({ ...noOptions, ...before, ...sent } as unknown as O);
}
