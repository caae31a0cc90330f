// `--data DIR`: what was answered is still there after a kill. Each call, and all that time does, appends one line
// before it is answered; its cost depends on what changed, never on what exists. At the start the file is read, written
// anew without what has been overtaken, and then appended to.
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import type { Instant } from "#kit/clock.ts";
import type { Account } from "./accounts.ts";
import type { Noun } from "./noun.ts";
import type { PendingEntry } from "./pending.ts";
import { accountEntry, type Entry, objectEntry, readSnapshot, snapshotLines, writeLine } from "./snapshot.ts";
import type { World } from "./world.ts";

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
  /** Writes what has come together since the last time, as one line. */
  flush(): void;
  /** Starts the file anew with the world as it is. */
  rewrite(): void;
  close(): void;
}

const fileName = "sandbox.journal";

/** Fills the world with what the folder holds, and keeps it there from now on. */
export function openJournal(
  world: World,
  folder: string,
): { journal: Journal; pending: PendingEntry[]; lastAt: Instant } {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, fileName);
  const before = existsSync(file) ? readFileSync(file, "utf8") : "";
  return { ...readSnapshot(world, before), journal: createJournal(world, file) };
}

function createJournal(world: World, file: string): Journal {
  const known = new Set<Account>();
  const objects = new Map<string, { account: Account; touched: Touched }>();
  let others: Entry[] = [];
  let descriptor: number | undefined;

  world.pending.listen((ticket, entry) => others.push(entry ? ["pending", ticket, entry] : ["done", ticket]));

  return {
    touch(account, touched) {
      for (const one of touched) objects.set(`${account.id} ${one.id}`, { account, touched: one });
    },
    keep(account, key) {
      const kept = account.idempotency.get(key);
      if (kept) others.push(...firstSeen(known, account), ["answer", account.id, key, kept]);
    },
    flush() {
      if (descriptor === undefined || (objects.size === 0 && others.length === 0)) return;
      const entries: Entry[] = [];
      for (const { account, touched } of objects.values()) {
        entries.push(...firstSeen(known, account), objectEntry(account, touched.noun.object, touched.id));
      }
      entries.push(...others);
      objects.clear();
      others = [];
      writeFileSync(descriptor, writeLine(world.clock.now(), entries));
    },
    rewrite() {
      if (descriptor !== undefined) closeSync(descriptor);
      objects.clear();
      others = [];
      for (const account of world.accounts.byId.values()) known.add(account);
      descriptor = openSync(`${file}.new`, "w");
      for (const line of snapshotLines(world)) writeFileSync(descriptor, line);
      fsyncSync(descriptor);
      // The name changes in one step: a kill leaves the old file or the new one. The descriptor stays with the new one.
      renameSync(`${file}.new`, file);
    },
    close() {
      this.flush();
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}

function firstSeen(known: Set<Account>, account: Account): Entry[] {
  if (known.has(account)) return [];
  known.add(account);
  return [accountEntry(account)];
}
