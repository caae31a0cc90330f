// Ensures that the host's own user is a customer, and that Stripe has one Customer for it.
import { isDeepStrictEqual } from "node:util";
import { isProblem, problem } from "#kit/problems.ts";
import type { Billing, Customer, CustomerProfile } from "../../api/index.ts";
import { record, text } from "../../kernel/contract/shape.ts";
import { defineVerb, filed, flagPromised, itsId } from "../../kernel/contract/verb.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { checkAttempt, checkFields, checkId, type Fields } from "../input.ts";
import { latestOperation } from "../latest.ts";
import { marks, marksOf } from "../marks.ts";
import { failureOf } from "../outcomes.ts";
import { checkProfile, profileFields } from "./profile/input.ts";
import { newProfileParams, type Profile, profileOf, profileShapes } from "./profile/profile.ts";
import { readCustomer, showCustomer } from "./read.ts";
import { bearStripeId, secondCustomer } from "./second.ts";
import type { CustomerRow } from "./tables.ts";
import { giveTaxIds } from "./tax_ids/add.ts";
import { update, updateAtStripe } from "./update.ts";
import { changeOf, userOf, wishOf } from "./wishes.ts";
import { changeCustomer, lockCustomer, writeCustomer } from "./write.ts";

/** More callers than this that change one user at the same moment are a loop. */
const triesMax = 5;

type EnsureInput = Parameters<Billing["customers"]["ensure"]>[0];

const fields: Fields<EnsureInput> = { ...profileFields, id: true, attempt: true };

export async function ensureCustomer(core: BillingCore, given: EnsureInput): Promise<Customer> {
  const input = checkFields("input", given, fields);
  const id = checkId("id", input.id);
  const changes = checkProfile(input);
  const attempt = checkAttempt(input.attempt);
  await core.ready();
  const now = core.ports.clock.now();
  await core.sql.write("customers.ensure", (tx) => writeCustomer(tx, { id, changes, now }));
  return tellStripe(core, id, attempt);
}

const changeFields: Fields<CustomerProfile & { attempt?: number }> = { ...profileFields, attempt: true };

export async function updateCustomer(
  core: BillingCore,
  given: string,
  options: CustomerProfile & { attempt?: number },
): Promise<Customer> {
  const id = checkId("id", given);
  const changes = checkProfile(checkFields("options", options, changeFields));
  const attempt = checkAttempt(options.attempt);
  await readCustomer(core, id);
  await core.ready();
  await core.sql.write("customers.update", (tx) => changeCustomer(tx, id, changes));
  return tellStripe(core, id, attempt);
}

/** Sees to it that Stripe knows the customer as it is now, under whatever Customer that is. */
export async function tellStripe(core: BillingCore, id: string, attempt: number | undefined): Promise<Customer> {
  for (let tries = 1; ; tries++) {
    const before = await readCustomer(core, id);
    const ended = await ensureAtStripe(core, before, attempt);
    if (ended.state === "done" || ended.state === "open") return showCustomer(core, id);
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
    const params = (await readWish(core, subject)) ?? profileOf(customer);
    try {
      return await core.operations.carryOut(ensure, { subject, attempt, params });
    } catch (error) {
      if (isProblem(error, "conflict") && (await readCustomer(core, customer.id)).stripe_id !== null) {
        return { state: "done" } as const;
      }
      // Another caller wrote it, with another address, since we looked.
      if (!isProblem(error, "conflict") || tries === triesMax || !(await readWish(core, subject))) throw error;
    }
  }
}

async function readWish(core: BillingCore, subject: string) {
  const latest = await latestOperation(core, ensure, subject);
  const stands = latest && ["open", "parked", "done"].includes(latest.state);
  // Word for word: an earlier version may have known fewer fields, and it is the same wish.
  return stands ? (JSON.parse(latest.params) as Profile) : undefined;
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

/** Makes the Customer at Stripe. */
export const ensure = defineVerb({
  name: "customers.ensure",
  params: record(profileShapes),
  outcome: record({ stripeCustomerId: text }),
  lane: ({ subject }) => `customer:${userOf(subject)}`,
  about: ({ subject }) => ({ customerId: userOf(subject) }),
  async reserve({ tx }, { subject }) {
    const { id, stripe_id } = await lockCustomer(tx, userOf(subject));
    // It was linked to one since we looked.
    if (stripe_id !== null) throw problem("conflict", `Customer ${id} has ${stripe_id} at Stripe`);
  },
  steps: [
    {
      name: "create",
      answer: itsId,
      request: (operation) => ({
        method: "POST",
        path: "/v1/customers",
        params: {
          ...newProfileParams(operation.params),
          metadata: marks(operation, { ...operation.params.metadata, bursar_customer: userOf(operation.subject) }),
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
    const { stripe_id: stripeCustomerId } = customer;
    if (stripeCustomerId !== create.id) {
      await reacting.flag([secondCustomer(userOf(subject), create.id, stripeCustomerId)]);
    } else if (!isDeepStrictEqual(profileOf(customer), params)) {
      // It was changed while this was on its way, and whoever wished that may not wait any more.
      const params = { stripeCustomerId, ...profileOf(customer) };
      await reacting.fileOperation(filed(update, { subject: changeOf(customer), attempt: 1, params }));
    }
    await giveTaxIds(reacting, customer);
    return { stripeCustomerId };
  },
  refused: flagPromised("customers.ensure"),
});
