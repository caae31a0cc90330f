// How a price looked before each family of versions; newest first. https://docs.stripe.com/changelog/basil
import type { VersionChange } from "../../kernel/versions/change.ts";
import { aggregateUsage } from "./price.ts";

export const priceVersions: readonly VersionChange[] = [
  {
    family: "basil", // Usage is counted by meters only.
    down(price) {
      const { recurring } = price;
      if (typeof recurring !== "object" || recurring === null) return price;
      return { ...price, recurring: { aggregate_usage: aggregateUsage(price), ...recurring } };
    },
  },
];
