// Promotion codes, as Stripe was recorded.
import type { Making, RealBody } from "./shape.ts";

function promotionCode(coupon: string, form: string): Making {
  return async ({ call }) => {
    const { id } = await call("POST", "/v1/coupons", coupon);
    return call("POST", "/v1/promotion_codes", `promotion[type]=coupon&promotion[coupon]=${id}${form}`);
  };
}

export const promotionCodeBodies: readonly RealBody[] = [
  {
    name: "promotion_code.minimal.2026-08-26.dahlia",
    shape: {
      string: "id object code promotion.coupon promotion.type",
      boolean: "active livemode restrictions.first_time_transaction",
      number: "created times_redeemed",
      null: `
        customer customer_account expires_at max_redemptions restrictions.minimum_amount
        restrictions.minimum_amount_currency`,
      map: "metadata",
    },
    make: promotionCode("percent_off=5", ""),
  },
  {
    name: "promotion_code.restricted_expanded.2026-08-26.dahlia",
    shape: {
      string: `
        id object code promotion.coupon.id promotion.coupon.object promotion.coupon.currency
        promotion.coupon.duration promotion.coupon.name promotion.type restrictions.minimum_amount_currency`,
      boolean: "active livemode promotion.coupon.livemode promotion.coupon.valid restrictions.first_time_transaction",
      number: `
        created promotion.coupon.amount_off promotion.coupon.created promotion.coupon.duration_in_months
        promotion.coupon.max_redemptions promotion.coupon.times_redeemed restrictions.minimum_amount
        times_redeemed`,
      null: `
        customer customer_account expires_at max_redemptions promotion.coupon.percent_off
        promotion.coupon.redeem_by`,
      map: "metadata promotion.coupon.metadata",
    },
    make: async (maker) => {
      const five = "amount_off=5&currency=usd&duration=repeating&duration_in_months=3&name=five&max_redemptions=10";
      const least = "restrictions[minimum_amount]=10&restrictions[minimum_amount_currency]=usd";
      const restricted = `&code=five&restrictions[first_time_transaction]=true&${least}`;
      const { id } = await promotionCode(five, restricted)(maker);
      return maker.call("GET", `/v1/promotion_codes/${id}`, "expand[]=promotion.coupon");
    },
  },
  {
    name: "event.promotion_code.updated.2026-08-26.dahlia",
    shape: {
      string: `
        id object api_version data.object.id data.object.object data.object.code
        data.object.promotion.coupon data.object.promotion.type request.id request.idempotency_key type`,
      number: "created data.object.created data.object.times_redeemed pending_webhooks",
      boolean: `
        data.object.active data.object.livemode data.object.restrictions.first_time_transaction
        data.previous_attributes.active livemode`,
      null: `
        data.object.customer data.object.customer_account data.object.expires_at data.object.max_redemptions
        data.object.restrictions.minimum_amount data.object.restrictions.minimum_amount_currency`,
      map: "data.object.metadata",
    },
    make: async (maker) => {
      const { id } = await promotionCode("percent_off=5", "")(maker);
      await maker.call("POST", `/v1/promotion_codes/${id}`, "active=false");
      return maker.event("promotion_code.updated");
    },
  },
];
