// What stands in a delivery: the event as it was recorded, its object in the version that the receiver asked for.

import { eventData } from "../kernel/answer/render.ts";
import type { Account } from "../kernel/state/accounts.ts";
import { tickUnit } from "../kernel/state/unit.ts";
import type { World } from "../kernel/state/world.ts";
import type { Event } from "../resources/events/index.ts";

/** The exact text that is sent and signed. */
export function eventBody(world: World, account: Account, event: Event, version: string): string {
  const unit = tickUnit(world, account, version);
  return JSON.stringify({ ...event, api_version: version, data: eventData(unit, event.data) }, null, 2);
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
