// In the place of stripe-mock, for suites that name objects nobody has made (`ch_123`, `cus_xxxxxxxxxxxxx`): such a
// placeholder is made on its first use, in a state that the call can work with, and made anew where a call before has
// left it in another. The folder's only door. https://github.com/stripe/stripe-mock
import assert from "node:assert/strict";
import { type Account, accountOfKey, keyOfHeader } from "../kernel/state/accounts.ts";
import { type Noun, nounOfId, prefixOf, type StripeObject } from "../kernel/state/noun.ts";
import type { Resource } from "../kernel/state/resource.ts";
import type { Unit, World } from "../kernel/state/unit.ts";
import { collectionOf } from "../kernel/state/writes.ts";
import { find } from "../kernel/store/store.ts";
import { header, type WireAnswer, type WireRequest } from "../kernel/wire/call.ts";
import type { Core } from "../kernel/wire/core.ts";
import { findRoute, type Match, type Router } from "../kernel/wire/router.ts";
import { type DraftCall, plantMade } from "../kernel/wire/seed.ts";
import { StripeError } from "../kernel/words/errors.ts";
import { aliases, listedBelow, needed, recipes } from "./recipes.ts";

/** Suites refuse an old stripe-mock; this is the name of one that is as new as can be. */
const mockVersion = "master";

/** Writes down a unit's events, and answers them. */
type RecordEvents = (unit: Unit) => readonly StripeObject[];

interface Mock {
  readonly world: World;
  readonly router: Router;
  readonly record: RecordEvents;
  /** What is listed at a path: `/v1/charges` → `charge`. */
  readonly listed: ReadonlyMap<string, string>;
}

export function inPlaceOfStripeMock(
  core: Core,
  where: { world: World; router: Router; resources: readonly Resource[]; record: RecordEvents },
): Core {
  const mock: Mock = { ...where, listed: listedAt(where.resources) };
  return {
    handle(request) {
      const answer = answered(core, mock, freed(mock, request));
      return { ...answer, headers: { ...answer.headers, "Stripe-Mock-Version": mockVersion } };
    },
  };
}

/** Its connected accounts are the caller's own, and what is said about placeholders is never said again by a key. */
function freed({ world }: Mock, given: WireRequest): WireRequest {
  const { "stripe-account": _account, "stripe-context": _context, ...headers } = given.headers;
  const request = { ...renamed(given), headers };
  if (placeholdersOf(world, request).length === 0) return request;
  const { "idempotency-key": _key, ...unkeyed } = headers;
  return { ...request, headers: unkeyed };
}

function renamed({ path, query, ...request }: WireRequest): WireRequest {
  const name = (text: string) => aliases.reduce((named, [from, to]) => named.replace(from, to), text);
  return { ...request, path: name(path), query: name(query) };
}

function answered(core: Core, mock: Mock, request: WireRequest): WireAnswer {
  const match = findRoute(mock.router, request.method, request.path);
  const account = accountOf(mock.world, request);
  if (!match || !account) return core.handle(request);
  const ids = [...placeholdersOf(mock.world, request), ...(needed[match.mounted.operation] ?? [])];
  const sent = Object.fromEntries(new URLSearchParams(request.method === "GET" ? request.query : request.body));
  const makeAll = (some: readonly string[]) => some.every((id) => make(mock, { account, id, match, ids, sent }));
  // What one belongs to may be used up already: a charge that was refunded.
  if (!makeAll(ids.filter((id) => !objectAt(mock.world, account, id)))) makeAll(ids);
  const answer = core.handle(request);
  if (request.method === "GET" && isEmptyList(answer)) {
    const isThere = makeListed(mock, { account, match, ids, sent }) || (ids.length > 0 && makeAll(ids));
    return isThere ? core.handle(request) : answer;
  }
  const isRefused = answer.status === 400 || answer.status === 404;
  if (!isRefused || ids.length === 0) return answer;
  // What went before has left one of them in a state that does not fit, or with another owner. Whoever is wrong
  // otherwise is told again.
  makeAll(ids);
  return core.handle(request);
}

/** One without a key, or with a wrong one, is refused by the core in its own words. */
function accountOf(world: World, request: WireRequest): Account | undefined {
  const key = keyOfHeader(header(request, "authorization"));
  if (!key?.startsWith("sk_test_") && !key?.startsWith("rk_test_")) return undefined;
  try {
    return accountOfKey(world.accounts, key);
  } catch (error) {
    if (error instanceof StripeError) return undefined;
    throw error;
  }
}

/** `_123`, `_xyz`, `_xxxxxxxxxxxxx`: what the official suites and the examples of Stripe's API reference write. */
const placeholder = /\b(?:(?:sub_)?[a-z]+_(?:123|xyz|x{4,})|Z4OV52SU|25OFF)\b/g;

/** Coupons have ids without a beginning of their own. */
const couponId = /^[A-Z\d]+$/;

/** Those that the path or a parameter names and that can be made, each once: whose others belong to come first. */
function placeholdersOf(world: World, { path, query, body }: WireRequest): string[] {
  const named = decodeURIComponent(`${path} ${query} ${body}`.replaceAll(/%(?![\da-f]{2})/gi, "%25")).match(
    placeholder,
  );
  // Items are kept with their subscription, and come with it.
  const whole = (named ?? []).map((id) => id.replace(/^si_/, "sub_"));
  const known = [...new Set(whole)].filter((id) => recipeOf(world, id) !== undefined);
  return known.sort((a, b) => Number(isOwner(b)) - Number(isOwner(a)));
}

function isOwner(id: string): boolean {
  return /^(?:cus|ch|in|prod)_/.test(id);
}

function recipeOf(world: World, id: string) {
  return recipes[nounOf(world, id)?.object ?? ""];
}

function nounOf(world: World, id: string): Noun | undefined {
  return couponId.test(id) ? world.appearances.get("coupon")?.noun : nounOfId(world.nounByPrefix, id);
}

function objectAt(world: World, account: Account, id: string): StripeObject | undefined {
  const noun = nounOf(world, id);
  const collection = noun && account.collections.get(noun.object);
  return collection && find(collection, id);
}

interface Asked {
  readonly account: Account;
  readonly match: Match;
  /** The placeholders that are named. */
  readonly ids: readonly string[];
  readonly sent: Readonly<Record<string, string>>;
}

interface Wanted extends Asked {
  readonly id: string;
}

/** Whether its recipe was not refused. */
function make({ world, router, record }: Mock, { account, id, match, ids, sent }: Wanted): boolean {
  const recipe = recipeOf(world, id);
  assert(recipe, `${id} has a recipe`);
  const { operation } = match.mounted;
  const cook = (draft: Unit, call: DraftCall) =>
    recipe({
      call,
      id,
      operation,
      sent,
      happen: (job, on) => jobOf(world, job)(draft, on),
      recorded: () => record(draft).at(-1)!, // A recipe does something before it asks.
      made: (object) => newest(draft, object),
      owner: (prefix, fresh) => ids.find((other) => prefixOf(other) === prefix) ?? fresh().id,
    });
  try {
    plantMade(world, router, { account, id, replaces: true, make: cook, names: (born) => itemNamed(born, id) });
    return true;
  } catch (error) {
    if (error instanceof StripeError) return false;
    throw error;
  }
}

/** The item of `sub_123` is `si_123`. */
function itemNamed(born: StripeObject, id: string): Record<string, string> {
  const [item] = (born as { items?: readonly StripeObject[] }).items ?? [];
  return item ? { [item.id]: id.replace(/^sub_/, "si_") } : {};
}

/** What a suite lists is there once; of a customer it is theirs. */
function makeListed(mock: Mock, asked: Asked): boolean {
  const { account, ids, match, sent } = asked;
  const object = sent.object ?? mock.listed.get(match.mounted.route.path) ?? "";
  if (!recipes[object]) return false;
  const prefix = [...mock.world.nounByPrefix].find(([, noun]) => noun.object === object)?.[0];
  const id = listedId(prefix, ids[0]);
  return ids.length === 0 && objectAt(mock.world, account, id) ? false : make(mock, { ...asked, id });
}

/** Named like what it belongs to: `pm_xyz` of `cus_xyz`. */
function listedId(prefix: string | undefined, owner: string | undefined): string {
  return prefix === undefined ? "Z4OV52SU" : `${prefix}_${owner?.split("_").at(-1) ?? "123"}`;
}

/** Lists inside of an object may be empty. */
function isEmptyList({ status, body }: WireAnswer): boolean {
  if (status !== 200) return false;
  const { object, data } = JSON.parse(body) as { object?: unknown; data?: unknown };
  return object === "list" && Array.isArray(data) && data.length === 0;
}

function listedAt(resources: readonly Resource[]): ReadonlyMap<string, string> {
  const lists = resources.flatMap(({ noun, routes }) =>
    routes
      .filter(({ method, path }) => method === "GET" && !path.includes(":"))
      .map(({ path }) => [path, noun.object] as const),
  );
  return new Map([...lists, ...Object.entries(listedBelow)]);
}

function jobOf(world: World, name: string): (unit: Unit, id: string) => void {
  const job = world.jobs.byName.get(name);
  assert(job, `there is a job ${name}`);
  return job.run as (unit: Unit, id: string) => void; // The recipes name jobs that take an id.
}

function newest(draft: Unit, object: string): StripeObject {
  const write = draft.writes.findLast(({ noun }) => noun.object === object);
  const found = write && find(collectionOf(draft.account, write.noun), write.id);
  assert(found, `a ${object} was made`);
  return found;
}
