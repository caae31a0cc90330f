// The names of Stripe's events, from the `stripe` package's own declarations: a misspelt one does not compile.
import type Stripe from "stripe";

export type EventType = Exclude<Stripe.WebhookEndpointCreateParams.EnabledEvent, "*">;
