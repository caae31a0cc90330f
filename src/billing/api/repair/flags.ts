// Flags: what waits for a human.
import type { Page, PageOptions } from "../answers.ts";

/** resolved: somebody has seen to it. */
export const flagStates = ["open", "resolved"] as const;
export type FlagState = (typeof flagStates)[number];

/** Something a human should look at. It is flagged again when it happens again after it was resolved. */
export interface Flag {
  readonly id: string;
  /** `operation_parked`, `refunded_too_much` … */
  readonly kind: string;
  /** The id of what it is about. */
  readonly subject: string;
  readonly detail: string;
  readonly createdAt: Date;
  readonly resolvedAt: Date | null;
}

export interface FlagsApi {
  list(options?: PageOptions & { state?: FlagState; kind?: string; subject?: string }): Promise<Page<Flag>>;
  get(id: string): Promise<Flag>;
  /** Says that somebody has seen to it. */
  resolve(id: string): Promise<Flag>;
}
