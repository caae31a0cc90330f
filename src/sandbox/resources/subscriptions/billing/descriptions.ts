// What a line of a subscription says of itself, word for word as recorded.
import type { Unit } from "../../../kernel/state/unit.ts";
import { mustRead } from "../../../kernel/state/writes.ts";
import { decimalMoneyText, moneyText } from "../../../kernel/words/money_text.ts";
import type { Off } from "../../../reckoning/discounts.ts";
import type { Interval } from "../../../reckoning/periods.ts";
import type { Priced } from "../../../reckoning/prices.ts";
import { decimalText } from "../../../reckoning/rational.ts";
import type { Price } from "../../prices/index.ts";
import { products } from "../../products/index.ts";
import { intervalOf } from "../items/named.ts";

/** `1 user × Seats (at $10.00 / month)`, `Seats (Tier 1 at $99.00 / month)` of a band's flat fee. */
export function billedText(unit: Unit, price: Price, currency: string, { quantity, tier, unitAmount }: Priced): string {
  const amount = decimalMoneyText(decimalText(unitAmount), currency);
  const { transform_quantity: packages } = price;
  const each = packages ? `${amount} per ${packages.divide_by} units` : amount;
  const rate = `(${tier === null ? "" : `Tier ${tier} `}at ${each} / ${intervalText(intervalOf(price))})`;
  const name = quantity === null ? nameOf(unit, price) : countedText(unit, price, decimalText(quantity));
  return `${name} ${rate}`;
}

/** Units are never in the plural. */
function countedText(unit: Unit, price: Price, quantity: string): string {
  const { name, unit_label: label } = mustRead(unit, products, price.product);
  return `${quantity}${label ? ` ${label}` : ""} × ${name}`;
}

function nameOf(unit: Unit, price: Price): string {
  return mustRead(unit, products, price.product).name;
}

function intervalText({ interval, interval_count: count }: Interval): string {
  return count === 1 ? interval : `every ${count} ${interval}s`;
}

/** The two billing modes have words of their own. */
export function trialText(unit: Unit, price: Price, quantity: number, isFlexible: boolean): string {
  if (isFlexible) return `Free trial for ${countedText(unit, price, String(quantity))}`;
  const { name, unit_label: label } = mustRead(unit, products, price.product);
  return `Trial period for ${name}${label ? ` (per ${label})` : ""}`;
}

/** `Remaining time on 2 × Seats after 03 Jul 2026`, `Unused time on …`: how many only when it is not one. */
export function timeText(
  unit: Unit,
  price: Price,
  time: {
    readonly word: "Remaining" | "Unused";
    readonly quantity: number;
    readonly second: number;
    readonly less?: { readonly offs: readonly Off[]; readonly currency: string };
  },
): string {
  const name = nameOf(unit, price);
  const counted = time.quantity === 1 ? name : `${time.quantity} × ${name}`;
  const { offs = [], currency = "" } = time.less ?? {};
  const less = offs.map((off) => ` (with ${offText(off, currency)} off)`).join("");
  return `${time.word} time on ${counted}${less} after ${dayText(time.second)}`;
}

/** "30.0%" (recorded); that an amount is written as money is inferred. */
function offText(off: Off, currency: string): string {
  if (off.kind === "amount") return moneyText(off.amount, currency);
  return `${(Number(off.percent.numerator) / Number(off.percent.denominator)).toFixed(1)}%`;
}

/** Of UTC: "03 Jul 2026". */
function dayText(second: number): string {
  const [, day = "", month = "", year = ""] = new Date(second * 1000).toUTCString().split(" ");
  return `${day} ${month} ${year}`;
}
