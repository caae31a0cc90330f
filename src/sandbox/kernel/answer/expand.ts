// From the stored object to the answer: render it down to the caller's version first, then expand, each expanded object
// rendered in turn. Objects are never changed on the way; what differs is copied along the path only.
// https://docs.stripe.com/expand

import type { StripeObject } from "../state/noun.ts";
import type { Include } from "../state/resource.ts";
import { readById, type Unit } from "../state/unit.ts";
import { familyOf, isBefore, newestVersion } from "../versions/families.ts";
import { renderDown, wasRemoved } from "../versions/render_down.ts";
import { leaveOutYounger } from "../versions/younger.ts";
import { refusal } from "../words/errors.ts";

/** Stripe's limit: `data.a.b.c`. */
const expandDepthMax = 4;

type Hash = Readonly<Record<string, unknown>>;

/** The tree that goes over the wire. With the newest version and nothing to expand it is the stored object itself. */
export function present(unit: Unit, answer: object, expand: readonly string[]): object {
  let tree = renderTree(unit, answer);
  for (const path of expand) {
    if (path === "total_count" && isList(answer)) {
      if ("total_count" in answer) continue; // The list has counted.
      throw refusal("inclusionImpossible", { name: path });
    }
    const steps = path.split(".");
    if (steps.length > expandDepthMax) throw refusal("expansionTooDeep", { path });
    if (isList(tree) && steps[0] !== "data") throw refusal("expansionImpossibleInList", { name: steps[0] ?? "" });
    tree = expandAt(unit, tree, { steps, head: isList(tree) ? 1 : 0 }, 0) as object; // A hash stays a hash.
  }
  return tree;
}

/** The names of a path and which of them is checked: the first that belongs to an object. Deeper ones may be wrong. */
interface Path {
  readonly steps: readonly string[];
  readonly head: number;
}

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

function includeOf(unit: Unit, object: string, field: string): Include | undefined {
  const include = unit.world.includes.get(`${object}.${field}`);
  return include && (!include.until || isBefore(unit.family, include.until)) ? include : undefined;
}

function renderTree(unit: Unit, answer: object): object {
  if (unit.family === "endive" && !unit.isPublishable && !speaksOlder(unit)) return answer;
  if (isList(answer)) return { ...answer, data: (answer as { data: StripeObject[] }).data.map((o) => render(unit, o)) };
  return isObject(answer) ? render(unit, answer) : answer;
}

/** The account's events are older than the caller. */
function speaksOlder({ account }: Unit): boolean {
  return account.defaultVersion !== newestVersion && familyOf(account.defaultVersion) !== "endive";
}

function expandAt(unit: Unit, node: unknown, path: Path, index: number): unknown {
  if (Array.isArray(node)) return node.map((item) => expandAt(unit, item, path, index));
  const step = path.steps[index];
  if (step === undefined || !isHash(node)) return node;
  const value = valueAt(unit, node, step);
  if (value === null) return node;
  const isNested = Array.isArray(value) || isHash(value);
  const target = typeof value === "string" && isExpandable(unit, node, step) ? readById(unit, value) : undefined;
  if (isNested || target) {
    const inner = target ? render(unit, target) : value;
    return { ...node, [step]: expandAt(unit, inner, path, index + 1) };
  }
  const isKnown = typeof value === "string" && isExpandable(unit, node, step);
  if (index > path.head || isKnown) return node;
  throw refusal(value === undefined && isOfOtherVersions(unit, node, step) ? "expansionGone" : "expansionImpossible", {
    name: step,
  });
}

function valueAt(unit: Unit, node: Hash, step: string): unknown {
  const value = node[step];
  if ((value !== undefined && value !== null) || !isObject(node)) return value;
  const made = includeOf(unit, node.object, step)?.make(unit, node);
  if (made === undefined) return value;
  return typeof made === "object" && made !== null ? renderTree(unit, made) : made;
}

/** By the manifest at the top of an object; inside a nested hash, whatever holds an id that we know. */
function isExpandable(unit: Unit, node: Hash, step: string): boolean {
  const resource = isObject(node) ? unit.world.resourceByObject.get(node.object) : undefined;
  if (!resource) return readById(unit, String(node[step])) !== undefined;
  return resource.noun.expandable.includes(step) || includeOf(unit, String(node.object), step) !== undefined;
}

function isOfOtherVersions(unit: Unit, node: Hash, step: string): boolean {
  const object = String(node.object);
  return unit.world.includes.has(`${object}.${step}`) || wasRemoved(object, step);
}

function isHash(value: unknown): value is Hash {
  return typeof value === "object" && value !== null;
}

function isObject(value: object): value is StripeObject {
  return "object" in value && "id" in value;
}

function isList(value: object): boolean {
  return "object" in value && (value.object === "list" || value.object === "search_result");
}
