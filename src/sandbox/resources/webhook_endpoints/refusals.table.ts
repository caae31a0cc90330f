// What Stripe refuses about webhook endpoints.
import { invalid, type Refusals } from "../../kernel/words/refusals.ts";

export const rows = {
  webhookEndpointsTooMany: invalid(null, "You have reached the maximum of {limit} test webhook endpoints.", "recorded"),
} satisfies Refusals;
