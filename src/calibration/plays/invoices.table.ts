// Invoices that stay drafts and are deleted, invoice items that are refused, balances, test clocks, promotion codes. An
// amount on an invoice leaves a price behind, which nobody can delete, so none is made.
import { asked, coupon, customer, invoice, invoiceitem, newCustomer, promotionCode, testClock } from "./made.ts";
import type { Play, Step } from "./play.ts";

const newInvoice = (form: string): Step => ({
  call: "POST /v1/invoices",
  form: `customer={customer}&auto_advance=false${form}`,
  makes: invoice,
});

const refusedInvoice = (about: string, form: string): Step => ({
  ...asked(about, "POST /v1/invoices", `customer={customer}&auto_advance=false&${form}`),
  makes: invoice,
});

const refusedItem = (about: string, form: string): Step => ({
  ...asked(about, "POST /v1/invoiceitems", `customer={customer}&currency=usd&${form}`),
  makes: invoiceitem,
});

const newCoupon: Step = { call: "POST /v1/coupons", form: "percent_off=10&duration=once", makes: coupon };
const ofCoupon = "promotion[type]=coupon&promotion[coupon]={coupon}";

const newCode = (form: string): Step => ({
  call: "POST /v1/promotion_codes",
  form: `${ofCoupon}${form}`,
  makes: promotionCode,
});

const refusedCode = (about: string, form: string): Step => ({ ...newCode(`&${form}`), about });

export const invoicePlays: readonly Play[] = [
  {
    name: "a draft of an invoice",
    steps: [
      newCustomer,
      newInvoice("&description=Calibration&currency=usd"),
      { call: "GET /v1/invoices/{invoice}" },
      { call: "GET /v1/invoices/{invoice}/lines" },
      { call: "POST /v1/invoices/{invoice}", form: "footer=changed&metadata[calibration]=1" },
      asked("invoiceNotOpen", "POST /v1/invoices/{invoice}/mark_uncollectible", ""),
      { call: "DELETE /v1/invoices/{invoice}" },
      { call: "GET /v1/invoices/{invoice}" },
    ],
  },
  {
    name: "a draft that will be sent",
    steps: [newCustomer, newInvoice("&currency=usd&collection_method=send_invoice&days_until_due=7")],
  },
  {
    name: "invoices that do not fit",
    steps: [
      newCustomer,
      refusedInvoice("dueDateMissing", "collection_method=send_invoice"),
      refusedInvoice("dueDateUnasked", "days_until_due=7"),
      refusedInvoice("dueDatePast", "collection_method=send_invoice&due_date=1"),
    ],
  },
  {
    name: "invoice items that do not fit",
    steps: [
      newCustomer,
      refusedItem("amountWithQuantity", "amount=100&quantity=2"),
      refusedItem("periodBackwards", "amount=100&period[start]=1893456000&period[end]=1893450000"),
      refusedItem("priceRetired", "price=price_calibration1"),
      { call: "GET /v1/invoiceitems/ii_calibration1" },
    ],
  },
  {
    name: "a customer's balance",
    steps: [
      newCustomer,
      {
        call: "POST /v1/customers/{customer}/balance_transactions",
        form: "amount=-500&currency=usd&description=Calibration",
        names: { movement: "id" },
      },
      {
        call: "POST /v1/customers/{customer}/balance_transactions/{movement}",
        form: "metadata[calibration]=1",
      },
      { call: "GET /v1/customers/{customer}/balance_transactions" },
      { call: "GET /v1/customers/{customer}" },
    ],
  },
  {
    name: "a test clock",
    steps: [
      { call: "POST /v1/test_helpers/test_clocks", form: "frozen_time=1893456000&name=Calibration", makes: testClock },
      { call: "POST /v1/customers", form: "test_clock={clock}&name=Calibration", makes: customer },
      asked("clockBackwards", "POST /v1/test_helpers/test_clocks/{clock}/advance", "frozen_time=1893450000"),
      { call: "DELETE /v1/test_helpers/test_clocks/{clock}" },
      { call: "GET /v1/customers/{customer}" },
    ],
  },
  {
    name: "a promotion code",
    steps: [
      newCoupon,
      newCode(
        "&code=CALIBRATION-8251&max_redemptions=5&restrictions[minimum_amount]=100&restrictions[minimum_amount_currency]=usd",
      ),
      { call: "GET /v1/promotion_codes/{code}", form: "expand[]=promotion.coupon" },
      { call: "POST /v1/promotion_codes/{code}", form: "active=false&metadata[calibration]=1" },
    ],
  },
  {
    name: "promotion codes that do not fit",
    steps: [
      newCoupon,
      refusedCode("codeInvalid", "code=CAL%20IBRATION"),
      refusedCode("codeExpiresTooEarly", "expires_at=1"),
      refusedCode("minimumWithoutCurrency", "restrictions[minimum_amount]=100"),
      {
        ...asked("promotionWithoutCoupon", "POST /v1/promotion_codes", "promotion[type]=coupon"),
        makes: promotionCode,
      },
    ],
  },
];
