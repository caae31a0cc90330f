// Objects with chosen ids: the object is made by its own route in a unit that is dropped, and put down again under the
// id that was asked for, together with all that was born with it. So a seed is as whole as anything made by a call.
import assert from "node:assert/strict";
import { problem } from "#kit/problems.ts";
import { type Account, accountOfKey, claimClientSecret } from "../state/accounts.ts";
import { hidden, type Noun, prefixOf, type StripeObject } from "../state/noun.ts";
import { commit, drop, tickUnit, type Unit, type World } from "../state/unit.ts";
import { add, collectionOf, put, read } from "../state/writes.ts";
import { find } from "../store/store.ts";
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

/** Throws the refusal that a call with these parameters would get. What was due later is not part of a seed. */
export function plantSeed(world: World, router: Router, seed: Seed): StripeObject {
  const { key, path, id, params = {} } = seed;
  const account = accountOfKey(world.accounts, key);
  const match = findRoute(router, "POST", path);
  if (!match) throw problem("invalid_params", `Nothing is created at ${path}.`);
  const draft = tickUnit(world, account);
  const tree = JSON.parse(JSON.stringify(params)) as FormTree;
  const noun = world.nounByPrefix.get(prefixOf(id));
  if (noun && collectionOf(account, noun).position.has(id)) throw problem("wrong_state", `${id} is there already.`);
  let born: StripeObject;
  let drafts: Written[];
  try {
    const checked = match.mounted.check(tree, draft.family);
    born = match.mounted.route.run(draft, checked, match.ids[0] ?? "", match.ids[1] ?? "") as StripeObject;
    drafts = writtenBy(draft, account);
  } finally {
    drop(draft);
  }
  if (noun?.object !== born.object) throw problem("invalid_params", `${id} is not an id of a ${born.object}.`);
  const unit = tickUnit(world, account);
  for (const written of drafts) plant(unit, { ...written, object: renamed(written.object, born.id, id) });
  commit(unit);
  world.journal?.flush();
  const collection = account.collections.get(born.object);
  const planted = collection && find(collection, id);
  assert(planted, "what was planted is there");
  return planted;
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

function renamed(object: StripeObject, from: string, to: string): StripeObject {
  const copy = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null).replaceAll(from, to));
  const secret = (object as { [hidden]?: object })[hidden];
  const shown = copy(object) as StripeObject;
  return secret ? ({ ...shown, [hidden]: copy(secret) } as StripeObject) : shown;
}
