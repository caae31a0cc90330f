// Asks on a terminal before something is done that is not easily undone.
import { createInterface } from "node:readline/promises";
import { problem } from "#kit/problems.ts";

/** Before anything is opened: where nobody can be asked, it is said how to do without. */
export function refuseUnasked(hint: string): void {
  if (process.stdin.isTTY) return;
  throw problem("invalid_config", "Nobody is there to be asked.", { hint });
}

/** False for whatever is not yes, and when the terminal is closed instead. */
export async function isWanted(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const closed = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
  const answer = await Promise.race([terminal.question(`${question} [y/N] `), closed]);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
