// Reading an object with all of its lists. Stripe shows ten items of a list inside an object; the rest comes in pages,
// and between two pages the object may have changed. So it is read before and after, and believed only when both
// readings agree.

import type { Instant } from "#kit/clock.ts";
import { problem } from "#kit/problems.ts";
import { canonicalJson } from "../store/canonical_json.ts";
import type { CallContext, Gateway } from "./gateway.ts";
import type { Remote } from "./remote.ts";

export interface PagedList {
  /** Where it hangs in the object. */
  readonly field: string;
  /** GET for all of it, with what row() needs of an item expanded. */
  path(id: string): string;
}

/** An object that changes under every reading is looked at again later. */
const readingsMax = 3;

export interface Whole {
  readonly id: string;
  readonly path: string;
  readonly lists: readonly PagedList[];
}

/** As gateway.read(); `begunAt` is before anything of it was read. */
export async function readWhole(
  gateway: Gateway,
  whole: Whole,
  context: CallContext,
): Promise<{ remote: Remote | null; begunAt: Instant }> {
  for (let reading = 0; reading < readingsMax; reading++) {
    const before = await gateway.read(whole.path, context);
    const { remote } = before;
    const cut = remote === null ? [] : whole.lists.filter(({ field }) => isCut(remote[field]));
    if (remote === null || cut.length === 0) return before;
    const lists: Record<string, unknown> = {};
    for (const { field, path } of cut) {
      const data = await Array.fromAsync(gateway.list(path(whole.id), context));
      lists[field] = { ...(remote[field] as object), data, has_more: false };
    }
    const after = await gateway.read(whole.path, context);
    if (canonicalJson(after.remote) === canonicalJson(remote)) return { ...before, remote: { ...remote, ...lists } };
  }
  throw problem("unavailable", `${whole.id} changed under each of ${readingsMax} readings of its lists`);
}

function isCut(list: unknown): boolean {
  return (list as { has_more?: unknown } | null | undefined)?.has_more === true;
}
