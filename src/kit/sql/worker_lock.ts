// One process per SQLite file runs workers: they wake each other within the process only, and two of them would fight
// for the one writer. The lock is an EXCLUSIVE transaction on a file beside the database: the operating system gives it
// back when the holder dies, however it dies. On PostgreSQL every replica may work, so nothing is locked there.
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { makePrivateFile, makePrivateFolder } from "../files/private.ts";
import { problem } from "../problems.ts";
import type { Mortality } from "./engine.ts";
import { sqliteCode } from "./errors.ts";
import { sqlitePath } from "./open.ts";

export interface WorkerLock {
  release(): void;
}

/** Throws Problem "second_worker" when another process, or this one, already runs the workers of this database. */
export function lockWorkers(url: string, mortality?: Mortality): WorkerLock {
  const path = sqlitePath(url);
  if (path === undefined || path === ":memory:") return { release() {} };
  makePrivateFolder(dirname(path));
  makePrivateFile(`${path}-workers`);
  const lock = new DatabaseSync(`${path}-workers`, { timeout: 0 });
  try {
    lock.exec("begin exclusive");
  } catch (error) {
    lock.close();
    if (((sqliteCode(error) ?? 0) & 0xff) !== 5) throw error;
    throw problem("second_worker", `Another process already runs the workers of ${path}`, {
      hint: "Stop it, or start this one without workers. For several workers use postgres://.",
    });
  }
  const release = () => {
    if (lock.isOpen) lock.close();
  };
  mortality?.atDeath(release);
  return { release };
}
