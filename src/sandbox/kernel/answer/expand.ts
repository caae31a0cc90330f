// From the stored object to the answer: render it down to the caller's version first, then expand, each expanded
// object rendered in turn. Objects are never changed on the way; what differs is copied along the path only. Whether a
// field may be expanded is for the declarations to say; what an object carries decides only what is found there.
// https://docs.stripe.com/expand

import { answeredObjects, expandability } from "../schema/expandable.ts";
import type { Unit } from "../state/unit.ts";
import { readById, referredTo } from "../state/writes.ts";
import { common } from "../words/errors.table.ts";
import { refusal } from "../words/errors.ts";
import { embedOf, type Hash, includedNow, isHash, isList, isObject, render, renderTree } from "./render.ts";

/** Stripe's limit: `data.a.b.c`. */
const expandDepthMax = 4;

/** What a caller asks for: `operation` as the SDKs declare it, null where none does. */
export interface Asked {
  readonly expand: readonly string[];
  readonly operation: string | null;
}

/** The tree that goes over the wire. Where nothing differs from what is stored, it is the stored object itself. */
export function present(unit: Unit, answer: object, { expand, operation }: Asked): object {
  let tree = renderTree(unit, answer);
  for (const path of expand) {
    if (path === "total_count" && isList(answer)) {
      if ("total_count" in answer) continue; // The list has counted.
      throw refusal(common.inclusionImpossible, { name: path });
    }
    const steps = path.split(".");
    if (steps.length > expandDepthMax) throw refusal(common.expansionTooDeep, { path });
    if (isList(tree) && steps[0] !== "data") throw refusal(common.expansionImpossibleInList, { name: steps[0] ?? "" });
    const head = steps[isList(tree) ? 1 : 0];
    if (operation !== null && head !== undefined) refuseUnexpandable(operation, head, unit);
    tree = expandAt(unit, tree, steps, 0) as object; // A hash stays a hash.
  }
  return tree;
}

/** The first name that belongs to an object is checked. Those behind it may be wrong. */
function refuseUnexpandable(operation: string, name: string, unit: Unit): void {
  const found = expandability(operation, name, unit.family);
  if (found === "expandable") return;
  // What Stripe shows in every version, though only old SDKs declare it: a charge's dispute.
  if (answeredObjects(operation, unit.family).some((object) => embedOf(unit, object, name))) return;
  throw refusal(found === "gone" ? common.expansionGone : common.expansionImpossible, { name });
}

function expandAt(unit: Unit, node: unknown, steps: readonly string[], index: number): unknown {
  if (Array.isArray(node)) return node.map((item) => expandAt(unit, item, steps, index));
  const step = steps[index];
  if (step === undefined || !isHash(node)) return node;
  const value = valueAt(unit, node, step);
  const isReferring = typeof value === "string" && isExpandable(unit, node, step);
  const target = isReferring ? referredTo(unit, String(node.object), step, value) : undefined;
  if (target) return { ...node, [step]: expandAt(unit, render(unit, target), steps, index + 1) };
  if (value === undefined || (value === node[step] && !isHash(value))) return node;
  return { ...node, [step]: expandAt(unit, value, steps, index + 1) };
}

function valueAt(unit: Unit, node: Hash, step: string): unknown {
  const value = node[step];
  if ((value !== undefined && value !== null) || !isObject(node)) return value;
  const included = includedNow(unit, node, step);
  return included === undefined ? value : included;
}

/** By the manifest at the top of an object; inside a nested hash, whatever holds an id that we know. */
function isExpandable(unit: Unit, node: Hash, step: string): boolean {
  const resource = isObject(node) ? unit.world.appearances.get(node.object) : undefined;
  if (!resource) return readById(unit, String(node[step])) !== undefined;
  return Object.hasOwn(resource.noun.expandable, step) || embedOf(unit, String(node.object), step) !== undefined;
}
