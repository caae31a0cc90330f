// READ FIRST: a slot is a row of (customer, group), in which the customer has one plan. A start takes it in the
// transaction that writes it down, a subscription that was made elsewhere by being seen while it is free. So of two
// that start at once one is refused, whatever the mirror has heard of by then: Stripe itself refuses no second
// subscription. Everything here is pure.
import { canonicalJson } from "../../../kernel/store/canonical_json.ts";
import type { SubscriptionMirror } from "../subscriptions.ts";
import type { SlotRow } from "../tables.ts";

/** A subscription, and the groups of the plans that it holds. */
export interface Subscribed {
  readonly row: SubscriptionMirror;
  readonly customer: string;
  readonly groups: readonly string[];
  /** The start that made it. */
  readonly start: string | null;
}

export interface SlotsAfter {
  readonly dropped: readonly SlotRow[];
  readonly taken: readonly SlotRow[];
  /** Of starts, with what they have made: the first that was seen. */
  readonly bound: readonly SlotRow[];
  /** Those that found their slot held by another one. */
  readonly crowded: readonly { readonly one: Subscribed; readonly slot: SlotRow }[];
}

/** `subscribed` is all that is known of these customers, the oldest first. */
export function slotsAfter(slots: readonly SlotRow[], subscribed: readonly Subscribed[]): SlotsAfter {
  const known = new Map(subscribed.map((one) => [one.row.id, one]));
  const dropped = slots.filter((slot) => isOver(slot, known.get(slot.subscription ?? "")));
  const held = new Map(slots.filter((slot) => !dropped.includes(slot)).map((slot) => [placeOf(slot), slot]));
  const [taken, bound]: [SlotRow[], SlotRow[]] = [[], []];
  const crowded: { one: Subscribed; slot: SlotRow }[] = [];
  for (const one of subscribed.filter(({ row }) => !row.isFinal)) {
    for (const plan_group of one.groups) {
      const slot: SlotRow = { customer: one.customer, plan_group, start: one.start, subscription: one.row.id };
      const holder = held.get(placeOf(slot));
      if (!holder) {
        held.set(placeOf(slot), slot);
        taken.push(slot);
      } else if (holder.subscription === null && holder.start === one.start) {
        held.set(placeOf(slot), slot);
        bound.push(slot);
      } else if (holder.subscription !== one.row.id) crowded.push({ one, slot: holder });
    }
  }
  return { dropped, taken, bound, crowded };
}

/** What has not been seen yet holds its slot. */
function isOver({ plan_group }: SlotRow, holder: Subscribed | undefined): boolean {
  return holder !== undefined && (holder.row.isFinal || !holder.groups.includes(plan_group));
}

const placeOf = ({ customer, plan_group }: SlotRow) => JSON.stringify([customer, plan_group]);

/** Whether its slots may be others now. */
export function movesSlots(before: SubscriptionMirror | null, after: SubscriptionMirror): boolean {
  return before === null || canonicalJson(slotted(before)) !== canonicalJson(slotted(after));
}

function slotted({ isFinal, customer, items, trialStart }: SubscriptionMirror) {
  return { isFinal, customer, trialStart, sold: items.map(({ price, product }) => [price, product]) };
}
