// Tells Stripe a customer's changed name or address.
import { problem } from "#kit/problems.ts";
import { orNull, record, text } from "../../kernel/contract/shape.ts";
import { defineVerb, flagPromised, itsId } from "../../kernel/contract/verb.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { Ended } from "../../kernel/journal/operations.ts";
import type { CustomerRow } from "./tables.ts";
import { changeOf, revisionOf, userOfChange } from "./wishes.ts";

export async function updateAtStripe(
  core: BillingCore,
  input: { customer: CustomerRow; stripeCustomerId: string; attempt: number | undefined },
): Promise<Ended<unknown>> {
  const { customer, stripeCustomerId, attempt } = input;
  const { email, name } = customer;
  const subject = changeOf(customer);
  return core.operations.carryOut(update, {
    subject,
    // What a customer is called now is a wish of its own: attempts of what Stripe refused before do not count.
    attempt: (await isKnown(core, subject)) ? attempt : undefined,
    params: { stripeCustomerId, email, name },
  });
}

async function isKnown(core: BillingCore, subject: string): Promise<boolean> {
  const before = await core.sql.read("customers.attempts", (reader) =>
    reader
      .selectFrom("operations")
      .select("id")
      .where("verb", "=", update.name)
      .where("subject", "=", subject)
      .executeTakeFirst(),
  );
  return before !== undefined;
}

/** The subject is `<id>@<revision>`: every change is a wish of its own. */
export const update = defineVerb({
  name: "customers.update",
  params: record({ stripeCustomerId: text, email: orNull(text), name: orNull(text) }),
  outcome: record({ stripeCustomerId: text }),
  lane: ({ subject }) => `customer:${userOfChange(subject)}`,
  about: ({ subject }) => ({ customerId: userOfChange(subject) }),
  async reserve({ tx }, { subject }) {
    const id = userOfChange(subject);
    // A write, so that a change in another process waits for us or we for it.
    const { revision } = await tx
      .updateTable("customers")
      .set((eb) => ({ revision: eb.ref("revision") }))
      .where("id", "=", id)
      .returning("revision")
      .executeTakeFirstOrThrow();
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
        params: { email: params.email ?? undefined, name: params.name ?? undefined },
      }),
      holds: (customer, { params }) => customer.email === params.email && customer.name === params.name,
    },
  ],
  answered: async (_reacting, _operation, { update }) => ({ stripeCustomerId: update.id }),
  refused: flagPromised("customers.update"),
});
