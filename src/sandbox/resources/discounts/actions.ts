// What happens to a discount: a coupon is redeemed, another takes its place, its months are over.

import { render } from "../../kernel/answer/render.ts";
import { emit } from "../../kernel/state/emit.ts";
import { signal } from "../../kernel/state/reactions.ts";
import { orRefused, type Refused } from "../../kernel/state/tried.ts";
import { secondOf, type Unit } from "../../kernel/state/unit.ts";
import { add, among, change, mustRead, read } from "../../kernel/state/writes.ts";
import { laterAt } from "../../kernel/time/later.ts";
import { monthsAfter } from "../../reckoning/months.ts";
import { type Coupon, countRedemption, couponOf, keepingCoupon, validCoupon } from "../coupons/index.ts";
import { type Buyer, type Paid, redeemCode } from "../promotion_codes/index.ts";
import { type Discount, discounts, isStanding } from "./discount.ts";

export interface Redemption {
  readonly buyer: Buyer;
  readonly coupon?: string | undefined;
  readonly promotionCode?: string | undefined;
  /** What it is for, where that is not the customer with all that they are billed. */
  readonly on?: Purpose | undefined;
  /** The one whose place it takes. */
  readonly instead?: Discount | undefined;
  /** Where anything is to be paid: some codes ask for more. */
  readonly paid?: Paid | undefined;
  /** Where coupon and code were named: `discounts[0]`. */
  readonly at?: string | undefined;
  /** The second at which it begins, if that is not now. */
  readonly since?: number | undefined;
}

export type Purpose = Partial<Pick<Discount, "invoice" | "invoice_item" | "subscription" | "subscription_item">>;

export type Redeeming = { readonly outcome: "redeemed"; readonly discount: Discount } | Refused;

/**
 * The door of whatever a discount may stand on. A refusal is a value and leaves nothing.
 * `redeem(unit, { buyer: { customer: "cus_1", isNew: true }, coupon: "SUMMER" })`.
 */
export function redeem(
  unit: Unit,
  { buyer, coupon, promotionCode, on, instead, paid, at, since }: Redemption,
): Redeeming {
  return orRefused(unit, () => {
    const named = promotionCode === undefined ? "coupon" : "promotion_code";
    const param = at === undefined ? named : `${at}[${named}]`;
    const code = promotionCode === undefined ? undefined : redeemCode(unit, promotionCode, buyer, { paid, param });
    const redeemed = validCoupon(unit, code?.promotion.coupon ?? coupon ?? "", param, paid?.currency);
    countRedemption(unit, redeemed.id);
    const start = since ?? secondOf(unit);
    const discount: Discount = {
      id: unit.world.ids.after("di_1", 23),
      object: "discount",
      checkout_session: null,
      customer: buyer.customer,
      customer_account: null,
      end: endOf(redeemed, start),
      invoice: null,
      invoice_item: null,
      promotion_code: code?.id ?? null,
      source: { coupon: redeemed.id, type: "coupon" },
      start,
      subscription: null,
      subscription_item: null,
      ...on,
    };
    add(unit, discounts, discount, null);
    if (!isStanding(discount)) return { outcome: "redeemed", discount };
    if (instead) emit(unit, "customer.discount.updated", discount, instead);
    else emit(unit, "customer.discount.created", discount);
    if (discount.end !== null) laterAt(unit, discount.end * 1000, endDue, discount.id);
    return { outcome: "redeemed", discount };
  });
}

/** As whoever has let go of it is answered. */
export function deletedDiscount(unit: Unit, discount: Discount): object {
  const { end: _end, ...shown } = render(unit, discount) as { readonly end?: unknown };
  return { ...shown, deleted: true };
}

/** Nothing stands on it any more: whoever had it has let go of it. */
export function endDiscount(unit: Unit, discount: Discount): void {
  emit(unit, "customer.discount.deleted", discount);
}

/** It is taken off one invoice, whatever it stands on. */
export function isOnce(unit: Unit, id: string): boolean {
  return couponOf(unit, mustRead(unit, discounts, id)).duration === "once";
}

/** It is taken off nothing more, once an invoice has used it: it was for that one, or its months are over. */
export function isSpent(unit: Unit, id: string): boolean {
  const { end } = mustRead(unit, discounts, id);
  return isOnce(unit, id) || (end !== null && end <= secondOf(unit));
}

/**
 * An invoice has used it for good: one that is for once has ended, if it is for more than that invoice. Whether it has
 * ended.
 */
export function spendDiscount(unit: Unit, id: string): boolean {
  const discount = mustRead(unit, discounts, id);
  const isSpent = isStanding(discount) && isOnce(unit, id);
  if (isSpent) signal(unit, discounts, "end", discount, discount);
  return isSpent;
}

/** Its months are over. Whoever has it still lets go of it. */
export function endDue(unit: Unit, id: string): void {
  const discount = read(unit, discounts, id);
  if (discount) signal(unit, discounts, "end", discount, discount);
}

/** Of these, those whose months are over. */
export function endOver(unit: Unit, ids: readonly string[]): void {
  for (const id of ids) {
    const { end } = mustRead(unit, discounts, id);
    if (end !== null && end <= secondOf(unit)) endDue(unit, id);
  }
}

/** "Deleting a coupon does not affect any customers who have already applied the coupon." */
export function keepDeleted(unit: Unit, coupon: Coupon): void {
  for (const discount of among(unit, discounts, "source.coupon", coupon.id)) {
    change(unit, discounts, discount, keepingCoupon(discount, coupon), null);
  }
}

/** So many calendar months later. */
function endOf({ duration, duration_in_months: months }: Coupon, start: number): number | null {
  return duration === "repeating" && months !== null ? monthsAfter(start, months) : null;
}
