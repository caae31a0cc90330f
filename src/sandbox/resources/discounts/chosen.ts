// The discounts of something, as whoever bills names them: coupons and codes to redeem, and discounts that are there.
import type { Params } from "../../kernel/state/resource.ts";
import { answered } from "../../kernel/state/tried.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { noSuch, refusal } from "../../kernel/words/errors.ts";
import { text } from "../../kernel/words/params.ts";
import type { Buyer, Paid } from "../promotion_codes/index.ts";
import { type Purpose, redeem } from "./actions.ts";
import { discountDefaults } from "./defaults.table.ts";
import { discounts } from "./discount.ts";
import { rows } from "./refusals.table.ts";

export interface Choosing {
  readonly buyer: Buyer;
  readonly on: Purpose;
  readonly paid: Paid;
  /** The ids of those that may be kept: its own, and what it would inherit. */
  readonly known: readonly string[];
  /** How that is called which they stand on: `items[0]`. */
  readonly at?: string | undefined;
  /** The second at which they begin, if that is not now. */
  readonly since?: number | undefined;
}

/** Their ids, in the order in which they are applied; undefined when nothing was sent. An empty text takes all away. */
export function chosenDiscounts(unit: Unit, params: Params, choosing: Choosing): readonly string[] | undefined {
  if (params.discounts === undefined) return undefined;
  const sent = Array.isArray(params.discounts) ? (params.discounts as Params[]) : []; // Its schema says so.
  const param = choosing.at === undefined ? "discounts" : `${choosing.at}[discounts]`;
  const limit = discountDefaults.stacked.value;
  if (sent.length > limit) throw refusal(common.listTooLong, { param, limit }, { param });
  const ids = sent.map((one, nth) => chosen(unit, one, `${param}[${nth}]`, choosing));
  refuseTwice(unit, ids, param);
  return ids;
}

function chosen(unit: Unit, sent: Params, at: string, { buyer, on, paid, known, since }: Choosing): string {
  const [coupon, promotionCode] = [text(sent, "coupon"), text(sent, "promotion_code")];
  const kept = text(sent, "discount");
  const count = [coupon, promotionCode, kept].filter((one) => one !== undefined).length;
  if (count !== 1) throw refusal(rows.discountOfOne, {}, { param: at });
  if (kept === undefined)
    return answered(redeem(unit, { buyer, coupon, promotionCode, on, paid, at, since })).discount.id;
  if (!known.includes(kept)) throw noSuch(discounts, kept, { inPath: false, param: `${at}[discount]` });
  return kept;
}

/** Neither one twice, nor a coupon beside a code of its own. */
function refuseTwice(unit: Unit, ids: readonly string[], param: string): void {
  const used = new Set<string>();
  for (const id of ids) {
    const { coupon } = mustRead(unit, discounts, id).source;
    if (used.has(coupon)) throw refusal(rows.discountTwice, { coupon }, { param });
    used.add(coupon);
  }
}
