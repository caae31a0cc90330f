// `--data DIR`: what was answered is still there after a kill. Each call, and all that time does, appends one line
// before it is answered; its cost depends on what changed, never on what exists. The file is written anew, without what
// has been overtaken, at the start and whenever it has grown past a multiple of what it has to hold. It is read and
// written line by line, so its size asks for no memory.
import { closeSync, fsyncSync, ftruncateSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import path from "node:path";
import { type LockAnswer, lockFile } from "#kit/folder_lock.ts";
import { problem } from "#kit/problems.ts";
import type { Account } from "../state/accounts.ts";
import type { Noun } from "../state/noun.ts";
import type { World } from "../state/world.ts";
import { createHeld, type Held } from "./held.ts";
import { type JournalFile, readJournal } from "./journal_file.ts";
import {
  accountEntry,
  applyBatches,
  type Entry,
  type Kept,
  objectEntries,
  snapshotLines,
  writeLine,
} from "./snapshot.ts";

/** An object that a unit wrote or erased. */
export interface Touched {
  readonly noun: Noun;
  readonly id: string;
}

export interface Journal {
  /** What a committed unit has changed. */
  touch(account: Account, touched: readonly Touched[]): void;
  /** An answer that is kept under an idempotency key. */
  keep(account: Account, key: string): void;
  /**
   * Writes what has come together since the last time, as one line. False when the disk does not take it: then the
   * file is as it was, and the next call tries again with all of it.
   */
  flush(): boolean;
  /** Starts the file anew with the world as it is. */
  rewrite(): void;
  close(): void;
}

const fileName = "sandbox.journal";
const lockName = "sandbox.pid";
/** Written anew when what was appended is more than this many times what has to be kept: a fifth of a line's cost. */
const growthFactorMax = 4;
/** But not for less than this: a small world is overtaken all the time. */
const growthBytesMin = 4 * 2 ** 20;

/** Fills the world with what the folder holds, and keeps it there from now on. */
export function openJournal(world: World, folder: string): { journal: Journal; kept: Kept } {
  const lock = lockFolder(folder);
  if ("holder" in lock) {
    throw problem("second_worker", `Another sandbox (process ${lock.holder}) keeps its data in ${folder}.`, {
      hint: "End that one, or give this one a folder of its own with --data (BURSAR_SANDBOX_DATA).",
    });
  }
  try {
    const file: JournalFile = { path: path.join(folder, fileName), log: world.log };
    const kept = applyBatches(world, readJournal(file));
    return { journal: createJournal(world, file.path, lock.release), kept };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function lockFolder(folder: string): LockAnswer {
  try {
    mkdirSync(folder, { recursive: true });
    return lockFile(path.join(folder, lockName));
  } catch (cause) {
    throw problem("invalid_config", `The data folder ${folder} cannot be made or written to.`, {
      hint: "Name a folder you may write to with --data (BURSAR_SANDBOX_DATA).",
      cause,
    });
  }
}

/** What has changed and is not written yet. */
interface Unwritten {
  readonly objects: Map<string, { readonly account: Account; readonly touched: Touched }>;
  readonly others: Entry[];
}

function createJournal(world: World, file: string, release: () => void): Journal {
  const unwritten: Unwritten = { objects: new Map(), others: [] };
  let held = createHeld();
  let descriptor: number | undefined;
  let size = 0;
  let sizeMax = 0;

  const { objects, others } = unwritten;
  listenTo(world, (entry) => {
    if (entry[0] === "closed") held.forget(entry[1]);
    others.push(entry);
  });
  const forgetUnwritten = (): void => {
    objects.clear();
    others.length = 0;
  };
  const rewrite = (): void => {
    const written = writeWhole(world, file);
    if (descriptor !== undefined) closeSync(descriptor);
    ({ descriptor, size, held } = written);
    sizeMax = size + Math.max(growthBytesMin, size * growthFactorMax);
    forgetUnwritten();
  };
  const compact = (): void => {
    try {
      rewrite();
    } catch (error) {
      sizeMax = size * 2; // The old file still holds everything; there is time until the next try.
      world.log.error("sandbox.journal_not_rewritten", { file, error });
    }
  };
  const append = (): boolean => {
    if (descriptor === undefined) return true;
    const line = writeLine({ at: world.timeline.now(), entries: entriesOf(world, unwritten, held) });
    try {
      size += appendWhole(descriptor, line, size);
    } catch (error) {
      held.settle(false);
      world.log.error("sandbox.journal_not_written", { file, error });
      return false;
    }
    held.settle(true);
    forgetUnwritten();
    if (size > sizeMax) compact();
    return true;
  };
  const flush = () => (objects.size === 0 && others.length === 0) || append();

  return {
    touch(account, touched) {
      for (const one of touched) objects.set(`${account.id} ${one.id}`, { account, touched: one });
    },
    keep(account, key) {
      const kept = account.idempotency.get(key);
      if (kept) others.push(["answer", account.id, key, kept]);
    },
    flush,
    rewrite,
    close() {
      if (descriptor === undefined) return;
      flush();
      closeSync(descriptor);
      descriptor = undefined;
      release();
    },
  };
}

/** What changes beside the objects and the answers. */
function listenTo({ timelines, faults, attempts, history, accounts }: World, tell: (entry: Entry) => void): void {
  timelines.listen(tell);
  history.listen((line) => tell(["line", line]));
  faults.listen((id, fault) => tell(["fault", id, fault ?? null]));
  attempts.listen((attempt) => tell(["attempt", attempt]));
  accounts.tell = tell;
}

/** Accounts first, then their objects, then the rest. An account that was closed meanwhile takes nothing any more. */
function entriesOf(world: World, { objects, others }: Unwritten, held: Held): Entry[] {
  const accounts: Entry[] = [];
  const isOpen = (id: string): boolean => {
    const account = world.accounts.byId.get(id);
    if (account && held.isNew(id)) accounts.push(accountEntry(account));
    return account !== undefined;
  };
  const changed: Entry[] = [];
  for (const { account, touched } of objects.values()) {
    if (world.accounts.byId.get(account.id) !== account) continue;
    if (isOpen(account.id)) changed.push(...objectEntries(account, touched.noun.object, touched.id, held));
  }
  const rest = others.filter((entry) => entry[0] !== "answer" || isOpen(entry[1]));
  return [...accounts, ...changed, ...rest];
}

/** The whole line, or nothing of it. Answers its bytes. */
function appendWhole(descriptor: number, line: string, size: number): number {
  const bytes = Buffer.from(line);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
  } catch (error) {
    ftruncateSync(descriptor, size);
    throw error;
  }
  return bytes.length;
}

/** The name changes in one step: a kill leaves the old file or the new one. The descriptor stays with the new one. */
function writeWhole(world: World, file: string): { descriptor: number; size: number; held: Held } {
  const fresh = `${file}.new`;
  const descriptor = openSync(fresh, "w");
  try {
    const held = createHeld();
    let size = 0;
    for (const line of snapshotLines(world, held)) size += appendWhole(descriptor, line, size);
    held.settle(true);
    fsyncSync(descriptor);
    renameSync(fresh, file);
    return { descriptor, size, held };
  } catch (cause) {
    closeSync(descriptor);
    rmSync(fresh, { force: true });
    const hint = "Is the disk full? What was there before is there still.";
    throw problem("invalid_config", `The sandbox cannot write its data anew into ${file}.`, { hint, cause });
  }
}
