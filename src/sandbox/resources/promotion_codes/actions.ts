// What happens to a promotion code: made, switched on and off, past its day, and ended with its coupon.
import { hidden } from "../../kernel/state/noun.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { add, among, change, mustRead, read, readById } from "../../kernel/state/writes.ts";
import { inWorld, laterAt } from "../../kernel/time/later.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { missingParameter, noSuch, notPlayed, refusal } from "../../kernel/words/errors.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { boolean, hash, integer, text } from "../../kernel/words/params.ts";
import { type Coupon, coupons, keepingCoupon, validCoupon } from "../coupons/index.ts";
import { isUsable, type PromotionCode, promotionCodes, unshownOf } from "./promotion_code.ts";
import { rows } from "./refusals.table.ts";
import { minimumsOf, restrictionsOf } from "./restrictions.ts";

export function createPromotionCode(unit: Unit, params: Params): PromotionCode {
  const coupon = couponOf(unit, params);
  const customer = customerOf(unit, params);
  const code = codeOf(unit, params);
  const isActive = boolean(params, "active") ?? true;
  if (isActive) refuseTaken(unit, code, customer);
  const expiresAt = expiryOf(unit, params, coupon);
  const promotionCode: PromotionCode = {
    id: unit.world.ids.after("promo_1", 23),
    object: "promotion_code",
    active: isActive,
    code,
    created: unit.created,
    customer,
    customer_account: null,
    expires_at: expiresAt,
    livemode: false,
    max_redemptions: redemptionsOf(params, coupon),
    metadata: { ...mergeMetadata({}, params.metadata) },
    promotion: { coupon: coupon.id, type: "coupon" },
    restrictions: restrictionsOf(params),
    times_redeemed: 0,
    [hidden]: { code: code.toLowerCase(), minimums: minimumsOf(params) },
  };
  add(unit, promotionCodes, promotionCode, "promotion_code.created");
  if (expiresAt !== null) laterAt(inWorld(unit), expiresAt * 1000 + 1000, expireCode, promotionCode.id);
  return promotionCode;
}

export function updatePromotionCode(unit: Unit, params: Params, id: string): PromotionCode {
  const before = mustRead(unit, promotionCodes, id, "promotion_code");
  const active = boolean(params, "active") ?? before.active;
  if (active && !before.active) refuseRevival(unit, before);
  const sent = minimumsOf(params);
  const unshown = unshownOf(before);
  const changes = {
    active,
    metadata: { ...mergeMetadata(before.metadata, params.metadata) },
    [hidden]: { ...before[hidden], minimums: sent ? { ...unshown.minimums, ...sent } : unshown.minimums },
  };
  return change(unit, promotionCodes, before, changes, "promotion_code.updated");
}

/** Its day has passed. */
export function expireCode(unit: Unit, id: string): void {
  const code = read(unit, promotionCodes, id);
  if (code?.active && !isUsable(code, unit.created)) change(unit, promotionCodes, code, { active: false }, null);
}

/** For good: whoever wants it back is refused. */
export function endWithCoupon(unit: Unit, { id }: Coupon): void {
  for (const code of among(unit, promotionCodes, "promotion.coupon", id)) {
    change(unit, promotionCodes, code, { active: false }, "promotion_code.updated");
  }
}

export function keepDeleted(unit: Unit, coupon: Coupon): void {
  for (const code of among(unit, promotionCodes, "promotion.coupon", coupon.id)) {
    if (!code[hidden]?.coupon) change(unit, promotionCodes, code, keepingCoupon(code, coupon), null);
  }
}

/** Clients before clover name the coupon alone, and so does the CLI to this day. */
function couponOf(unit: Unit, params: Params): Coupon {
  const named = text(params, "coupon");
  if (named !== undefined) return validCoupon(unit, named, "coupon");
  const promotion = hash(params, "promotion");
  if (!promotion) throw missingParameter("promotion");
  const coupon = text(promotion, "coupon");
  if (coupon === undefined) throw refusal(rows.promotionWithoutCoupon);
  return validCoupon(unit, coupon, "promotion[coupon]");
}

function customerOf(unit: Unit, params: Params): string | null {
  if (params.customer_account !== undefined) throw notPlayed("customers that are accounts", "customer_account");
  const id = text(params, "customer");
  if (id === undefined) return null;
  if (readById(unit, id)?.object === "customer") return id;
  throw noSuch({ label: "customer" }, id, { inPath: false, param: "customer" });
}

function codeOf(unit: Unit, params: Params): string {
  const code = text(params, "code") ?? unit.world.ids.text(8).toUpperCase();
  if (!/^[a-zA-Z0-9-]+$/.test(code)) throw refusal(rows.codeInvalid, { code });
  return code;
}

/** Among those that any one customer can use, whatever the case of its letters. */
function refuseTaken(unit: Unit, code: string, customer: string | null): void {
  const isTaken = among(unit, promotionCodes, "hidden.code", code.toLowerCase()).some(
    (other) =>
      isUsable(other, unit.created) && (other.customer === null || customer === null || other.customer === customer),
  );
  if (isTaken) throw refusal(rows.codeExists, { code });
}

function refuseRevival(unit: Unit, code: PromotionCode): void {
  const coupon = read(unit, coupons, code.promotion.coupon);
  const isOver = code[hidden]?.coupon !== undefined || !coupon?.valid;
  if (isOver || !isUsable({ ...code, active: true }, unit.created)) throw refusal(rows.codeEnded, { code: code.code });
  refuseTaken(unit, code.code, code.customer);
}

function expiryOf(unit: Unit, params: Params, { redeem_by }: Coupon): number | null {
  const expiresAt = integer(params, "expires_at");
  if (expiresAt === undefined) return null;
  if (expiresAt <= unit.created) throw refusal(rows.codeExpiresTooEarly);
  if (redeem_by !== null && expiresAt > redeem_by) throw refusal(rows.codeExpiresTooLate);
  return expiresAt;
}

function redemptionsOf(params: Params, { max_redemptions: most }: Coupon): number | null {
  const sent = integer(params, "max_redemptions");
  if (sent === undefined) return null;
  if (sent < 1) throw refusal(common.belowMinimum, { limit: 1 }, { param: "max_redemptions" });
  if (most !== null && sent > most) throw refusal(rows.codeRedeemedTooOften);
  return sent;
}
