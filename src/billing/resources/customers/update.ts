// Tells Stripe a customer's changed name or address.
import type { Verb } from "../../kernel/contract/manifest.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { failureOf } from "../outcomes.ts";
import type { CustomerRow } from "./tables.ts";

export async function updateAtStripe(
  core: BillingCore,
  input: { customer: CustomerRow; stripeCustomerId: string; attempt: number | undefined },
): Promise<void> {
  const { customer, stripeCustomerId, attempt } = input;
  const { id, email, name, revision } = customer;
  const command = {
    verb: "customers.update",
    subject: `${id}@${revision}`,
    params: { stripeCustomerId, email, name },
  };
  const ended = await core.operations.carryOut({ ...command, attempt: await attemptOf(core, command, attempt) });
  if (ended.state !== "done" && ended.state !== "open") throw failureOf(ended, `Customer ${id}`);
}

/** What a customer is called now is a wish of its own: the attempts of what Stripe refused before do not count. */
async function attemptOf(
  core: BillingCore,
  { verb, subject }: { verb: string; subject: string },
  attempt: number | undefined,
): Promise<number | undefined> {
  if (attempt === undefined) return undefined;
  const before = await core.sql.read("customers.attempts", (reader) =>
    reader
      .selectFrom("operations")
      .select("id")
      .where("verb", "=", verb)
      .where("subject", "=", subject)
      .executeTakeFirst(),
  );
  return before && attempt;
}

/** Tells Stripe a changed name or address. The subject is `<id>@<revision>`: every change is a wish of its own. */
export const update: Verb = {
  verb: "customers.update",
  step: "update",
  lane: ({ subject }) => `customer:${subject.slice(0, subject.lastIndexOf("@"))}`,
  touches: ({ params }) => String(params.stripeCustomerId),
  request: ({ params }) => ({
    method: "POST",
    path: `/v1/customers/${String(params.stripeCustomerId)}`,
    params: { email: (params.email as string) ?? undefined, name: (params.name as string) ?? undefined },
  }),
  async find({ params }, finder) {
    const customer = await finder.get(`/v1/customers/${String(params.stripeCustomerId)}`);
    const holds = customer && customer.email === params.email && customer.name === params.name;
    return holds ? customer : null;
  },
  answered: async (_reacting, _operation, remote) => ({ stripeCustomerId: remote.id }),
  async refused() {},
};
