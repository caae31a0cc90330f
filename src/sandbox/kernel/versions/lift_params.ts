// From the parameters of an older version, checked against its own schema, to what they mean in the newest one.
import type { Params } from "../state/resource.ts";
import { versionChanges } from "./render_down.ts";

/** `liftParams("POST /v1/payment_intents", { amount: 5 }, "2022-11-15")` takes cards only and captures at once. */
export function liftParams(operation: string, params: Params, version: string): Params {
  const day = version.slice(0, 10);
  let lifted = params;
  for (const change of versionChanges.toReversed()) {
    for (const { since, operations, lift } of change.up?.toReversed() ?? []) {
      if (day < since && operations.test(operation)) lifted = lift(lifted, version);
    }
  }
  return lifted;
}
