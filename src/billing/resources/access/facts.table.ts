// What is told of access: each time the answer is another one, also when nothing but time has passed.
import { z } from "zod";
import { accessReasons } from "../../api/index.ts";
import { type FactsOf, type FactTable, fact } from "../../kernel/contract/facts.ts";

declare module "../../api/facts.ts" {
  interface Facts extends FactsOf<typeof accessFacts> {}
}

const answer = {
  allowed: z.boolean(),
  reason: z.enum(accessReasons),
  limit: z
    .union([z.number(), z.literal("unlimited")])
    .nullable()
    .describe("null for a feature that is there or not"),
  until: z.iso.datetime().nullable().describe("When it ends as things stand; null where no end is known"),
};
const data = z
  .strictObject({
    customerId: z.string(),
    feature: z.string(),
    ...answer,
    previous: z.strictObject(answer).readonly().describe("What was answered before"),
  })
  .readonly();
const subject = "customerId";
const about = { customerId: "user_42", feature: "projects" };
const none = { allowed: false, reason: "none" as const, limit: 0, until: null };
const active = { allowed: true, reason: "active" as const, limit: 10, until: null };
const grace = { ...active, reason: "grace" as const, until: "2026-12-08T00:00:00.000Z" };

export const accessFacts = {
  "access.granted": fact({
    doc: "A customer may use a feature, and might not before.",
    data,
    subject,
    example: { ...about, ...active, previous: none },
  }),
  "access.changed": fact({
    doc: "The answer is as it was, yes or no, and its reason, its limit or its end is another one.",
    data,
    subject,
    example: { ...about, ...grace, previous: active },
  }),
  "access.revoked": fact({
    doc: "A customer may not use a feature any more.",
    data,
    subject,
    example: { ...about, ...none, reason: "unpaid", previous: grace },
  }),
} satisfies FactTable;
