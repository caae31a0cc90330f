// Coupons, as Stripe was recorded.
import type { Making, RealBody } from "./shape.ts";

const coupon: Making = ({ call }) => call("POST", "/v1/coupons", "percent_off=10&duration=once");

export const couponBodies: readonly RealBody[] = [
  {
    name: "coupon.percent_once.2026-08-26.dahlia",
    shape: {
      string: "id object duration",
      null: "amount_off currency duration_in_months max_redemptions name redeem_by",
      number: "created percent_off times_redeemed",
      boolean: "livemode valid",
      map: "metadata",
    },
    make: ({ call }) => call("POST", "/v1/coupons", "percent_off=22.5&duration=once"),
  },
  {
    name: "coupon.percent_forever_own_id.2026-08-26.dahlia",
    shape: {
      string: "id object duration",
      null: "amount_off currency duration_in_months max_redemptions name redeem_by",
      number: "created percent_off times_redeemed",
      boolean: "livemode valid",
      map: "metadata",
    },
    make: ({ call }) => call("POST", "/v1/coupons", "id=OWN&percent_off=10&duration=forever"),
  },
  {
    name: "coupon.in_discount.2025-10-29.clover",
    shape: {
      string: "id object duration name",
      null: "amount_off currency duration_in_months max_redemptions redeem_by",
      number: "created percent_off times_redeemed",
      boolean: "livemode valid",
      map: "metadata",
    },
    make: async ({ call }) => {
      await call("POST", "/v1/coupons", "id=10OFF&name=10%25+Off&percent_off=10&duration=forever");
      const { id: customer } = await call("POST", "/v1/customers");
      await call("POST", "/v1/invoiceitems", `customer=${customer}&amount=1000&currency=usd`);
      const form = `customer=${customer}&pending_invoice_items_behavior=include&discounts[0][coupon]=10OFF`;
      const { id } = await call("POST", "/v1/invoices", form);
      const path = "total_discount_amounts.discount.source.coupon";
      const { total_discount_amounts } = await call("GET", `/v1/invoices/${id}`, `expand[]=${path}`);
      const [first] = total_discount_amounts as readonly {
        readonly discount: { readonly source: { coupon: object } };
      }[];
      return first?.discount.source.coupon;
    },
  },
  {
    name: "coupon.amount_repeating.2026-08-26.dahlia",
    shape: {
      string: "id object currency duration name",
      number: "amount_off created duration_in_months max_redemptions times_redeemed",
      boolean: "livemode valid",
      map: "metadata",
      null: "percent_off redeem_by",
    },
    make: async ({ call }) => {
      const { id } = await call("POST", "/v1/products", "name=A+product");
      const form =
        "amount_off=500&currency=usd&duration=repeating&duration_in_months=3&name=five+off&max_redemptions=10&" +
        `currency_options[eur][amount_off]=400&applies_to[products][]=${id}`;
      return call("POST", "/v1/coupons", form);
    },
  },
  {
    name: "coupon.deleted.2026-08-26.dahlia",
    shape: {
      string: "id object",
      boolean: "deleted",
    },
    make: async (maker) => {
      const { id } = await coupon(maker);
      return maker.call("DELETE", `/v1/coupons/${id}`);
    },
  },
  {
    name: "event.coupon.updated.2026-08-26.dahlia",
    shape: {
      string: `
        id object api_version data.object.id data.object.object data.object.duration data.object.name
        request.id request.idempotency_key type`,
      number: "created data.object.created data.object.percent_off data.object.times_redeemed pending_webhooks",
      null: `
        data.object.amount_off data.object.currency data.object.duration_in_months
        data.object.max_redemptions data.object.redeem_by data.previous_attributes.name`,
      boolean: "data.object.livemode data.object.valid livemode",
      map: "data.object.metadata data.previous_attributes.metadata",
    },
    make: async (maker) => {
      const { id } = await coupon(maker);
      await maker.call("POST", `/v1/coupons/${id}`, "name=renamed&metadata[k]=v");
      return maker.event("coupon.updated");
    },
  },
  {
    name: "event.coupon.deleted.2026-08-26.dahlia",
    shape: {
      string: `
        id object api_version data.object.id data.object.object data.object.duration data.object.name
        request.id type`,
      number: "created data.object.created data.object.percent_off data.object.times_redeemed pending_webhooks",
      null: `
        data.object.amount_off data.object.currency data.object.duration_in_months
        data.object.max_redemptions data.object.redeem_by request.idempotency_key`,
      boolean: "data.object.livemode data.object.valid livemode",
      map: "data.object.metadata",
    },
    make: async (maker) => {
      const { id } = await maker.call("POST", "/v1/coupons", "percent_off=10&duration=once&name=A");
      await maker.call("DELETE", `/v1/coupons/${id}`);
      return maker.event("coupon.deleted");
    },
  },
];
