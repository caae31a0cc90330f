// Prices, as Stripe was recorded.
import type { Making, RealBody } from "./shape.ts";

/** Of a product of its own. */
function price(form: string): Making {
  return async ({ call }) => {
    const { id } = await call("POST", "/v1/products", "name=A+product");
    return call("POST", "/v1/prices", `product=${id}&${form}`);
  };
}

const monthly = "currency=usd&unit_amount=999&recurring[interval]=month";

export const priceBodies: readonly RealBody[] = [
  {
    name: "price.recurring_minimal.2026-08-26.dahlia",
    shape: {
      string: `
        id object billing_scheme currency product recurring.interval recurring.usage_type tax_behavior type
        unit_amount_decimal`,
      boolean: "active livemode",
      number: "created recurring.interval_count unit_amount",
      null: `
        custom_unit_amount lookup_key nickname recurring.meter recurring.trial_period_days tiers_mode
        transform_quantity`,
      map: "metadata",
    },
    make: price("unit_amount=2000&currency=cad&recurring[interval]=month"),
  },
  {
    name: "price.recurring.2026-03-25.dahlia",
    shape: {
      string: `
        id object billing_scheme currency nickname product recurring.interval recurring.usage_type
        tax_behavior type unit_amount_decimal`,
      boolean: "active livemode",
      number: "created recurring.interval_count unit_amount",
      null: `
        custom_unit_amount lookup_key recurring.meter recurring.trial_period_days tiers_mode
        transform_quantity`,
      map: "metadata",
    },
    make: price(`${monthly}&nickname=small`),
  },
  {
    name: "price.recurring.masked-2026-05",
    shape: {
      string: `
        id object billing_scheme currency product recurring.interval recurring.usage_type tax_behavior type
        unit_amount_decimal`,
      boolean: "active livemode",
      number: "created recurring.interval_count unit_amount",
      null: `
        custom_unit_amount lookup_key nickname recurring.meter recurring.trial_period_days tiers_mode
        transform_quantity`,
      map: "metadata",
    },
    make: price(monthly),
  },
  {
    name: "price.one_time.2026-08-26.dahlia",
    shape: {
      string: "id object billing_scheme currency nickname product tax_behavior type unit_amount_decimal",
      boolean: "active livemode",
      number: "created unit_amount",
      null: "custom_unit_amount lookup_key recurring tiers_mode transform_quantity",
      map: "metadata",
    },
    make: price("currency=usd&unit_amount=2000&nickname=one+time&currency_options[eur][unit_amount]=90"),
  },
  {
    name: "price.decimal.2026-08-26.dahlia",
    shape: {
      string: "id object billing_scheme currency product tax_behavior type unit_amount_decimal",
      boolean: "active livemode",
      number: "created",
      null: "custom_unit_amount lookup_key nickname recurring tiers_mode transform_quantity unit_amount",
      map: "metadata",
    },
    make: price("currency=usd&unit_amount_decimal=123.45"),
  },
  {
    name: "price.custom_unit_amount.2026-08-26.dahlia",
    shape: {
      string: "id object billing_scheme currency product tax_behavior type",
      boolean: "active livemode",
      number: "created custom_unit_amount.maximum custom_unit_amount.minimum custom_unit_amount.preset",
      null: "lookup_key nickname recurring tiers_mode transform_quantity unit_amount unit_amount_decimal",
      map: "metadata",
    },
    make: price(
      "currency=usd&custom_unit_amount[enabled]=true&custom_unit_amount[maximum]=10000&" +
        "custom_unit_amount[minimum]=100&custom_unit_amount[preset]=500",
    ),
  },
  {
    name: "price.tiered_graduated.2026-08-26.dahlia",
    shape: {
      string: `
        id object billing_scheme currency product recurring.interval recurring.usage_type tax_behavior
        tiers_mode type`,
      boolean: "active livemode",
      number: "created recurring.interval_count",
      null: `
        custom_unit_amount lookup_key nickname recurring.meter recurring.trial_period_days
        transform_quantity unit_amount unit_amount_decimal`,
      map: "metadata",
    },
    make: price(
      "currency=usd&billing_scheme=tiered&tiers_mode=graduated&recurring[interval]=month&tiers[0][up_to]=5&" +
        "tiers[0][unit_amount]=500&tiers[1][up_to]=inf&tiers[1][unit_amount]=400",
    ),
  },
  {
    name: "price.product_data.2026-08-26.dahlia",
    shape: {
      string: "id object billing_scheme currency product tax_behavior type unit_amount_decimal",
      boolean: "active livemode",
      number: "created unit_amount",
      null: "custom_unit_amount lookup_key nickname recurring tiers_mode transform_quantity",
      map: "metadata",
    },
    make: ({ call }) => call("POST", "/v1/prices", "currency=eur&unit_amount=1000&product_data[name]=inline"),
  },
  {
    name: "price.lookup_key.2026-08-26.dahlia",
    shape: {
      string: `
        id object billing_scheme currency lookup_key product recurring.interval recurring.usage_type
        tax_behavior type unit_amount_decimal`,
      boolean: "active livemode",
      number: "created recurring.interval_count unit_amount",
      null: `
        custom_unit_amount nickname recurring.meter recurring.trial_period_days tiers_mode
        transform_quantity`,
      map: "metadata",
    },
    make: price(`${monthly}&lookup_key=a-key`),
  },
  {
    name: "event.price.updated_lookup_key_lost.2026-08-26.dahlia",
    shape: {
      string: `
        id object api_version data.object.id data.object.object data.object.billing_scheme
        data.object.currency data.object.product data.object.tax_behavior data.object.type
        data.object.unit_amount_decimal data.previous_attributes.lookup_key request.id
        request.idempotency_key type`,
      number: "created data.object.created data.object.unit_amount pending_webhooks",
      boolean: "data.object.active data.object.livemode livemode",
      null: `
        data.object.custom_unit_amount data.object.lookup_key data.object.nickname data.object.recurring
        data.object.tiers_mode data.object.transform_quantity`,
      map: "data.object.metadata",
    },
    make: async (maker) => {
      await price("currency=usd&unit_amount=100&lookup_key=a-key")(maker);
      await price("currency=usd&unit_amount=200&lookup_key=a-key&transfer_lookup_key=true")(maker);
      return maker.event("price.updated");
    },
  },
];
