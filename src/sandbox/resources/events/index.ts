import { beforeWork, refusal } from "../../kernel/errors.ts";
import { list } from "../../kernel/lists.ts";
import { texts } from "../../kernel/params.ts";
import { defineResource, type Params } from "../../kernel/resource.ts";
import { mustRead, type Unit } from "../../kernel/unit.ts";
import { type Event, events } from "./event.ts";

export { countDelivered, type Event, events, recordEvents } from "./event.ts";

const typesMax = 20;

export const eventResource = defineResource<Event>({
  noun: events,
  routes: [
    { method: "GET", path: "/v1/events", run: listEvents },
    { method: "GET", path: "/v1/events/:id", run: (unit, _params, id) => mustRead(unit, events, id) },
  ],
});

function listEvents(unit: Unit, params: Params): object {
  const type = typeof params.type === "string" ? params.type : undefined;
  const types = texts(params, "types");
  if (type && types) {
    throw refusal("parametersExclusive", { params: "type, types" }, beforeWork);
  }
  if (types && types.length > typesMax) {
    throw refusal("listTooLong", { param: "types", limit: typesMax }, { param: "types", ...beforeWork });
  }
  const isGroup = type?.endsWith("*") === true;
  const group = isGroup ? type.slice(0, -1) : "";
  const wanted = params.delivery_success;
  return list(unit, events, params, "/v1/events", isGroup ? {} : { type }, (event) => {
    if (isGroup && !event.type.startsWith(group)) return false;
    if (types && !types.includes(event.type)) return false;
    return typeof wanted !== "boolean" || wanted === (event.pending_webhooks === 0);
  });
}
