// Deliveries: facts on their way to handlers.
import type { Page, PageOptions } from "../answers.ts";

/** dead: given up after its attempts, until somebody retries it. */
export const deliveryStates = ["open", "done", "dead"] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** A fact on its way to one handler. An outgoing endpoint is the handler `url:<endpoint id>`. */
export interface Delivery {
  readonly factId: string;
  readonly handler: string;
  readonly type: string;
  readonly subject: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** Why the last attempt failed. */
  readonly error: string | null;
  readonly occurredAt: Date;
  /** The next attempt of an open one. */
  readonly nextAt: Date | null;
  readonly endedAt: Date | null;
}

export interface DeliveriesApi {
  list(
    options?: PageOptions & { state?: DeliveryState; handler?: string; type?: string; subject?: string },
  ): Promise<Page<Delivery>>;
  get(delivery: { factId: string; handler: string }): Promise<Delivery>;
  /** Tries a dead or waiting one again, now, with all its attempts. */
  retry(delivery: { factId: string; handler: string }): Promise<Delivery>;
}
