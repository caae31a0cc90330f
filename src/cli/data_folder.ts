// The folder of a development world: one process at a time, and emptied of what a new sandbox would not know.
import { rmSync } from "node:fs";
import path from "node:path";
import { makePrivateFolder } from "#kit/files/private.ts";
import { lockFile } from "#kit/folder_lock.ts";
import { problem } from "#kit/problems.ts";

/** Makes the data folder, or says why not. */
export function makeFolder(folder: string): void {
  try {
    makePrivateFolder(folder);
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
  const lock = lockFile(path.join(folder, "dev.pid"));
  if ("holder" in lock) {
    throw problem("second_worker", `Another bursar dev (process ${lock.holder}) is using ${folder}.`, {
      hint: "End that one, or give this one a folder of its own with --data (BURSAR_DATA).",
    });
  }
  for (const name of emptied) {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(path.join(folder, name + suffix), { force: true });
  }
  return lock.release;
}
