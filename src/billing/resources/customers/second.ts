// One user has one Customer: the first that bears the user's marks. Another one with the same marks is flagged.
import type { RaisedFlag } from "../../kernel/contract/reacting.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";

export function secondCustomer(user: string, second: string, own: string): RaisedFlag {
  return { kind: "second_customer", subject: user, detail: `${second} bears the marks of ${own}` };
}

/** Gives the user this Customer, unless there is one: answers which it is. */
export async function bearStripeId(tx: BillingTx, user: string, stripeId: string): Promise<string> {
  const { stripe_id } = await tx
    .updateTable("customers")
    .set((eb) => ({ stripe_id: eb.fn.coalesce("stripe_id", eb.val(stripeId)) }))
    .where("id", "=", user)
    .returning("stripe_id")
    .executeTakeFirstOrThrow();
  return stripe_id ?? stripeId;
}
