// What a call makes of the items of a subscription: each as it was and as it will be. Their periods follow later.
import type { Params } from "../../../kernel/state/resource.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { mustRead } from "../../../kernel/state/writes.ts";
import { noSuch, refusal } from "../../../kernel/words/errors.ts";
import { mergeMetadata } from "../../../kernel/words/metadata.ts";
import { boolean, given, integer, text } from "../../../kernel/words/params.ts";
import { prices } from "../../prices/index.ts";
import { type SubscriptionItem, subscriptionItems } from "../../subscription_items/index.ts";
import { chosenRates } from "../../tax_rates/index.ts";
import { priceAfter, trialBegun } from "../items/current_trial.ts";
import { itemDiscounts } from "../items/discounts.ts";
import {
  laterItems,
  namedPrice,
  newItem,
  quantityOf,
  refuseOtherCurrency,
  refuseUnfit,
  refuseUnplayedItem,
} from "../items/named.ts";
import { itemThresholdsOf } from "../items/thresholds.ts";
import { rows } from "../refusals.table.ts";
import type { Subscription } from "../subscription.ts";

/** One of both is there at least. */
export interface Pair {
  readonly before: SubscriptionItem | null;
  readonly after: SubscriptionItem | null;
}

/** Those that are there in their order, then those that come; each that is sent names one, or is new. */
export function namedPairs(unit: Unit, before: Subscription, params: Params): readonly Pair[] {
  const sent = Array.isArray(params.items) ? (params.items as Params[]) : []; // Its schema says so.
  const pairs: Pair[] = before.items.map((item) => ({ before: item, after: item }));
  for (const [nth, one] of sent.entries()) {
    const at = `items[${nth}]`;
    const place = placeOf(before, one, at);
    const known = place === undefined ? undefined : pairs[place]?.before;
    if (place === undefined || !known) pairs.push({ before: null, after: added(unit, before, one, at) });
    else pairs[place] = { before: known, after: revised(unit, before, known, { sent: one, at }) };
  }
  refuseTogether(unit, before, pairs);
  return pairs;
}

function placeOf({ items }: Subscription, sent: Params, at: string): number | undefined {
  const id = text(sent, "id");
  if (id === undefined) return undefined;
  const place = items.findIndex((item) => item.id === id);
  if (place < 0) throw noSuch(subscriptionItems, id, { inPath: false, param: `${at}[id]` });
  return place;
}

function added(unit: Unit, subscription: Subscription, sent: Params, at: string): SubscriptionItem {
  const { currency, items } = subscription;
  const named = { price: namedPrice(unit, sent, at), sent, at };
  refuseOtherCurrency([named, ...laterItems(unit, [named])], currency);
  const { current_period_end: end = 0, current_period_start: start = 0 } = items[0] ?? {};
  return newItem(unit, named, { subscription, period: { start, end } });
}

interface Sent {
  readonly sent: Params;
  readonly at: string;
}

/** Another price begins with a quantity of one again (documented), and ends a trial of the one before (inferred). */
function revised(unit: Unit, subscription: Subscription, item: SubscriptionItem, { sent, at }: Sent) {
  refuseUnplayedItem(sent, at);
  if (boolean(sent, "deleted")) return null;
  const isNamed = ["current_trial", "plan", "price", "price_data"].some((name) => sent[name] !== undefined);
  const price = isNamed ? namedPrice(unit, sent, at) : mustRead(unit, prices, item.price);
  const named = { price, sent, at };
  refuseOtherCurrency([named, ...laterItems(unit, [named])], subscription.currency);
  const isOther = price.id !== item.price;
  const { quantity: _quantity, ...rest } = item;
  return {
    ...(isOther || integer(sent, "quantity") !== undefined ? { ...rest, ...quantityOf(price, sent, at) } : item),
    metadata: { ...mergeMetadata(item.metadata, sent.metadata) },
    plan: price.id,
    price: price.id,
    ...given({
      billing_thresholds: itemThresholdsOf(price, sent, at),
      current_trial: trialBegun(unit, sent, at) ?? (isOther ? null : undefined),
      discounts: itemDiscounts(unit, sent, { subscription, item, at }),
      tax_rates: chosenRates(unit, sent, "tax_rates"),
    }),
  };
}

function refuseTogether(unit: Unit, { billing_mode: mode }: Subscription, pairs: readonly Pair[]): void {
  const items = pairs.flatMap(({ after }) => after ?? []);
  if (items.length === 0) throw refusal(rows.itemsAllDeleted);
  for (const priceOf of [
    ({ price }: SubscriptionItem) => mustRead(unit, prices, price),
    (item: SubscriptionItem) => priceAfter(unit, item),
  ]) {
    refuseUnfit(items.map(priceOf), mode.type);
  }
}

/** Whether it bills something else than before. */
export function isChanged({ before, after }: Pair): boolean {
  return before?.price !== after?.price || before?.quantity !== after?.quantity;
}
