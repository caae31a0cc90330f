// What happens to a plan happens to its price.
import assert from "node:assert/strict";
import { emit } from "../../kernel/state/emit.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustReadParam, read } from "../../kernel/state/writes.ts";
import { hasChanged } from "../../kernel/store/previous.ts";
import { missingParameter, noSuch, refusal } from "../../kernel/words/errors.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { boolean, given, hash, integer, text, textOrNull } from "../../kernel/words/params.ts";
import {
  changePrice,
  isDeletedPrice,
  makePrice,
  type Price,
  prices,
  retirePrice,
  standAside,
} from "../prices/index.ts";
import { products } from "../products/index.ts";
import { type DeletedPlan, type Plan, planOf, plans } from "./plan.ts";
import { rows } from "./refusals.table.ts";

export function createPlan(unit: Unit, params: Params): Plan {
  const own = text(params, "id");
  const before = own === undefined ? undefined : read(unit, prices, own);
  if (before && !isDeletedPrice(before)) throw refusal(rows.planExists);
  if (before) standAside(unit, before);
  return shown(makePrice(unit, asPrice(params), own ?? unit.world.ids.after("plan_", 14)));
}

export function retrievePlan(unit: Unit, _params: Params, id: string): Plan {
  return shown(mustReadPlanned(unit, id));
}

export function updatePlan(unit: Unit, params: Params, id: string): Plan {
  const before = mustReadPlanned(unit, id);
  const nickname = textOrNull(params, "nickname");
  const product = text(params, "product");
  const trial = integer(params, "trial_period_days");
  const recurring = before.recurring && trial !== undefined ? { ...before.recurring, trial_period_days: trial } : null;
  const after = changePrice(unit, before, {
    active: boolean(params, "active") ?? before.active,
    metadata: { ...mergeMetadata(before.metadata, params.metadata) },
    nickname: nickname === undefined ? before.nickname : nickname,
    product: product === undefined ? before.product : mustReadParam(unit, products, product, "product").id,
    recurring: recurring ?? before.recurring,
  });
  return shown(after);
}

/** New customers cannot be put on it. Those who are go on. */
export function deletePlan(unit: Unit, _params: Params, id: string): DeletedPlan {
  retirePrice(unit, mustReadPlanned(unit, id));
  return { id, object: "plan", deleted: true };
}

export function announceMade(unit: Unit, price: Price): void {
  const plan = planOf(price);
  if (plan) emit(unit, "plan.created", plan);
}

/** A plan does not show everything: of a lookup key it has nothing to tell. */
export function announceChanged(unit: Unit, before: Price, after: Price): void {
  const [was, is] = [planOf(before), planOf(after)];
  if (was && is && hasChanged(was, is)) emit(unit, "plan.updated", is, was);
}

export function announceDeleted(unit: Unit, price: Price): void {
  const plan = planOf(price);
  if (plan) emit(unit, "plan.deleted", plan);
}

function mustReadPlanned(unit: Unit, id: string): Price {
  const price = read(unit, prices, id);
  if (!price?.recurring || isDeletedPrice(price)) throw noSuch(plans, id, { inPath: true, param: "plan" });
  return price;
}

function shown(price: Price): Plan {
  const plan = planOf(price);
  assert(plan, `${price.id} is recurring`);
  return plan;
}

/** What a plan's parameters are called of a price. */
function asPrice(params: Params): Params {
  const { amount, amount_decimal: decimal, interval, interval_count, usage_type, aggregate_usage, meter } = params;
  if (interval === undefined) throw missingParameter("interval");
  if (params.product === undefined) throw missingParameter("product");
  const { trial_period_days, product, transform_usage: transform_quantity } = params;
  const { active, billing_scheme, currency, metadata, nickname, tiers, tiers_mode } = params;
  const counted = given({ interval, interval_count, usage_type, aggregate_usage, meter, trial_period_days });
  return given({
    ...{ active, billing_scheme, currency, metadata, nickname, tiers, tiers_mode, transform_quantity },
    recurring: counted,
    ...(hash(params, "product") ? { product_data: product } : { product }),
    unit_amount: amount,
    unit_amount_decimal: decimal,
  });
}
