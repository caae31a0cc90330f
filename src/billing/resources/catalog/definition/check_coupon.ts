// What a coupon may be: so much off, for so long.
import { type CouponDefinition, couponDurations } from "../../../api/index.ts";
import { checkFields, checkOneOf, checkText, type Fields } from "../../input.ts";
import { checkAmounts, invalid } from "./check_price.ts";

/** As at Stripe. */
const nameMax = 40;
const monthsMax = 120;
const redemptionsMax = 1_000_000_000;
const percentPattern = /^(100|[1-9]?[0-9])(\.[0-9]{1,2})?$/;
const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})$/;

const couponFields: Fields<CouponDefinition> = {
  name: true,
  percentOff: true,
  amountOff: true,
  duration: true,
  months: true,
  redeemBy: true,
  maxRedemptions: true,
  appliesTo: true,
};

/** @param sold the names of plans and add-ons. */
export function checkCoupon(place: string, given: CouponDefinition, sold: ReadonlySet<string>): void {
  const coupon = checkFields(place, given, couponFields);
  if (checkText(`${place}.name`, coupon.name, nameMax) === null) throw invalid(`${place}.name`, "is missing");
  checkOff(place, coupon);
  checkOneOf(`${place}.duration`, coupon.duration, couponDurations);
  checkMonths(place, coupon);
  checkCount(`${place}.maxRedemptions`, coupon.maxRedemptions, redemptionsMax);
  if (coupon.redeemBy !== undefined && !isInstant(coupon.redeemBy)) {
    throw invalid(`${place}.redeemBy`, "is not an instant", "Write it as 2027-12-31T23:59:59Z.");
  }
  if (coupon.appliesTo !== undefined) checkAppliesTo(`${place}.appliesTo`, coupon.appliesTo, sold);
}

function checkOff(place: string, { percentOff, amountOff }: CouponDefinition): void {
  if ((percentOff === undefined) === (amountOff === undefined)) {
    throw invalid(place, "takes either percentOff or amountOff", "Write percentOff: 20, or amountOff: { eur: 500 }.");
  }
  if (amountOff !== undefined) {
    checkAmounts(`${place}.amountOff`, amountOff);
    const [nothing] = Object.entries(amountOff).filter(([, amount]) => amount === 0);
    if (nothing) throw invalid(`${place}.amountOff.${nothing[0]}`, "takes nothing off", "Leave the currency out.");
  } else if (!(typeof percentOff === "number" && percentOff > 0 && percentOff <= 100 && isPercent(percentOff))) {
    throw invalid(`${place}.percentOff`, "is more than 0 and up to 100, with two decimals at most");
  }
}

function isPercent(percent: number): boolean {
  return percentPattern.test(String(percent));
}

function checkMonths(place: string, { duration, months }: CouponDefinition): void {
  const isRepeating = duration === "repeating";
  if (isRepeating && months === undefined)
    throw invalid(`${place}.months`, "is missing: for how many months it repeats");
  if (!isRepeating && months !== undefined) {
    throw invalid(
      `${place}.months`,
      "is said of a repeating coupon alone",
      'Say duration: "repeating", or leave it out.',
    );
  }
  checkCount(`${place}.months`, months, monthsMax);
}

function checkCount(place: string, count: number | undefined, max: number): void {
  if (count === undefined || (Number.isSafeInteger(count) && count >= 1 && count <= max)) return;
  throw invalid(place, `is an integer from 1 to ${max}`);
}

function isInstant(text: unknown): boolean {
  return typeof text === "string" && instantPattern.test(text) && !Number.isNaN(Date.parse(text));
}

function checkAppliesTo(place: string, names: readonly string[], sold: ReadonlySet<string>): void {
  if (!Array.isArray(names) || names.length === 0) {
    throw invalid(place, "is a list of names of plans and add-ons", "For all of them, leave it out.");
  }
  for (const [n, name] of names.entries()) {
    if (typeof name !== "string" || !sold.has(name))
      throw invalid(`${place}[${n}]`, "is not a plan or an add-on of this catalog");
    if (names.indexOf(name) !== n) throw invalid(`${place}[${n}]`, "is named twice");
  }
}
