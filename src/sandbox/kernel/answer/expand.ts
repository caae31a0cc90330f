// From the stored object to the answer: render it down to the caller's version first, then expand, each expanded
// object rendered in turn. Objects are never changed on the way; what differs is copied along the path only. Whether a
// field may be expanded is for the declarations to say; what an object carries decides only what is found there.
// https://docs.stripe.com/expand

import { answeredObjects, expandability, isReference } from "../schema/expandable.ts";
import { meantBy } from "../state/noun.ts";
import type { Unit } from "../state/unit.ts";
import { referredTo } from "../state/writes.ts";
import { commonDefaults } from "../words/defaults.table.ts";
import { common } from "../words/errors.table.ts";
import { refusal } from "../words/errors.ts";
import { embedOf, type Hash, includedNow, isHash, isList, isObject, render, renderTree } from "./render.ts";

const expandDepthMax = commonDefaults.expandDepth.value;

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
    tree = expandAt(unit, tree, steps) as object; // A hash stays a hash.
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

/** `within`: where the node stands, if it is a hash inside an object. */
function expandAt(unit: Unit, node: unknown, steps: readonly string[], within?: Within): unknown {
  if (Array.isArray(node)) return node.map((item) => expandAt(unit, item, steps, within));
  const [step, ...rest] = steps;
  if (step === undefined || !isHash(node)) return node;
  const at = within && !isObject(node) ? { ...within, path: `${within.path}.${step}` } : { root: node, path: step };
  const value = valueAt(unit, node[step], at);
  const refer = (id: unknown) => {
    const isReferring = typeof id === "string" && isExpandable(unit, at);
    const meant = meantBy(at.root)?.[at.path] ?? String(id);
    const target = isReferring ? referredTo(unit, String(at.root.object), at.path, meant) : undefined;
    return target && expandAt(unit, render(unit, target), rest);
  };
  const isIds = Array.isArray(value) && typeof value[0] === "string";
  const target = isIds ? value.map((id) => refer(id) ?? id) : refer(value);
  if (target) return { ...node, [step]: target };
  if (value === undefined || (value === node[step] && !isHash(value))) return node;
  return { ...node, [step]: expandAt(unit, value, rest, at) };
}

/** A field of an object, however deep: of a promotion code, "promotion.coupon". */
interface Within {
  readonly root: Hash;
  readonly path: string;
}

function valueAt(unit: Unit, value: unknown, { root, path }: Within): unknown {
  if ((value !== undefined && value !== null) || !isObject(root)) return value;
  const included = includedNow(unit, root, path);
  return included === undefined ? value : included;
}

/** As the manifest says, which knows old fields too, else as the declarations do. */
function isExpandable(unit: Unit, { root, path }: Within): boolean {
  const object = String(root.object);
  const manifest = unit.world.appearances.get(object);
  if (manifest && Object.hasOwn(manifest.noun.expandable, path)) return true;
  return embedOf(unit, object, path) !== undefined || isReference(object, path, unit.family);
}
