// Sources: ways to pay from before payment methods. The folder's only door.

import { defineResource } from "../../kernel/state/resource.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { sourceExtras } from "./extras.table.ts";
import { rows } from "./refusals.table.ts";
import { createSource, type Source, sourceMachine, sources, updateSource } from "./source.ts";

export {
  type AnySource,
  adoptSource,
  detachSource,
  type Source,
  sentSource,
  sources,
  spendSource,
  updateSource,
} from "./source.ts";

const path = "/v1/sources";

export const sourceResource = defineResource<Source>({
  noun: sources,
  extras: sourceExtras,
  machine: sourceMachine,
  refusals: rows,
  routes: [
    { method: "POST", path, publishable: true, run: createSource },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, sources, id, "source") },
    { method: "POST", path: `${path}/:id`, run: updateSource },
  ],
});
