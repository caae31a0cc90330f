// One object in the version of whoever reads it.
import type { StripeObject } from "../state/noun.ts";
import type { Include } from "../state/resource.ts";
import type { Unit } from "../state/unit.ts";
import { familyOf, isBefore, newestVersion } from "../versions/families.ts";
import { renderDown } from "../versions/render_down.ts";
import { leaveOutYounger } from "../versions/younger.ts";

export type Hash = Readonly<Record<string, unknown>>;

/** One object in the caller's version. */
export function render(unit: Unit, object: StripeObject): object {
  const resource = unit.world.resourceByObject.get(object.object);
  if (!resource || "deleted" in object) return object;
  if (object.object === "event") return renderEvent(unit, object as Event);
  const full = unit.family === "endive" ? object : renderOlder(unit, object);
  return unit.isPublishable && resource.reduced ? resource.reduced(full as StripeObject) : full;
}

interface Event extends StripeObject {
  readonly api_version: string;
  readonly data: EventData;
}

interface EventData {
  readonly object: StripeObject;
  readonly previous_attributes?: Hash;
}

/** An event shows its object in the version that it was recorded for, whoever asks. */
function renderEvent(unit: Unit, event: Event): StripeObject {
  const { api_version: version, data } = event;
  return { ...event, data: eventData({ ...unit, version, family: familyOf(version) }, data) } as StripeObject;
}

/** What an event tells to a receiver of the unit's version. */
export function eventData(unit: Unit, data: EventData): object {
  const object = render(unit, data.object);
  if (!data.previous_attributes || unit.family === "endive") return { ...data, object };
  const previous = Object.entries(data.previous_attributes).filter(([name]) => name in object);
  return { ...data, object, previous_attributes: Object.fromEntries(previous) };
}

function renderOlder(unit: Unit, object: StripeObject): StripeObject {
  const include = (field: string) => {
    const made = includeOf(unit, object.object, field)?.make(unit, object);
    return typeof made === "object" && made !== null ? renderTree(unit, made) : made;
  };
  const shown = leaveOutYounger(renderDown(object, unit.version, include), object, unit.family);
  // The one place where a whole object stands inside another.
  const error = "last_payment_error" in shown ? (shown.last_payment_error as Hash | null) : null;
  const method = error?.payment_method;
  if (!isHash(method) || !isObject(method)) return shown;
  return { ...shown, last_payment_error: { ...error, payment_method: render(unit, method) } } as StripeObject;
}

export function includeOf(unit: Unit, object: string, field: string): Include | undefined {
  const include = unit.world.includes.get(`${object}.${field}`);
  return include && (!include.until || isBefore(unit.family, include.until)) ? include : undefined;
}

export function renderTree(unit: Unit, answer: object): object {
  if (unit.family === "endive" && !unit.isPublishable && !speaksOlder(unit)) return answer;
  if (isList(answer)) return { ...answer, data: (answer as { data: StripeObject[] }).data.map((o) => render(unit, o)) };
  return isObject(answer) ? render(unit, answer) : answer;
}

/** The account's events are older than the caller. */
function speaksOlder({ account }: Unit): boolean {
  return account.defaultVersion !== newestVersion && familyOf(account.defaultVersion) !== "endive";
}

export function isHash(value: unknown): value is Hash {
  return typeof value === "object" && value !== null;
}

export function isObject(value: object): value is StripeObject {
  return "object" in value && "id" in value;
}

export function isList(value: object): boolean {
  return "object" in value && (value.object === "list" || value.object === "search_result");
}
