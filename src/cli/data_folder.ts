// The folder of a development world: one process at a time, and emptied of what a new sandbox would not know.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { problem } from "#kit/problems.ts";

const lockFile = "dev.pid";

/** Makes the data folder, or says why not. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw problem("invalid_config", `The data folder ${folder} cannot be made.`, {
      hint: "Name a folder you may write to with --data (BURSAR_DATA).",
      cause,
    });
  }
}

/** Takes the folder for this process and deletes the databases named; answers how to let go of it. */
export function takeFolder(folder: string, { emptied }: { emptied: readonly string[] }): () => void {
  makeFolder(folder);
  const lock = path.join(folder, lockFile);
  const holder = existsSync(lock) ? Number(readFileSync(lock, "utf8")) : undefined;
  if (holder && holder !== process.pid && isAlive(holder)) {
    throw problem("second_worker", `Another bursar dev (process ${holder}) is using ${folder}.`, {
      hint: "End that one, or give this one a folder of its own with --data (BURSAR_DATA).",
    });
  }
  writeFileSync(lock, `${process.pid}\n`);
  for (const name of emptied) {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(path.join(folder, name + suffix), { force: true });
  }
  return () => rmSync(lock, { force: true });
}

/** A process that may not be signalled by us is alive too. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
