// What a change in the middle of a period is billed by: of each item that changes, a debit for the rest of the new
// price and a credit for the rest of the old one. They wait for an invoice. The credit is made last, since what waits
// stands newest first on an invoice, and there the credit comes first (recorded).
// https://docs.stripe.com/billing/subscriptions/prorations
import type { Unit } from "../../../kernel/state/unit.ts";
import { mustRead } from "../../../kernel/state/writes.ts";
import type { Period } from "../../../reckoning/periods.ts";
import { costOf } from "../../../reckoning/prices.ts";
import { remaining, restsOf, type Share, unused } from "../../../reckoning/proration.ts";
import { ratio } from "../../../reckoning/rational.ts";
import { makeProrated, type Prorated, type Taking } from "../../invoiceitems/index.ts";
import { type Price, prices, termsIn } from "../../prices/index.ts";
import type { SubscriptionItem } from "../../subscription_items/index.ts";
import { timeText } from "../billing/descriptions.ts";
import { reachOf, stretchesFrom } from "../items/periods.ts";
import type { Subscription } from "../subscription.ts";
import { type Debit, openDebits } from "./ledger.ts";
import { lastTakingsOf, offOf, type Taken, takingsOf } from "./offs.ts";
import type { Pair } from "./pairs.ts";

export interface Changing {
  readonly before: Subscription;
  readonly after: Subscription;
}

/** An item becomes another one, comes or goes. What it gives back was billed before. */
export function prorate(unit: Unit, changing: Changing, { before, after }: Pair, from: number): void {
  const credits = before ? creditable(unit, changing.before, before, from) : [];
  if (after) debit(unit, changing.after, after, Math.max(from, reachOf(changing.after, after)));
  if (before) credit(unit, changing.before, { item: before, isLeft: false }, credits);
}

export interface Returning {
  readonly item: SubscriptionItem;
  readonly from: number;
  /** It stays when its subscription has ended, and belongs to nobody but its customer (recorded). */
  readonly isLeft?: boolean;
}

/** Gives back what is unused of an item from a second on. */
export function giveBack(unit: Unit, subscription: Subscription, { item, from, isLeft = false }: Returning): void {
  credit(unit, subscription, { item, isLeft }, creditable(unit, subscription, item, from));
}

/** Asks for the part of its period that begins at a second; nothing of what is metered. */
export function debit(unit: Unit, subscription: Subscription, item: SubscriptionItem, from: number): void {
  const { quantity, tax_rates: rates } = item;
  if (quantity === undefined || from >= item.current_period_end) return;
  const price = mustRead(unit, prices, item.price);
  const takings = takingsOf(unit, subscription, item);
  for (const { part, whole } of stretchesFrom(unit, subscription, item, from)) {
    const share = shareOf(unit, subscription, { item, whole, takings });
    const given = { subscription, item, price, period: part, quantity, rates, takings, isLeft: false };
    prorated(unit, given, { part: remaining(share, part), credited: null, share }, "Remaining");
  }
}

interface Credited {
  readonly item: SubscriptionItem;
  readonly isLeft: boolean;
}

function credit(unit: Unit, subscription: Subscription, of: Credited, credits: readonly Creditable[]): void {
  for (const one of credits) {
    const { credited, part, share } = one;
    const given = { ...one, ...of, subscription, period: part, price: mustRead(unit, prices, one.price) };
    prorated(unit, given, { part: unused(share, part), credited, share: null }, "Unused");
  }
}

type Creditable = Omit<Debit, "credited"> & { readonly credited: Debit["credited"] | null };

/** Flexibly, what was really billed; else what the item costs now, whoever has paid that (documented). */
function creditable(unit: Unit, subscription: Subscription, item: SubscriptionItem, from: number): Creditable[] {
  const billed = openDebits(unit, item.id, from);
  if (subscription.billing_mode.type === "flexible") return billed;
  const { price, quantity, tax_rates: rates } = item;
  if (quantity === undefined || from >= item.current_period_end) return [];
  const takings = lastTakingsOf(unit, subscription, item, billed.at(-1)?.takings ?? []);
  return stretchesFrom(unit, subscription, item, from).map(({ part, whole }) => {
    const share = shareOf(unit, subscription, { item, whole, takings });
    const debited = billed.findLast((one) => one.part.start < part.end && part.start < one.part.end);
    return { credited: debited?.credited ?? null, share, part, price, quantity, rates, takings };
  });
}

interface Sharing {
  readonly item: SubscriptionItem;
  readonly whole: Period;
  readonly takings: readonly Taken[];
}

/** Nothing is rounded yet. The price is that of a whole period, of which the item may be in a part only. */
function shareOf(unit: Unit, { currency }: Subscription, { item, whole: period, takings }: Sharing): Share {
  const price = mustRead(unit, prices, item.price);
  const whole = costOf(termsIn(price, currency), ratio(item.quantity ?? 0));
  const offs = takings.map(({ off }) => off);
  return { whole, rests: restsOf(whole, offs), period };
}

interface Given extends Credited {
  readonly subscription: Subscription;
  readonly price: Price;
  readonly period: Period;
  readonly quantity: number;
  readonly rates: readonly string[];
  readonly takings: readonly Taking[];
}

type Amount = Pick<Prorated, "part" | "credited" | "share">;

function prorated(unit: Unit, given: Given, amount: Amount, word: "Remaining" | "Unused"): void {
  const { subscription, item, price, period, quantity, rates, takings } = given;
  const { billing_mode: mode, currency, customer, id } = subscription;
  const shows = mode.type === "flexible" ? (mode.flexible?.proration_discounts ?? "included") : "classic";
  const isItemized = shows === "itemized";
  // That an amount with nothing taken off says nothing of what is taken is inferred.
  const offs = isItemized ? [] : takings.flatMap(({ discount }) => offOf(unit, discount, currency) ?? []);
  makeProrated(unit, item.id, {
    ...amount,
    currency,
    customer,
    description: timeText(unit, price, { word, quantity, second: period.start, less: { offs, currency } }),
    of: given.isLeft ? null : { subscription: id, subscription_item: item.id },
    period,
    price,
    quantity,
    shows: isItemized ? "itemized" : shows === "classic" ? "classic" : "included",
    takings,
    taxRates: rates,
  });
}
