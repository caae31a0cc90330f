// Promotion codes: the words that customers know for coupons. The folder's only door.
import { list } from "../../kernel/answer/lists.ts";
import { included, until } from "../../kernel/state/embeds.ts";
import { onSignal } from "../../kernel/state/reactions.ts";
import { defineResource, type Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead, mustReadParam } from "../../kernel/state/writes.ts";
import { text } from "../../kernel/words/params.ts";
import { coupons, referredCoupon } from "../coupons/index.ts";
import { createPromotionCode, endWithCoupon, expireCode, keepDeleted, updatePromotionCode } from "./actions.ts";
import { promotionCodeExtras } from "./extras.table.ts";
import { allMinimums, type PromotionCode, promotionCodes } from "./promotion_code.ts";
import { rows } from "./refusals.table.ts";
import { promotionCodeVersions } from "./versions.ts";

export { type PromotionCode, promotionCodes } from "./promotion_code.ts";
export { type Buyer, type Paid, redeemCode } from "./redeem.ts";

const path = "/v1/promotion_codes";

export const promotionCodeResource = defineResource<PromotionCode>({
  noun: promotionCodes,
  extras: promotionCodeExtras,
  refusals: rows,
  versions: promotionCodeVersions,
  jobs: {
    expireCode: { run: expireCode, says: "expires" },
  },
  embeds: [
    until("clover", referredCoupon(promotionCodes, "promotion.coupon")),
    included(promotionCodes, "restrictions.currency_options", (code) => allMinimums(code)),
  ],
  reactions: [
    onSignal(coupons, "end", (unit, _before, coupon) => endWithCoupon(unit, coupon)),
    onSignal(coupons, "delete", (unit, _before, coupon) => keepDeleted(unit, coupon)),
  ],
  routes: [
    { method: "POST", path, run: createPromotionCode },
    { method: "GET", path, run: listPromotionCodes },
    {
      method: "GET",
      path: `${path}/:id`,
      run: (unit, _params, id) => mustRead(unit, promotionCodes, id, "promotion_code"),
    },
    { method: "POST", path: `${path}/:id`, run: updatePromotionCode },
  ],
});

function listPromotionCodes(unit: Unit, params: Params): object {
  const { active, customer } = params;
  const coupon = text(params, "coupon");
  if (coupon !== undefined) mustReadParam(unit, coupons, coupon, "coupon");
  const code = text(params, "code")?.toLowerCase();
  const where = (one: PromotionCode) =>
    (active === undefined || one.active === active) &&
    (code === undefined || one.code.toLowerCase() === code) &&
    (coupon === undefined || one.promotion.coupon === coupon);
  const steering = code === undefined ? { "promotion.coupon": coupon } : { "hidden.code": code };
  return list(unit, promotionCodes, params, { url: path, filters: { ...steering, customer }, where });
}
