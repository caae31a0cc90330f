// Liberties of Stripe: what it takes here although its SDKs do not declare it.
import type { Extras } from "../../kernel/schema/extras.ts";

export const webhookEndpointExtras: Extras = {
  // Endpoints may name newer versions and newer events.
  newestOnly: /^POST \/v1\/webhook_endpoints/,
};
