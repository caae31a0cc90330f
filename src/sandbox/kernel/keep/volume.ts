// One file of a journal while it is written: what it holds already, and what has changed in the world since.
import { closeSync, fsync, fsyncSync, ftruncateSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { privateMode } from "#kit/files/private.ts";
import type { Account } from "../state/accounts.ts";
import type { Touched, World } from "../state/unit.ts";
import { createHeld, type Held } from "./held.ts";
import { accountEntry, type Entry, objectEntries, writeLine } from "./snapshot.ts";

export interface Volume {
  readonly held: Held;
  touch(account: Account, touched: readonly Touched[]): void;
  tell(entry: Entry): void;
  size(): number;
  /** How much has changed that it does not hold yet. */
  changes(): number;
  /** The whole line, or nothing of it: throws when the disk does not take it. */
  append(line: string): void;
  /**
   * Writes what has changed, as one line, or as much of it as is named. Throws when the disk does not take it: then the
   * file is as it was, and the next time tries again with all of it. Answers whether there was anything.
   */
  flush(world: World, entriesMax?: number): boolean;
  /** On the disk itself; while it waits, the event loop runs. */
  sync(): Promise<void>;
  syncNow(): void;
  /** The name changes in one step: a kill leaves the old file or the new one. */
  rename(to: string): void;
  close(): void;
  remove(): void;
}

interface Changed {
  readonly account: Account;
  readonly touched: Touched;
}

export function openVolume(file: string): Volume {
  const descriptor = openSync(file, "w", privateMode);
  const held = createHeld();
  const objects = new Map<string, Changed>();
  const others: Entry[] = [];
  let size = 0;
  const append = (line: string): void => {
    const bytes = Buffer.from(line);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    } catch (error) {
      ftruncateSync(descriptor, size);
      throw error;
    }
    size += bytes.length;
  };
  return {
    held,
    touch(account, touched) {
      for (const one of touched) objects.set(`${account.id} ${one.noun.object} ${one.id}`, { account, touched: one });
    },
    tell(entry) {
      if (entry[0] === "closed") held.forget(entry[1]);
      others.push(entry);
    },
    size: () => size,
    changes: () => objects.size + others.length,
    append,
    flush(world, entriesMax = Number.POSITIVE_INFINITY) {
      if (objects.size === 0 && others.length === 0) return false;
      const changed = [...objects].slice(0, entriesMax);
      const told = others.slice(0, entriesMax);
      const entries = entriesOf(
        world,
        changed.map(([, one]) => one),
        told,
        held,
      );
      try {
        append(writeLine({ at: world.timeline.now(), entries }));
      } catch (error) {
        held.settle(false);
        throw error;
      }
      held.settle(true);
      for (const [key] of changed) objects.delete(key);
      others.splice(0, told.length);
      return true;
    },
    sync: () => new Promise((resolve, reject) => fsync(descriptor, (error) => (error ? reject(error) : resolve()))),
    syncNow: () => fsyncSync(descriptor),
    rename: (to) => renameSync(file, to),
    close: () => closeSync(descriptor),
    remove() {
      closeSync(descriptor);
      rmSync(file, { force: true });
    },
  };
}

/** Accounts first, then their objects, then the rest. An account that was closed meanwhile takes nothing any more. */
function entriesOf(world: World, objects: readonly Changed[], others: readonly Entry[], held: Held): Entry[] {
  const accounts: Entry[] = [];
  const isOpen = (id: string): boolean => {
    const account = world.accounts.byId.get(id);
    if (account && held.isNew(id)) accounts.push(accountEntry(account));
    return account !== undefined;
  };
  const changed: Entry[] = [];
  for (const { account, touched } of objects) {
    if (world.accounts.byId.get(account.id) !== account) continue;
    if (!isOpen(account.id)) continue;
    changed.push(...objectEntries(held, account, { noun: touched.noun.object, id: touched.id }));
  }
  const rest = others.filter((entry) => (entry[0] !== "answer" && entry[0] !== "forgotten") || isOpen(entry[1]));
  return [...accounts, ...changed, ...rest];
}
