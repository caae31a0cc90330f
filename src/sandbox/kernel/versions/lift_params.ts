// From the parameters of an older version, checked against its own schema, to what they mean in the newest one.
import type { Params } from "../state/resource.ts";
import type { Lift, VersionChange } from "./change.ts";

/** Of one noun, oldest first, as they are applied. */
export function liftsOf(changes: readonly VersionChange[]): Lift[] {
  return changes.toReversed().flatMap(({ up }) => up?.toReversed() ?? []);
}

/** `liftParams(lifts, "POST /v1/payment_intents", { amount: 5 }, "2022-11-15")` takes cards only, captured at once. */
export function liftParams(lifts: readonly Lift[], operation: string, params: Params, version: string): Params {
  const day = version.slice(0, 10);
  let lifted = params;
  for (const { since, operations, lift } of lifts) {
    if (day < since && operations.test(operation)) lifted = lift(lifted, version);
  }
  return lifted;
}
