// READ FIRST. An Event says what happened to an object and shows it as it was at that moment. It has no machine: once
// written it only counts the endpoints that have not answered yet. https://docs.stripe.com/api/events

import type { EventType } from "../../kernel/state/event_types.ts";
import { defineNoun, type Hidden, type StripeObject } from "../../kernel/state/noun.ts";
import { signal } from "../../kernel/state/reactions.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { add, change, read } from "../../kernel/state/writes.ts";

export interface Event extends StripeObject, Hidden {
  readonly object: "event";
  readonly api_version: string;
  readonly created: number;
  readonly data: { readonly object: StripeObject; readonly previous_attributes?: Readonly<Record<string, unknown>> };
  readonly livemode: false;
  readonly pending_webhooks: number;
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null };
  readonly type: EventType;
}

export const events = defineNoun<Event, "delivered">({
  object: "event",
  prefixes: ["evt"],
  indices: ["type"],
  /** A delivery came back: some objects wait for that. */
  signals: ["delivered"],
});

/** Writes what a unit has buffered. `endpointsOf` tells how many endpoints want an event. */
export function recordEvents(unit: Unit, endpointsOf: (type: EventType) => number): Event[] {
  return unit.events.map(({ type, object, previous }) => {
    const event: Event = {
      id: eventId(unit, object.id),
      object: "event",
      api_version: unit.account.defaultVersion,
      created: unit.created,
      data: previous ? { object, previous_attributes: previous } : { object },
      livemode: false,
      pending_webhooks: endpointsOf(type),
      request: { id: unit.request?.id ?? null, idempotency_key: unit.request?.idempotencyKey ?? null },
      type,
    };
    return add(unit, events, event, null);
  });
}

/** An endpoint has answered 2xx. */
export function countDelivered(unit: Unit, event: Event): void {
  const stored = read(unit, events, event.id);
  if (!stored) return;
  const pending_webhooks = Math.max(0, stored.pending_webhooks - 1);
  signal(unit, events, "delivered", stored, change(unit, events, stored, { pending_webhooks }, null));
}

/** Objects born from one payment share the first characters of their ids, and so do their events. */
function eventId(unit: Unit, objectId: string): string {
  const family = /^(?:pi|ch|re|pyr|py|txn)_3(\w{16})/.exec(objectId)?.[1];
  return family ? `evt_3${family}${unit.world.ids.text(7)}` : `evt_1${unit.world.ids.text(23)}`;
}
