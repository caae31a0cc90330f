// Products and coupons. Prices and tax rates cannot be deleted, so none is made.
import { asked, coupon, newProduct, product } from "./made.ts";
import type { Play } from "./play.ts";

export const catalogPlays: readonly Play[] = [
  {
    name: "a product",
    steps: [
      {
        call: "POST /v1/products",
        form:
          "name=Calibration&description=d&shippable=true&unit_label=piece&url=https://example.com/p&" +
          "marketing_features[0][name]=one&package_dimensions[height]=1&package_dimensions[length]=2&" +
          "package_dimensions[weight]=3&package_dimensions[width]=4",
        makes: product,
      },
      { call: "POST /v1/products/{product}", form: "active=false&metadata[calibration]=1" },
      { call: "DELETE /v1/products/{product}" },
      { call: "GET /v1/products/{product}" },
    ],
  },
  {
    name: "a product of an id that is taken",
    steps: [
      newProduct,
      { ...asked("productExists", "POST /v1/products", "id={product}&name=Calibration"), makes: product },
    ],
  },
  {
    name: "a coupon",
    steps: [
      {
        call: "POST /v1/coupons",
        form:
          "amount_off=500&currency=usd&duration=repeating&duration_in_months=3&name=Calibration&max_redemptions=10&" +
          "currency_options[eur][amount_off]=400",
        makes: coupon,
      },
      { ...asked("couponExists", "POST /v1/coupons", "id={coupon}&percent_off=10&duration=once"), makes: coupon },
      { call: "POST /v1/coupons/{coupon}", form: "name=Changed&metadata[calibration]=1" },
      { call: "GET /v1/coupons/{coupon}", form: "expand[]=currency_options" },
      { call: "DELETE /v1/coupons/{coupon}" },
      { call: "GET /v1/coupons/{coupon}" },
    ],
  },
];
