// Reads a journal line by line. Its last line may have been cut off by a kill: it is left out, with a notice. A line
// that is damaged while others follow it was not cut off but changed, and whatever follows builds on it: then nothing
// is read.
import { closeSync, openSync, readSync } from "node:fs";
import type { Log } from "#kit/log.ts";
import { problem } from "#kit/problems.ts";
import { type Batch, readLine } from "./snapshot.ts";

export interface JournalFile {
  readonly path: string;
  readonly log: Log;
}

const chunkBytes = 65_536;

/** Nothing when there is no file. Throws a Problem when a line in its middle is damaged. */
export function* readJournal({ path, log }: JournalFile): Generator<Batch> {
  let cut: { line: number; bytes: number } | undefined;
  let number = 0;
  for (const line of readLines(path)) {
    number++;
    if (cut) throw damaged(path, cut.line);
    const batch = readLine(line.toString("utf8"));
    if (batch) yield batch;
    else cut = { line: number, bytes: line.length };
  }
  if (cut) log.warn("sandbox.journal_cut", { file: path, ...cut });
}

function damaged(file: string, line: number) {
  return problem("invalid_config", `Line ${line} of ${file} is damaged, and others follow it.`, {
    hint: `Put a copy in its place, or keep what stood before: head -n ${line - 1} FILE > NEW, then NEW for FILE.`,
  });
}

/** Without their ends. The memory it takes is one line's. */
function* readLines(file: string): Generator<Buffer> {
  const descriptor = openIfThere(file);
  if (descriptor === undefined) return;
  try {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    let begun: Buffer[] = [];
    for (let length = readSync(descriptor, chunk); length > 0; length = readSync(descriptor, chunk)) {
      let start = 0;
      for (let end = chunk.indexOf(10); end >= 0 && end < length; end = chunk.indexOf(10, start)) {
        yield Buffer.concat([...begun, chunk.subarray(start, end)]);
        begun = [];
        start = end + 1;
      }
      if (start < length) begun.push(Buffer.from(chunk.subarray(start, length)));
    }
    if (begun.length > 0) yield Buffer.concat(begun);
  } finally {
    closeSync(descriptor);
  }
}

function openIfThere(file: string): number | undefined {
  try {
    return openSync(file, "r");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
