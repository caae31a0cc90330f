// What the invoices of one subscription are paid with, whatever their customer's default is.
import type { Outcome, SetSubscriptionMethod, Subscription } from "../../../api/index.ts";
import { record, type Shaped, text } from "../../../kernel/contract/shape.ts";
import { defineVerb } from "../../../kernel/contract/verb.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import { checkFields, checkKey, type Fields } from "../../input.ts";
import { chargeableMethod } from "../../methods/index.ts";
import { ownersOf } from "../../owners.ts";
import type { SubscriptionMirror } from "../subscriptions.ts";
import {
  aboutSubscription,
  changing,
  checkNamed,
  ofSubscription,
  outcomeOfWish,
  refuseOver,
  subscriptionLane,
  tellFailed,
} from "../wish.ts";

const fields: Fields<SetSubscriptionMethod> = { id: true, method: true, attempt: true };

export async function setSubscriptionMethod(
  core: BillingCore,
  subscriptionId: string,
  given: SetSubscriptionMethod,
): Promise<Outcome<Subscription>> {
  const options = checkFields("options", given, fields);
  const named = checkNamed(subscriptionId, options);
  const method = checkKey("method", options.method);
  const params: Params = { subscriptionId: named.subscriptionId, method };
  const wish = {
    ...named,
    verb: setMethod,
    refuse: refuseOver,
    decide: async (row: SubscriptionMirror) => {
      await refuseStrange(core, row, method);
      return params;
    },
    again: () => params,
  };
  return outcomeOfWish(core, wish, `Setting the method of subscription ${subscriptionId}`);
}

/** A method that is nobody's, somebody else's, or was removed. */
async function refuseStrange(core: BillingCore, { customer }: SubscriptionMirror, id: string): Promise<void> {
  const owners = await core.sql.read("subscriptions.owner", (reader) => ownersOf(reader, [customer]));
  await chargeableMethod(core, { customerId: owners.get(customer)?.id ?? "", id });
}

const methodParams = record({ ...ofSubscription, method: text });
type Params = Shaped<typeof methodParams>;

const change = changing(({ method }: Params) => ({ default_payment_method: method }));

export const setMethod = defineVerb({
  name: "subscriptions.setMethod",
  params: methodParams,
  outcome: record({}),
  lane: subscriptionLane,
  about: aboutSubscription,
  steps: [
    {
      ...change,
      embeds: (operation) => [...change.embeds(operation), { kind: "payment_method", id: operation.params.method }],
    },
  ],
  answered: async () => ({}),
  refused: tellFailed("setMethod"),
});
