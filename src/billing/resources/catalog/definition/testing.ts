// A catalog for tests: two plans, an add-on, two currencies, tiers.
import { defineCatalog } from "./define.ts";

export const shop = defineCatalog({
  features: { export: "boolean", projects: "number", seats: "seats" },
  plans: {
    basic: { name: "Basic", prices: { month: { eur: 900 } }, features: { projects: 3 } },
    pro: {
      name: "Pro",
      description: "For teams",
      unitLabel: "seat",
      prices: {
        month: { eur: 1900, usd: 2100 },
        "3 months": {
          tiersMode: "graduated",
          tiers: [
            { upTo: 10, unitAmount: { eur: 1800 }, flatAmount: { eur: 500 } },
            { upTo: "inf", unitAmount: { eur: 1500 } },
          ],
        },
      },
      features: { export: true, projects: "unlimited", seats: 1 },
      trialDays: 14,
    },
  },
  addOns: { setup: { name: "Setup", prices: { once: { eur: 4900 } } } },
});
