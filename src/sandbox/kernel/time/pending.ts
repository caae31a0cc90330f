// What is still to be done, as data: the agenda holds closures, which no file can keep. Work that is in no table of
// jobs, like showing an event to a CLI that listens, is not listed here and ends with the process.
import type { Instant } from "#kit/clock.ts";

export type PendingRecord =
  | { readonly kind: "job"; readonly account: string; readonly name: string; readonly values: readonly unknown[] }
  | {
      readonly kind: "delivery";
      readonly account: string;
      readonly event: string;
      readonly endpoint: string;
      readonly number: number;
    };

export interface PendingEntry {
  readonly at: Instant;
  readonly record: PendingRecord;
}

export interface Pending {
  /** Answers the ticket that `done` takes. */
  add(at: Instant, record: PendingRecord): number;
  done(ticket: number): void;
  all(): Iterable<readonly [number, PendingEntry]>;
  clear(): void;
  /** Told of every change; undefined means done. */
  listen(listener: (ticket: number, entry: PendingEntry | undefined) => void): void;
}

export function createPending(): Pending {
  const entries = new Map<number, PendingEntry>();
  let tickets = 0;
  let tell: (ticket: number, entry: PendingEntry | undefined) => void = () => {};
  return {
    add(at, record) {
      const ticket = tickets++;
      const entry = { at, record };
      entries.set(ticket, entry);
      tell(ticket, entry);
      return ticket;
    },
    done(ticket) {
      if (entries.delete(ticket)) tell(ticket, undefined);
    },
    all: () => entries,
    clear: () => entries.clear(),
    listen(listener) {
      tell = listener;
    },
  };
}
