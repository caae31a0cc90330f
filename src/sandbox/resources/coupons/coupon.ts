// READ FIRST. What is taken off, by percent or by amount, and for how long. It has no status: it is valid until its day
// has come, until it was redeemed as often as it may be, or until it is deleted. https://docs.stripe.com/api/coupons
import type Stripe from "stripe";
import { referred } from "../../kernel/state/embeds.ts";
import { defineNoun, type Hidden, hidden, type Noun, type Stored } from "../../kernel/state/noun.ts";
import type { Embed, Unit } from "../../kernel/state/unit.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import type { Off } from "../../reckoning/discounts.ts";
import { decimal } from "../../reckoning/rational.ts";

type Declared = Omit<Stripe.Coupon, "applies_to" | "currency_options" | "deleted" | "duration" | "metadata">;

export type Coupon = Stored<Declared> & {
  readonly duration: "forever" | "once" | "repeating";
  readonly metadata: Readonly<Record<string, string>>;
};

export const coupons = defineNoun<Coupon, "delete" | "end">({
  object: "coupon",
  prefixes: [],
  takesIds: true,
  /** It ends where it is valid no more: deleted, past its day, or redeemed as often as it may be. */
  signals: ["delete", "end"],
});

export interface DeletedCoupon {
  readonly id: string;
  readonly object: "coupon";
  readonly deleted: true;
}

type Options = Readonly<Record<string, { readonly amount_off: number }>>;

/** What is shown only when somebody asks. */
interface Unshown {
  /** Of which products it takes something off; of all, when absent. */
  readonly products?: readonly string[] | undefined;
  /** In other currencies than its own. */
  readonly options?: Options | undefined;
}

export function unshownOf(coupon: Hidden): Unshown {
  return coupon[hidden] ?? {}; // Written by createCoupon and updateCoupon only.
}

/** What it takes off in every currency it has, its own included. */
export function allOptions({ amount_off, currency, [hidden]: kept }: Coupon): Options | undefined {
  if (amount_off === null || currency === null) return undefined;
  const all = { ...unshownOf({ [hidden]: kept }).options, [currency]: { amount_off } };
  return Object.fromEntries(Object.entries(all).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** What it takes off in a currency; undefined where it knows of none. */
export function offIn(coupon: Coupon, currency: string): Off | undefined {
  if (coupon.percent_off !== null) return { kind: "percent", percent: decimal(String(coupon.percent_off)) };
  const amount = allOptions(coupon)?.[currency]?.amount_off;
  return amount === undefined ? undefined : { kind: "amount", amount };
}

/** Whether it takes something off that product. */
export function isFor(coupon: Coupon, product: string): boolean {
  return unshownOf(coupon).products?.includes(product) ?? true;
}

/** The coupon of what was redeemed, as it is or as it was when it was deleted. */
export function couponOf(unit: Unit, redeemed: Hidden & { readonly source: { readonly coupon: string } }): Coupon {
  const deleted = redeemed[hidden]?.coupon as Coupon | undefined; // Written by keepingCoupon only.
  return deleted ?? mustRead(unit, coupons, redeemed.source.coupon);
}

/**
 * What refers to a coupon in that field, `source.coupon`, shows it as it is, or as it was when it was deleted: its id
 * may be another's by now.
 */
export function referredCoupon(on: Noun, field: string): Embed {
  const current = referred(on, field, coupons);
  const find: Embed["find"] = (unit, object) => {
    const deleted = object[hidden]?.coupon as Coupon | undefined; // Written by keepingCoupon only.
    return deleted ? [deleted] : current.find(unit, object);
  };
  return { ...current, find };
}

/** What whoever refers to it keeps of a coupon that is deleted. */
export function keepingCoupon(object: Hidden, coupon: Coupon): Hidden {
  return { [hidden]: { ...object[hidden], coupon } };
}

/** Whether it may be redeemed at that second, having been redeemed so often. */
export function isValid({ redeem_by, max_redemptions, times_redeemed }: Coupon, second: number): boolean {
  return (redeem_by === null || second <= redeem_by) && (max_redemptions === null || times_redeemed < max_redemptions);
}
