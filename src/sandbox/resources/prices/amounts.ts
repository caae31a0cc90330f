// What something costs: a whole number of the currency's smallest unit, or a decimal of it with up to twelve places. It
// is stored as both where both say the same, as Stripe shows it.
import { maximumAmount } from "#kit/money.ts";
import type { Params } from "../../kernel/state/resource.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { moneyText } from "../../kernel/words/money_text.ts";
import { hash, integer, text } from "../../kernel/words/params.ts";
import { priceDefaults } from "./defaults.table.ts";
import type { Price, Tier } from "./price.ts";
import { rows } from "./refusals.table.ts";

/** Where amounts are sent: in which currency, and under which name, as `tiers[0]`. */
export interface SentAt {
  readonly currency: string;
  readonly at: string;
}

interface Amount {
  readonly whole: number | null;
  readonly decimal: string | null;
}

const decimalPlacesMax = priceDefaults.decimalPlaces.value;

/** `amountOf({ unit_amount_decimal: "123.45" }, "unit_amount", …)`. Undefined: nothing was sent. */
export function amountOf(params: Params, name: string, { currency, at }: SentAt): Amount | undefined {
  const whole = integer(params, name);
  const decimal = text(params, `${name}_decimal`);
  const param = at === "" ? name : `${at}[${name}]`;
  if (whole !== undefined && decimal !== undefined) {
    throw refusal(common.parametersExclusive, { params: `${name}, ${name}_decimal` }, { param });
  }
  if (whole !== undefined) return checked({ whole, decimal: String(whole) }, currency, param);
  return decimal === undefined ? undefined : checked(readDecimal(decimal, `${param}_decimal`), currency, param);
}

function checked(amount: Amount, currency: string, param: string): Amount {
  if (Number(amount.decimal) < 0) throw refusal(common.belowMinimum, { limit: 0 }, { param });
  const most = maximumAmount(currency);
  if (Number(amount.decimal) > most)
    throw refusal(common.amountTooLarge, { amount: moneyText(most, currency) }, { param });
  return amount;
}

/** `readDecimal("010.50")` is the decimal "10.5"; "10.0" is the whole number 10 as well. */
function readDecimal(sent: string, param: string): Amount {
  const [, sign = "", digits = "", places = ""] = /^(-?)0*(\d{1,20}?)(?:\.(\d*?)0*)?$/.exec(sent) ?? [];
  if (digits === "" || places.length > decimalPlacesMax) {
    throw refusal(common.decimalTooLong, { value: sent, places: decimalPlacesMax }, { param });
  }
  const decimal = `${sign}${digits}${places === "" ? "" : `.${places}`}`;
  return { whole: places === "" ? Number(decimal) : null, decimal };
}

/** Ascending, and the last one without end. */
export function sentTiers(params: Params, { currency, at }: SentAt): readonly Tier[] | undefined {
  const { tiers: sent } = params;
  if (!Array.isArray(sent)) return undefined;
  const within = at === "" ? "tiers" : `${at}[tiers]`;
  const tiers = sent.map((tier: Params, index) => tierOf(tier, { currency, at: `${within}[${index}]` }));
  const ends = tiers.map(({ up_to }) => up_to);
  if (ends.indexOf(null) !== ends.length - 1) throw refusal(rows.tiersEndless);
  const isAscending = ends.every((end, index) => end === null || end > (ends[index - 1] ?? 0));
  if (!isAscending) throw refusal(rows.tiersUnordered);
  return tiers;
}

function tierOf(sent: Params, place: SentAt): Tier {
  const unit = amountOf(sent, "unit_amount", place);
  const flat = amountOf(sent, "flat_amount", place);
  if (!unit && !flat) throw refusal(rows.tierWithoutAmount);
  return {
    flat_amount: flat?.whole ?? null,
    flat_amount_decimal: flat?.decimal ?? null,
    unit_amount: unit?.whole ?? null,
    unit_amount_decimal: unit?.decimal ?? null,
    up_to: typeof sent.up_to === "number" ? sent.up_to : null,
  };
}

/** What the customer chooses. Null: nothing was sent, or it is off. */
export function customAmountOf(params: Params): Price["custom_unit_amount"] {
  const sent = hash(params, "custom_unit_amount");
  if (sent?.enabled !== true) return null;
  const bound = (name: string) => integer(sent, name) ?? null;
  const [maximum, minimum, preset] = [bound("maximum"), bound("minimum"), bound("preset")];
  const rising = [minimum, preset, maximum].filter((one) => one !== null);
  if (rising.some((one, index) => one < (rising[index - 1] ?? 0))) throw refusal(rows.customAmountUnordered);
  return { maximum, minimum, preset };
}
