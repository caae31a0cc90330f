// One process per SQLite file runs workers: they wake each other within the process only, and two of them would fight
// for the one writer. The lock is an EXCLUSIVE transaction on a file beside the database: the operating system gives it
// back when the holder dies, however it dies. On PostgreSQL every replica may work, so nothing is locked there.
import { realpathSync } from "node:fs";
import { dirname } from "node:path";
import { makePrivateFile, makePrivateFolder } from "../../files/private.ts";
import { type Problem, problem } from "../../problems.ts";
import type { Mortality } from "../engine.ts";
import { sqliteCode } from "../errors.ts";
import { sqlitePath } from "../open.ts";
import { openDriver } from "./driver.ts";

export interface WorkerLock {
  release(): void;
}

/** Throws Problem "second_worker" when another process, or this one, already runs the workers of this database. */
export function lockWorkers(url: string, mortality?: Mortality): WorkerLock {
  const path = sqlitePath(url);
  if (path === undefined || path === ":memory:") return { release() {} };
  makePrivateFolder(dirname(path));
  makePrivateFile(`${path}-workers`);
  const file = realpathSync(`${path}-workers`);
  const lock = openDriver(file, { timeout: 0 });
  try {
    lock.exec("begin exclusive");
  } catch (error) {
    lock.close();
    if (((sqliteCode(error) ?? 0) & 0xff) !== 5) throw error;
    throw lockedHere().has(file) ? startedHere(path) : startedElsewhere(path);
  }
  lockedHere().add(file);
  const release = () => {
    if (!lock.isOpen) return;
    lock.close();
    lockedHere().delete(file);
  };
  mortality?.atDeath(release);
  return { release };
}

function startedElsewhere(path: string): Problem {
  return problem("second_worker", `Another process already runs the workers of ${path}`, {
    hint: "Stop it, or start this one without workers. For several workers use postgres://.",
  });
}

function startedHere(path: string): Problem {
  return problem("second_worker", `This process has already started the workers of ${path}`, {
    hint:
      "Was the module loaded a second time, by a hot reload? Close the billing of before first (await " +
      "billing.close()), or keep one for the whole process: globalThis.billing ??= await startBilling().",
  });
}

const lockedName = Symbol.for("bursar.workers");

/**
 * The files that this process has locked. It is said on the process: a hot reload loads this module a second time, and
 * the lock that the first one took is still held.
 */
function lockedHere(): Set<string> {
  const holder = process as { [lockedName]?: Set<string> };
  holder[lockedName] ??= new Set();
  return holder[lockedName];
}
