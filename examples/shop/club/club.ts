// READ FIRST: the shop's coffee club in the shop's own words: what a member has, and what can be done for them.
// desk.ts does it with Bursar, pages.ts shows it, routes.ts is the way between the two.
//
// Each form that is shown carries an id of its own, its wish: sent twice it is still one wish, and a new page is a new
// one.
import type { ClubPlan } from "./catalog.ts";

/**
 * unpaid: it begins with its first payment. runs. late: a renewal was not paid. upgrading: an upgrade waits to be paid,
 * and until then nothing has changed. ending: it runs until a date.
 */
export type Standing = "unpaid" | "runs" | "late" | "upgrading" | "ending";

export interface Membership {
  readonly plan: ClubPlan;
  readonly standing: Standing;
  /** Until when it is paid, or was. */
  readonly periodEnd: Date;
  readonly endsAt: Date | null;
  /** The card that pays it, as its owner knows it; null while that is not known. */
  readonly card: string | null;
}

/** Whether the Pro features may be used: not a question of the plan, but of what is paid. */
export interface ProAccess {
  readonly allowed: boolean;
  readonly until: Date | null;
  /** Only because we wait for a payment that failed. */
  readonly isGrace: boolean;
}

export interface ClubState {
  readonly membership: Membership | null;
  readonly pro: ProAccess;
}

export interface UpgradeBill {
  readonly lines: readonly { readonly text: string; readonly cents: number }[];
  readonly dueCents: number;
  readonly nextCents: number;
  readonly nextAt: Date;
  /** By which it is made as shown. */
  readonly token: string;
}

/** What a member reads on the next page. stale: it was no longer as the page had shown it. */
export const sayings = ["declined", "underway", "stale", "card"] as const;
export type Saying = (typeof sayings)[number];

/** Where a member goes next: elsewhere, such as to a page where they pay, or back to the club's. */
export type Next = { readonly url: string } | { readonly say: Saying | null };

export interface Wish {
  readonly customer: string;
  readonly id: string;
}

/** Whoever takes the money. A `returnUrl` is where a member comes back to. */
export interface ClubDesk {
  state(customer: string): Promise<ClubState>;
  join(wish: Wish, plan: ClubPlan, returnUrl: string): Promise<Next>;
  /** What an upgrade costs; undefined where there is nothing to upgrade. */
  preview(customer: string, plan: ClubPlan): Promise<UpgradeBill | undefined>;
  upgrade(customer: string, token: string, returnUrl: string): Promise<Next>;
  dropUpgrade(wish: Wish): Promise<Next>;
  /** Where they pay what is open. */
  pay(customer: string, returnUrl: string): Promise<Next>;
  /** Where they give another card; `takeCard` when they come back. */
  askCard(wish: Wish, returnUrl: string): Promise<Next>;
  takeCard(wish: Wish): Promise<Next>;
  leave(wish: Wish, when: "period_end" | "now"): Promise<Next>;
  stay(wish: Wish): Promise<Next>;
}
