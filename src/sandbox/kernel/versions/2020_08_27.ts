import type { StripeObject } from "../state/noun.ts";
import type { VersionChange } from "./change.ts";

/** A customer shows its lists only when asked. https://docs.stripe.com/upgrades#2020-08-27 */
export const from20200827: VersionChange = {
  family: "2020-08-27",
  hidden: { customer: ["sources"] },
  down: { customer: (customer) => ({ ...customer, ...listsOf(customer) }) as StripeObject },
};

/** What the sandbox has nothing of. */
function listsOf({ id }: StripeObject) {
  return { subscriptions: emptyList(`${id}/subscriptions`), tax_ids: emptyList(`${id}/tax_ids`) };
}

function emptyList(path: string): object {
  return { object: "list", data: [], has_more: false, total_count: 0, url: `/v1/customers/${path}` };
}
