// "Did you mean …?": the parameter that a misspelt one may have meant.

/** A quarter of the letters may be wrong, as in Ruby's did_you_mean, which Stripe's hints look like. */
const wrongShareMax = 0.25;

/** `nearest("postalCode", ["city", "postal_code"])` is "postal_code"; undefined when nothing is close. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const word = name.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.ceil(word.length * wrongShareMax) + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(word, candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Levenshtein's: letters to put in, take out or exchange. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let line = 1; line <= from.length; line++) {
    const next = [line];
    for (let column = 1; column <= to.length; column++) {
      const exchanged = row[column - 1]! + (from[line - 1] === to[column - 1] ? 0 : 1); // Both rows are full.
      next.push(Math.min(exchanged, row[column]! + 1, next[column - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!; // The last column of a full row.
}
