// The inbox: Stripe's events as they were received, and what became of each.
import type { Page, PageOptions } from "../answers.ts";

/**
 * open: to be worked. done, seen: worked. ignored: a type we have no use for. foreign: not ours, as far as we know
 * today. other_mode, other_account: not for this installation. quarantined: unreadable. dead: gave up, needs a human.
 */
export const receiptStates = [
  "open",
  "done",
  "seen",
  "ignored",
  "foreign",
  "other_mode",
  "other_account",
  "quarantined",
  "dead",
] as const;
export type ReceiptState = (typeof receiptStates)[number];

export interface Receipt {
  readonly id: string;
  readonly type: string;
  readonly state: ReceiptState;
  readonly objectId: string | null;
  readonly receivedAt: Date;
  readonly attempts: number;
  readonly error: string | null;
}

export interface InboxApi {
  list(options?: PageOptions & { state?: ReceiptState; type?: string; objectId?: string }): Promise<Page<Receipt>>;
  get(receiptId: string): Promise<Receipt>;
  /** Works it again, whatever became of it. Safe at any time: the object is fetched from Stripe as it is now. */
  replay(receiptId: string): Promise<Receipt>;
  /** Reads Stripe's event list from the cursor on; what was lost on the way arrives by this road. */
  catchUp(): Promise<{ readonly found: number }>;
}
