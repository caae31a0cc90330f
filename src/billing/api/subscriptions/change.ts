// Changing a subscription: what it is to become, what that costs before anybody pays it, and what came of it.
import type { Money, Outcome } from "../answers.ts";
import type { AddOnName, Catalog, EveryOf, PlanName } from "../catalog.ts";
import type { Subscription } from "./subscription.ts";

/** now: from this second on. period_end: with the next period, at its price. */
export const changeTimes = ["now", "period_end"] as const;
export type ChangeTime = (typeof changeTimes)[number];

/**
 * What becomes of a change that is not paid. keep_old: the subscription stays as it is until it is. revert: it is
 * changed, and put back when the payment fails: for debits and invoices that are sent, whose money comes later.
 */
export const unpaidEnds = ["keep_old", "revert"] as const;
export type UnpaidEnd = (typeof unpaidEnds)[number];

/** How often any plan of the catalog is paid; any text where the catalog is not named. */
type EveryIn<C> = string extends PlanName<C> ? string : { [Name in PlanName<C>]: EveryOf<C, Name> }[PlanName<C>];

/**
 * What a subscription is to become. What is not named stays as it is, and so does what no catalog of yours sells.
 * `SubscriptionChange<typeof catalog>` has the compiler read its names.
 */
export interface SubscriptionChange<C = Catalog> {
  /** A plan of the catalog, of the group of the one that it has. */
  readonly plan?: PlanName<C>;
  /** How often it is paid: `month`. Its add-ons come along. */
  readonly every?: EveryIn<C>;
  /** Of the plan: its seats. */
  readonly quantity?: number;
  /** How many of each from now on, by name; 0 takes it off. */
  readonly addOns?: { readonly [Name in AddOnName<C>]?: number };
  /** A coupon of the catalog, by name: from the next invoice on, beside what is taken off already. */
  readonly coupon?: string;
  /** A code as the customer has typed it, in the coupon's place. */
  readonly promotionCode?: string;
  /** now, unless named. */
  readonly when?: ChangeTime;
  /**
   * Of a change now: what is left of the period is paid at once and what is unused is credited (true, the default), or
   * neither is and the new price begins with the next period.
   */
  readonly prorate?: boolean;
}

export interface ChangeOptions {
  /** 2 after Stripe refused the first; without it, the latest there was. */
  readonly attempt?: number;
  /** Whether the payer is away (true, the default) or there. It decides for how long the wish is meant. */
  readonly offSession?: boolean;
  /** For how long it is meant, in milliseconds: 24 hours, or 15 minutes with the payer there. Then it expires. */
  readonly validForMs?: number;
  /** Of what is paid at once; keep_old unless named. */
  readonly ifUnpaid?: UnpaidEnd;
  /** Where the payer goes on once they have paid in the page of `action_required`. */
  readonly returnUrl?: string;
}

/** What a preview has shown, and nothing else. */
export interface ChangePreviewed extends ChangeOptions {
  readonly token: string;
}

export interface ChangeWished<C = Catalog> extends ChangeOptions, SubscriptionChange<C> {
  /** Yours, of this wish: pro → basic → pro are three. In REST the Idempotency-Key. */
  readonly id: string;
}

export type ChangeSubscription<C = Catalog> = ChangePreviewed | ChangeWished<C>;

export interface UndoChange {
  /** Yours, of this wish. In REST the Idempotency-Key. */
  readonly id: string;
  readonly attempt?: number;
}

/** What a change would cost, as Stripe says. */
export interface ChangePreview {
  /** For `change()`: it is billed as shown here, or refused. Valid for an hour. */
  readonly token: string;
  readonly expiresAt: Date;
  readonly subscriptionId: string;
  /** When the subscription is changed. */
  readonly changesAt: Date;
  /** The second from which what is left of the period is reckoned; null where nothing is prorated. */
  readonly prorationDate: Date | null;
  /** All that it holds afterwards. */
  readonly items: readonly { readonly priceId: string; readonly quantity: number | null }[];
  /** Of the invoice that is made at once; none where nothing is billed now. */
  readonly lines: readonly PreviewLine[];
  /** False where Stripe has shown the first ten of more lines. The amounts are those of all. */
  readonly areLinesWhole: boolean;
  /** Of the invoice that is made at once: negative where more is given back than asked for. */
  readonly total: Money;
  readonly tax: Money;
  /** What the customer pays now: after what is credited to them. */
  readonly due: Money;
  /** What the next period will cost, and when it begins. */
  readonly next: { readonly at: Date; readonly total: Money; readonly tax: Money };
}

export interface PreviewLine {
  readonly description: string | null;
  /** In minor units. Negative where something is given back. */
  readonly amount: number;
  readonly quantity: number | null;
  readonly priceId: string | null;
  /** Of a part of a period. */
  readonly isProration: boolean;
  readonly periodStart: Date;
  readonly periodEnd: Date;
  readonly discount: number;
  readonly tax: number;
}

export interface ChangingSubscriptions {
  /**
   * What a change would cost, with a token by which it is made as shown. Nothing is changed.
   * @example
   * const { due, next, token } = await billing.subscriptions.preview("sub_1Q2w3e", { plan: "pro" });
   */
  preview<C extends Catalog = Catalog>(subscriptionId: string, change: SubscriptionChange<C>): Promise<ChangePreview>;
  /**
   * Changes plan, interval, seats and add-ons. `done`: it is changed and paid. `action_required`: the payer confirms at
   * `url`, and until then nothing is changed. `declined`: it stays as it was. `processing`: Stripe or a bank takes a
   * while. With a token, it is billed as the preview has shown; Problem "wrong_state" when it no longer would be.
   * @example
   * await billing.subscriptions.change("sub_1Q2w3e", { id: "upgrade_7", plan: "pro", offSession: false });
   */
  change<C extends Catalog = Catalog>(
    subscriptionId: string,
    change: ChangeSubscription<C>,
  ): Promise<Outcome<Subscription>>;
  /**
   * Takes back what was asked for and is not there yet: a change at the end of the period, or one that waits for its
   * payment.
   * @example await billing.subscriptions.undoChange("sub_1Q2w3e", { id: "undo_7" });
   */
  undoChange(subscriptionId: string, wish: UndoChange): Promise<Outcome<Subscription>>;
}
