// From the stored object to the answer: render it down to the caller's version first, then expand, each expanded object
// rendered in turn. Objects are never changed on the way; what differs is copied along the path only.
// https://docs.stripe.com/expand

import type { Unit } from "../state/unit.ts";
import { readById, referredTo } from "../state/writes.ts";
import { common } from "../words/errors.table.ts";
import { refusal } from "../words/errors.ts";
import { embedOf, type Hash, includedNow, isHash, isList, isObject, render, renderTree } from "./render.ts";

/** Stripe's limit: `data.a.b.c`. */
const expandDepthMax = 4;

/** The tree that goes over the wire. Where nothing differs from what is stored, it is the stored object itself. */
export function present(unit: Unit, answer: object, expand: readonly string[]): object {
  let tree = renderTree(unit, answer);
  for (const path of expand) {
    if (path === "total_count" && isList(answer)) {
      if ("total_count" in answer) continue; // The list has counted.
      throw refusal(common.inclusionImpossible, { name: path });
    }
    const steps = path.split(".");
    if (steps.length > expandDepthMax) throw refusal(common.expansionTooDeep, { path });
    if (isList(tree) && steps[0] !== "data") throw refusal(common.expansionImpossibleInList, { name: steps[0] ?? "" });
    tree = expandAt(unit, tree, { steps, head: isList(tree) ? 1 : 0 }, 0) as object; // A hash stays a hash.
  }
  return tree;
}

/** The names of a path and which of them is checked: the first that belongs to an object. Deeper ones may be wrong. */
interface Path {
  readonly steps: readonly string[];
  readonly head: number;
}

function expandAt(unit: Unit, node: unknown, path: Path, index: number): unknown {
  if (Array.isArray(node)) return node.map((item) => expandAt(unit, item, path, index));
  const step = path.steps[index];
  if (step === undefined || !isHash(node)) return node;
  const value = valueAt(unit, node, step);
  if (value === null) return node;
  const isNested = Array.isArray(value) || isHash(value);
  const isKnown = typeof value === "string" && isExpandable(unit, node, step);
  const target = isKnown ? referredTo(unit, String(node.object), step, value) : undefined;
  if (isNested || target) {
    const inner = target ? render(unit, target) : value;
    return { ...node, [step]: expandAt(unit, inner, path, index + 1) };
  }
  if (index > path.head || isKnown) return node;
  throw refusal(
    value === undefined && isOfOtherVersions(unit, node, step) ? common.expansionGone : common.expansionImpossible,
    {
      name: step,
    },
  );
}

function valueAt(unit: Unit, node: Hash, step: string): unknown {
  const value = node[step];
  if ((value !== undefined && value !== null) || !isObject(node)) return value;
  return includedNow(unit, node, step) ?? value;
}

/** By the manifest at the top of an object; inside a nested hash, whatever holds an id that we know. */
function isExpandable(unit: Unit, node: Hash, step: string): boolean {
  const resource = isObject(node) ? unit.world.appearances.get(node.object) : undefined;
  if (!resource) return readById(unit, String(node[step])) !== undefined;
  return Object.hasOwn(resource.noun.expandable, step) || embedOf(unit, String(node.object), step) !== undefined;
}

function isOfOtherVersions(unit: Unit, node: Hash, step: string): boolean {
  const { embeds, appearances } = unit.world;
  const object = String(node.object);
  if (embeds.get(object)?.some(({ field }) => field === step)) return true;
  return appearances.get(object)?.versions?.some(({ removed }) => removed && step in removed) === true;
}
