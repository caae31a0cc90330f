// One process at a time in a folder. The lock is a file with the process's id: no handle has to be kept, a person can
// read who has it, and a kill leaves nothing that the next start does not see through.
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { privateMode } from "./files/private.ts";

/** `release` is called at the end; without it, as after a kill, the next process takes the lock over. */
export type LockAnswer = { readonly release: () => void } | { readonly holder: number };

const triesMax = 3; // Between two of them somebody else may have come or gone.

/**
 * Takes `file` for this process, or answers who has it.
 * A process id is used again some day, so the start of the process is noted too, where the system tells it.
 */
export function lockFile(file: string): LockAnswer {
  const mine = `${file}.${process.pid}`;
  for (let tries = 0; ; tries++) {
    try {
      writeFileSync(mine, `${describe(process.pid)}\n`, { mode: privateMode });
      appear(mine, file);
      return { release: () => rmSync(file, { force: true }) };
    } catch (error) {
      if (!hasCode(error, "EEXIST") || tries >= triesMax) throw error;
    } finally {
      rmSync(mine, { force: true });
    }
    const written = readIfThere(file).trim();
    const holder = Number(written.split(" ")[0]);
    const isOther = holder > 0 && holder !== process.pid && isAlive(holder);
    if (isOther && (!written.includes(" ") || written === describe(holder))) return { holder };
    rmSync(file, { force: true });
  }
}

/** In one step with all that is in it, or, where files have one name only, in two. Throws EEXIST when it is there. */
function appear(from: string, file: string): void {
  try {
    linkSync(from, file);
  } catch (error) {
    if (hasCode(error, "EEXIST")) throw error;
    writeFileSync(file, readFileSync(from), { flag: "wx", mode: privateMode });
  }
}

/** The id, and the instant of the start in the kernel's ticks where there is a /proc. */
function describe(pid: number): string {
  const stat = readIfThere(`/proc/${pid}/stat`);
  const started = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]; // The name in brackets may hold spaces.
  return started ? `${pid} ${started}` : String(pid);
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return "";
    throw error;
  }
}

/** A process that may not be signalled by us is alive too. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return hasCode(error, "EPERM");
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
