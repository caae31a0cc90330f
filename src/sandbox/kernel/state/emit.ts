// An event captures at once: the object, what it was before, and what it shows beside itself for any version. Nothing
// is rendered and nothing copied here. At the end of the unit it would be too late: an intent that is made and
// confirmed in one call has no charge when it is created, and one when it has succeeded.

import type { Beside, Capture, Shown } from "../store/shown.ts";
import { isOlder } from "../versions/families.ts";
import type { EventType } from "./event_types.ts";
import type { Shape, StripeObject } from "./noun.ts";
import { type Embed, note, type Unit } from "./unit.ts";

/** Stripe shows ten of a list inside an object. https://docs.stripe.com/api/pagination */
const listedMax = 10;

/** `before` is what the event tells the difference to. */
export function emit(unit: Unit, type: EventType, object: Shape, before?: StripeObject): void {
  const after = shownNow(unit, object);
  const capture: Capture = before ? { after, before: shownNow(unit, before) } : { after };
  unit.events.push({ type, capture });
  note(unit, "event", object.id ?? object.object, type);
}

/** Whose eyes: those of one version, and of a caller who asks for one field more. Without: those of all versions. */
export interface Eyes {
  readonly version: string;
  readonly asked?: string;
}

/** The object with what it shows beside itself now. */
export function shownNow(unit: Unit, object: Shape, eyes?: Eyes): Shown {
  let beside: Record<string, Beside> | undefined;
  for (const embed of unit.world.embeds.get(object.object) ?? []) {
    if (eyes && !isSeen(embed, eyes)) continue;
    const found = embed.find(unit, object);
    if (found.length === 0) continue;
    const first = embed.as === "list" ? found.slice(0, listedMax) : found;
    beside ??= {};
    beside[embed.field] = { shown: first.map((one) => shownNow(unit, one, eyes)), total: found.length };
  }
  return beside ? { object, beside } : { object };
}

function isSeen({ before, field }: Embed, { version, asked }: Eyes): boolean {
  return before === undefined || isOlder(version, before) || field === asked;
}
