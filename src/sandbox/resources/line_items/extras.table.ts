// What lines do not answer although SDKs declare it.
import type { Extras } from "../../kernel/schema/extras.ts";

export const lineItemExtras: Extras = {
  // Since basil every SDK declares it as null or a subscription; no line of thirty invoices of 2025 and 2026 has it.
  leavesOut: { value: ["line_item.subscription"], evidence: "recorded" },
};
