// What happens to a coupon: made, renamed, redeemed, past its day, deleted.

import { hidden } from "../../kernel/state/noun.ts";
import { signal } from "../../kernel/state/reactions.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { add, change, erase, mustRead, mustReadParam, read } from "../../kernel/state/writes.ts";
import { inWorld, laterAt } from "../../kernel/time/later.ts";
import { checkedCurrency, checkedCurrencyKeys, checkedDecimal } from "../../kernel/words/amounts.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { refuseFractions } from "../../kernel/words/fractions.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { hash, integer, text, textOrNull, texts } from "../../kernel/words/params.ts";
import { refuseLonger } from "../../kernel/words/texts.ts";
import { monthsAfter } from "../../reckoning/months.ts";
import { products } from "../products/index.ts";
import { type Coupon, coupons, type DeletedCoupon, isValid, offIn, unshownOf } from "./coupon.ts";
import { couponDefaults } from "./defaults.table.ts";
import { rows } from "./refusals.table.ts";

const nameLengthMax = couponDefaults.nameLength.value;
const redeemYearsMax = couponDefaults.redeemYears.value;

export function createCoupon(unit: Unit, params: Params): Coupon {
  const off = offOf(params);
  const duration = durationOf(params);
  const redeemBy = redeemByOf(unit, params);
  const coupon: Coupon = {
    id: newId(unit, params),
    object: "coupon",
    amount_off: off.amount,
    created: unit.created,
    currency: off.currency,
    ...duration,
    livemode: false,
    max_redemptions: positive(params, "max_redemptions"),
    metadata: { ...mergeMetadata({}, params.metadata) },
    name: nameOf(params) ?? null,
    percent_off: off.percent,
    redeem_by: redeemBy,
    times_redeemed: 0,
    valid: true,
    [hidden]: { products: productsOf(unit, params), options: optionsOf(params, off.amount) },
  };
  add(unit, coupons, coupon, "coupon.created");
  if (redeemBy !== null) laterAt(inWorld(unit), redeemBy * 1000 + 1000, expireCoupon, coupon.id);
  return coupon;
}

export function updateCoupon(unit: Unit, params: Params, id: string): Coupon {
  const before = mustRead(unit, coupons, id, "coupon");
  refuseFractions(params, before.currency ?? undefined);
  const name = nameOf(params);
  const sent = optionsOf(params, before.amount_off);
  const unshown = unshownOf(before);
  const changes = {
    metadata: { ...mergeMetadata(before.metadata, params.metadata) },
    name: name === undefined ? before.name : name,
    [hidden]: { ...unshown, options: sent ? { ...unshown.options, ...sent } : unshown.options },
  };
  return change(unit, coupons, before, changes, "coupon.updated");
}

/** Its event shows it invalid (recorded). Whoever has redeemed it keeps what it took off. */
export function deleteCoupon(unit: Unit, _params: Params, id: string): DeletedCoupon {
  const coupon = mustRead(unit, coupons, id, "coupon");
  const gone = change(unit, coupons, coupon, { valid: false }, null);
  signal(unit, coupons, "end", coupon, gone);
  erase(unit, coupons, gone, "coupon.deleted");
  signal(unit, coupons, "delete", coupon, gone);
  return { id, object: "coupon", deleted: true };
}

/** Its day has passed. */
export function expireCoupon(unit: Unit, id: string): void {
  const coupon = read(unit, coupons, id);
  if (coupon?.valid && !isValid(coupon, unit.created)) endCoupon(unit, coupon);
}

function endCoupon(unit: Unit, coupon: Coupon): void {
  const ended = change(unit, coupons, coupon, { valid: false }, null);
  signal(unit, coupons, "end", coupon, ended);
}

/** The coupon that a parameter names, if it may be redeemed now, and for what is billed in that currency. */
export function validCoupon(unit: Unit, id: string, param: string, currency?: string): Coupon {
  const coupon = mustReadParam(unit, coupons, id, param);
  if (!isValid(coupon, unit.created)) throw refusal(rows.couponExpired, { coupon: id }, { param });
  if (currency !== undefined && !offIn(coupon, currency)) {
    throw refusal(rows.couponInOtherCurrency, { coupon: id, currency }, { param });
  }
  return coupon;
}

/** Once more. No event says so. */
export function countRedemption(unit: Unit, id: string): void {
  const coupon = read(unit, coupons, id);
  if (!coupon) return;
  const counted = change(unit, coupons, coupon, { times_redeemed: coupon.times_redeemed + 1 }, null);
  if (!isValid(counted, unit.created)) endCoupon(unit, counted);
}

function newId(unit: Unit, params: Params): string {
  const own = text(params, "id");
  if (own === undefined) return unit.world.ids.text(8);
  if (read(unit, coupons, own)) throw refusal(rows.couponExists);
  return own;
}

interface Off {
  readonly percent: number | null;
  readonly amount: number | null;
  readonly currency: string | null;
}

/** https://docs.stripe.com/api/coupons/create: a percentage above 0 and up to 100, with two decimals. */
function offOf(params: Params): Off {
  const amount = positive(params, "amount_off");
  if (params.percent_off !== undefined && amount !== null) {
    throw refusal(common.bothReceived, { one: "percent_off", other: "amount_off" });
  }
  const percent = checkedDecimal(params, "percent_off", { places: 2, least: 0.01, most: 100 });
  if (percent !== undefined) return { percent, amount: null, currency: null };
  if (amount === null) throw refusal(rows.couponOfNothing);
  if (text(params, "currency") === undefined) throw refusal(rows.couponWithoutCurrency);
  return { percent: null, amount, currency: checkedCurrency(params) };
}

function positive(params: Params, param: string): number | null {
  const value = integer(params, param);
  if (value !== undefined && value < 1) throw refusal(common.belowMinimum, { limit: 1 }, { param });
  return value ?? null;
}

function durationOf(params: Params): Pick<Coupon, "duration" | "duration_in_months"> {
  const duration = (text(params, "duration") ?? "once") as Coupon["duration"]; // The schema knows no other.
  const months = positive(params, "duration_in_months");
  if (duration === "repeating" && months === null) throw refusal(rows.couponWithoutMonths);
  if (duration !== "repeating" && months !== null) throw refusal(rows.couponMonthsUnasked);
  return { duration, duration_in_months: months };
}

function redeemByOf(unit: Unit, params: Params): number | null {
  const redeemBy = integer(params, "redeem_by");
  if (redeemBy === undefined) return null;
  if (redeemBy <= unit.created) throw refusal(rows.redeemByPassed);
  if (redeemBy > monthsAfter(unit.created, 12 * redeemYearsMax)) throw refusal(rows.redeemByTooLate);
  return redeemBy;
}

function nameOf(params: Params): string | null | undefined {
  const name = textOrNull(params, "name");
  if (typeof name === "string") refuseLonger(name, nameLengthMax, "name");
  return name;
}

function productsOf(unit: Unit, params: Params): readonly string[] | undefined {
  const ids = texts(hash(params, "applies_to") ?? {}, "products");
  return ids?.map((id, index) => mustReadParam(unit, products, id, `applies_to[products][${index}]`).id);
}

function optionsOf(params: Params, amountOff: number | null) {
  const sent = hash(params, "currency_options");
  if (!sent) return undefined;
  if (amountOff === null) throw refusal(rows.couponWithoutAmount);
  const options = checkedCurrencyKeys(sent, "currency_options").map((currency) => {
    const amount = positive(hash(sent, currency) ?? {}, "amount_off");
    return [currency, { amount_off: amount ?? 0 }] as const; // The schema has asked for it.
  });
  return Object.fromEntries(options);
}
