// What waits for an invoice, as Stripe was recorded.
import type { Making, RealBody } from "./shape.ts";

function item(form: string): Making {
  return async ({ call }) => {
    const { id } = await call("POST", "/v1/customers", "email=a@example.com");
    return call("POST", "/v1/invoiceitems", `customer=${id}&${form}`);
  };
}

export const invoiceItemBodies: readonly RealBody[] = [
  {
    name: "invoiceitem.amount_pending.2026-08-26.dahlia",
    shape: {
      string: `
        id object currency customer description pricing.price_details.price pricing.price_details.product
        pricing.type pricing.unit_amount_decimal quantity_decimal`,
      number: "amount date period.end period.start quantity",
      null: "customer_account invoice parent test_clock",
      boolean: "discountable livemode proration",
      list: "discounts frozen_fields invoicing_rules tax_rates",
      map: "metadata",
    },
    make: item("amount=2000&currency=usd&description=One-time+fee"),
  },
  {
    name: "invoiceitem.created.2026-03-25.dahlia",
    shape: {
      string: `
        id object currency customer description pricing.price_details.price pricing.price_details.product
        pricing.type pricing.unit_amount_decimal quantity_decimal`,
      number: "amount date period.end period.start quantity",
      null: "customer_account invoice parent test_clock",
      boolean: "discountable livemode proration",
      list: "discounts tax_rates",
      map: "metadata",
    },
    make: item("amount=1000&currency=usd&description=One-time+fee"),
  },
  {
    name: "invoiceitem.deleted.2026-08-26.dahlia",
    shape: {
      string: "id object",
      boolean: "deleted",
    },
    make: async (maker) => {
      const { id } = await item("amount=1000&currency=usd")(maker);
      return maker.call("DELETE", `/v1/invoiceitems/${id}`);
    },
  },
  {
    name: "invoiceitem.pricing_price.masked-2026-05",
    shape: {
      string: `
        id object currency customer description pricing.price_details.price pricing.price_details.product
        pricing.type pricing.unit_amount_decimal quantity_decimal`,
      number: "amount date period.end period.start quantity",
      null: "customer_account invoice parent test_clock",
      boolean: "discountable livemode proration",
      list: "discounts tax_rates",
      map: "metadata",
    },
    make: async (maker) => {
      const form = "currency=usd&unit_amount=1000&product_data[name]=inline";
      const { id } = await maker.call("POST", "/v1/prices", form);
      return item(`pricing[price]=${id}`)(maker);
    },
  },
];
