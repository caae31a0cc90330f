// Operations: the journal of what is wished at Stripe.
import type { Page, PageOptions } from "../answers.ts";

/**
 * parked: Stripe met our key with other parameters, which never happens in a correct run; it waits for a human.
 * expired: it was not carried out while it was wished, and nothing stands at Stripe.
 */
export const operationStates = ["open", "done", "refused", "failed", "canceled", "parked", "expired"] as const;
export type OperationState = (typeof operationStates)[number];

/** One wish to change something at Stripe, as the journal has it. */
export interface Operation {
  readonly id: string;
  /** `refunds.create`: the noun and verb of this API. */
  readonly verb: string;
  readonly subject: string;
  readonly attempt: number;
  readonly state: OperationState;
  /** What Stripe, or the human who ended it, said; null while it is open and when it is done. */
  readonly error: string | null;
  /** How often its last call was sent. */
  readonly tries: number;
  /** When an open one is carried on. */
  readonly nextAt: Date | null;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

export interface OperationsApi {
  list(options?: PageOptions & { state?: OperationState; verb?: string; subject?: string }): Promise<Page<Operation>>;
  get(id: string): Promise<Operation>;
  /** Carries a parked one on: looks for what it made at Stripe, and only if there is nothing sends it anew. */
  retry(id: string): Promise<Operation>;
  /**
   * Ends a parked one as failed and gives back what it had reserved. First see at Stripe that it made nothing: the
   * next attempt makes it anew.
   */
  end(id: string, options: { reason: string }): Promise<Operation>;
}
