// Features: what customers may use. The folder's only door.
import { list } from "../../kernel/answer/lists.ts";
import { defineResource, type Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { boolean } from "../../kernel/words/params.ts";
import { createFeature, updateFeature } from "./actions.ts";
import { featureDefaults } from "./defaults.table.ts";
import { type Feature, features } from "./feature.ts";
import { rows } from "./refusals.table.ts";

export { type Feature, features } from "./feature.ts";

const path = "/v1/entitlements/features";

export const featureResource = defineResource<Feature>({
  noun: features,
  defaults: featureDefaults,
  refusals: rows,
  routes: [
    { method: "POST", path, run: createFeature },
    { method: "GET", path, run: listFeatures },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, features, id) },
    { method: "POST", path: `${path}/:id`, run: updateFeature },
  ],
});

/** Without being asked for, those that are archived are left out (declared). */
function listFeatures(unit: Unit, params: Params): object {
  const isArchived = boolean(params, "archived") ?? false;
  const where = ({ active }: Feature) => active !== isArchived;
  return list(unit, features, params, { url: path, filters: { lookup_key: params.lookup_key }, where });
}
