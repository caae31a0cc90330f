// A Customer with our marks has appeared at Stripe. Webhooks overtake our own answers: it is its user's when an
// operation of ours made it, and a second one (a copy of the metadata, or one that was made and never heard of) when
// the user has another.
import { on } from "../../kernel/contract/manifest.ts";
import { madeBy } from "../marks.ts";
import { ensure } from "./ensure.ts";
import { bearStripeId, secondCustomer } from "./second.ts";
import { wishOf } from "./wishes.ts";

export const onCustomerAppeared = on("customer.appeared", async (reacting, news) => {
  const { tx, instance, flag } = reacting;
  const marked = news.flatMap(({ data }) => (data.instance === instance && data.user !== null ? data : []));
  const made = await madeBy(reacting, ensure.name, marked);
  for (const { id, user } of marked) {
    const customer = await tx.selectFrom("customers").selectAll().where("id", "=", user).executeTakeFirst();
    if (!customer) continue;
    // One of a Customer that is gone comes too late to be anybody's.
    const isMade = made.get(id) === wishOf(customer);
    const own = customer.stripe_id ?? (isMade ? (await bearStripeId(tx, customer.id, id)).stripe_id : id);
    if (own !== id) await flag([secondCustomer(customer.id, id, own)]);
  }
  return [];
});
