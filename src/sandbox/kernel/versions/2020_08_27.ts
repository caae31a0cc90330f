import type { VersionChange } from "./change.ts";

/** A customer shows its sources only when asked. https://docs.stripe.com/upgrades#2020-08-27 */
export const from20200827: VersionChange = {
  family: "2020-08-27",
  hidden: { customer: ["sources"] },
};
