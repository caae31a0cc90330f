// Names that somebody misspelt: what was meant is said with the refusal, and what else there is.

/** "Did you mean status? There are status, limit." Whatever resembles none of them is answered by the list alone. */
export function namesHint(name: string, names: readonly string[]): string {
  if (names.length === 0) return "There are none.";
  const meant = nearestName(name, names);
  const all = `There are ${names.join(", ")}.`;
  return meant === undefined ? all : `Did you mean ${meant}? ${all}`;
}

/** The name of the list that this one was to be, or undefined. */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  if (name.length > nameMax) return undefined;
  const given = plain(name);
  const [nearest] = names
    .map((known) => ({ known, distance: unlikeness(given, plain(known)) }))
    .filter(({ known, distance }) => distance <= Math.max(1, Math.floor(plain(known).length / 3)))
    .sort((a, b) => a.distance - b.distance);
  return nearest?.known;
}

/** No name of ours is as long. */
const nameMax = 40;

/** `order_id` is `orderId` to whoever writes Python. */
function plain(name: string): string {
  return name.replace(/[_-]/g, "").toLowerCase();
}

/** Whoever writes more than the name, `databaseUrl`, or less, `cust`, has begun with it. */
function unlikeness(given: string, known: string): number {
  const isBegun =
    Math.min(given.length, known.length) >= begunMin && (given.startsWith(known) || known.startsWith(given));
  return isBegun ? Math.min(1, distanceOf(given, known)) : distanceOf(given, known);
}

/** Fewer letters begin many names. */
const begunMin = 4;

/** How many letters are to be changed, added, left out or swapped with their neighbour. */
function distanceOf(a: string, b: string): number {
  const rows: number[][] = [];
  const at = (row: number, column: number) => (rows[row] as number[])[column] as number;
  for (let i = 0; i <= a.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const steps = i === 0 ? [at(0, j - 1) + 1] : [at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + cost];
      (rows[i] as number[])[j] = Math.min(...steps, ...(isSwapped ? [at(i - 2, j - 2) + 1] : []));
    }
  }
  return at(a.length, b.length);
}
