// How an item looked before each family; newest first. https://docs.stripe.com/changelog/basil
import type { VersionChange } from "../../kernel/versions/change.ts";

export const subscriptionItemVersions: readonly VersionChange[] = [
  // The period was the subscription's.
  { family: "basil", down: ({ current_period_end: _end, current_period_start: _start, ...item }) => item },
];
