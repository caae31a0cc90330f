// What of a price may change: nothing that is charged by it.
import { emit } from "../../kernel/state/emit.ts";
import { hidden } from "../../kernel/state/noun.ts";
import { signal } from "../../kernel/state/reactions.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { add, change, erase, read } from "../../kernel/state/writes.ts";
import { noSuch, refusal } from "../../kernel/words/errors.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { boolean, text, textOrNull } from "../../kernel/words/params.ts";
import { products } from "../products/index.ts";
import { lookupKeyOf, takeFromOthers } from "./lookup_key.ts";
import { optionsOf } from "./options.ts";
import { type CurrencyOptions, isDeletedPrice, type Price, prices, unshownOf } from "./price.ts";
import { rows } from "./refusals.table.ts";

export function updatePrice(unit: Unit, params: Params, id: string): Price {
  const before = mustReadPrice(unit, id);
  const active = boolean(params, "active") ?? before.active;
  if (!active) refuseArchivedDefault(unit, before);
  const or = <T>(sent: T | undefined, kept: T): T => (sent === undefined ? kept : sent);
  const after = changePrice(unit, before, {
    active,
    lookup_key: or(lookupKeyOf(unit, params, id), before.lookup_key),
    metadata: { ...mergeMetadata(before.metadata, params.metadata) },
    nickname: or(textOrNull(params, "nickname"), before.nickname),
    tax_behavior: taxBehaviorOf(params, before),
    [hidden]: { ...unshownOf(before), options: changedOptions(params, before) },
  });
  takeFromOthers(unit, after);
  return after;
}

type PriceChanges = Partial<Omit<Price, "id" | "object">>;

/** By whichever name it is changed: the one it is shown under as well. */
export function changePrice(unit: Unit, before: Price, changes: PriceChanges): Price {
  const after = change(unit, prices, before, changes, "price.updated");
  signal(unit, prices, "change", before, after);
  return after;
}

/** The object of the path; what was deleted as a plan is not there. */
export function mustReadPrice(unit: Unit, id: string): Price {
  const price = read(unit, prices, id);
  if (!price || isDeletedPrice(price)) throw noSuch(prices, id, { inPath: true, param: "price" });
  return price;
}

/** Whoever pays by it goes on doing so: it stays, and is found no more. */
export function retirePrice(unit: Unit, price: Price): void {
  const unshown = { ...unshownOf(price), isDeleted: true };
  const retired = change(unit, prices, price, { active: false, lookup_key: null, [hidden]: unshown }, null);
  emit(unit, "price.deleted", retired);
  signal(unit, prices, "delete", price, retired);
}

/** Its id is wanted for another one. Those who pay by it go on, and see it under the id that it had. */
export function standAside(unit: Unit, before: Price): void {
  erase(unit, prices, before, null);
  const unshown = { ...unshownOf(before), shownAs: before.id };
  const aside = { ...before, id: unit.world.ids.after("plan_", 14), [hidden]: unshown };
  signal(unit, prices, "stand_aside", before, add(unit, prices, aside, null));
}

function refuseArchivedDefault(unit: Unit, { id, product }: Price): void {
  if (read(unit, products, product)?.default_price === id) throw refusal(rows.defaultPriceArchived);
}

function taxBehaviorOf(params: Params, { tax_behavior: before }: Price): Price["tax_behavior"] {
  const sent = text(params, "tax_behavior") ?? before;
  if (sent !== before && before !== "unspecified") throw refusal(rows.taxBehaviorFixed);
  return sent;
}

/** Those that are sent take the place of their like; an empty text takes all away. */
function changedOptions(params: Params, before: Price): CurrencyOptions | undefined {
  if (params.currency_options === null) return undefined;
  const sent = optionsOf(params, before.currency);
  return sent ? { ...unshownOf(before).options, ...sent } : unshownOf(before).options;
}
