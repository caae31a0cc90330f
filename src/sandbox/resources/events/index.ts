// Events: what happened, as a snapshot for webhooks and lists. The folder's only door.
import { list } from "../../kernel/answer/lists.ts";
import { defineResource, type Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { beforeWork, noSuch, refusal } from "../../kernel/words/errors.ts";
import { text, texts } from "../../kernel/words/params.ts";
import { eventDefaults } from "./defaults.table.ts";
import { type Event, events, isKept, keptEvent, revivedEvent, shownEvent } from "./event.ts";

export {
  countDelivered,
  countUnreached,
  type Event,
  events,
  isHeard,
  keptEvent,
  recordEvents,
  sentEvent,
  subjectOf,
} from "./event.ts";

const typesMax = eventDefaults.typesListed.value;

export const eventResource = defineResource<Event>({
  noun: events,
  show: shownEvent,
  revived: revivedEvent,
  defaults: eventDefaults,
  routes: [
    { method: "GET", path: "/v1/events", run: listEvents },
    { method: "GET", path: "/v1/events/:id", run: (unit, _params, id) => mustReadEvent(unit, id) },
  ],
});

export function mustReadEvent(unit: Unit, id: string): Event {
  const event = keptEvent(unit, id);
  if (!event) throw noSuch(events, id, { inPath: true });
  return event;
}

function listEvents(unit: Unit, params: Params): object {
  const type = typeof params.type === "string" ? params.type : undefined;
  const types = texts(params, "types");
  if (type && types) {
    throw refusal(common.parametersExclusive, { params: "type, types" }, beforeWork);
  }
  if (types && types.length > typesMax) {
    throw refusal(common.listTooLong, { param: "types", limit: typesMax }, { param: "types", ...beforeWork });
  }
  for (const param of ["starting_after", "ending_before"]) {
    const id = text(params, param);
    if (id !== undefined && !keptEvent(unit, id)) throw noSuch(events, id, { inPath: false, param });
  }
  const isGroup = type?.endsWith("*") === true;
  const group = isGroup ? type.slice(0, -1) : "";
  const wanted = params.delivery_success;
  const where = (event: Event) => {
    if (!isKept(unit, event)) return false;
    if (isGroup && !event.type.startsWith(group)) return false;
    if (types && !types.includes(event.type)) return false;
    return typeof wanted !== "boolean" || wanted === (event.pending_webhooks === 0);
  };
  return list(unit, events, params, { url: "/v1/events", filters: isGroup ? {} : { type }, where });
}
