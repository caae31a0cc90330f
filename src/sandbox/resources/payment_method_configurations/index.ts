// Payment method configurations: which types of payment methods an account offers. The folder's only door.
import { list } from "../../kernel/answer/lists.ts";
import { defineResource, type Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { add, read } from "../../kernel/state/writes.ts";
import {
  type Configuration,
  configurationOf,
  configurations,
  createConfiguration,
  defaultConfiguration,
  updateConfiguration,
} from "./configuration.ts";

export { type Offer, offerOf } from "./configuration.ts";

const path = "/v1/payment_method_configurations";

export const paymentMethodConfigurationResource = defineResource<Configuration>({
  noun: configurations,
  routes: [
    { method: "POST", path, run: createConfiguration },
    { method: "GET", path, run: listConfigurations },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => configurationOf(unit, id) },
    { method: "POST", path: `${path}/:id`, run: updateConfiguration },
  ],
});

/** Whoever lists them sees the first one, though nobody has changed it. */
function listConfigurations(unit: Unit, params: Params): object {
  const first = defaultConfiguration(unit);
  if (!read(unit, configurations, first.id)) add(unit, configurations, first, null);
  const { active } = params;
  const where = (one: Configuration) => active === undefined || one.active === active;
  return list(unit, configurations, params, { url: path, where });
}
