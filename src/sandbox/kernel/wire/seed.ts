// Objects with chosen ids: the object is made by its own route in a unit that is dropped, and put down again under the
// id that was asked for, together with all that was born with it and all that is due of it later. So a seed is as whole
// as anything made by a call.
import assert from "node:assert/strict";
import { problem } from "#kit/problems.ts";
import { type Account, accountOfKey, claimClientSecret } from "../state/accounts.ts";
import { hidden, isThere, type Noun, nounOfId, type StripeObject } from "../state/noun.ts";
import { type Afterward, commit, drop, tickUnit, type Unit, type World } from "../state/unit.ts";
import { add, collectionOf, erase, put, read, standing } from "../state/writes.ts";
import { find, foundBy } from "../store/store.ts";
import { timelineOf } from "../time/timeline_of.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { VersionFamily } from "../versions/families.ts";
import type { FormTree } from "../words/form.ts";
import { findRoute, type Router } from "./router.ts";

/** `{ key: "sk_test_shop", path: "/v1/customers", id: "cus_ada", params: { name: "Ada" } }` */
export interface Seed {
  /** The secret key whose account it belongs to. */
  readonly key: string;
  /** Where it is created: `/v1/customers`. */
  readonly path: string;
  /** Stripe's prefix and what you like: `cus_ada`. */
  readonly id: string;
  /** As in a call; texts, and hashes of texts. */
  readonly params?: Readonly<Record<string, unknown>>;
}

/** Throws the refusal that a call with these parameters would get. It sends no events. */
export function plantSeed(world: World, router: Router, seed: Seed): StripeObject {
  const { key, path, id, params = {} } = seed;
  const account = accountOfKey(world.accounts, key);
  const timeline = timelineOf(world, account, { method: "POST", ids: path.split("/"), params: () => params });
  return plantMade(world, router, { account, id, timeline, make: (_draft, call) => call(path, params) });
}

/** A call of the API inside a draft, in the words of an older family where one is named. */
export type DraftCall = (
  path: string,
  params: Readonly<Record<string, unknown>>,
  family?: VersionFamily,
) => StripeObject;

/** By the old ones. */
type NewIds = Readonly<Record<string, string>>;

export interface Planting {
  readonly account: Account;
  readonly id: string;
  /** The world's when none is named. */
  readonly timeline?: Timeline;
  /** Answers the one that is to have the id. */
  readonly make: (draft: Unit, call: DraftCall) => StripeObject;
  /** What was born with it and gets an id of the caller's choice too. */
  readonly names?: (born: StripeObject) => NewIds;
  /** What has the id already is as if it had never been. */
  readonly replaces?: boolean;
}

export function plantMade(world: World, router: Router, planting: Planting): StripeObject {
  const { account, id, make, names, replaces, timeline = world.timeline } = planting;
  const draft = tickUnit(world, account, { timeline });
  let born: StripeObject;
  let drafts: Written[];
  let later: readonly Afterward[];
  try {
    if (replaces) forget(draft, id);
    born = make(draft, (path, params, family) => callIn(draft, router, { path, params, family }));
    drafts = writtenBy(draft, account);
    later = [...draft.afterwards];
  } finally {
    drop(draft);
  }
  const noun = nounOf(world, drafts, born);
  const fits = noun && (noun.takesIds || nounOfId(world.nounByPrefix, id) === noun);
  if (!fits) throw problem("invalid_params", `${id} is not an id of a ${born.object}.`);
  const before = standing(account, noun, id);
  if (before && isThere(noun, before) && !replaces) throw problem("wrong_state", `${id} is there already.`);
  const unit = tickUnit(world, account, { timeline });
  if (replaces) forgetHanging(unit, noun, id);
  const ids = { [born.id]: id, ...names?.(born) };
  for (const written of drafts) plant(unit, { ...written, object: renamed(written.object, ids) });
  for (const { begin, values } of later) unit.afterwards.push({ begin, values: copied(values, ids) });
  commit(unit);
  world.journal?.flush();
  const planted = standing(account, noun, id);
  assert(planted, "what was planted is there");
  return planted;
}

/** Two may share an id: a source is a payment method too. Of a plan its price is stored, an item with its owner. */
function nounOf(world: World, drafts: readonly Written[], born: StripeObject): Noun | undefined {
  const named = drafts.filter(({ object }) => object.id === born.id);
  const stored = (named.find(({ object }) => object.object === born.object) ?? named[0])?.noun;
  return stored ?? world.appearances.get(born.object)?.noun;
}

/** What it was must not stand in the way of what it becomes. */
function forget(draft: Unit, id: string): void {
  const noun = nounOfId(draft.world.nounByPrefix, id);
  const before = noun && read(draft, noun, id);
  if (before) erase(draft, noun, before, null);
}

/** What hangs on it: `in_123` that is made anew is not paid by what the one before has left. */
function forgetHanging(unit: Unit, { object }: Noun, id: string): void {
  for (const { noun } of unit.world.appearances.values()) {
    if (noun.clock !== object || !noun.indices.includes(object)) continue;
    const collection = collectionOf(unit.account, noun);
    for (const one of foundBy(collection, noun.clock, id)) erase(unit, noun, one, null);
  }
}

function callIn(draft: Unit, router: Router, { path, params, family = draft.family }: Sent): StripeObject {
  const match = findRoute(router, "POST", path);
  if (!match) throw problem("invalid_params", `Nothing is created at ${path}.`);
  const tree = JSON.parse(JSON.stringify(params)) as FormTree;
  const checked = match.mounted.check(tree, family);
  return match.mounted.route.run(draft, checked, match.ids[0] ?? "", match.ids[1] ?? "") as StripeObject;
}

interface Sent {
  readonly path: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly family: VersionFamily | undefined;
}

interface Written {
  readonly noun: Noun;
  readonly object: StripeObject;
}

/** As they were when the unit ended, each once. */
function writtenBy(unit: Unit, account: Account): Written[] {
  const found = new Map<string, Written>();
  for (const { noun, id } of unit.writes) {
    const object = find(collectionOf(account, noun), id);
    if (object) found.set(`${noun.object} ${id}`, { noun, object });
  }
  return [...found.values()];
}

/** New ones are added; what was there before and has changed, such as a balance, is replaced. */
function plant(unit: Unit, { noun, object }: Written): void {
  const before = read(unit, noun, object.id);
  if (before) put(unit, noun, before, object, null);
  else add(unit, noun, object, null);
  if ("client_secret" in object && object.client_secret) {
    claimClientSecret(unit.account, unit.world.accounts, object.id);
  }
}

function renamed(object: StripeObject, ids: NewIds): StripeObject {
  const secret = object[hidden];
  // What an event has captured stays as it is: it names no event.
  return { ...object, ...copied(object, ids), ...(secret && { [hidden]: copied(secret, ids) }) };
}

/** With other ids wherever the old ones stand. */
function copied<T extends object>(value: T, ids: NewIds): T {
  const text = Object.entries(ids).reduce((named, [from, to]) => named.replaceAll(from, to), JSON.stringify(value));
  return JSON.parse(text) as T; // Of the same shape.
}
