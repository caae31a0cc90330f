// What an invoice item, or a line that is added to an invoice, says that it costs: an amount, units, or a price.
import { maximumAmount } from "#kit/money.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead, mustReadParam } from "../../kernel/state/writes.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { missingParameter, refusal, type StripeError } from "../../kernel/words/errors.ts";
import { moneyText } from "../../kernel/words/money_text.ts";
import { given, hash, integer, type Params, text } from "../../kernel/words/params.ts";
import { priced } from "../../reckoning/prices.ts";
import { decimal, decimalText, floor, type Rational, ratio } from "../../reckoning/rational.ts";
import { allOptions, type Price, priceBilledAs, prices, termsIn, unitAmountIn } from "../prices/index.ts";
import { productBilledAs, products } from "../products/index.ts";
import { invoiceItemDefaults } from "./defaults.table.ts";
import { type InvoiceItem, type Pricing, priceIdOf } from "./invoiceitem.ts";
import { rows } from "./refusals.table.ts";

export interface Terms extends Pick<InvoiceItem, "amount" | "quantity" | "quantity_decimal"> {
  readonly pricing: Pricing;
}

/** Of what, and in which currency. */
export interface Billing {
  readonly currency: string;
  readonly before?: Pick<InvoiceItem, "pricing">;
  /** How what is sent is called where it stands inside of something: `add_invoice_items[0]`. */
  readonly at?: string;
  /** The price was taken while it was active, by what bills it later. */
  readonly isHeld?: boolean;
}

/** A price of what is billed beside something is named by itself. */
export function inPricing(sent: Params): Params {
  const { price, ...others } = sent;
  return price === undefined ? sent : { ...others, pricing: { price } };
}

const ways = ["amount", "price_data", "pricing", "unit_amount", "unit_amount_decimal"];

/** What is sent replaces what was; undefined: nothing about the price was sent. */
export function termsOf(unit: Unit, params: Params, billing: Billing): Terms | undefined {
  const sent = ways.filter((name) => params[name] !== undefined);
  if (sent.length > 1) throw refusal(common.parametersExclusive, { params: sent.join(", ") });
  const quantity = quantityOf(params);
  if (integer(params, "amount") !== undefined && quantity) throw refusal(rows.amountWithQuantity);
  if (sent.length === 0 && !quantity) return undefined;
  const price = priceOf(unit, params, billing);
  return ofUnits(price, quantity ?? ratio(1), billing.currency);
}

/** The price that is named, or the one that stands for what is said. */
function priceOf(unit: Unit, params: Params, billing: Billing): Price {
  const { currency, before } = billing;
  const named = text(hash(params, "pricing") ?? {}, "price");
  if (named !== undefined) return namedPrice(unit, named, { ...billing, isHeld: params.scheduled === true });
  const data = hash(params, "price_data");
  const unitAmount = unitAmountOf(data ?? params, currency);
  if (unitAmount === undefined) {
    if (!before?.pricing) throw missingParameter("amount");
    return mustRead(unit, prices, priceIdOf(before));
  }
  const taxBehavior = text(data ?? params, "tax_behavior") ?? text(params, "tax_behavior");
  return priceBilledAs(unit, {
    currency,
    product: productOf(unit, params, billing),
    unitAmount,
    ...given({ taxBehavior }),
  });
}

function namedPrice(unit: Unit, id: string, { at, currency, isHeld }: Billing): Price {
  const param = at === undefined ? "pricing[price]" : `${at}[price]`;
  const price = mustReadParam(unit, prices, id, param);
  if (price.type === "recurring") throw refusal(rows.priceRecurring, {}, { param });
  if (!price.active && !isHeld) throw refusal(rows.priceInactive, {}, { param });
  const unitAmount = unitAmountIn(price, currency);
  if (unitAmount === undefined) throw inOtherCurrency(price, currency, param);
  if (unitAmount === null) throw refusal(rows.priceWithoutUnit, {}, { param });
  return price;
}

/** Every currency that it has an amount in is named. */
export function inOtherCurrency(price: Price, currency: string, param: string): StripeError {
  const own = Object.keys(allOptions(price)).toSorted();
  const row = own.length === 1 ? rows.priceInOtherCurrency : rows.priceInOtherCurrencies;
  const named = own.length === 1 ? price.currency : own.map((one) => `\`${one}\``).join(", ");
  return refusal(row, { own: named, currency }, { param });
}

/** A changed amount stays with its product (recorded). Who says nothing of what is billed has no better name for it. */
function productOf(unit: Unit, params: Params, { at, before }: Billing): string {
  const data = hash(params, "price_data");
  const param = at === undefined ? "price_data[product]" : `${at}[price_data][product]`;
  const named = text(data ?? {}, "product");
  if (named !== undefined) return mustReadParam(unit, products, named, param).id;
  const product = hash(data ?? {}, "product_data");
  if (data && !product) throw missingParameter(param);
  if (before?.pricing && !product) return before.pricing.price_details.product;
  return productBilledAs(unit, text(product ?? {}, "name") ?? text(params, "description") ?? "Invoice item").id;
}

/** Of an amount alone one is billed. */
function unitAmountOf(params: Params, currency: string): string | undefined {
  const whole = integer(params, "amount") ?? integer(params, "unit_amount");
  if (whole !== undefined) checkSize(whole, currency, params.amount === undefined ? "unit_amount" : "amount");
  const exact = whole === undefined ? decimalOf(params, "unit_amount_decimal") : ratio(whole);
  return exact && decimalText(exact);
}

function ofUnits(price: Price, quantity: Rational, currency: string): Terms {
  const unitAmount = String(unitAmountIn(price, currency));
  const lines = priced(termsIn(price, currency), quantity);
  const amount = lines.reduce((sum, line) => sum + line.amount, 0);
  checkSize(amount, currency, "quantity");
  const price_details = { price: price.id, product: price.product };
  return {
    amount,
    pricing: { type: "price_details", price_details, unit_amount_decimal: unitAmount },
    quantity: floor(quantity),
    quantity_decimal: decimalText(quantity),
  };
}

function quantityOf(params: Params): Rational | undefined {
  const sent = integer(params, "quantity");
  const whole = sent === undefined ? undefined : ratio(sent);
  const exact = decimalOf(params, "quantity_decimal");
  if (whole && exact) throw refusal(common.parametersExclusive, { params: "quantity, quantity_decimal" });
  const quantity = whole ?? exact;
  if (quantity && quantity.numerator < 0n) throw refusal(common.belowMinimum, { limit: 0 }, { param: "quantity" });
  return quantity;
}

const digits = `\\d{1,${invoiceItemDefaults.decimalPlaces.value}}`;
const decimals = new RegExp(`^-?${digits}(?:\\.${digits})?$`);

function decimalOf(params: Params, name: string): Rational | undefined {
  const sent = text(params, name);
  if (sent === undefined) return undefined;
  if (!decimals.test(sent)) throw refusal(common.parameterNotDecimal, { value: sent }, { param: name });
  return decimal(sent);
}

/** Credits are as large as charges. */
function checkSize(amount: number, currency: string, param: string): void {
  const most = maximumAmount(currency);
  if (Math.abs(amount) > most) {
    throw refusal(common.amountTooLarge, { amount: moneyText(most, currency) }, { param });
  }
}

/** The second it is for, or the time; a period that ends before it begins is refused. */
export function periodOf(params: Params, before: InvoiceItem["period"]): InvoiceItem["period"] {
  const sent = hash(params, "period");
  if (!sent) return before;
  const start = integer(sent, "start") ?? before.start;
  const end = integer(sent, "end") ?? before.end;
  if (end < start) throw refusal(rows.periodBackwards, {}, { param: "period" });
  return { start, end };
}
