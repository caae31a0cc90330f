// What an answer holds, path by path, and where two differ: in their shapes, which any two answers of a kind share, or
// in what stands there.

/** A path of an answer, `lines.data[0].amount`, and what stands there. A list or an object that is empty is a leaf. */
export type Leaf = readonly [path: string, value: unknown];

/** By path: of a shape its type, of an answer its value as text. */
export type Paths = ReadonlyMap<string, string>;

interface Difference {
  readonly path: string;
  /** `absent` where there is no such path. */
  readonly expected: string;
  readonly actual: string;
}

export function leavesOf(value: unknown, path = ""): Leaf[] {
  if (Array.isArray(value) && value.length > 0) {
    return value.flatMap((part, index) => leavesOf(part, `${path}[${index}]`));
  }
  const isLeaf = typeof value !== "object" || value === null || isOwn(path) || Object.keys(value).length === 0;
  if (isLeaf) return [[path, value]];
  return Object.entries(value).flatMap(([name, part]) => leavesOf(part, path === "" ? name : `${path}.${name}`));
}

/**
 * The types of an answer by path; all of a list count as one. `shapeOf({ id: "a", data: [{ n: 1 }, { n: null }] })` is
 * `id` → `string`, `data[].n` → `null | number`.
 */
export function shapeOf(answer: unknown): Paths {
  const types = new Map<string, string>();
  for (const [path, value] of leavesOf(answer)) {
    const place = path.replace(/\[\d+\]/g, "[]");
    const seen = new Set([...(types.get(place)?.split(" | ") ?? []), typeOf(path, value)]);
    types.set(place, [...seen].sort().join(" | "));
  }
  return types;
}

/** In the order of `expected`, then what only `actual` has. */
export function differencesBetween(expected: Paths, actual: Paths): Difference[] {
  const paths = [...expected.keys(), ...[...actual.keys()].filter((path) => !expected.has(path))];
  const pairs = paths.map((path) => ({
    path,
    expected: expected.get(path) ?? "absent",
    actual: actual.get(path) ?? "absent",
  }));
  return pairs.filter((pair) => pair.expected !== pair.actual);
}

function typeOf(path: string, value: unknown): string {
  if (value === null) return "null";
  if (isOwn(path)) return "map";
  return Array.isArray(value) ? "list" : typeof value;
}

/** Whose keys are the caller's own. */
function isOwn(path: string): boolean {
  return /(?:^|\.)metadata$/.test(path);
}
