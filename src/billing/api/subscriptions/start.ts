// How a subscription begins: a plan of the catalog, by its name.
import type { Outcome } from "../answers.ts";
import type { AddOnName, Catalog, EveryOf, PlanName } from "../catalog.ts";
import type { Subscription } from "./subscription.ts";

/** How its invoices are paid: with a method, by themselves, or by whoever they are sent to. */
export const collections = ["charge_automatically", "send_invoice"] as const;
export type Collecting = (typeof collections)[number];
/** What becomes of a trial whose customer has given no method by its end. */
export const trialEndings = ["create_invoice", "pause", "cancel"] as const;
export type TrialEnding = (typeof trialEndings)[number];
/** As at Stripe. */
export const trialDaysMax = 730;
/** A year: an invoice is due in days, not in decades. */
export const daysUntilDueMax = 365;
/** Stripe takes 20 items, of which one is the plan's. */
export const addOnsMax = 19;
/** As at Stripe. */
export const taxRatesMax = 5;

/** What is bought beside the plan. */
export interface StartAddOn<C = Catalog> {
  readonly name: AddOnName<C>;
  /** 1 without it. */
  readonly quantity?: number;
  /** How often it is paid: as often as the plan without it, or `once` where it has no such price. */
  readonly every?: string;
}

export interface StartTrial {
  /** Those of the plan without it. */
  readonly days?: number;
  /** Without a method at its end: an invoice that nobody pays (`create_invoice`, the default), a pause, or its end. */
  readonly withoutMethod?: TrialEnding;
}

/** taxes: Stripe reckons them, or these rates (`txr_…`) are added, or none are. */
export type StartTaxes = "stripe" | "none" | { readonly rates: readonly string[] };

interface StartBody<C> {
  /** Yours, of this start: the same id is the same start, another one is another. */
  readonly id: string;
  readonly customerId: string;
  /** One of those in which the plan is sold. Without it the customer's, else the only one. */
  readonly currency?: string;
  /** Of the plan: how many seats, say. 1 without it. */
  readonly quantity?: number;
  readonly addOns?: readonly StartAddOn<C>[];
  /**
   * It begins with a trial: `true` for as long as the plan says. A customer has one in a plan's group ever: a second
   * one is refused, and nothing is charged instead.
   */
  readonly trial?: boolean | StartTrial;
  /** A name of the catalog. */
  readonly coupon?: string;
  /** As the customer has typed it. */
  readonly promotionCode?: string;
  /** `pm_…`, one of the customer's; without it their default, and where there is none the payer is asked for one. */
  readonly method?: string;
  /** Whether the payer is away and cannot answer their bank; false without it. */
  readonly offSession?: boolean;
  /** `charge_automatically` without it. */
  readonly collection?: Collecting;
  /** Of invoices that are sent. */
  readonly daysUntilDue?: number;
  /** `none` without it. */
  readonly taxes?: StartTaxes;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Of the catalog. Default: `bursar`. */
  readonly namespace?: string;
  /**
   * For how long the start is meant, in milliseconds: what could not be made by then is not made, and told as
   * `subscription.start_failed`. Without it 15 minutes, and 24 hours where the payer is away.
   */
  readonly validForMs?: number;
  /** Where the payer goes on once they have paid in the page of `action_required`. */
  readonly returnUrl?: string;
  /** 2 after Stripe or the bank refused the first, and so on. */
  readonly attempt?: number;
}

/** Each plan with the intervals at which it is sold: `StartSubscription<typeof catalog>`. */
export type StartSubscription<C = Catalog> = {
  readonly [Plan in PlanName<C>]: StartBody<C> & { readonly plan: Plan; readonly every: EveryOf<C, Plan> };
}[PlanName<C>];

/** What a start has brought about so far. */
export interface SubscriptionStart {
  /** Yours. */
  readonly id: string;
  readonly customerId: string;
  /** null as long as there is none: Stripe has not answered, or has refused it. */
  readonly subscription: Subscription | null;
}

export interface StartApi {
  /**
   * Starts a subscription to a plan of the catalog that was applied: `done` when it runs (paid for, in a trial, or to
   * be paid by invoice), `processing` while Stripe has not answered, `declined` with the bank's reason, and then
   * nothing was made; `action_required` when the payer has to enter a card or to hear their bank: send them to `url`,
   * a page where they pay, after a decline with another card, and go on to `returnUrl`; or confirm with `clientSecret`
   * in a page of yours. It waits 23 hours for them, and another start of the group takes its place.
   * @throws `invalid_params`: the catalog has no such plan, interval, add-on, coupon or currency. `wrong_state`: the
   * customer has a plan of this group already (`details.subscriptionId`), had their trial, is billed in another
   * currency, or the catalog is not as it was applied. `conflict`: it was given before with other parameters.
   * @example
   * const { outcome, value } = await billing.subscriptions.start({
   *   id: "signup_77",
   *   customerId: "user_42",
   *   plan: "pro",
   *   every: "month",
   * });
   */
  start<C extends Catalog = Catalog>(input: StartSubscription<C>): Promise<Outcome<SubscriptionStart>>;
}
