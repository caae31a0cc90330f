// Gives a customer a tax id at Stripe. The row is made with the operation, so that one number is never wished twice. It
// outlives its Customer: the next one gets it too.
import { problem } from "#kit/problems.ts";
import type { Reacting, Remote } from "../../../kernel/contract/reacting.ts";
import { record, text } from "../../../kernel/contract/shape.ts";
import { defineVerb, filed, flagPromised, itsId, type Refusal } from "../../../kernel/contract/verb.ts";
import type { CustomerRow, TaxIdRow } from "../tables.ts";
import { taxIdOf, taxIdWish, userOfTaxId } from "../wishes.ts";
import { lockCustomer } from "../write.ts";
import { isSameTaxId, type SaidTaxId } from "./forms/index.ts";
import { sameAmong, taxIdRows } from "./rows.ts";

/** The subject is `<id>/<the host's id of the wish>`. */
export const addTaxId = defineVerb({
  name: "customers.addTaxId",
  params: record({ stripeCustomerId: text, type: text, value: text }),
  outcome: record({ stripeTaxId: text }),
  lane: ({ subject }) => `customer:${userOfTaxId(subject)}`,
  about: ({ subject }) => ({ customerId: userOfTaxId(subject) }),
  async reserve({ tx, now }, { subject, params: { stripeCustomerId, ...said } }) {
    const customer = await lockCustomer(tx, userOfTaxId(subject));
    if (customer.stripe_id !== stripeCustomerId) {
      throw problem("conflict", `Customer ${customer.id} has ${customer.stripe_id} at Stripe by now`);
    }
    const rows = await taxIdRows(tx, [customer.id]);
    refuseTaken(customer.id, rows, { id: taxIdOf(subject), said });
    const fresh = { ...said, country: null, status: "pending" as const, stripe_id: null, removed_at: null };
    await tx
      .insertInto("tax_ids")
      .values({
        ...fresh,
        customer: customer.id,
        id: taxIdOf(subject),
        verified_name: null,
        verified_address: null,
        created_at: now,
      })
      .onConflict((conflict) => conflict.columns(["customer", "id"]).doUpdateSet(fresh))
      .execute();
  },
  steps: [
    {
      name: "add",
      answer: itsId,
      embeds: ({ params }) => [{ kind: "customer", id: params.stripeCustomerId }],
      request: ({ params: { stripeCustomerId, type, value } }) => ({
        method: "POST",
        path: `/v1/customers/${stripeCustomerId}/tax_ids`,
        params: { type, value },
      }),
      async find({ params }, { list }) {
        const there = await list(`/v1/customers/${params.stripeCustomerId}/tax_ids?limit=100`);
        const saidOf = ({ type, value }: Remote) => ({ type: String(type), value: String(value) });
        return there.find((remote) => isSameTaxId(params, saidOf(remote))) ?? null;
      },
    },
  ],
  async answered({ tx }, { subject }, { add }) {
    const { id: customer } = await lockCustomer(tx, userOfTaxId(subject));
    const rows = await taxIdRows(tx, [customer]);
    const own = rows.find(({ id }) => id === taxIdOf(subject));
    const isKnown = rows.some(({ stripe_id }) => stripe_id === add.id);
    if (own?.stripe_id === null && !isKnown) {
      const where = { customer, id: own.id };
      await tx
        .updateTable("tax_ids")
        .set({ stripe_id: add.id })
        .where("customer", "=", where.customer)
        .where("id", "=", where.id)
        .execute();
    }
    return { stripeTaxId: own?.stripe_id ?? add.id };
  },
  async refused(reacting, operation, refusal) {
    // With its Customer it waits for the next one, which gets it.
    if (isOfGoneCustomer(refusal)) return [];
    const customer = userOfTaxId(operation.subject);
    await lockCustomer(reacting.tx, customer);
    await reacting.tx
      .deleteFrom("tax_ids")
      .where("customer", "=", customer)
      .where("id", "=", taxIdOf(operation.subject))
      .where("stripe_id", "is", null)
      .execute();
    return flagPromised("customers.addTaxId")(reacting, operation, refusal);
  },
});

export function isOfGoneCustomer({ code }: Refusal): boolean {
  return code === "resource_missing";
}

function refuseTaken(customer: string, rows: readonly TaxIdRow[], wish: { id: string; said: SaidTaxId }): void {
  const same = sameAmong(rows, wish.said);
  if (same && same.id !== wish.id) {
    throw problem("wrong_state", `Customer ${customer} has this ${wish.said.type} already, as ${same.id}`, {
      hint: "One number is given once. Take it away before it is given anew.",
      details: { field: "value", taxId: same.id },
    });
  }
  const own = rows.find(({ id }) => id === wish.id);
  if (!own || (own.removed_at === null && own.stripe_id === null)) return;
  const what = own.removed_at === null ? `stands at Stripe as ${own.stripe_id}` : "was taken away";
  throw problem("wrong_state", `Tax id ${wish.id} of customer ${customer} ${what}`, {
    hint: "Give another one an id of its own.",
    details: { field: "id", taxId: own.id },
  });
}

/** Whatever of the customer's waits for a Customer is given to this one. */
export async function giveTaxIds(reacting: Reacting, customer: CustomerRow & { stripe_id: string }): Promise<void> {
  const rows = await taxIdRows(reacting.tx, [customer.id]);
  for (const { id, type, value, stripe_id, removed_at } of rows) {
    if (stripe_id !== null || removed_at !== null) continue;
    const params = { stripeCustomerId: customer.stripe_id, type, value };
    await reacting.fileOperation(filed(addTaxId, { subject: taxIdWish(customer, id), attempt: 1, params }));
  }
}
