// A catalog for tests of access, applied; and what was told, as words.
import type { Access, Catalog } from "../api/index.ts";
import type { World } from "./index.ts";

export const catalog: Catalog = {
  features: { export: "boolean", projects: "number", seats: "seats" },
  plans: {
    basic: { name: "Basic", prices: { month: { eur: 900 } }, features: { projects: 3 } },
    pro: { name: "Pro", prices: { month: { eur: 1900 } }, features: { export: true, projects: 10, seats: 1 } },
  },
};

/** By the plan's name, its price. */
export async function applied(world: World, given: Catalog = catalog): Promise<(plan: string) => string> {
  await world.run(world.billing.catalog.apply(given));
  const { prices } = await world.run(world.billing.catalog.get());
  return (plan) => prices[`bursar-${plan}-month-eur`] ?? "";
}

export const short = ({ allowed, reason, limit }: Access) => [allowed, reason, limit];

/** What is told of access since it was last asked, as words. */
export function listen(world: World): () => readonly string[] {
  let heard = 0;
  return () => {
    const fresh = world.facts.slice(heard);
    heard = world.facts.length;
    return fresh.flatMap(({ type, data }) => {
      if (!("previous" in data)) return [];
      const { feature, reason, previous } = data as { feature: string; reason: string; previous: { reason: string } };
      return `${type} ${feature}: ${previous.reason} to ${reason}`;
    });
  };
}
