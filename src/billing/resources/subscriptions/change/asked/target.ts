// What a wish makes of a subscription's items: what is sent to Stripe, and all that there is afterwards. Pure.
import { problem } from "#kit/problems.ts";
import type { Sold } from "../../../catalog/index.ts";
import { isSameSold, type Quantity } from "../../schedules/index.ts";
import type { SubscriptionItemMirror, SubscriptionMirror } from "../../subscriptions.ts";
import { refused, type Standing } from "./standing.ts";
import { type ChangeWish, invalid } from "./wish.ts";

/** As Stripe takes it: an item that is there by its id, a new one by its price. */
export interface SentItem {
  readonly id?: string | undefined;
  readonly price?: string | undefined;
  readonly quantity?: number | undefined;
  readonly deleted?: boolean | undefined;
}

export interface Target {
  /** What becomes another one; nothing of what stays as it is. */
  readonly items: readonly SentItem[];
  readonly after: readonly Quantity[];
}

type Asking = Pick<Standing, "row" | "sold" | "plan" | "catalog">;

export function targetOf(standing: Asking, wish: ChangeWish): Target {
  const { row } = standing;
  const every = everyAfter(standing, wish);
  const own = row.items.map((item) => ({ item, to: itemAfter(standing, { wish, every, item }) }));
  const added = addedOf(standing, wish, every);
  const items = [...own.flatMap(({ item, to }) => sentOf(item, to)), ...added];
  const after = [
    ...own.flatMap(({ to }) => (to === null ? [] : to)),
    ...added.map(({ price = "", quantity = 1 }) => ({ price, quantity })),
  ];
  const isOffOnly = wish.coupon !== undefined || wish.promotionCode !== undefined;
  if (items.length === 0 && !isOffOnly) throw refused(row, "is that already", "There is nothing to change.");
  return { items, after };
}

function everyAfter({ row, plan }: Asking, wish: ChangeWish): string {
  const every = wish.every ?? plan.every;
  if (every !== null) return every;
  throw refused(row, "has a price that was made by hand", "Say how often it is to be paid: `every`.");
}

interface Becoming {
  readonly wish: ChangeWish;
  readonly every: string;
  readonly item: SubscriptionItemMirror;
}

/** null: it goes. What no catalog sells stays as it is. */
function itemAfter(standing: Asking, { wish, every, item }: Becoming): Quantity | null {
  const sold = standing.sold.get(item.price);
  const as = { price: item.price, quantity: item.quantity };
  if (!sold || sold.namespace !== standing.plan.namespace) return as;
  if (sold.kind === "plan") return planAfter(standing, { wish, every, item });
  const quantity = wish.addOns[sold.name] ?? item.quantity;
  if (quantity === 0) return null;
  const stays = sold.every === every || every === standing.plan.every;
  return { price: stays ? item.price : priceOf(standing, { kind: "addOn", name: sold.name, every }), quantity };
}

/** Who keeps plan and interval keeps the price too, though the catalog should ask another one by now. */
function planAfter(standing: Asking, { wish, every, item }: Becoming): Quantity {
  const { plan } = standing;
  const name = wish.plan ?? plan.name;
  const stays = name === plan.name && every === plan.every;
  if (name !== plan.name) refuseGroup(standing, name);
  const price = stays ? item.price : priceOf(standing, { kind: "plan", name, every });
  return { price, quantity: wish.quantity ?? item.quantity };
}

function refuseGroup({ row, plan, catalog }: Asking, name: string): void {
  const { plans } = catalog.catalog;
  const wished = Object.hasOwn(plans, name) ? plans[name] : undefined;
  if (wished === undefined) throw unknown("plan", name, Object.keys(plans));
  const [from, to] = [plan.definition.group ?? null, wished.group ?? null];
  if (from === to) return;
  const hint = `${name} is bought beside ${plan.name}: start a subscription of its own.`;
  throw refused(row, `has ${plan.name}, which is of another group than ${name}`, hint);
}

function sentOf({ id, price, quantity }: SubscriptionItemMirror, to: Quantity | null): SentItem[] {
  if (to === null) return [{ id, deleted: true }];
  if (isSameSold([{ price, quantity }], [to])) return [];
  // Stripe makes it one where another price comes without a quantity.
  // https://docs.stripe.com/billing/subscriptions/change-price
  return [
    { id, ...(to.price !== price && { price: to.price }), ...(to.quantity !== null && { quantity: to.quantity }) },
  ];
}

function addedOf(standing: Asking, wish: ChangeWish, every: string): SentItem[] {
  const { row, sold, plan } = standing;
  const has = (name: string) =>
    row.items.some(({ price }) => {
      const one = sold.get(price);
      return one?.kind === "addOn" && one.name === name && one.namespace === plan.namespace;
    });
  return Object.entries(wish.addOns).flatMap(([name, quantity]) => {
    if (has(name)) return [];
    if (quantity === 0) throw refused(row, `has no add-on ${name} that could be taken off`, "Leave it out.");
    return [{ price: priceOf(standing, { kind: "addOn", name, every }), quantity }];
  });
}

interface Named {
  readonly kind: Sold["kind"];
  readonly name: string;
  readonly every: string;
}

/** The price that is sold now, in the currency of the subscription, which never has another one. */
function priceOf({ row, catalog }: Asking, { kind, name, every }: Named): string {
  const { plans, addOns = {} } = catalog.catalog;
  const all = kind === "plan" ? plans : addOns;
  const field = kind === "plan" ? "plan" : `addOns.${name}`;
  const definition = Object.hasOwn(all, name) ? all[name] : undefined;
  if (definition === undefined) throw unknown(field, name, Object.keys(all));
  const sold = Object.keys(definition.prices);
  if (!sold.includes(every)) throw notSoldSo({ kind, name, every }, sold);
  const key = [catalog.namespace, name, every.replace(" ", "_"), row.currency].join("-");
  const price = catalog.prices[key];
  if (price !== undefined) return price;
  throw refused(
    row,
    `is paid in ${row.currency.toUpperCase()}, in which ${name} has no price`,
    "Give it one in the catalog. A customer who is to pay in another currency needs another subscription.",
  );
}

function notSoldSo({ kind, name, every }: Named, sold: readonly string[]) {
  const recurring = sold.filter((one) => one !== "once");
  const isOnce = kind === "addOn" && recurring.length === 0;
  const hint = isOnce
    ? "What is paid once is bought by an order."
    : `It is paid every ${recurring.join(", ")}${kind === "addOn" ? "; 0 takes it off" : ""}.`;
  return invalid(kind === "plan" ? "every" : `addOns.${name}`, `: ${name} is not paid every ${every}`, hint);
}

function unknown(field: string, name: string, known: readonly string[]) {
  return problem("invalid_params", `${field}: the catalog has no ${name}`, {
    hint: `There are ${known.join(", ")}.`,
    details: { field },
  });
}

/** What leads back from what a subscription has become. What somebody else has added since stays. */
export function wayBack(
  { items }: Pick<SubscriptionMirror, "items">,
  { previous, after }: { previous: readonly (Quantity & { readonly id: string })[]; after: readonly Quantity[] },
): readonly SentItem[] {
  const back = previous.flatMap(({ id, price, quantity }): SentItem[] => {
    const item = items.find((one) => one.id === id);
    const amount = quantity === null ? {} : { quantity };
    if (!item) return [{ price, ...amount }];
    return isSameSold([item], [{ price, quantity }]) ? [] : [{ id, price, ...amount }];
  });
  const isNew = ({ id, price }: SubscriptionItemMirror) =>
    !previous.some((one) => one.id === id) && after.some((one) => one.price === price);
  return [...back, ...items.filter(isNew).map(({ id }) => ({ id, deleted: true }))];
}
