// What a catalog may say. Whatever Stripe would refuse in the middle of a run is refused before it, with its place.
import { namesHint } from "#kit/options/names.ts";
import {
  type AddOnDefinition,
  type AddOnPrices,
  type Catalog,
  type FeatureType,
  featureTypes,
  type PlanDefinition,
  taxBehaviors,
} from "../../../api/index.ts";
import { checkFields, checkOneOf, checkText, type Fields } from "../../input.ts";
import { checkCoupon } from "./check_coupon.ts";
import { checkPrice, invalid } from "./check_price.ts";
import { everyOf } from "./every.ts";

/** Names go into ids and lookup keys at Stripe, whose parts are told apart by a hyphen. */
const namePattern = /^[a-z][a-z0-9_]{0,39}$/;
const nameSays = "a small letter, then up to 39 of a-z 0-9 _";
const taxCodePattern = /^txcd_[0-9]{1,20}$/;
const nameMax = 250;
/** As at Stripe. */
const unitLabelMax = 12;
const trialDaysMax = 730;
/** A catalog is read by people; more plans than this are a data set. */
const soldMax = 100;
const featuresMax = 200;
const couponsMax = 100;

const catalogFields: Fields<Catalog> = {
  namespace: true,
  taxBehavior: true,
  features: true,
  plans: true,
  addOns: true,
  coupons: true,
};
const addOnFields: Fields<AddOnDefinition> = {
  name: true,
  description: true,
  unitLabel: true,
  taxCode: true,
  features: true,
  prices: true,
};
const planFields: Fields<PlanDefinition> = { ...addOnFields, trialDays: true, group: true };

/** Throws for the first place that is wrong. */
export function checkCatalog(given: Catalog): void {
  const catalog = checkFields("catalog", given, catalogFields);
  if (catalog.namespace !== undefined) checkName("namespace", catalog.namespace);
  checkOneOf("taxBehavior", catalog.taxBehavior, taxBehaviors);
  const features = named("features", catalog.features ?? {}, featuresMax);
  for (const [name, type] of Object.entries(features)) checkOneOf(`features.${name}`, type, featureTypes);
  const plans = named("plans", catalog.plans, soldMax);
  if (Object.keys(plans).length === 0) throw invalid("plans", "has no plan");
  for (const [name, plan] of Object.entries(plans)) checkPlan(`plans.${name}`, plan, features);
  for (const [name, addOn] of Object.entries(named("addOns", catalog.addOns ?? {}, soldMax))) {
    if (Object.hasOwn(plans, name)) throw invalid(`addOns.${name}`, "has the name of a plan", "Choose another name.");
    checkSold(`addOns.${name}`, checkFields(`addOns.${name}`, addOn, addOnFields), features);
    checkPrices(`addOns.${name}.prices`, addOn.prices, { mayBeOnce: true });
  }
  const sold = new Set([...Object.keys(plans), ...Object.keys(catalog.addOns ?? {})]);
  for (const [name, coupon] of Object.entries(named("coupons", catalog.coupons ?? {}, couponsMax))) {
    checkCoupon(`coupons.${name}`, coupon, sold);
  }
}

function checkPlan(place: string, given: PlanDefinition, features: Readonly<Record<string, FeatureType>>): void {
  const plan = checkFields(place, given, planFields);
  checkSold(place, plan, features);
  checkPrices(`${place}.prices`, plan.prices, { mayBeOnce: false });
  if (plan.group !== undefined) checkName(`${place}.group`, plan.group);
  if (plan.trialDays === undefined) return;
  if (!Number.isSafeInteger(plan.trialDays) || plan.trialDays < 1 || plan.trialDays > trialDaysMax) {
    throw invalid(`${place}.trialDays`, `is an integer from 1 to ${trialDaysMax}`, "Without a trial, leave it out.");
  }
}

function checkSold(
  place: string,
  sold: Omit<AddOnDefinition, "prices">,
  features: Readonly<Record<string, FeatureType>>,
): void {
  if (checkText(`${place}.name`, sold.name, nameMax) === null) throw invalid(`${place}.name`, "is missing");
  checkText(`${place}.description`, sold.description);
  checkText(`${place}.unitLabel`, sold.unitLabel, unitLabelMax);
  if (sold.taxCode !== undefined && !(typeof sold.taxCode === "string" && taxCodePattern.test(sold.taxCode))) {
    throw invalid(`${place}.taxCode`, "is not a tax code of Stripe's", "Write it as txcd_10103001.");
  }
  for (const [name, value] of Object.entries(sold.features ?? {})) {
    const type = Object.hasOwn(features, name) ? features[name] : undefined;
    if (type === undefined) {
      throw invalid(
        `${place}.features.${name}`,
        "is not a feature of this catalog",
        namesHint(name, Object.keys(features)),
      );
    }
    if (!fits[type](value)) throw invalid(`${place}.features.${name}`, `is ${fitting[type]}`);
  }
}

const isCount = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0;
const fits: Readonly<Record<FeatureType, (value: unknown) => boolean>> = {
  boolean: (value) => typeof value === "boolean",
  number: (value) => value === "unlimited" || isCount(value),
  seats: (value) => isCount(value) && value !== 0,
};
const fitting: Readonly<Record<FeatureType, string>> = {
  boolean: "true or false",
  number: 'an integer from 0 on, or "unlimited"',
  seats: "an integer from 1 on: the seats that come with one unit",
};

function checkPrices(place: string, given: AddOnPrices, { mayBeOnce }: { mayBeOnce: boolean }): void {
  const prices = object(place, given);
  if (Object.keys(prices).length === 0) throw invalid(place, "names no price", "What costs nothing has a price of 0.");
  for (const [every, price] of Object.entries(prices)) {
    if (everyOf(every) === undefined && !(mayBeOnce && every === "once")) {
      const once = mayBeOnce ? ", or once" : "";
      const hint = `Write day, week, month, year or a number of them, such as "3 months", up to three years${once}.`;
      throw invalid(`${place}.${every}`, "is not how often something is paid", hint);
    }
    checkPrice(`${place}.${every}`, price);
  }
}

function checkName(place: string, name: string): void {
  if (typeof name !== "string" || !namePattern.test(name)) throw invalid(place, `is not a name: ${nameSays}`);
}

function named<T>(place: string, given: Readonly<Record<string, T>>, max: number): Readonly<Record<string, T>> {
  const all = object(place, given);
  const names = Object.keys(all);
  if (names.length > max) throw invalid(place, `holds more than ${max}`);
  for (const name of names) checkName(`${place}.${name}`, name);
  return all;
}

function object<T extends object>(place: string, given: T): T {
  if (typeof given === "object" && given !== null && !Array.isArray(given)) return given;
  throw invalid(place, "is an object");
}
