// From the newest shape down to the family that a caller speaks.
import type { StripeObject } from "../state/noun.ts";
import { from20200827 } from "./2020_08_27.ts";
import { from20221115 } from "./2022_11_15.ts";
import { from20240620 } from "./2024_06_20.ts";
import { acacia } from "./acacia.ts";
import { basil } from "./basil.ts";
import type { VersionChange } from "./change.ts";
import { clover } from "./clover.ts";
import { dahlia } from "./dahlia.ts";
import { endive } from "./endive.ts";
import { firstDayOf } from "./families.ts";

/** Newest first. */
export const versionChanges: readonly VersionChange[] = [
  endive,
  dahlia,
  clover,
  basil,
  acacia,
  from20240620,
  from20221115,
  from20200827,
];

/** The object as `version` knows it. `include` makes what the family shows unasked: a list, an id. */
export function renderDown(
  object: StripeObject,
  version: string,
  include: (field: string) => object | string | null | undefined,
): StripeObject {
  let shown = object;
  for (const change of versionChanges) {
    if (version.slice(0, 10) >= firstDayOf(change.family)) break;
    shown = change.down?.[object.object]?.(shown) ?? shown;
    const lists = (change.hidden?.[object.object] ?? []).map((field) => [field, include(field)] as const);
    const old = change.removed?.[object.object];
    if (old || lists.length > 0) {
      shown = { ...shown, ...old, ...Object.fromEntries(lists.filter(([, list]) => list !== undefined)) };
    }
    for (const path of change.added?.[object.object] ?? []) shown = without(shown, path.split("."), 0) as StripeObject;
  }
  return shown;
}

/** True for a field that some older family shows: `wasRemoved("payment_intent", "invoice")`. */
export function wasRemoved(object: string, field: string): boolean {
  return versionChanges.some(({ removed }) => field in (removed?.[object] ?? {}));
}

/** A copy along the path, without its end (a rest keeps the hidden symbols); the value itself where nothing ends. */
function without(value: unknown, path: readonly string[], index: number): unknown {
  const key = path[index]!; // The caller stays inside the path.
  if (typeof value !== "object" || value === null || !(key in value)) return value;
  const { [key]: inner, ...rest } = value as Record<string, unknown>;
  if (index === path.length - 1) return rest;
  return { ...value, [key]: without(inner, path, index + 1) };
}
