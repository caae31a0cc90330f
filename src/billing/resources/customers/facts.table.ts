// What is told of customers.
import { z } from "zod";
import { type FactsOf, type FactTable, fact } from "../../kernel/contract/facts.ts";

declare module "../../api/facts.ts" {
  interface Facts extends FactsOf<typeof customersFacts> {}
}

const taxId = z.strictObject({ customerId: z.string(), taxIdId: z.string(), type: z.string() }).readonly();
const example = { customerId: "user_42", taxIdId: "vat_1", type: "eu_vat" };

export const customersFacts = {
  "customer.tax_id_verified": fact({
    doc: "The tax office knows this tax id of the customer's. Whether it is theirs, the name and address that `customers.get()` shows with it tell.",
    data: taxId,
    subject: "customerId",
    example,
  }),
  "customer.tax_id_unverified": fact({
    doc: "The tax office does not know this tax id of the customer's. It stands on their invoices nevertheless: ask them for the right one.",
    data: taxId,
    subject: "customerId",
    example,
  }),
} satisfies FactTable;
