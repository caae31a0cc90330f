// What is sold, and what is said of it.
import type { Call, Play, Seen, Step } from "./play.ts";

const cataloged = (why: string, ...steps: readonly Step[]): Play => ({
  why,
  sure: "recorded",
  seen: { catalog: 1 } satisfies Seen,
  version: "2026-08-26.dahlia",
  steps,
});

const product: Call = { call: "POST /v1/products", form: "name=Gold", as: "product" };
const coupon: Call = { call: "POST /v1/coupons", form: "percent_off=10&duration=once", as: "coupon" };

/** What the newest event of a type shows. */
const event = (type: string, object: object): Call => ({
  call: "GET /v1/events",
  form: `type=${type}`,
  shows: { data: [{ data: { object, previous_attributes: undefined } }] },
});

export const catalogPlays: readonly Play[] = [
  cataloged(
    "a lookup key is given up by an empty text",
    product,
    {
      call: "POST /v1/prices",
      form: "product={product.id}&currency=usd&unit_amount=500&lookup_key=gold",
      as: "price",
      shows: { lookup_key: "gold" },
    },
    { call: "POST /v1/prices/{price.id}", form: "lookup_key=", shows: { lookup_key: null } },
  ),
  cataloged("products that are not there are left out of a list", product, {
    call: "GET /v1/products",
    form: "ids[]=prod_nope",
    shows: { data: [], has_more: false },
  }),
  cataloged("a code that nobody has chosen is eight capitals and digits", coupon, {
    call: "POST /v1/promotion_codes",
    form: "promotion[type]=coupon&promotion[coupon]={coupon.id}",
    shows: { code: /^[A-Z0-9]{8}$/ },
  }),
  cataloged("a tax rate without a word more", {
    call: "POST /v1/tax_rates",
    form: "display_name=VAT&percentage=10&inclusive=false",
    shows: {
      percentage: 10,
      effective_percentage: 10,
      flat_amount: null,
      jurisdiction_level: null,
      rate_type: "percentage",
      active: true,
    },
  }),
  cataloged(
    "what is deleted is shown once more, as it is then",
    product,
    { call: "DELETE /v1/products/{product.id}" },
    event("product.deleted", { id: "{product.id}", active: false }),
    coupon,
    { call: "DELETE /v1/coupons/{coupon.id}" },
    event("coupon.deleted", { id: "{coupon.id}", valid: false }),
    { call: "DELETE /v1/customers/{customer}" },
    event("customer.deleted", { id: "{customer}", email: "ada@shop.test", name: "Ada", deleted: undefined }),
  ),
];
