// Prints the shape of an answer as a row of test/shapes has it: `node scripts/shape.ts answer.json`, where the file is
// an answer of Stripe's, or holds one as `body`.
import { readFileSync } from "node:fs";
import { shapeOf } from "../src/calibration/index.ts";

const lineLength = 100; // Leaves room for the indentation of a row.

const [file = ""] = process.argv.slice(2);
const { body, ...answer } = JSON.parse(readFileSync(file, "utf8"));
for (const [type, paths] of Map.groupBy(shapeOf(body ?? answer), ([, type]) => type)) {
  const name = /^\w+$/.test(type) ? type : JSON.stringify(type);
  const lines = inLines(paths.map(([path]) => path));
  const text = lines.length > 1 ? `\`\n  ${lines.join("\n  ")}\`` : `"${lines.join("")}"`;
  process.stdout.write(`${name}: ${text},\n`);
}

function inLines(words: readonly string[]): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < lineLength) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
