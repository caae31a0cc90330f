// READ FIRST: what billing offers a program, as types. The REST API mirrors it noun by noun.
// The host's own id is the name of everything ("order_9001", "user_42"); money is an integer in minor units beside its
// currency; "the customer must act" is an answer, never an exception; `.stripe` is the raw object as an escape hatch.
import type Stripe from "stripe";

export interface Money {
  /** Minor units of `currency`, as Stripe counts them (https://docs.stripe.com/currencies#zero-decimal). */
  readonly amount: number;
  /** ISO 4217, lower case. */
  readonly currency: string;
}

export interface Customer {
  readonly id: string;
  readonly email: string | null;
  readonly name: string | null;
  readonly stripeCustomerId: string | null;
  readonly createdAt: Date;
}

export interface OrderLine {
  readonly description: string;
  readonly quantity: number;
  /** Minor units for one piece. Set by the server, never by a browser. */
  readonly unitAmount: number;
}

export type OrderStatus = "created" | "action_required" | "processing" | "authorized" | "paid" | "failed" | "canceled";

export interface Order {
  readonly id: string;
  readonly status: OrderStatus;
  readonly total: Money;
  readonly lines: readonly OrderLine[];
  readonly customerId: string | null;
  readonly capture: "automatic" | "manual";
  /** What was captured, what went back: minor units of `total.currency`. */
  readonly amountPaid: number;
  readonly amountRefunded: number;
  /** Why the last attempt failed, in words for the payer, or null. */
  readonly lastFailure: { readonly code: string; readonly declineCode: string | null; readonly message: string } | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: Date;
  readonly paidAt: Date | null;
  readonly stripe: { readonly paymentIntentId: string | null; readonly paymentIntent: Stripe.PaymentIntent | null };
}

export interface CreateOrder {
  readonly id: string;
  readonly currency: string;
  readonly lines: readonly OrderLine[];
  readonly customerId?: string;
  readonly capture?: "automatic" | "manual";
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What a command answers. `declined` and `action_required` are outcomes, not exceptions. */
export type Outcome<T> =
  | { readonly outcome: "done"; readonly value: T }
  | { readonly outcome: "processing"; readonly operationId: string; readonly value: T }
  | { readonly outcome: "action_required"; readonly value: T; readonly url: string; readonly clientSecret: string }
  | { readonly outcome: "declined"; readonly value: T; readonly reason: string; readonly message: string };

export interface Checkout {
  readonly orderId: string;
  /** The hosted page; good until `expiresAt`. */
  readonly url: string;
  readonly expiresAt: Date;
  /** For a page of your own with Stripe.js. */
  readonly clientSecret: string;
  readonly publishableKey: string;
}

export interface Refund {
  readonly id: string;
  readonly orderId: string;
  readonly amount: Money;
  readonly status: "pending" | "requires_action" | "succeeded" | "failed" | "canceled";
  readonly reason: string | null;
  readonly createdAt: Date;
  readonly stripe: { readonly refundId: string | null };
}

/** Facts: what happened, in our words. Written once each, from a state transition. */
export interface Facts {
  "order.paid": { readonly orderId: string; readonly amount: Money; readonly paymentIntentId: string };
  "order.authorized": { readonly orderId: string; readonly amount: Money; readonly paymentIntentId: string };
  "order.processing": { readonly orderId: string; readonly paymentIntentId: string };
  "order.action_required": { readonly orderId: string; readonly paymentIntentId: string };
  "order.failed": { readonly orderId: string; readonly code: string; readonly declineCode: string | null };
  "order.canceled": { readonly orderId: string; readonly reason: string | null };
  "order.refunded": { readonly orderId: string; readonly amount: Money; readonly amountRefunded: number };
  "refund.succeeded": { readonly refundId: string; readonly orderId: string | null; readonly amount: Money };
  "refund.failed": { readonly refundId: string; readonly orderId: string | null; readonly reason: string | null };
}
export type FactType = keyof Facts;

export interface Fact<T extends FactType = FactType> {
  /** Stable: the same fact is handed over with the same id, however often. */
  readonly id: string;
  readonly type: T;
  readonly occurredAt: Date;
  readonly data: Facts[T];
}

export interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

/**
 * open: to be worked. done, seen: worked. ignored: a type we have no use for. foreign: not ours, as far as we know
 * today. other_mode, other_account: not for this installation. quarantined: unreadable. dead: gave up, needs a human.
 */
export type ReceiptState =
  | "open"
  | "done"
  | "seen"
  | "ignored"
  | "foreign"
  | "other_mode"
  | "other_account"
  | "quarantined"
  | "dead";

export interface Receipt {
  readonly id: string;
  readonly type: string;
  readonly state: ReceiptState;
  readonly objectId: string | null;
  readonly receivedAt: Date;
  readonly attempts: number;
  readonly error: string | null;
}

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

/** parked: Stripe met our key with other parameters, which never happens in a correct run; it waits for a human. */
export type OperationState = "open" | "done" | "refused" | "failed" | "canceled" | "parked";

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

/** dead: given up after its attempts, until somebody retries it. */
export type DeliveryState = "open" | "done" | "dead";

export interface Billing {
  /**
   * Webhook, REST under /v1, hosted pages. Mount it anywhere a `Request` can be had.
   * @param env what the server's adapter knows beside the request; @hono/node-server passes `{ incoming, outgoing }`.
   * Without it all callers count as one address when wrong API keys are counted.
   */
  fetch(request: Request, env?: object): Promise<Response>;
  /** Starts the workers. Refuses a second worker on one SQLite file. */
  start(): Promise<void>;
  /** Waits until nothing that is due is left. */
  drain(): Promise<void>;
  close(): Promise<void>;
  /** For hosts without a long-lived process: works what is due, for at most `maxMs`. */
  tick(options: { maxMs: number }): Promise<{ readonly worked: number }>;

  readonly customers: {
    /** `attempt`: 2 after Stripe refused the first, and so on. The same attempt is the same wish. */
    ensure(input: { id: string; email?: string; name?: string; attempt?: number }): Promise<Customer>;
    get(id: string): Promise<Customer>;
    list(options?: { cursor?: string; limit?: number }): Promise<Page<Customer>>;
  };
  readonly orders: {
    create(input: CreateOrder): Promise<Order>;
    get(id: string): Promise<Order>;
    list(options?: { cursor?: string; limit?: number; status?: OrderStatus }): Promise<Page<Order>>;
    /**
     * Makes (once) the PaymentIntent and a link to the hosted page. `attempt`, here and below: 2 after Stripe refused
     * the first, and so on; the same attempt is the same wish, and gets the same answer.
     */
    checkout(id: string, options?: { returnUrl?: string; attempt?: number }): Promise<Checkout>;
    capture(id: string, options?: { amount?: number; attempt?: number }): Promise<Outcome<Order>>;
    cancel(id: string, options?: { reason?: string; attempt?: number }): Promise<Outcome<Order>>;
    /** Asks Stripe how the order stands now and records it: what the return page calls. */
    settled(id: string): Promise<Order>;
  };
  readonly refunds: {
    /** `id` is yours and required: two refunds of 5 € are legal, a repeated one is not a second. */
    create(input: {
      id: string;
      orderId: string;
      amount?: number;
      reason?: "duplicate" | "fraudulent" | "requested_by_customer";
      /** 2 after Stripe refused the first, and so on. A refund that is done or under way admits no further one. */
      attempt?: number;
    }): Promise<Outcome<Refund>>;
    get(id: string): Promise<Refund>;
    list(options?: { orderId?: string; cursor?: string; limit?: number }): Promise<Page<Refund>>;
  };
  /** At least once, with a stable fact id; own attempts, backoff and dead letters per handler id. */
  on<T extends FactType>(type: T, handler: (fact: Fact<T>) => Promise<void> | void, options: { id: string }): void;
  readonly inbox: {
    list(options?: { state?: ReceiptState; cursor?: string; limit?: number }): Promise<Page<Receipt>>;
    get(receiptId: string): Promise<Receipt>;
    /** Works it again, whatever became of it. Safe at any time: the object is fetched from Stripe as it is now. */
    replay(receiptId: string): Promise<Receipt>;
    /** Reads Stripe's event list from the cursor on; what was lost on the way arrives by this road. */
    catchUp(): Promise<{ readonly found: number }>;
  };
  readonly flags: {
    list(options?: { state?: "open" | "resolved"; cursor?: string; limit?: number }): Promise<Page<Flag>>;
    get(id: string): Promise<Flag>;
    /** Says that somebody has seen to it. */
    resolve(id: string): Promise<Flag>;
  };
  readonly operations: {
    list(options?: {
      state?: OperationState;
      verb?: string;
      subject?: string;
      cursor?: string;
      limit?: number;
    }): Promise<Page<Operation>>;
    get(id: string): Promise<Operation>;
    /** Carries a parked one on: looks for what it made at Stripe, and only if there is nothing sends it anew. */
    retry(id: string): Promise<Operation>;
    /**
     * Ends a parked one as failed and gives back what it had reserved. First see at Stripe that it made nothing: the
     * next attempt makes it anew.
     */
    end(id: string, options: { reason: string }): Promise<Operation>;
  };
  readonly deliveries: {
    list(options?: {
      state?: DeliveryState;
      handler?: string;
      cursor?: string;
      limit?: number;
    }): Promise<Page<Delivery>>;
    get(delivery: { factId: string; handler: string }): Promise<Delivery>;
    /** Tries a dead or waiting one again, now, with all its attempts. */
    retry(delivery: { factId: string; handler: string }): Promise<Delivery>;
  };
}

export interface BillingOptions {
  readonly stripe: {
    readonly secretKey: string;
    readonly publishableKey: string;
    readonly webhookSecrets: readonly string[];
    /** Where Stripe answers. Default: https://api.stripe.com. The sandbox's URL in development. */
    readonly apiBase?: string;
    /** Where Stripe.js comes from. Default: https://js.stripe.com/endive/stripe.js. */
    readonly stripeJsUrl?: string;
  };
  /** `sqlite:PATH`, `sqlite::memory:` or `postgres://…`. */
  readonly database: string;
  /** The address under which browsers reach billing's own pages, without a trailing slash. */
  readonly publicUrl: string;
  /** Origins a return URL may have. */
  readonly returnOrigins?: readonly string[];
  /** 32 bytes in hex or base64: encrypts endpoint secrets, signs links. Required in live mode. */
  readonly secret?: string;
  /** Outgoing webhooks may go to loopback and private addresses. For development; refused with a live key. */
  readonly allowPrivateTargets?: boolean;
  /** An API key that exists from the start: `bk_test_` or `bk_live_` and at least 43 characters. Scope: admin. */
  readonly bootstrapKey?: string;
}
