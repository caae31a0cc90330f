// One user has one Customer: the first that bears the user's marks. Another one with the same marks is flagged.
import type { RaisedFlag } from "../../kernel/contract/reacting.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import type { CustomerRow } from "./tables.ts";

export function secondCustomer(user: string, second: string, own: string): RaisedFlag {
  return { kind: "second_customer", subject: user, detail: `${second} bears the marks of ${own}` };
}

/** Gives the user this Customer, unless there is one: answers the user as it is then. */
export async function bearStripeId(
  tx: BillingTx,
  user: string,
  stripeId: string,
): Promise<CustomerRow & { stripe_id: string }> {
  const row = await tx
    .updateTable("customers")
    .set((eb) => ({ stripe_id: eb.fn.coalesce("stripe_id", eb.val(stripeId)) }))
    .where("id", "=", user)
    .returningAll()
    .executeTakeFirstOrThrow();
  return { ...row, stripe_id: row.stripe_id ?? stripeId };
}
