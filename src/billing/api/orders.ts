// Orders: what one person bought, paid by one PaymentIntent.
import type Stripe from "stripe";
import type { Money, Outcome, Page, PageOptions } from "./answers.ts";

export interface OrderLine {
  readonly description: string;
  readonly quantity: number;
  /** Minor units for one piece. Set by the server, never by a browser. */
  readonly unitAmount: number;
}

/**
 * authorized: the payer's bank holds the money, nobody has it yet. partially_captured: a part of it was taken, the rest
 * is still held. paid: nothing is held any more. failed: the last attempt; another may follow.
 * mispaid: what came or is held is not what the order costs (another amount, another currency), and a human decides.
 * canceled: not paid, or paid after it was canceled; then the money goes back by itself.
 */
export const orderStatuses = [
  "created",
  "action_required",
  "processing",
  "authorized",
  "partially_captured",
  "paid",
  "mispaid",
  "failed",
  "canceled",
] as const;
export type OrderStatus = (typeof orderStatuses)[number];

/** manual: the money is held at first, and taken by capture(). */
export const captureModes = ["automatic", "manual"] as const;
export type CaptureMode = (typeof captureModes)[number];

export interface Order {
  readonly id: string;
  readonly status: OrderStatus;
  readonly total: Money;
  readonly lines: readonly OrderLine[];
  readonly customerId: string | null;
  readonly capture: CaptureMode;
  /** Whether its checkout asks for a card that is captured in parts. */
  readonly multicapture: boolean;
  /** Whether its checkout asks for a card on which more can be held later. */
  readonly incrementalAuthorization: boolean;
  /** What is held and can be captured: minor units. */
  readonly amountCapturable: number;
  /** What was captured, what went back: minor units of `paidCurrency`. */
  readonly amountPaid: number;
  /** Null until money came; another one than `total.currency` only when the order is mispaid. */
  readonly paidCurrency: string | null;
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
  readonly capture?: CaptureMode;
  /**
   * With `capture: "manual"`: what is held may be taken in parts, where the payer's card offers it. Stripe has to have
   * enabled it for the account (https://docs.stripe.com/payments/multicapture).
   */
  readonly multicapture?: boolean;
  /**
   * With `capture: "manual"`: more may be held later by `increment()`, where the payer's card offers it. Stripe has to
   * have enabled it for the account (https://docs.stripe.com/payments/incremental-authorization).
   */
  readonly incrementalAuthorization?: boolean;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface CheckoutOrder {
  /** Where the payer goes on after they have paid. */
  readonly returnUrl?: string;
  /**
   * Whether the page offers the customer's saved cards, and to save another one. Without it the page shows nobody's: a
   * link can be handed on, and whoever opens it would see them and could pay with them. Say true for a payer who has
   * signed in and goes there at once.
   */
  readonly savedMethods?: boolean;
  readonly attempt?: number;
}

/** Without `id`: the one capture, which lets the rest go. With it: a part of what is held, under an id of yours. */
export type CaptureOrder =
  | { readonly amount?: number; readonly attempt?: number; readonly id?: never; readonly final?: never }
  | {
      /** Of this part: the same id is the same part, another id is another one. */
      readonly id: string;
      /** Minor units. Without it: all that is left, as the last part. */
      readonly amount?: number;
      /** Nothing follows: the rest is let go. The part that completes the total is the last one by itself. */
      readonly final?: boolean;
      readonly attempt?: number;
    };

/** What comes on top of an order whose money is held. */
export interface IncrementOrder {
  /** Of this increment: the same id is the same one, another id is another one. */
  readonly id: string;
  /** Added to those of the order; its total grows by what they cost. */
  readonly lines: readonly OrderLine[];
  readonly attempt?: number;
}

export interface Checkout {
  readonly orderId: string;
  /** The hosted page; good until `expiresAt`. */
  readonly url: string;
  readonly expiresAt: Date;
  /** For a page of your own with Stripe.js. */
  readonly clientSecret: string;
  readonly publishableKey: string;
}

export interface ChargeOrder {
  /** `pm_…`, one of the customer's; without it, their default. */
  readonly method?: string;
  /** Whether the payer is away and cannot answer their bank; true without it. */
  readonly offSession?: boolean;
  /**
   * For how long the charge is meant, in milliseconds: what could not be made by then is not made, and told as
   * `order.charge_failed`. Without it 24 hours, and 15 minutes while the payer is there.
   */
  readonly validForMs?: number;
  /** 2 after Stripe or the bank refused the first, and so on. */
  readonly attempt?: number;
}

/** What support has in hand. */
export interface OrderFilter {
  readonly status?: OrderStatus;
  readonly customerId?: string;
  /** The customer's, in any case. */
  readonly email?: string;
  /** Of the payment (`pi_…`), its charge (`ch_…`, `py_…`) or the customer (`cus_…`). */
  readonly stripeId?: string;
  readonly amount?: number;
  readonly currency?: string;
}

export interface OrdersApi {
  create(input: CreateOrder): Promise<Order>;
  get(id: string): Promise<Order>;
  /** `amount` is the total, in minor units. */
  list(options?: PageOptions & OrderFilter): Promise<Page<Order>>;
  /**
   * Makes (once) the PaymentIntent and a link to the hosted page. `attempt`, here and below: 2 after Stripe refused
   * the first, and so on; the same attempt is the same wish, and gets the same answer.
   */
  checkout(id: string, options?: CheckoutOrder): Promise<Checkout>;
  /**
   * Charges the order with a method that its customer has saved: `done` when it is paid (or held, where it is captured
   * by hand), `processing` while a bank takes its time, `declined` with the bank's reason, `action_required` when the
   * bank wants to hear the payer: send them to `url`, where they finish the same payment.
   * @throws `wrong_state`: it is paid, held, on its way or canceled, is of no customer, or they have no default; the
   * method was removed, or belongs to another customer, who is named. `not_found`: the customer has no such method.
   * `conflict`: it was given before with other parameters.
   * @example
   * const { outcome } = await billing.orders.charge("order_9001");
   * if (outcome === "declined") await billing.orders.charge("order_9001", { method: "pm_1TqK2m", attempt: 2 });
   */
  charge(id: string, options?: ChargeOrder): Promise<Outcome<Order>>;
  capture(id: string, options?: CaptureOrder): Promise<Outcome<Order>>;
  /**
   * Has more held for an authorized order. Its lines and its total grow once the payer's bank has agreed; `declined`
   * leaves what is held. Stripe asks a bank ten times at most for one payment.
   */
  increment(id: string, options: IncrementOrder): Promise<Outcome<Order>>;
  /** Of what was captured in part the rest is let go, and the order is paid with what was taken. */
  cancel(id: string, options?: { reason?: string; attempt?: number }): Promise<Outcome<Order>>;
  /** Asks Stripe how the order stands now and records it: what the return page calls. */
  settled(id: string): Promise<Order>;
}
