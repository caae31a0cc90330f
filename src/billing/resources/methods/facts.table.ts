// What is told of methods.
import { z } from "zod";
import { type FactsOf, type FactTable, fact } from "../../kernel/contract/facts.ts";

declare module "../../api/facts.ts" {
  interface Facts extends FactsOf<typeof methodsFacts> {}
}

const [customerId, methodId] = [z.string(), z.string()];
const example = { customerId: "user_42", methodId: "pm_1TqK2mFzYw8rJd5v" };

export const methodsFacts = {
  "method.added": fact({
    doc: "A customer has one more way to pay. `type` is as Stripe calls it: card, sepa_debit. Of what a Customer had before it was linked nothing is told.",
    data: z.strictObject({ customerId, methodId, type: z.string() }).readonly(),
    subject: "methodId",
    example: { ...example, type: "card" },
  }),
  "method.removed": fact({
    doc: "A way to pay was taken off its customer, here or at Stripe, and never pays again.",
    data: z.strictObject({ customerId, methodId }).readonly(),
    subject: "methodId",
    example,
  }),
  "method.default_changed": fact({
    doc: "A customer's invoices are paid with another method from now on. `methodId` null: with none, for the default was removed and no other takes its place; choose one with `methods.setDefault()`.",
    data: z.strictObject({ customerId, methodId: methodId.nullable() }).readonly(),
    subject: "customerId",
    example,
  }),
  "method.expiring": fact({
    doc: "A card pays until the end of `expMonth`, which is thirty days away or less. Told once for each date that is on it. Ask for another with `methods.collect()`; one that its network renews needs nothing.",
    data: z
      .strictObject({ customerId, methodId, expMonth: z.int(), expYear: z.int(), isDefault: z.boolean() })
      .readonly(),
    subject: "methodId",
    example: { ...example, expMonth: 8, expYear: 2027, isDefault: true },
  }),
} satisfies FactTable;
