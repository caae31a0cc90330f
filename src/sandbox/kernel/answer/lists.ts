// Stripe's lists: newest first, two exclusive cursors, `created` by exact second or range.
// https://docs.stripe.com/api/pagination

import { isThere, type Noun, type StripeObject } from "../state/noun.ts";
import type { Params } from "../state/resource.ts";
import type { Unit } from "../state/unit.ts";
import { collectionOf, read, wasErased } from "../state/writes.ts";
import type { CreatedRange } from "../store/spans.ts";
import { isKnown, page, type Query } from "../store/store.ts";
import { isBefore } from "../versions/families.ts";
import { commonDefaults } from "../words/defaults.table.ts";
import { common } from "../words/errors.table.ts";
import { beforeWork, type Called, noSuch, refusal } from "../words/errors.ts";
import { texts } from "../words/params.ts";

export interface ListAnswer<O = StripeObject> {
  readonly object: "list";
  readonly data: readonly O[];
  readonly has_more: boolean;
  readonly url: string;
  /** Until basil, when somebody expands it. */
  readonly total_count?: number;
}

interface Listing<O> {
  readonly url: string;
  /** Indexed fields; the first that is given steers the walk. */
  readonly filters?: Readonly<Record<string, unknown>>;
  readonly where?: (object: O) => boolean;
}

const limitDefault = commonDefaults.pageSize.value;
const limitMax = commonDefaults.pageSizeMax.value;

/**
 * One page of a noun.
 * `list(unit, charges, params, { url: "/v1/charges", filters: { customer: params.customer } })`.
 */
export function list<O extends StripeObject>(
  unit: Unit,
  noun: Noun<O>,
  params: Params,
  { url, filters = {}, where }: Listing<O>,
): ListAnswer<O> {
  const given = Object.entries(filters).filter((pair): pair is [string, string] => typeof pair[1] === "string");
  for (const [field, id] of given) refuseUnknown(unit, noun, field, id);
  const steering = given.find(([field]) => noun.indices.includes(field));
  const rest = given.filter((pair) => pair !== steering);
  const collection = collectionOf(unit.account, noun);
  const cursors = cursorsOf(params);
  for (const [param, id] of Object.entries(cursors)) {
    if (id !== undefined && !isKnown(collection, id)) throw noSuch(noun, id, { inPath: false, param });
  }
  refuseBoth(cursors);
  const query: Omit<Query, "limit"> = {
    by: steering && { field: steering[0], value: steering[1] },
    created: rangeOf(params, "created"),
    where: (object) =>
      isThere(noun, object) &&
      rest.every(([field, value]) => (object as unknown as Record<string, unknown>)[field] === value) &&
      (!where || where(object as O)), // The collection holds this noun only.
  };
  const limit = limitOf(params);
  const found = page(collection, {
    ...query,
    limit,
    startingAfter: cursors.starting_after,
    endingBefore: cursors.ending_before,
  });
  const answer = { object: "list", data: found.items as O[], has_more: found.hasMore } as const;
  if (!countsAll(unit, params)) return { ...answer, url };
  return { ...answer, total_count: page(collection, { ...query, limit: Number.POSITIVE_INFINITY }).items.length, url };
}

/**
 * A list of what belongs to nothing is refused, not empty; what belonged to a deleted customer is "their history".
 * https://docs.stripe.com/api/customers/delete
 */
function refuseUnknown(unit: Unit, { expandable }: Noun, field: string, id: string): void {
  const noun = unit.world.appearances.get(expandable[field] ?? "")?.noun;
  const param = field.slice(field.lastIndexOf(".") + 1);
  if (noun && !read(unit, noun, id) && !wasErased(unit, noun, id)) throw noSuch(noun, id, { inPath: false, param });
}

function countsAll({ family }: Unit, params: Params): boolean {
  return isBefore(family, "basil") && texts(params, "expand")?.includes("total_count") === true;
}

/** One page of a few objects that stand in no collection of their own: newest first. */
export function listAmong<O extends StripeObject>(
  all: readonly O[],
  params: Params,
  { url, noun }: { readonly url: string; readonly noun: Called },
): ListAnswer<O> {
  const { starting_after: after, ending_before: before } = cursorsOf(params);
  const at = (param: string, id: string): number => {
    const index = all.findIndex((object) => object.id === id);
    if (index < 0) throw noSuch(noun, id, { inPath: false, param });
    return index;
  };
  refuseBoth({ starting_after: after, ending_before: before });
  const low = after === undefined ? 0 : at("starting_after", after) + 1;
  const high = before === undefined ? all.length : at("ending_before", before);
  const limit = limitOf(params);
  const data = before === undefined ? all.slice(low, low + limit) : all.slice(Math.max(low, high - limit), high);
  return { object: "list", data, has_more: Math.max(0, high - low) > data.length, url };
}

/** Stripe says "between 1 and 100" and takes the nearer end of anything else: 0 is 1, 101 is 100. */
export function limitOf({ limit }: Params): number {
  return typeof limit === "number" ? Math.min(Math.max(limit, 1), limitMax) : limitDefault;
}

interface Cursors {
  readonly starting_after: string | undefined;
  readonly ending_before: string | undefined;
}

function refuseBoth(cursors: Cursors): void {
  if (!cursors.starting_after || !cursors.ending_before) return;
  throw refusal(common.bothReceived, { one: "starting_after", other: "ending_before" }, beforeWork);
}

function cursorsOf(params: Params): Cursors {
  const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
  return { starting_after: text(params.starting_after), ending_before: text(params.ending_before) };
}

/** An exact second or a range, as `created` and its likes take it. */
export function rangeOf(params: Params, name: string): CreatedRange | undefined {
  const sent = params[name];
  if (typeof sent === "number") return { gte: sent, lte: sent };
  if (typeof sent === "object" && sent !== null) return sent;
  return undefined;
}
