// Plans: recurring prices under their older name. The folder's only door.
import { list } from "../../kernel/answer/lists.ts";
import { included } from "../../kernel/state/embeds.ts";
import { onSignal } from "../../kernel/state/reactions.ts";
import { defineResource, type Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { type Price, prices, tiersOf } from "../prices/index.ts";
import {
  announceChanged,
  announceDeleted,
  announceMade,
  createPlan,
  deletePlan,
  retrievePlan,
  updatePlan,
} from "./actions.ts";
import { planExtras } from "./extras.table.ts";
import { type Plan, planOf, plans } from "./plan.ts";
import { rows } from "./refusals.table.ts";
import { planVersions } from "./versions.ts";

export { planOf, plans } from "./plan.ts";

const path = "/v1/plans";

export const planResource = defineResource<Plan>({
  noun: plans,
  extras: planExtras,
  refusals: rows,
  versions: planVersions,
  embeds: [included(plans, "tiers", (plan) => tiersOf(plan))],
  reactions: [
    onSignal(prices, "create", (unit, _before, price) => announceMade(unit, price)),
    onSignal(prices, "change", (unit, before, price) => announceChanged(unit, before, price)),
    onSignal(prices, "delete", (unit, _before, price) => announceDeleted(unit, price)),
  ],
  routes: [
    { method: "POST", path, run: createPlan },
    { method: "GET", path, run: listPlans },
    { method: "GET", path: `${path}/:id`, run: retrievePlan },
    { method: "POST", path: `${path}/:id`, run: updatePlan },
    { method: "DELETE", path: `${path}/:id`, run: deletePlan },
  ],
});

function listPlans(unit: Unit, params: Params): object {
  const { active, product } = params;
  const where = (price: Price) => price.recurring !== null && (active === undefined || price.active === active);
  const found = list(unit, prices, params, { url: path, filters: { product }, where });
  return { ...found, data: found.data.flatMap((price) => planOf(price) ?? []) };
}
