// Money of others: a key has one account here and no platform stands above it, so whoever names another account, or
// wants a fee of one, is refused as at Stripe. Taken and forgotten it would be a platform's fee that nobody misses in a
// test. https://docs.stripe.com/connect
import { common } from "./errors.table.ts";
import { noSuch, notPlayed, refusal } from "./errors.ts";
import { hash, type Params, text } from "./params.ts";

export function refuseOtherAccounts(params: Params, own: string): void {
  refuseDestination("transfer_data[destination]", inside(params, "transfer_data", "destination"), own);
  refuseDestination("destination[account]", inside(params, "destination", "account"), own);
  const destination = text(params, "destination");
  // Payouts have destinations too: banks.
  if (destination?.startsWith("acct_")) refuseDestination("destination", destination, own);
  refuseOther("on_behalf_of", params, own);
  refuseOther("customer_account", params, own);
  refuseFee("application_fee_amount", params);
  refuseFee("application_fee", params);
}

function inside(params: Params, name: string, inner: string): string | undefined {
  const sent = hash(params, name);
  return sent && text(sent, inner);
}

function refuseDestination(param: string, id: string | undefined, own: string): void {
  if (id === undefined) return;
  throw id === own ? notPlayed("transfers", param) : refusal(common.destinationMissing, { id }, { param });
}

function refuseOther(param: string, params: Params, own: string): void {
  const id = text(params, param);
  if (id && id !== own) throw noSuch({ label: "account" }, id, { inPath: false, param });
}

function refuseFee(param: string, params: Params): void {
  if (typeof params[param] === "number") throw refusal(common.feeOfNobody, { param }, { param });
}
