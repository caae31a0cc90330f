// The catalog: what is sold, written down in code, and how Stripe differs from it.

import type { Outcome } from "./answers.ts";

/** boolean: there or not. number: how many. seats: how many for each unit that is bought. */
export const featureTypes = ["boolean", "number", "seats"] as const;
export type FeatureType = (typeof featureTypes)[number];
export const taxBehaviors = ["inclusive", "exclusive"] as const;
export type TaxBehavior = (typeof taxBehaviors)[number];
export const tiersModes = ["graduated", "volume"] as const;
export type TiersMode = (typeof tiersModes)[number];
export const intervals = ["day", "week", "month", "year"] as const;
export type Interval = (typeof intervals)[number];

/** How often a price is paid: `month`, `3 months`. Stripe bills at most every three years. */
export type Every = Interval | `${number} ${Interval}s`;

/** Minor units by currency: `{ eur: 1900, usd: 2100 }`. */
export interface Amounts {
  readonly [currency: string]: number;
}

/** The price of the units up to `upTo`, in every currency that the first tier names. */
export interface Tier {
  readonly upTo: number | "inf";
  readonly unitAmount: Amounts;
  /** Once, as soon as the tier is reached. */
  readonly flatAmount?: Amounts;
}

export interface TieredPrice {
  /** graduated: each unit costs what its own tier says. volume: all cost what the last one's says. */
  readonly tiersMode: TiersMode;
  readonly tiers: readonly Tier[];
}

/** In each currency that it names, a Price of its own at Stripe. */
export type PriceDefinition = Amounts | TieredPrice;

type FeatureValue<Type> = Type extends "boolean" ? boolean : Type extends "number" ? number | "unlimited" : number;

export type FeatureDefinitions = Readonly<Record<string, FeatureType>>;

interface Sold<Features extends FeatureDefinitions> {
  /** What buyers read on their invoices. */
  readonly name: string;
  readonly description?: string;
  /** What one unit is called on invoices: `seat`. */
  readonly unitLabel?: string;
  /** Stripe's code of what it is for taxes: `txcd_10103001`. */
  readonly taxCode?: string;
  readonly features?: { readonly [Name in keyof Features]?: FeatureValue<Features[Name]> };
}

/** The prices of a plan, by how often they are paid. */
export type Prices = { readonly [Name in Every]?: PriceDefinition };
/** An add-on may also be paid `once`, and does not come again. */
export type AddOnPrices = Prices & { readonly once?: PriceDefinition };

/** A name that is none of those is refused by its type. */
type Known<Given, Names> = Given & {
  readonly [Name in keyof Given]: Name extends keyof Names ? PriceDefinition : never;
};

/** What a customer subscribes to. */
export interface PlanDefinition<Features extends FeatureDefinitions = FeatureDefinitions, Given = Prices>
  extends Sold<Features> {
  readonly prices: Known<Given, Prices>;
  /** For how long a new customer uses it before paying. */
  readonly trialDays?: number;
  /**
   * A customer has one plan of a group at a time, and one trial in it ever. All plans of a catalog are one group,
   * unless they name another: `support`, for a plan that is bought beside those of the product.
   */
  readonly group?: string;
}

/** What is bought beside a plan. */
export interface AddOnDefinition<Features extends FeatureDefinitions = FeatureDefinitions, Given = AddOnPrices>
  extends Sold<Features> {
  readonly prices: Known<Given, AddOnPrices>;
}

export const couponDurations = ["once", "repeating", "forever"] as const;
export type CouponDuration = (typeof couponDurations)[number];

/** What is taken off. At Stripe its terms never change: another one with other terms takes its place. */
export interface CouponDefinition {
  /** What buyers read on their invoices. */
  readonly name: string;
  /** More than 0, up to 100, with two decimals at most. Else `amountOff`. */
  readonly percentOff?: number;
  /** Whoever pays in a currency that is not named gets nothing off. */
  readonly amountOff?: Amounts;
  /** On how many invoices of a subscription: the first, those of `months` months, all. Default: once. */
  readonly duration?: CouponDuration;
  /** Of a repeating one. */
  readonly months?: number;
  /** An instant such as `2027-12-31T23:59:59Z`. Nobody gets it any more after that. */
  readonly redeemBy?: string;
  /** By all customers together. */
  readonly maxRedemptions?: number;
  /** Names of plans and add-ons. It takes something off of all, when absent. */
  readonly appliesTo?: readonly string[];
}

/** What defineCatalog() takes and gives back. */
export interface Catalog<
  Features extends FeatureDefinitions = FeatureDefinitions,
  Plans extends Readonly<Record<string, Prices>> = Readonly<Record<string, Prices>>,
  AddOns extends Readonly<Record<string, AddOnPrices>> = Readonly<Record<string, AddOnPrices>>,
> {
  /**
   * Begins the ids and lookup keys of all that is made of it at Stripe. Two systems that share an account give each its
   * own. Default: `bursar`.
   */
  readonly namespace?: string;
  /** Whether amounts hold their taxes. Said once, for all prices; without it Stripe's setting decides. */
  readonly taxBehavior?: TaxBehavior;
  readonly features?: Features;
  readonly plans: { readonly [Name in keyof Plans]: PlanDefinition<Features, Plans[Name]> };
  readonly addOns?: { readonly [Name in keyof AddOns]: AddOnDefinition<Features, AddOns[Name]> };
  readonly coupons?: Readonly<Record<string, CouponDefinition>>;
}

/** The names of a catalog's plans: `PlanName<typeof catalog>` is `"basic" | "pro"`. */
export type PlanName<C> = C extends { readonly plans: infer Plans } ? keyof Plans & string : never;
/** The names of its add-ons. */
export type AddOnName<C> = C extends { readonly addOns?: infer AddOns } ? keyof NonNullable<AddOns> & string : never;
/** The names of its features. */
export type FeatureName<C> = C extends { readonly features?: infer Features }
  ? keyof NonNullable<Features> & string
  : never;
/** How often a plan may be paid: `EveryOf<typeof catalog, "pro">` is `"month" | "year"`. */
export type EveryOf<C, Plan extends PlanName<C>> = C extends { readonly plans: infer Plans }
  ? Plans extends Readonly<Record<Plan, { readonly prices: infer Prices }>>
    ? keyof Prices & string
    : never
  : never;

export type ChangeAction = "create" | "update" | "replace" | "archive";

/** What is one thing at Stripe and another in the catalog, in words for people: `19.00 EUR`. */
export interface Difference {
  /** Stripe's name of it: `unit_amount`. */
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** One change that apply() would make at Stripe. */
export interface CatalogChange {
  /**
   * A price is never edited: another one takes its lookup key over. Nor is a coupon, whose id follows from its terms.
   * What is archived is sold to nobody any more; of a coupon that is deleted, what was redeemed stays.
   */
  readonly action: ChangeAction;
  readonly kind: "product" | "price" | "coupon";
  /** A product's or a coupon's id, a price's lookup key. */
  readonly name: string;
  /** What it is about at Stripe; null for what is not there yet. */
  readonly stripeId: string | null;
  readonly differences: readonly Difference[];
  /** The catalog is as it was when it was applied last: somebody has changed Stripe since. */
  readonly isDrift: boolean;
}

export interface CatalogPlan {
  readonly namespace: string;
  /** In the order in which they are made; empty when Stripe is as the catalog says. */
  readonly changes: readonly CatalogChange[];
  /** Prices that somebody else made for a product of the catalog. They are left alone. */
  readonly unmanaged: readonly { readonly product: string; readonly price: string }[];
  /**
   * Whether it is the catalog that was applied last. Features and trials stand nowhere at Stripe: two catalogs may
   * differ in them alone, and then there are no changes, and yet something to apply.
   */
  readonly isApplied: boolean;
  /** Names these changes: the same ones have the same. */
  readonly digest: string;
  /** The same for people, a line a change. */
  readonly text: string;
}

export interface ApplyOptions {
  /** The digest of a plan that somebody has seen. When another one would be carried out by now, none is: `conflict`. */
  readonly ifPlan?: string;
  /** Hears of each change when it is made, of a run that another process has begun too. It must not throw. */
  readonly onChange?: (progress: CatalogProgress) => void;
}

export interface CatalogProgress {
  readonly change: CatalogChange;
  /** The first is 1. */
  readonly n: number;
  readonly of: number;
}

/** A catalog, and where its prices are found at Stripe. */
export interface AppliedCatalog {
  readonly namespace: string;
  readonly catalog: Catalog;
  readonly appliedAt: Date;
  /** `price_…` by lookup key, such as `bursar-pro-month-eur`. */
  readonly prices: Readonly<Record<string, string>>;
  /** Stripe's id by the name in the catalog: `{ launch: "bursar-launch-3f9a1c20" }`. */
  readonly coupons: Readonly<Record<string, string>>;
}

export interface CatalogApi {
  /** What apply() would change at Stripe. Changes nothing. */
  plan(catalog: Catalog): Promise<CatalogPlan>;
  /**
   * Makes these changes, one after the other, what goes last. Answers the plan that was carried out: an empty one when
   * there was nothing to do, so that it may be given again at any time. What another process has begun is ended first.
   */
  apply(catalog: Catalog, options?: ApplyOptions): Promise<Outcome<CatalogPlan>>;
  /** What was applied last. */
  get(namespace?: string): Promise<AppliedCatalog>;
}
