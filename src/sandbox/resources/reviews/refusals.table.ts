// What Stripe refuses about reviews.
import { invalid, type Refusals } from "../../kernel/words/refusals.ts";

export const rows = {
  reviewClosed: invalid(null, "This review is closed already: {id}.", "inferred"),
} satisfies Refusals;
