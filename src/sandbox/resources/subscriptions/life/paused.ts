// What a paused subscription says of itself.
import type { Subscription } from "../subscription.ts";

type Reason = NonNullable<Subscription["status_details"]>["paused"]["subscription"]["type"];

/** Since when it is paused, and why. */
export function pausedSince(transitioned_at: number, type: Reason): Pick<Required<Subscription>, "status_details"> {
  return { status_details: { paused: { subscription: { type }, transitioned_at, type: "subscription" } } };
}
