// How a price is made: of a product that is there, or with a product of its own.
import { hidden } from "../../kernel/state/noun.ts";
import { signal } from "../../kernel/state/reactions.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { add, among, mustReadParam } from "../../kernel/state/writes.ts";
import { checkedCurrency } from "../../kernel/words/amounts.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { missingParameter, refusal } from "../../kernel/words/errors.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { boolean, given, hash, integer, text } from "../../kernel/words/params.ts";
import { makeProduct, products } from "../products/index.ts";
import { amountOf, customAmountOf, sentTiers } from "./amounts.ts";
import { lookupKeyOf, takeFromOthers } from "./lookup_key.ts";
import { optionsOf } from "./options.ts";
import { type Price, prices, type Tier, type Unshown } from "./price.ts";
import { aggregateUsageOf, recurringOf } from "./recurring.ts";
import { rows } from "./refusals.table.ts";

export function newPriceId(unit: Unit): string {
  return unit.world.ids.after("price_1", 23);
}

/** `id`: a plan's own, or one that its product names already. */
export function makePrice(unit: Unit, params: Params, id = newPriceId(unit)): Price {
  const price = shapeOf(unit, params, id);
  add(unit, prices, price, "price.created");
  signal(unit, prices, "create", price, price);
  takeFromOthers(unit, price);
  return price;
}

/** What an amount of a product is billed by when nobody names a price. */
export interface Billed {
  readonly product: string;
  readonly currency: string;
  /** Below nothing for a credit. */
  readonly unitAmount: string;
  readonly taxBehavior?: string | undefined;
}

/** The one price of it, which is not active and of which no event tells (recorded). */
export function priceBilledAs(unit: Unit, { product, currency, unitAmount, taxBehavior }: Billed): Price {
  const billedAs = [product, currency, unitAmount, ...(taxBehavior === undefined ? [] : [taxBehavior])].join(" ");
  const known = among(unit, prices, "hidden.billedAs", billedAs)[0];
  if (known) return known;
  const params = {
    active: false,
    currency,
    product,
    unit_amount_decimal: unitAmount.replace("-", ""),
    ...given({ tax_behavior: taxBehavior }),
  };
  const shape = shapeOf(unit, params, newPriceId(unit));
  const isWhole = shape.unit_amount !== null;
  return add(
    unit,
    prices,
    {
      ...shape,
      unit_amount: isWhole ? Number(unitAmount) : null,
      unit_amount_decimal: unitAmount,
      [hidden]: { billedAs },
    },
    null,
  );
}

function shapeOf(unit: Unit, params: Params, id: string): Price {
  const currency = checkedCurrency(params);
  const recurring = recurringOf(unit, params);
  const costs = costsOf(params, currency, recurring !== null);
  const unshown: Unshown = {
    tiers: costs.tiers,
    options: optionsOf(params, currency),
    aggregateUsage: aggregateUsageOf(params),
  };
  const lookupKey = lookupKeyOf(unit, params) ?? null;
  return {
    id,
    object: "price",
    active: boolean(params, "active") ?? true,
    billing_scheme: costs.tiers ? "tiered" : "per_unit",
    created: unit.created,
    currency,
    custom_unit_amount: costs.custom,
    livemode: false,
    lookup_key: lookupKey,
    metadata: { ...mergeMetadata({}, params.metadata) },
    nickname: text(params, "nickname") ?? null,
    product: productOf(unit, params),
    recurring,
    tax_behavior: text(params, "tax_behavior") ?? "unspecified",
    tiers_mode: costs.tiers ? (text(params, "tiers_mode") ?? null) : null,
    transform_quantity: transformOf(params),
    type: recurring ? "recurring" : "one_time",
    unit_amount: costs.whole,
    unit_amount_decimal: costs.decimal,
    [hidden]: { ...unshown },
  };
}

function productOf(unit: Unit, params: Params): string {
  const id = text(params, "product");
  const data = hash(params, "product_data");
  if (id !== undefined && data) {
    throw refusal(common.parametersExclusive, { params: "product, product_data" }, { param: "product" });
  }
  if (data) return makeProduct(unit, data).id;
  if (id === undefined) throw missingParameter("product");
  return mustReadParam(unit, products, id, "product").id;
}

interface Costs {
  readonly whole: number | null;
  readonly decimal: string | null;
  readonly tiers: readonly Tier[] | undefined;
  readonly custom: Price["custom_unit_amount"];
}

/** Exactly one of: an amount, tiers, what the customer chooses. */
function costsOf(params: Params, currency: string, isRecurring: boolean): Costs {
  const place = { currency, at: "" };
  const amount = amountOf(params, "unit_amount", place);
  const tiers = checkedTiers(params, place);
  const custom = customAmountOf(params);
  if (custom && isRecurring) throw refusal(rows.customAmountRecurring);
  if (custom && amount) {
    throw refusal(common.parametersExclusive, { params: "unit_amount, custom_unit_amount" }, { param: "unit_amount" });
  }
  if (!amount && !tiers && !custom) throw refusal(rows.priceWithoutAmount);
  return { whole: amount?.whole ?? null, decimal: amount?.decimal ?? null, tiers, custom };
}

/** Nothing that goes with tiers goes without them, and the other way round. */
function checkedTiers(params: Params, place: { currency: string; at: string }): readonly Tier[] | undefined {
  const isTiered = text(params, "billing_scheme") === "tiered";
  const unasked = (isTiered ? untiered : tieredOnly).find((name) => params[name] !== undefined);
  if (unasked) {
    const row = isTiered ? rows.tieredWithAmount : rows.tiersUnasked;
    throw refusal(row, { param: unasked }, { param: unasked });
  }
  if (!isTiered) return undefined;
  const tiers = sentTiers(params, place);
  if (!tiers || text(params, "tiers_mode") === undefined) throw refusal(rows.tiersMissing);
  return tiers;
}

const tieredOnly: readonly string[] = ["tiers", "tiers_mode"];
const untiered: readonly string[] = ["unit_amount", "unit_amount_decimal", "custom_unit_amount", "transform_quantity"];

function transformOf(params: Params): Price["transform_quantity"] {
  const sent = hash(params, "transform_quantity");
  if (!sent) return null;
  const param = "transform_quantity[divide_by]";
  const divideBy = integer(sent, "divide_by") ?? 0;
  if (divideBy < 1) throw refusal(common.belowMinimum, { limit: 1 }, { param });
  return { divide_by: divideBy, round: text(sent, "round") ?? "up" };
}
