// The items that a caller names for a subscription: which prices, how many of each, and whether they go together.
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import { mustRead, mustReadParam, read } from "../../../kernel/state/writes.ts";
import { common } from "../../../kernel/words/errors.table.ts";
import { missingParameter, noSuch, notPlayed, refusal } from "../../../kernel/words/errors.ts";
import { mergeMetadata } from "../../../kernel/words/metadata.ts";
import { boolean, hash, integer, type Params, text } from "../../../kernel/words/params.ts";
import type { Interval, Period } from "../../../reckoning/periods.ts";
import { inOtherCurrency, invoiceItemRefusals } from "../../invoiceitems/index.ts";
import { plans } from "../../plans/index.ts";
import { makePrice, type Price, prices, unitAmountIn } from "../../prices/index.ts";
import type { SubscriptionItem } from "../../subscription_items/index.ts";
import { chosenRates } from "../../tax_rates/index.ts";
import { subscriptionDefaults } from "../defaults.table.ts";
import { rows } from "../refusals.table.ts";
import type { Subscription } from "../subscription.ts";
import { offeredPrice, offerOf, trialBegun } from "./current_trial.ts";
import { itemDiscounts, type Owner } from "./discounts.ts";
import { itemThresholdsOf } from "./thresholds.ts";

/** What a caller says of an item; its price has been looked up. */
export interface NamedItem {
  readonly price: Price;
  readonly sent: Params;
  /** How its parameters are called: `items[0]`. */
  readonly at: string;
}

export function namedItems(unit: Unit, params: Params): readonly NamedItem[] {
  const sent = params.items;
  const items = Array.isArray(sent) ? (sent as Params[]) : []; // Its schema says so.
  return items.map((item, nth) => ({
    sent: item,
    at: `items[${nth}]`,
    price: namedPrice(unit, item, `items[${nth}]`),
  }));
}

/** By its id, as a plan, made for it, or offered to begin with. */
export function namedPrice(unit: Unit, asked: Params, at: string): Price {
  const offer = offerOf(unit, asked, at);
  const sent = offer ? offeredPrice(asked, offer, at) : asked;
  const data = hash(sent, "price_data");
  if (data) return makePrice(unit, { ...data, active: false });
  const field = text(sent, "price") === undefined ? "plan" : "price";
  const id = text(sent, field);
  if (id === undefined) throw missingParameter(`${at}[price]`);
  const param = `${at}[${field}]`;
  const price = field === "plan" ? planned(unit, id) : mustReadParam(unit, prices, id, param);
  if (price.recurring === null) throw refusal(rows.priceOneTime, {}, { param });
  // What a schedule has taken it bills, whatever became of it since.
  if (!price.active && sent.scheduled !== true) throw refusal(invoiceItemRefusals.priceInactive, {}, { param });
  return price;
}

/** Wherever it stands, it is missed as `plan` (recorded). */
function planned(unit: Unit, id: string): Price {
  const price = read(unit, prices, id);
  if (!price) throw noSuch(plans, id, { inPath: false, param: "plan" });
  return price;
}

/** The same as they are once their trials are over. */
export function laterItems(unit: Unit, named: readonly NamedItem[]): readonly NamedItem[] {
  return named.map((item) => {
    const offer = offerOf(unit, item.sent, item.at);
    return offer ? { ...item, price: mustRead(unit, prices, offer.end_behavior.transition.price) } : item;
  });
}

/** Every price has an amount in it. */
export function refuseOtherCurrency(items: readonly NamedItem[], currency: string): void {
  const other = items.find(({ price }) => unitAmountIn(price, currency) === undefined);
  if (other) throw inOtherCurrency(other.price, currency, `${other.at}[price]`);
}

/** What stands together on one subscription: not too many, no price twice, intervals that go together. */
export function refuseUnfit(list: readonly Price[], mode: Subscription["billing_mode"]["type"]): void {
  const limit = subscriptionDefaults.itemsMax.value;
  if (list.length > limit) throw refusal(rows.subscriptionItemsTooMany, { limit });
  const twice = list.find(({ id }, nth) => list.findIndex((other) => other.id === id) !== nth);
  if (twice) throw refusal(rows.itemTwice, { price: twice.id });
  const intervals = list.map(intervalOf);
  if (mode === "classic" && new Set(intervals.map(keyOf)).size > 1) throw refusal(rows.intervalsMixed);
  const shortest = shortestOf(intervals);
  if (shortest && !intervals.every((one) => isMultiple(one, shortest))) throw refusal(rows.intervalsNoMultiples);
}

export function intervalOf({ recurring }: Price): Interval {
  return { interval: recurring?.interval ?? "month", interval_count: recurring?.interval_count ?? 1 };
}

function keyOf({ interval, interval_count }: Interval): string {
  return `${interval_count} ${interval}`;
}

/** In days or in months, of which only the single day goes into the others. */
function lengthOf({ interval, interval_count: count }: Interval): { readonly unit: string; readonly length: number } {
  const inDays = interval === "day" || interval === "week";
  return { unit: inDays ? "day" : "month", length: count * { day: 1, week: 7, month: 1, year: 12 }[interval] };
}

/** The one by which the subscription is billed. */
export function shortestOf(intervals: readonly Interval[]): Interval | undefined {
  const roughDays = (one: Interval) => lengthOf(one).length * (lengthOf(one).unit === "day" ? 1 : 30);
  return [...intervals].sort((one, other) => roughDays(one) - roughDays(other))[0];
}

function isMultiple(interval: Interval, shortest: Interval): boolean {
  const [one, other] = [lengthOf(interval), lengthOf(shortest)];
  const isDay = other.unit === "day" && other.length === 1;
  return isDay || (one.unit === other.unit && one.length % other.length === 0);
}

export function refuseUnplayedItem(sent: Params, at: string): void {
  if (boolean(sent, "clear_usage")) throw notPlayed("usage records", `${at}[clear_usage]`);
}

/** Whose item it is, and since when. */
export interface Owned {
  readonly subscription: Owner;
  readonly period: Period;
}

/** A new item, for the period that it is in. */
export function newItem(unit: Unit, { price, sent, at }: NamedItem, { subscription, period }: Owned): SubscriptionItem {
  refuseUnplayedItem(sent, at);
  const id = unit.world.ids.after("si_", 14);
  return {
    id,
    object: "subscription_item",
    billing_thresholds: itemThresholdsOf(price, sent, at) ?? null,
    created: secondOf(unit),
    current_period_end: period.end,
    current_period_start: period.start,
    current_trial: trialBegun(unit, sent, at) ?? null,
    discounts: itemDiscounts(unit, sent, { subscription, item: { id, discounts: [] }, at }) ?? [],
    metadata: { ...mergeMetadata({}, sent.metadata) },
    plan: price.id,
    price: price.id,
    ...quantityOf(price, sent, at),
    subscription: subscription.id,
    tax_rates: chosenRates(unit, sent, "tax_rates") ?? [],
  };
}

/** What is metered has none. */
export function quantityOf(price: Price, sent: Params, at: string): { readonly quantity?: number } {
  const quantity = integer(sent, "quantity");
  const param = `${at}[quantity]`;
  if (quantity !== undefined && quantity < 0) throw refusal(common.belowMinimum, { limit: 0 }, { param });
  if (price.recurring?.usage_type !== "metered") return { quantity: quantity ?? 1 };
  if (quantity !== undefined) throw refusal(rows.quantityOfMetered, {}, { param });
  return {};
}
