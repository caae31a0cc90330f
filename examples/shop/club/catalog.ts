// What the coffee club sells, what it costs and what it opens. desk.ts has Stripe made so; the compiler knows the
// names.
import { defineCatalog, type FeatureName, type PlanName } from "bursar";

export const catalog = defineCatalog({
  taxBehavior: "inclusive",
  features: { recipes: "boolean" },
  plans: {
    basic: {
      name: "Basic",
      description: "A bag of house coffee every month.",
      prices: { month: { eur: 900 } },
    },
    pro: {
      name: "Pro",
      description: "Two bags every month, and the roaster's recipes.",
      prices: { month: { eur: 1_900 } },
      features: { recipes: true },
    },
  },
});

export type ClubPlan = PlanName<typeof catalog>;
export type ClubFeature = FeatureName<typeof catalog>;

/** A name as it comes out of a form, or out of Stripe. */
export function planNamed(name: string): ClubPlan | undefined {
  return Object.hasOwn(catalog.plans, name) ? (name as ClubPlan) : undefined;
}
