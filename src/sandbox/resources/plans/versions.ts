// How a plan looked before each family of versions; newest first. https://docs.stripe.com/changelog/basil
import type { VersionChange } from "../../kernel/versions/change.ts";
import { aggregateUsage } from "../prices/index.ts";

export const planVersions: readonly VersionChange[] = [
  { family: "basil", down: (plan) => ({ aggregate_usage: aggregateUsage(plan), ...plan }) },
];
