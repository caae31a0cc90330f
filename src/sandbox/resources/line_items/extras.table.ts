// What lines do not answer although SDKs declare it, and what of them Stripe takes no more.
import type { Extras } from "../../kernel/schema/extras.ts";

/** A line names its price in `pricing`, as an invoice item does. https://docs.stripe.com/changelog/basil */
const since = { family: "basil", evidence: "documented" } as const;

export const lineItemExtras: Extras = {
  // Since basil every SDK declares it as null or a subscription; no line of thirty invoices of 2025 and 2026 has it.
  leavesOut: { value: ["line_item.subscription"], evidence: "recorded" },
  retired: [
    { ...since, operations: /^POST \/v1\/invoices\/:id\/(?:add|update)_lines$/, param: "lines[price]" },
    { ...since, operations: /^POST \/v1\/invoices\/:id\/lines\/:id$/, param: "price" },
  ],
};
