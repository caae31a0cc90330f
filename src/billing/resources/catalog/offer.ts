// What the catalog that was applied last offers, by its names: where its prices lie at Stripe. What it does not offer
// is refused with the names that there are.
import { namesHint } from "#kit/options/names.ts";
import { problem } from "#kit/problems.ts";
import type { AddOnDefinition, AppliedCatalog, PlanDefinition } from "../../api/index.ts";
import { isTiered, lookupKeyOf } from "./definition/index.ts";

type Offering = Pick<AppliedCatalog, "namespace" | "catalog" | "prices" | "coupons">;

export function offeredPlan({ catalog }: Offering, field: string, name: string): PlanDefinition {
  return named(catalog.plans, { field, name, what: "plan" });
}

export function offeredAddOn({ catalog }: Offering, field: string, name: string): AddOnDefinition {
  return named(catalog.addOns ?? {}, { field, name, what: "add-on" });
}

/** Stripe's id. */
export function offeredCoupon({ catalog, coupons }: Offering, field: string, name: string): string {
  named(catalog.coupons ?? {}, { field, name, what: "coupon" });
  const id = coupons[name];
  if (id !== undefined) return id;
  throw notAsApplied(`The coupon ${name} is not at Stripe any more`, { field, coupon: name });
}

/** The currencies in which it is sold at that interval, in the order of the catalog. */
export function offeredCurrencies(
  { prices }: Pick<PlanDefinition | AddOnDefinition, "prices">,
  { field, name, every }: { readonly field: string; readonly name: string; readonly every: string },
): readonly string[] {
  const price = named(prices, { field, name: every, what: `interval of ${name}` });
  return Object.keys((isTiered(price) ? price.tiers[0]?.unitAmount : price) ?? {});
}

/** Stripe's id of a price that is offered. Throws when somebody has archived it since. */
export function offeredPrice(
  { namespace, prices }: Offering,
  { field, name, every, currency }: { field: string; name: string; every: string; currency: string },
): string {
  const lookupKey = lookupKeyOf(`${namespace}-${name}`, every, currency);
  const id = prices[lookupKey];
  if (id !== undefined) return id;
  throw notAsApplied(`The price ${lookupKey} is archived at Stripe, or not there`, { field, lookupKey });
}

function named<T>(
  all: Readonly<Record<string, T>>,
  { field, name, what }: { readonly field: string; readonly name: string; readonly what: string },
): T {
  const one = Object.hasOwn(all, name) ? all[name] : undefined;
  if (one !== undefined) return one;
  throw problem("invalid_params", `There is no ${what} ${JSON.stringify(name)} in the catalog that was applied`, {
    hint: namesHint(name, Object.keys(all)),
    details: { field, name },
  });
}

function notAsApplied(message: string, details: Readonly<Record<string, string>>) {
  const hint = "Somebody has changed it there: `catalog.plan()` shows how, and `catalog.apply()` makes it so again.";
  return problem("wrong_state", message, { hint, details });
}
