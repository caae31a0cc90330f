// What one file holds already, so that a line says it once: the accounts that were named, and the numbers of the
// versions that events show.
import { hidden, type Shape } from "../state/noun.ts";
import type { VersionEntry } from "./captures.ts";

export interface Held {
  /** True the first time: then the account's line comes before its objects. */
  isNew(account: string): boolean;
  /** It was closed: should it come again, it is new. */
  forget(account: string): void;
  /** The number of a version; one that the file does not hold yet is handed to `write` first. */
  numberOf(object: Shape, write: (entry: VersionEntry) => void): number;
  /** Whether what was new since the last time stands in the file now. */
  settle(isWritten: boolean): void;
}

export function createHeld(): Held {
  const accounts = new Set<string>();
  const numbers = new WeakMap<Shape, number>();
  let next = 0;
  let undo: (() => void)[] = [];
  return {
    isNew(account) {
      if (accounts.has(account)) return false;
      accounts.add(account);
      undo.push(() => accounts.delete(account));
      return true;
    },
    forget: (account) => void accounts.delete(account),
    numberOf(object, write) {
      const known = numbers.get(object);
      if (known !== undefined) return known;
      const number = next++;
      numbers.set(object, number);
      undo.push(() => numbers.delete(object));
      write(["version", number, object, object[hidden] ?? null]);
      return number;
    },
    settle(isWritten) {
      if (!isWritten) for (const back of undo) back();
      undo = [];
    },
  };
}
