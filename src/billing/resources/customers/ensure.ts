// Ensures that the host's own user is a customer, and that Stripe has one Customer for it.
import { problem } from "#kit/problems.ts";
import type { Customer } from "../../api/index.ts";
import { nameMax } from "../../api/index.ts";
import { orNull, record, text } from "../../kernel/contract/shape.ts";
import { defineVerb, itsId, nothingReserved } from "../../kernel/contract/verb.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import { checkAttempt, checkEmail, checkId, checkText } from "../input.ts";
import { marks, marksOf } from "../marks.ts";
import { failureOf } from "../outcomes.ts";
import { readCustomer, viewCustomer } from "./read.ts";
import type { CustomerRow } from "./tables.ts";
import { updateAtStripe } from "./update.ts";

export async function ensureCustomer(
  core: BillingCore,
  input: { id: string; email?: string; name?: string; attempt?: number },
): Promise<Customer> {
  const id = checkId("id", input.id);
  const email = checkEmail("email", input.email);
  const name = checkText("name", input.name, nameMax);
  const attempt = checkAttempt(input.attempt);
  await core.ready();
  const now = core.ports.clock.now();
  const row = await core.sql.write("customers.ensure", (tx) => writeCustomer(tx, { id, email, name, now }));
  if (row.stripe_id === null) {
    // The operation keeps what was known when it was written: a later change is an update of its own.
    const first = await core.sql.read("customers.operation", (reader) =>
      reader
        .selectFrom("operations")
        .select("params")
        .where("verb", "=", ensure.name)
        .where("subject", "=", id)
        .where("state", "in", ["open", "done"])
        .executeTakeFirst(),
    );
    const params = first
      ? ensure.params.read(JSON.parse(first.params), "params")
      : { email: row.email, name: row.name };
    const ended = await core.operations.carryOut(ensure, { subject: id, attempt, params });
    if (ended.state !== "done" && ended.state !== "open") throw failureOf(ended, `Customer ${id}`);
  }
  const current = await readCustomer(core, id);
  if (current.stripe_id !== null && current.revision > 0) {
    await updateAtStripe(core, { customer: current, stripeCustomerId: current.stripe_id, attempt });
  }
  return viewCustomer(current);
}

/** Stripe's id of our customer, who gets one there when this is asked first. */
export async function stripeCustomerOf(core: BillingCore, id: string): Promise<string> {
  const known = await readCustomer(core, id);
  // A new name or address that Stripe refuses stops no payment.
  if (known.stripe_id !== null) return known.stripe_id;
  const { stripeCustomerId } = await ensureCustomer(core, { id });
  if (stripeCustomerId !== null) return stripeCustomerId;
  throw problem("stripe_unreachable", `Stripe has not answered for customer ${id} yet`, { hint: "Ask again." });
}

async function writeCustomer(
  tx: BillingTx,
  input: { id: string; email: string | null; name: string | null; now: number },
): Promise<CustomerRow> {
  const { id, email, name, now } = input;
  await tx
    .insertInto("customers")
    .values({ id, email, name, stripe_id: null, revision: 0, created_at: now })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
  const row = await tx.selectFrom("customers").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
  const changed = { email: email ?? row.email, name: name ?? row.name };
  if (changed.email === row.email && changed.name === row.name) return row;
  const revision = row.revision + 1;
  await tx
    .updateTable("customers")
    .set({ ...changed, revision })
    .where("id", "=", id)
    .execute();
  return { ...row, ...changed, revision };
}

/** Makes the Customer at Stripe. */
export const ensure = defineVerb({
  name: "customers.ensure",
  params: record({ email: orNull(text), name: orNull(text) }),
  outcome: record({ stripeCustomerId: text }),
  lane: ({ subject }) => `customer:${subject}`,
  steps: [
    {
      name: "create",
      answer: itsId,
      request: (operation) => ({
        method: "POST",
        path: "/v1/customers",
        params: {
          email: operation.params.email ?? undefined,
          name: operation.params.name ?? undefined,
          metadata: marks(operation, { bursar_customer: operation.subject }),
        },
      }),
      async find({ id }, { since, list }) {
        // Customers have no parent to list by.
        const made = await list(`/v1/customers?limit=100&created[gte]=${since}`);
        return made.find((customer) => marksOf(customer).operation === id) ?? null;
      },
    },
  ],
  async answered({ tx }, { subject }, { create }) {
    await tx.updateTable("customers").set({ stripe_id: create.id }).where("id", "=", subject).execute();
    return { stripeCustomerId: create.id };
  },
  refused: nothingReserved,
});
