// The currency in which a customer is billed: Stripe sets it with the first invoice, and whatever is billed later is in
// it. Orders are payments of their own, in any currency.
// https://docs.stripe.com/api/customers/object#customer_object-currency
import { problem } from "#kit/problems.ts";
import { lookNow } from "../../kernel/changes/observe.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { customerKind } from "./customers.ts";
import { readCustomer } from "./read.ts";

/**
 * Before an invoice or a subscription in this currency is wished, so that both currencies are named; Stripe refuses it
 * too. Stripe is asked before anybody is refused: once nothing is billed in a currency any more, it is free again.
 */
export async function refuseOtherCurrency(core: BillingCore, id: string, currency: string): Promise<void> {
  const known = await readCustomer(core, id);
  if (isFree(known.currency, currency)) return;
  if (known.stripe_id !== null) await lookNow(core.kernel, { kind: customerKind.kind, id: known.stripe_id });
  const { currency: own } = await readCustomer(core, id);
  if (isFree(own, currency)) return;
  throw problem("wrong_state", `Customer ${id} is billed in ${own}, and cannot be billed in ${currency}`, {
    hint: `Bill in ${own}, or bill another customer: Stripe knows one currency for each. Orders may be in any.`,
    details: { field: "currency", customerId: id, currency: own, asked: currency },
  });
}

function isFree(own: string | null, asked: string): boolean {
  return own === null || own === asked;
}
