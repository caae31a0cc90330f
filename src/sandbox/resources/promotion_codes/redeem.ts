// Whether a code may be redeemed, by whom and for how much.
import type { Unit } from "../../kernel/state/unit.ts";
import { change, mustReadParam } from "../../kernel/state/writes.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { moneyText } from "../../kernel/words/money_text.ts";
import { allMinimums, isUsable, type PromotionCode, promotionCodes } from "./promotion_code.ts";
import { rows } from "./refusals.table.ts";

export interface Buyer {
  readonly customer: string;
  /** No payment was ever made for it, paid or not. */
  readonly isNew: boolean;
}

/** What is to be paid. Of a part of it nobody asks whether it is enough: the amount is null. */
export interface Paid {
  readonly amount: number | null;
  readonly currency: string;
}

interface Redeeming {
  /** Where anything is to be paid. */
  readonly paid?: Paid | undefined;
  /** The parameter that has named it. */
  readonly param: string;
}

/** Counts it, or refuses. */
export function redeemCode(unit: Unit, id: string, buyer: Buyer, { paid, param }: Redeeming): PromotionCode {
  const code = mustReadParam(unit, promotionCodes, id, param);
  if (!isUsable(code, unit.created)) throw refusal(rows.codeInactive, { code: code.code }, { param });
  const { customer, isNew } = buyer;
  if (code.customer !== null && code.customer !== customer) throw refusal(rows.codeOfOther, { customer }, { param });
  if (code.restrictions.first_time_transaction && !isNew) throw refusal(rows.codeForFirstTime, {}, { param });
  if (paid) refuseTooLittle(code, paid, param);
  const times = code.times_redeemed + 1;
  const counted = change(unit, promotionCodes, code, { times_redeemed: times }, null);
  return isUsable(counted, unit.created) ? counted : change(unit, promotionCodes, counted, { active: false }, null);
}

/** Codes that ask for a minimum are for whole bills, not for items. https://docs.stripe.com/api/promotion_codes */
function refuseTooLittle(code: PromotionCode, { amount, currency }: Paid, param: string): void {
  const minimums = allMinimums(code);
  if (minimums && amount === null) throw refusal(rows.codeForWhole, {}, { param });
  const minimum = minimums?.[currency]?.minimum_amount;
  if (minimum === undefined || amount === null || amount >= minimum) return;
  throw refusal(rows.codeForMore, { minimum: moneyText(minimum, currency) }, { param });
}
