// From the parameters of an older version, checked against its own schema, to what they mean in the newest one.
import type { Params } from "../words/params.ts";
import type { Lift, VersionChange } from "./change.ts";

/** Of one noun, oldest first, as they are applied. */
export function liftsOf(changes: readonly VersionChange[]): Lift[] {
  return changes.toReversed().flatMap(({ up }) => up?.toReversed() ?? []);
}

/** Which parameters these are: of which operation, and of which version. */
interface Spoken {
  readonly operation: string;
  readonly version: string;
}

/**
 * `liftParams(lifts, { amount: 5 }, { operation: "POST /v1/payment_intents", version: "2022-11-15" })` takes cards
 * only, captured at once.
 */
export function liftParams(lifts: readonly Lift[], params: Params, { operation, version }: Spoken): Params {
  const day = version.slice(0, 10);
  let lifted = params;
  for (const { since, operations, lift } of lifts) {
    if (day < since && operations.test(operation)) lifted = lift(lifted, version);
  }
  return lifted;
}
