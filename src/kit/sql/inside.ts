// Knows whether the code that runs now runs inside a transaction, so that the network, a sleep or a second transaction
// in there throws at once instead of holding the one writer while the world is slow.
import { AsyncLocalStorage } from "node:async_hooks";
import { problem } from "../problems.ts";

/** One run of a read() or write(). */
export interface Unit {
  readonly kind: "read" | "write";
  readonly label: string;
  isOver: boolean;
}

// Not state: it holds nothing itself, the platform hands the unit down along the awaits.
const currentUnit = new AsyncLocalStorage<Unit | undefined>();

/** Runs `work` so that assertOutsideTransaction throws in everything it calls or awaits. */
export function runInside<T>(unit: Unit, work: () => Promise<T>): Promise<T> {
  return currentUnit.run(unit, work);
}

/** For loops and fire-and-forgets that happen to be started from within a transaction. */
export function runOutside<T>(work: () => T): T {
  return currentUnit.run(undefined, work);
}

/** @param what completes "may not happen inside a transaction", such as "fetch https://api.stripe.com/v1/refunds". */
export function assertOutsideTransaction(what: string): void {
  const unit = currentUnit.getStore();
  if (!unit || unit.isOver) return;
  throw problem("sql_misuse", `${what} may not happen inside the ${unit.kind} "${unit.label}"`, {
    hint: "Fetch first, then begin, write all, commit. Inside write() only statements of its own tx may be awaited.",
  });
}
