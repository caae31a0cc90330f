// How a charge looked before each family of versions; newest first. https://docs.stripe.com/changelog
import type { VersionChange } from "../../kernel/versions/change.ts";

export const chargeVersions: readonly VersionChange[] = [
  { family: "basil", removed: { invoice: null } }, // Payments no longer name their invoice.
  { family: "2024-06-20", removed: { refunds: null } },
  { family: "2022-11-15", removed: { amount_updates: [] } }, // Seen in answers of 2020 and of 2026.
];
