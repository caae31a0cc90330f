// How a customer looked before each family of versions; newest first. https://docs.stripe.com/upgrades
import type { VersionChange } from "../../kernel/versions/change.ts";

export const customerVersions: readonly VersionChange[] = [
  {
    // It shows its lists only when asked. The sandbox has nothing of these two.
    family: "2020-08-27",
    down: (customer) => ({
      ...customer,
      subscriptions: emptyList(`${customer.id}/subscriptions`),
      tax_ids: emptyList(`${customer.id}/tax_ids`),
    }),
  },
];

function emptyList(path: string): object {
  return { object: "list", data: [], has_more: false, total_count: 0, url: `/v1/customers/${path}` };
}
