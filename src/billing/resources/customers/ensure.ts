// Ensures that the host's own user is a customer, and that Stripe has one Customer for it.
import { isProblem, problem } from "#kit/problems.ts";
import type { Billing, Customer } from "../../api/index.ts";
import { nameMax } from "../../api/index.ts";
import { orNull, record, text } from "../../kernel/contract/shape.ts";
import { defineVerb, filed, flagPromised, itsId } from "../../kernel/contract/verb.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import { checkAttempt, checkEmail, checkFields, checkId, checkText, type Fields } from "../input.ts";
import { latestOperation } from "../latest.ts";
import { marks, marksOf } from "../marks.ts";
import { failureOf } from "../outcomes.ts";
import { readCustomer, viewCustomer } from "./read.ts";
import { bearStripeId, secondCustomer } from "./second.ts";
import type { CustomerRow } from "./tables.ts";
import { update, updateAtStripe } from "./update.ts";
import { changeOf, userOf, wishOf } from "./wishes.ts";

/** More callers than this that change one user at the same moment are a loop. */
const triesMax = 5;

type EnsureInput = Parameters<Billing["customers"]["ensure"]>[0];

const fields: Fields<EnsureInput> = { id: true, email: true, name: true, attempt: true };

export async function ensureCustomer(core: BillingCore, given: EnsureInput): Promise<Customer> {
  const input = checkFields("input", given, fields);
  const id = checkId("id", input.id);
  const email = checkEmail("email", input.email);
  const name = checkText("name", input.name, nameMax);
  const attempt = checkAttempt(input.attempt);
  await core.ready();
  const now = core.ports.clock.now();
  await core.sql.write("customers.ensure", (tx) => writeCustomer(tx, { id, email, name, now }));
  for (let tries = 1; ; tries++) {
    const before = await readCustomer(core, id);
    const ended = await ensureAtStripe(core, before, attempt);
    if (ended.state === "done" || ended.state === "open") return viewCustomer(await readCustomer(core, id));
    const { generation } = await readCustomer(core, id);
    // The Customer was gone: a new one bears the name and the address of today.
    if (generation === before.generation || tries === triesMax) throw failureOf(ended, `Customer ${id}`);
  }
}

/** Makes the Customer, and tells Stripe what the user is called now. What ended it, or the first that went wrong. */
async function ensureAtStripe(core: BillingCore, customer: CustomerRow, attempt: number | undefined) {
  if (customer.stripe_id === null) {
    const made = await makeAtStripe(core, customer, attempt);
    if (made.state !== "done") return made;
  }
  for (let tries = 1; ; tries++) {
    const current = await readCustomer(core, customer.id);
    if (current.stripe_id === null || current.revision === 0) return { state: "done" } as const;
    try {
      return await updateAtStripe(core, { customer: current, stripeCustomerId: current.stripe_id, attempt });
    } catch (error) {
      // Another caller has changed it since we looked, and the last one wins.
      const isChanged =
        isProblem(error, "conflict") && (await readCustomer(core, customer.id)).revision > current.revision;
      if (!isChanged || tries === triesMax) throw error;
    }
  }
}

/** Two that ask at once make one: the operation keeps what was known when it was written, the rest is an update. */
async function makeAtStripe(core: BillingCore, customer: CustomerRow, attempt: number | undefined) {
  const subject = wishOf(customer);
  for (let tries = 1; ; tries++) {
    const params = (await readWish(core, subject)) ?? { email: customer.email, name: customer.name };
    try {
      return await core.operations.carryOut(ensure, { subject, attempt, params });
    } catch (error) {
      // Another caller wrote it, with another address, since we looked.
      if (!isProblem(error, "conflict") || tries === triesMax || !(await readWish(core, subject))) throw error;
    }
  }
}

async function readWish(core: BillingCore, subject: string) {
  const latest = await latestOperation(core, ensure, subject);
  const stands = latest && ["open", "parked", "done"].includes(latest.state);
  return stands ? ensure.params.read(JSON.parse(latest.params), "params") : undefined;
}

/** Stripe's id of our customer, who gets one there when this is asked first. */
export async function stripeCustomerOf(core: BillingCore, id: string): Promise<string> {
  const known = await readCustomer(core, id);
  // A new name or address that Stripe refuses stops no payment.
  if (known.stripe_id !== null) return known.stripe_id;
  const { stripeCustomerId } = await ensureCustomer(core, { id });
  if (stripeCustomerId !== null) return stripeCustomerId;
  const latest = await latestOperation(core, ensure, wishOf(await readCustomer(core, id)));
  throw problem("stripe_unreachable", `Stripe has not answered for customer ${id} yet`, {
    hint: "Ask again.",
    details: { operation: latest?.id ?? null },
  });
}

/** A statement that computes: of two that change at once the second wins, and both are revisions. */
async function writeCustomer(
  tx: BillingTx,
  input: { id: string; email: string | null; name: string | null; now: number },
): Promise<void> {
  const { id, email, name, now } = input;
  await tx
    .insertInto("customers")
    .values({ id, email, name, stripe_id: null, revision: 0, generation: 0, created_at: now })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
  const changes = { ...(email !== null && { email }), ...(name !== null && { name }) };
  const fields = Object.entries(changes) as ["email" | "name", string][];
  if (fields.length === 0) return;
  await tx
    .updateTable("customers")
    .set((eb) => ({ ...changes, revision: eb("revision", "+", 1) }))
    .where("id", "=", id)
    .where((eb) => eb.or(fields.map(([field, value]) => eb(field, "is distinct from", value))))
    .execute();
}

/** Makes the Customer at Stripe. */
export const ensure = defineVerb({
  name: "customers.ensure",
  params: record({ email: orNull(text), name: orNull(text) }),
  outcome: record({ stripeCustomerId: text }),
  lane: ({ subject }) => `customer:${userOf(subject)}`,
  about: ({ subject }) => ({ customerId: userOf(subject) }),
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
          metadata: marks(operation, { bursar_customer: userOf(operation.subject) }),
        },
      }),
      async find({ id }, { since, list }) {
        // Customers have no parent to list by.
        const made = await list(`/v1/customers?limit=100&created[gte]=${since}`);
        return made.find((customer) => marksOf(customer).operation === id) ?? null;
      },
    },
  ],
  async answered(reacting, { subject, params }, { create }) {
    const customer = await bearStripeId(reacting.tx, userOf(subject), create.id);
    const { stripe_id: stripeCustomerId, email, name } = customer;
    if (stripeCustomerId !== create.id) {
      await reacting.flag([secondCustomer(userOf(subject), create.id, stripeCustomerId)]);
    } else if (email !== params.email || name !== params.name) {
      // It was changed while this was on its way, and whoever wished that may not wait any more.
      const params = { stripeCustomerId, email, name };
      await reacting.fileOperation(filed(update, { subject: changeOf(customer), attempt: 1, params }));
    }
    return { stripeCustomerId };
  },
  refused: flagPromised("customers.ensure"),
});
