// An event captures at once: the object, what it was before, and what it shows beside itself for any version. Nothing
// is rendered and nothing copied here. At the end of the unit it would be too late: an intent that is made and
// confirmed in one call has no charge when it is created, and one when it has succeeded.

import { type Beside, type Capture, composed, objectOf, oneOrSeveral, type Shown } from "../store/shown.ts";
import { isOlder } from "../versions/families.ts";
import { commonDefaults } from "../words/defaults.table.ts";
import type { EventType } from "./event_types.ts";
import type { Shape } from "./noun.ts";
import { type Embed, note, type PendingEvent, type Unit } from "./unit.ts";

const listedMax = commonDefaults.listedInside.value;

/** `before` is what the event tells the difference to. */
export function emit(unit: Unit, type: EventType, object: Shape, before?: Shape): void {
  emitShown(unit, type, captureOf(unit, object, before));
}

/** The same of what Stripe finds out after a request: its event names none. */
export function emitAfterwards(unit: Unit, type: EventType, object: Shape, before?: Shape): void {
  emitShown(unit, type, captureOf(unit, object, before), { isOfNoRequest: true });
}

function captureOf(unit: Unit, object: Shape, before: Shape | undefined): Capture {
  const after = thisMoment(unit, object);
  return before ? { after, before: shownNow(unit, before) } : { after };
}

type Asked = Pick<PendingEvent, "isOfNoRequest">;

/** For what was captured before: an object that is not there any more, or never was. */
export function emitShown(unit: Unit, type: EventType, capture: Capture, asked: Asked = {}): void {
  const { id, object } = objectOf(capture.after);
  unit.events.push({ type, capture, written: unit.writes.length, ...asked });
  note(unit, "event", id ?? object, type);
}

/** The object as an event captures it now: as the last one did, if that tells of it and nothing was written since. */
export function thisMoment(unit: Unit, object: Shape): Shown {
  const last = unit.events.at(-1);
  const isSame = last?.written === unit.writes.length && objectOf(last.capture.after) === object;
  return isSame ? last.capture.after : shownNow(unit, object);
}

/** What was said last comes before what the unit has said since it had said so many: a customer, then their card. */
export function tellFirst({ events }: Unit, since = 0): void {
  events.splice(since, 0, ...events.splice(-1));
}

/** Whose eyes: those of one version, and of a caller who asks for one field more. Without: those of all versions. */
export interface Eyes {
  readonly version: string;
  readonly asked?: string;
}

/** The object with what it shows beside itself now. */
export function shownNow(unit: Unit, object: Shape, eyes?: Eyes): Shown {
  const embeds = "deleted" in object ? undefined : unit.world.embeds.get(object.object); // Its short form has none.
  let beside: Record<string, Beside> | undefined;
  for (const embed of embeds ?? []) {
    if (eyes && !isSeen(embed, eyes)) continue;
    const found = embed.find(unit, object);
    if (found.length === 0) continue;
    beside ??= {};
    // Of another that is named the id is all that shows; two may name each other.
    beside[embed.field] =
      embed.as === "name" ? oneOrSeveral(found, found.length) : shownBeside(unit, embed, found, eyes);
  }
  return composed(object, beside);
}

/** Of a list the first ones. */
function shownBeside(unit: Unit, { as }: Embed, found: readonly Shape[], eyes: Eyes | undefined): Beside {
  const [only] = found;
  if (only && found.length === 1) return shownNow(unit, only, eyes);
  const first = as === "list" ? found.slice(0, listedMax) : found;
  return { shown: first.map((one) => shownNow(unit, one, eyes)), total: found.length };
}

function isSeen({ before, field }: Embed, { version, asked }: Eyes): boolean {
  return before === undefined || isOlder(version, before) || field === asked;
}
