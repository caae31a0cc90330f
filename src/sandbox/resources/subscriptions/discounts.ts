// What is taken off all that a subscription bills: named when it begins or changes, gone when it was used for good.
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { among, change, mustRead, read } from "../../kernel/state/writes.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { buyerOf, customers } from "../customers/index.ts";
import {
  chosenDiscounts,
  type Discount,
  deletedDiscount,
  discounts,
  endDiscount,
  isOnce,
  isSpent,
} from "../discounts/index.ts";
import { invoices } from "../invoices/index.ts";
import { linesOf } from "./billing/lines.ts";
import { rows } from "./refusals.table.ts";
import { type Subscription, subscriptions } from "./subscription.ts";

/**
 * Before it has begun: codes may ask for a minimum of what it costs. Months are counted from its beginning, which may
 * lie in the past (documented).
 */
export function firstDiscounts(unit: Unit, params: Params, draft: Subscription): readonly string[] {
  const licensed = draft.items.filter(({ quantity }) => quantity !== undefined);
  const amount = linesOf(unit, draft, licensed).reduce((sum, line) => sum + line.amount, 0);
  return chosen(unit, params, draft, { amount, since: draft.start_date }) ?? [];
}

/** Of one that runs no minimum is asked, so that codes with one are refused (documented). */
export function changedDiscounts(unit: Unit, params: Params, before: Subscription): readonly string[] | undefined {
  return chosen(unit, params, before, { amount: null });
}

interface Asked {
  /** What is paid; null: that is not known. */
  readonly amount: number | null;
  readonly since?: number;
}

function chosen(unit: Unit, params: Params, subscription: Subscription, { amount, since }: Asked) {
  const { currency, discounts: own, id } = subscription;
  const customer = mustRead(unit, customers, subscription.customer);
  const known = customer.discount === null ? own : [...own, customer.discount];
  return chosenDiscounts(unit, params, {
    buyer: buyerOf(customer),
    on: { subscription: id },
    paid: { amount, currency },
    known,
    since,
  });
}

type Held = Pick<Subscription, "discounts" | "items">;

/**
 * What is left to it and to its items: those that its newest invoice, finalized before they are stored, has not used
 * for good, and whose months are not over already.
 */
export function leftAfter(unit: Unit, { discounts: own, items }: Subscription, invoice: string | null): Held {
  const first = read(unit, invoices, invoice ?? "");
  const used = first?.status === "draft" ? [] : (first?.total_discount_amounts ?? []);
  const isUsed = (id: string) => used.some(({ discount, amount }) => discount === id && amount > 0);
  const left = (ids: readonly string[]) => ids.filter((id) => !(isOnce(unit, id) ? isUsed(id) : isSpent(unit, id)));
  return { discounts: left(own), items: items.map((item) => ({ ...item, discounts: left(item.discounts) })) };
}

/** The only one that it has, or the first. */
export function retrieveDiscount(unit: Unit, _params: Params, id: string): Discount {
  const [first] = mustRead(unit, subscriptions, id).discounts;
  if (first === undefined) throw refusal(rows.subscriptionWithoutDiscount, { subscription: id });
  return mustRead(unit, discounts, first);
}

/** Answered as the version of the caller has it, and that it is deleted. */
export function deleteDiscount(unit: Unit, params: Params, id: string): object {
  const discount = retrieveDiscount(unit, params, id);
  letGoOf(unit, discount);
  return deletedDiscount(unit, discount);
}

/** It has been used for good, or its months are over. */
export function letGoOf(unit: Unit, discount: Discount): void {
  const { id, subscription: named, subscription_item: item } = discount;
  const subscription = read(unit, subscriptions, named ?? "") ?? among(unit, subscriptions, "items.id", item ?? "")[0];
  if (!subscription) return;
  const { discounts: own, items } = subscription;
  if (![own, ...items.map((one) => one.discounts)].some((ids) => ids.includes(id))) return;
  const left = (ids: readonly string[]) => ids.filter((one) => one !== id);
  const changes = {
    discounts: left(own),
    items: items.map((one) => ({ ...one, discounts: left(one.discounts) })),
  };
  change(unit, subscriptions, subscription, changes, null);
  endDiscount(unit, discount);
}
