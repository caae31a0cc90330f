// That a Customer was linked is heard a moment later: an operation's end has no news of its own.
import type { Timer } from "../../../kernel/contract/manifest.ts";
import type { Reacting } from "../../../kernel/contract/reacting.ts";

declare module "../../../kernel/contract/reacting.ts" {
  interface InnerNews {
    /** A Customer that Stripe had already is a user of the host's from now on. */
    "customer.linked": { readonly customerId: string; readonly stripeCustomerId: string };
  }
}

/** In the transaction that ends the operation. */
export async function tellLinked({ now, fileTimers }: Reacting, stripeCustomerId: string): Promise<void> {
  await fileTimers([{ kind: linked.kind, subject: stripeCustomerId, dueAt: now }]);
}

export const linked: Timer = {
  kind: "customers.linked",
  async work({ tx }, { subject: stripeCustomerId }) {
    const row = await tx
      .selectFrom("customers")
      .select("id")
      .where("stripe_id", "=", stripeCustomerId)
      .executeTakeFirst();
    if (!row) return [];
    const data = { customerId: row.id, stripeCustomerId };
    return [{ type: "customer.linked", subject: row.id, transition: stripeCustomerId, data }];
  },
};
