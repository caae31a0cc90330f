// For the tests of the rules: what a rule finds in a few files, as lines.
import { houseOf, type Rule } from "./house.ts";

/** `foundBy(cycles, { "src/kit/a.ts": "…" })` answers "src/kit/a.ts:1: …" and nothing for a tidy house. */
export function foundBy(rule: Rule, files: Readonly<Record<string, string>>): string {
  const texts = Object.entries(files).map(([path, text]) => ({ path, text }));
  return rule
    .find(houseOf(texts))
    .map(({ where, what }) => `${where}: ${what}`)
    .join("\n");
}
