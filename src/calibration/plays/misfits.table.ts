// Calls that do not fit, so that nothing is made; each says what it would make, should it be taken.
import { asked, coupon, customer, intent, newCustomer, newProduct, product } from "./made.ts";
import type { Call, Made, Play, Step } from "./play.ts";

const manyKeys = Array.from({ length: 51 }, (_, index) => `metadata[k${index}]=1`).join("&");
const manyImages = Array.from({ length: 9 }, (_, index) => `images[${index}]=https://example.com/${index}.png`).join(
  "&",
);
const manyClauses = Array.from({ length: 11 }, (_, index) => `name:"name${index}"`).join(" OR ");
const search = (query: string) => `limit=1&query=${encodeURIComponent(query)}`;

/** By a sentence of the kernel's or the row of its refusal. */
type Misfit = string | readonly [about: string, form: string, headers?: Step["headers"]];

function misfits(call: Call, makes: Made, forms: readonly Misfit[]): Play[] {
  return forms.map((misfit) => {
    const [about, form, headers] = typeof misfit === "string" ? [undefined, misfit] : misfit;
    const step: Step = { call, form, makes, ...(about && { about }), ...(headers && { headers }) };
    return { name: `what does not fit: ${about ?? form}`, steps: [step] };
  });
}

const payments = misfits("POST /v1/payment_intents", intent, [
  "currency=usd",
  "amount=1&currency=usd&payment_method_types[]=card",
  "amount=2000&currency=xxx",
  "amount=12.5&currency=usd",
  "amount=2000&currency=usd&colour=red",
  "amount=2000&currency=usd&capture_method=never",
  ["parameterNotBoolean", "amount=2000&currency=usd&confirm=maybe"],
]);

const customers = misfits("POST /v1/customers", customer, [
  ["parameterNotHash", "address=here"],
  ["metadataTooLong", manyKeys],
  ["idempotencyKeyTooLong", "name=Calibration", { "idempotency-key": "k".repeat(256) }],
]);

const products = misfits("POST /v1/products", product, [
  "description=nameless",
  ["listTooLong", `name=Calibration&${manyImages}`],
  ["descriptorTooLong", "name=Calibration&statement_descriptor=ABCDEFGHIJKLMNOPQRSTUVW"],
  ["descriptorInvalid", "name=Calibration&statement_descriptor=12345"],
]);

const coupons = misfits("POST /v1/coupons", coupon, [
  ["couponOfNothing", "duration=once"],
  ["couponWithoutCurrency", "amount_off=500&duration=once"],
  ["couponWithoutAmount", "percent_off=10&duration=once&currency_options[eur][amount_off]=400"],
  ["couponWithoutMonths", "percent_off=10&duration=repeating"],
  ["couponMonthsUnasked", "percent_off=10&duration=once&duration_in_months=3"],
  ["redeemByPassed", "percent_off=10&duration=once&redeem_by=1"],
  ["redeemByTooLate", "percent_off=10&duration=once&redeem_by=4102444800"],
  ["parameterNotDecimal", "percent_off=much&duration=once"],
  ["decimalAbove", "percent_off=101&duration=once"],
  ["textTooLong", `percent_off=10&duration=once&name=${"n".repeat(41)}`],
]);

const amount = "unit_amount=1000";
const monthly = "recurring[interval]=month";
const tier = (index: number, end: string) => `tiers[${index}][up_to]=${end}&tiers[${index}][unit_amount]=100`;
const tiered = `${monthly}&billing_scheme=tiered`;
const graduated = `${tiered}&tiers_mode=graduated`;
const custom = "custom_unit_amount[enabled]=true";

/** Of one product, which is archived if a price is made of it after all: no price can be deleted. */
const prices: Play = {
  name: "prices that do not fit",
  steps: [
    newProduct,
    ...(
      [
        ["intervalTooLong", `${amount}&${monthly}&recurring[interval_count]=40`],
        ["tiersMissing", tiered],
        ["tiersUnasked", `${amount}&${monthly}&tiers_mode=graduated`],
        ["tieredWithAmount", `${graduated}&${amount}&${tier(0, "inf")}`],
        ["tierWithoutAmount", `${graduated}&tiers[0][up_to]=inf`],
        ["tiersUnordered", `${graduated}&${tier(0, "5")}&${tier(1, "3")}&${tier(2, "inf")}`],
        ["tiersEndless", `${graduated}&${tier(0, "5")}`],
        ["customAmountRecurring", `${custom}&${monthly}`],
        ["customAmountUnordered", `${custom}&custom_unit_amount[minimum]=500&custom_unit_amount[preset]=100`],
        ["ownCurrencyOption", `${amount}&currency_options[usd][unit_amount]=900`],
        ["decimalTooLong", "unit_amount_decimal=1.1234567890123"],
      ] as const
    ).map(([about, form]) => asked(about, "POST /v1/prices", `product={product}&currency=usd&${form}`)),
  ],
};

const reads: readonly Play[] = [
  {
    name: "searches that cannot be answered",
    steps: [
      { call: "GET /v1/customers/search", form: search("name") },
      { call: "GET /v1/customers/search", form: search('colour:"red"') },
      asked("searchMixed", "GET /v1/customers/search", search('name:"a" AND email:"b" OR name:"c"')),
      asked("searchTooLong", "GET /v1/customers/search", search(manyClauses)),
      asked("searchOperatorWrong", "GET /v1/customers/search", search('name>"a"')),
      asked("searchNumberWrong", "GET /v1/customers/search", search('created>"today"')),
      asked("searchPartTooShort", "GET /v1/customers/search", search('name~"a"')),
      asked("searchPageUnknown", "GET /v1/customers/search", `${search('name:"a"')}&page=nonsense`),
    ],
  },
  {
    name: "lists that cannot be answered",
    steps: [
      asked("parameterNotList", "GET /v1/events", "limit=1&types=charge.succeeded"),
      asked("parametersExclusive", "GET /v1/events", "limit=1&type=charge.succeeded&types[]=charge.failed"),
      { call: "GET /v1/charges", form: "limit=1&expand[]=data.nobody" },
    ],
  },
  {
    name: "what is not there",
    steps: [
      { call: "GET /v1/customers/cus_calibration1" },
      { call: "GET /v1/payment_intents/pi_calibration1" },
      { call: "GET /v1/products/prod_calibration1" },
      { call: "POST /v1/refunds", form: "charge=ch_calibration1" },
      { call: "POST /v1/refunds" },
      { call: "GET /v1/calibration" },
    ],
  },
  {
    name: "a balance in two currencies",
    steps: [
      newCustomer,
      { call: "POST /v1/customers/{customer}/balance_transactions", form: "amount=-500&currency=usd" },
      { call: "POST /v1/customers/{customer}/balance_transactions", form: "amount=-500&currency=eur" },
    ],
  },
];

export const misfitPlays: readonly Play[] = [...payments, ...customers, ...products, ...coupons, prices, ...reads];
