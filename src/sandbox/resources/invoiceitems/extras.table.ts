// What of invoice items Stripe takes no more. https://docs.stripe.com/changelog/basil
import type { Extras } from "../../kernel/schema/extras.ts";
import { rows } from "./refusals.table.ts";

const since = { family: "basil", operations: /^POST \/v1\/invoiceitems(?:$|\/:id$)/ } as const;

export const invoiceItemExtras: Extras = {
  retired: [
    { ...since, param: "price", refusal: rows.priceRetired, evidence: "recorded" },
    { ...since, param: "unit_amount", evidence: "documented" },
  ],
};
