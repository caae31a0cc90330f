// What one file holds already, so that a line says it once: the accounts that were named, and the numbers of the
// versions of objects, as they stand in the store or as events show them.
import type { Shape } from "../state/noun.ts";

export interface Held {
  /** True the first time: then the account's line comes before its objects. */
  isNew(account: string): boolean;
  /** It was closed: should it come again, it is new. */
  forget(account: string): void;
  /** The number of a version, and whether the file does not hold it yet. */
  numberOf(object: Shape): { readonly number: number; readonly isNew: boolean };
  /** Whether what was new since the last time stands in the file now. */
  settle(isWritten: boolean): void;
}

export function createHeld(): Held {
  const accounts = new Set<string>();
  const numbers = new WeakMap<Shape, number>();
  let next = 0;
  let unsettled: (string | Shape)[] = [];
  return {
    isNew(account) {
      if (accounts.has(account)) return false;
      accounts.add(account);
      unsettled.push(account);
      return true;
    },
    forget: (account) => void accounts.delete(account),
    numberOf(object) {
      const known = numbers.get(object);
      if (known !== undefined) return { number: known, isNew: false };
      const number = next++;
      numbers.set(object, number);
      unsettled.push(object);
      return { number, isNew: true };
    },
    settle(isWritten) {
      const back = isWritten ? [] : unsettled;
      for (const one of back) {
        if (typeof one === "string") accounts.delete(one);
        else numbers.delete(one);
      }
      unsettled = [];
    },
  };
}
