// What stands in a delivery: the event as it was recorded, its object in the version that the receiver asked for.

import { jsonText } from "../kernel/answer/json_text.ts";
import { rendererOf } from "../kernel/answer/render.ts";
import type { World } from "../kernel/state/unit.ts";
import { type Event, sentEvent } from "../resources/events/index.ts";

/** The exact text that is sent and signed: always the same for one event and one version. */
export function eventBody(world: World, event: Event, version: string): string {
  return jsonText(sentEvent(event, version, rendererOf(world)));
}

/** As Stripe sends them. `signature` is the value of Stripe-Signature. */
export function deliveryHeaders(signature: string): Record<string, string> {
  return {
    accept: "*/*; q=0.5, application/xml",
    "cache-control": "no-cache",
    "content-type": "application/json; charset=utf-8",
    "stripe-signature": signature,
    "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
  };
}
