// Parameters that Stripe has and that need what is not built: said aloud, never pretended.
import { notPlayed } from "./errors.ts";
import type { Params } from "./params.ts";

/** Each with what it needs: `["on_behalf_of", "Connect"]`. */
export type Unplayed = readonly (readonly [param: string, what: string])[];

/** What is empty asks for nothing. */
export function refuseUnplayed(params: Params, unplayed: Unplayed): void {
  const asked = unplayed.find(([param]) => {
    const sent = params[param];
    return sent !== undefined && sent !== null && !(Array.isArray(sent) && sent.length === 0);
  });
  if (asked) throw notPlayed(asked[1], asked[0]);
}
