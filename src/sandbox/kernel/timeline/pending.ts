// What is still to be done, as data: a timeline holds closures, which no file can keep. Work that is in no table of
// jobs, like showing an event to a CLI that listens, has no record and ends with the process.
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
  /** The id of its timeline; null is the world's. */
  readonly timeline: string | null;
  readonly key: string;
  readonly record: PendingRecord;
}

type Of<Kind extends PendingRecord["kind"]> = PendingEntry & { readonly record: { readonly kind: Kind } };

export type JobEntry = Of<"job">;

export const isJob = (entry: PendingEntry): entry is JobEntry => entry.record.kind === "job";

export const isDelivery = (entry: PendingEntry): entry is Of<"delivery"> => entry.record.kind === "delivery";

/** Where a timeline stands, and where an advance leads that is not at its end. */
export interface Stand {
  readonly now: Instant;
  readonly target: Instant | null;
}

/** What whoever keeps the world is told: null is gone. */
export type TimeNews =
  | readonly ["pending", PendingEntry]
  | readonly ["done", timeline: string | null, key: string]
  | readonly ["timeline", string | null, Stand | null];
