// What of invoices older SDKs ask for, and what Stripe takes although no SDK declares it.
import type { Extras } from "../../kernel/schema/extras.ts";

export const invoiceExtras: Extras = {
  // Gone since basil, where `create_preview` took its place; without this it would be the invoice "upcoming".
  oldAddresses: { value: ["GET /v1/invoices/upcoming", "GET /v1/invoices/upcoming/lines"], evidence: "recorded" },
};
