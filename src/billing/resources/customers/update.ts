// Tells Stripe what has changed of a customer.
import { problem } from "#kit/problems.ts";
import { record, text } from "../../kernel/contract/shape.ts";
import { defineVerb, flagPromised, itsId } from "../../kernel/contract/verb.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { Ended } from "../../kernel/journal/operations.ts";
import { latestOperation } from "../latest.ts";
import { holdsProfile, type Profile, profileOf, profileParams, profileShapes } from "./profile/profile.ts";
import type { CustomerRow } from "./tables.ts";
import { changeOf, revisionOf, userOfChange } from "./wishes.ts";
import { forgetEmptied, lockCustomer } from "./write.ts";

export async function updateAtStripe(
  core: BillingCore,
  input: { customer: CustomerRow; stripeCustomerId: string; attempt: number | undefined },
): Promise<Ended<unknown>> {
  const { customer, stripeCustomerId, attempt } = input;
  const subject = changeOf(customer);
  const latest = await latestOperation(core, update, subject);
  // Word for word: an earlier version may have known fewer fields, and it is the same wish.
  const params = latest && (JSON.parse(latest.params) as Profile & { stripeCustomerId: string });
  return core.operations.carryOut(update, {
    subject,
    // What is said of a customer now is a wish of its own: attempts of what Stripe refused before do not count.
    attempt: latest ? attempt : undefined,
    params: params ?? { stripeCustomerId, ...profileOf(customer) },
  });
}

/** The subject is `<id>@<revision>`: every change is a wish of its own. */
export const update = defineVerb({
  name: "customers.update",
  params: record({ stripeCustomerId: text, ...profileShapes }),
  outcome: record({ stripeCustomerId: text }),
  lane: ({ subject }) => `customer:${userOfChange(subject)}`,
  about: ({ subject }) => ({ customerId: userOfChange(subject) }),
  async reserve({ tx }, { subject }) {
    const id = userOfChange(subject);
    const { revision } = await lockCustomer(tx, id);
    if (revision === revisionOf(subject)) return;
    throw problem("conflict", `Customer ${id} was changed meanwhile`, { details: { id, revision } });
  },
  steps: [
    {
      name: "update",
      answer: itsId,
      touches: ({ params }) => params.stripeCustomerId,
      embeds: ({ params }) => [{ kind: "customer", id: params.stripeCustomerId }],
      request: ({ params }) => ({
        method: "POST",
        path: `/v1/customers/${params.stripeCustomerId}`,
        params: profileParams(params),
      }),
      holds: (customer, { params }) => holdsProfile(customer, params),
    },
  ],
  async answered({ tx }, { subject }, { update }) {
    const customer = await lockCustomer(tx, userOfChange(subject));
    if (customer.revision === revisionOf(subject)) await forgetEmptied(tx, customer);
    return { stripeCustomerId: update.id };
  },
  refused: flagPromised("customers.update"),
});
