// What Stripe takes of credit notes no more.
import type { Extras } from "../../kernel/schema/extras.ts";

export const creditNoteExtras: Extras = {
  retired: [
    // `refunds` took its place. https://docs.stripe.com/changelog/basil
    {
      family: "basil",
      operations: /^(?:POST \/v1\/credit_notes|GET \/v1\/credit_notes\/preview(?:\/lines)?)$/,
      param: "refund",
      evidence: "documented",
    },
  ],
};
