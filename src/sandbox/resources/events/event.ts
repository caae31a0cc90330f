// READ FIRST. An Event says what happened to an object and shows it as it was at that moment. It has no machine: once
// written it only counts the endpoints that have not answered yet. https://docs.stripe.com/api/events

import { type Instant, secondMs } from "#kit/clock.ts";
import type { Render } from "../../kernel/state/appearance.ts";
import type { EventType } from "../../kernel/state/event_types.ts";
import { defineNoun, hidden, type Shape, type StripeObject } from "../../kernel/state/noun.ts";
import { signal } from "../../kernel/state/reactions.ts";
import { secondOf, type Unit } from "../../kernel/state/unit.ts";
import { add, change, letGo, read } from "../../kernel/state/writes.ts";
import { isHash, previousAttributes } from "../../kernel/store/previous.ts";
import { type Capture, captured, objectOf, type Shown } from "../../kernel/store/shown.ts";
import { eventDefaults } from "./defaults.table.ts";

export interface Event extends StripeObject {
  readonly object: "event";
  readonly api_version: string;
  readonly created: number;
  readonly livemode: false;
  readonly pending_webhooks: number;
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null };
  readonly type: EventType;
  readonly [captured]: Capture;
  readonly [hidden]: {
    /** How many endpoints it was sent to. */
    readonly endpoints: number;
    /** How many of them are outside of what the sandbox may reach: they will never answer. */
    readonly unreached?: number;
    /** In the world's time, whose order events stand in; `created` may be a test clock's, or a late tick's. */
    readonly recordedAt: Instant;
  };
}

export const events = defineNoun<Event, "delivered">({
  object: "event",
  prefixes: ["evt"],
  indices: ["type"],
  /** A delivery came back, or never will: some objects wait for that. */
  signals: ["delivered"],
});

const noRequest: Event["request"] = { id: null, idempotency_key: null };

const letGoPerEvent = eventDefaults.letGoPerEvent.value;

/** Writes what a unit has buffered, and lets go of what is over. `endpointsOf`: how many endpoints want an event. */
export function recordEvents(unit: Unit, endpointsOf: (type: EventType) => number): Event[] {
  letGo(unit, events, letGoPerEvent * unit.events.length, (event) => !isKept(unit, event));
  const { defaultVersion } = unit.account;
  const request = { id: unit.request?.id ?? null, idempotency_key: unit.request?.idempotencyKey ?? null };
  const recordedAt = unit.world.timeline.now();
  let memory: Event[typeof hidden] | undefined; // Mostly one for all of a unit.
  return unit.events.map(({ type, capture, isOfNoRequest }) => {
    const endpoints = endpointsOf(type);
    if (memory?.endpoints !== endpoints) memory = { endpoints, recordedAt };
    const event: Event = {
      id: eventId(unit, objectOf(capture.after).id),
      object: "event",
      api_version: defaultVersion,
      created: secondOf(unit),
      livemode: false,
      pending_webhooks: endpoints,
      request: isOfNoRequest ? noRequest : request,
      type,
      [captured]: capture,
      [hidden]: memory,
    };
    return add(unit, events, event, null);
  });
}

/** As the API shows it: in the version that it was recorded for, whoever asks. */
export function shownEvent(event: Event, render: Render): object {
  return told(event, { version: event.api_version, pending: event.pending_webhooks }, render);
}

/**
 * As an endpoint gets it, in the endpoint's version. Nothing in it depends on when it is sent: all tries send the same
 * bytes, so even `pending_webhooks` is what it was in the beginning.
 */
export function sentEvent(event: Event, version: string, render: Render): object {
  return told(event, { version, pending: event[hidden].endpoints }, render);
}

function told(event: Event, { version, pending }: { version: string; pending: number }, render: Render): object {
  const { id, object, created, livemode, request, type } = event;
  const data = dataOf(event[captured], (shown) => render(shown, version));
  return { id, object, api_version: version, created, data, livemode, pending_webhooks: pending, request, type };
}

function dataOf({ after, before }: Capture, render: (shown: Shown) => object): object {
  const object = render(after);
  return before ? { object, previous_attributes: previousAttributes(render(before), object) } : { object };
}

/** The id of what it is about. */
export function subjectOf(event: Event): string {
  return objectOf(event[captured].after).id ?? "";
}

/** An endpoint has answered 2xx. */
export function countDelivered(unit: Unit, event: Event): void {
  const stored = read(unit, events, event.id);
  if (!stored) return;
  const pending_webhooks = Math.max(0, stored.pending_webhooks - 1);
  signal(unit, events, "delivered", stored, change(unit, events, stored, { pending_webhooks }, null));
}

/** It was not sent to an endpoint, and will not be. */
export function countUnreached(unit: Unit, event: Event): void {
  const stored = read(unit, events, event.id);
  if (!stored) return;
  const unreached = (stored[hidden].unreached ?? 0) + 1;
  const counted = change(unit, events, stored, { [hidden]: { ...stored[hidden], unreached } }, null);
  signal(unit, events, "delivered", stored, counted);
}

/** Whether everybody who can be told of it has been. */
export function isHeard({ pending_webhooks, [hidden]: { unreached = 0 } }: Event): boolean {
  return pending_webhooks <= unreached;
}

const keptMs = eventDefaults.keptMs.value;

export function isKept({ world }: Unit, event: Event): boolean {
  return event[hidden].recordedAt >= world.timeline.now() - keptMs;
}

/** Whether it has left the store or is about to: what is over is not there. */
export function keptEvent(unit: Unit, id: string): Event | undefined {
  const event = read(unit, events, id);
  return event && isKept(unit, event) ? event : undefined;
}

/** Before events captured, they kept what they showed, and what an update had changed; nor did they say when. */
export interface EventOfOldFile extends Omit<Event, typeof captured | typeof hidden> {
  readonly [captured]?: Capture;
  readonly [hidden]?: Partial<Event[typeof hidden]>;
  readonly data?: { readonly object: Shape; readonly previous_attributes?: object };
}

export function revivedEvent({ data, ...old }: EventOfOldFile): Event {
  const whenRecorded = { endpoints: old.pending_webhooks, recordedAt: old.created * secondMs };
  const event = { ...old, [hidden]: { ...whenRecorded, ...old[hidden] } };
  if (!data) return event as Event; // It has captured.
  const after = data.object;
  const before = data.previous_attributes && (overlaid(after, data.previous_attributes) as Shape);
  const capture = before ? { after, before } : { after };
  return { ...event, [captured]: capture };
}

/** The opposite of `previousAttributes`. */
function overlaid(object: object, previous: object): object {
  const merged: Record<string, unknown> = { ...object };
  for (const [name, old] of Object.entries(previous)) {
    const now = merged[name];
    const areHashes = [now, old].every((value) => isHash(value));
    merged[name] = areHashes ? overlaid(now as object, old as object) : old;
  }
  return merged;
}

/** Objects born from one payment share the first characters of their ids, and so do their events. */
function eventId(unit: Unit, objectId = ""): string {
  const family = /^(?:pi|ch|re|pyr|py|txn)_3(\w{16})/.exec(objectId)?.[1];
  return family ? unit.world.ids.after(`evt_3${family}`, 7) : unit.world.ids.after("evt_1", 23);
}
