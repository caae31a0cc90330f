// What an invoice asks for sending things, beside its lines. Rates that somebody names are for lines (declared), so
// that it has a tax by automatic tax alone. https://docs.stripe.com/api/invoices/object#invoice_object-shipping_cost
import { includedWith } from "../../kernel/state/embeds.ts";
import { type Hidden, hidden, type Noun, type StripeObject } from "../../kernel/state/noun.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Embed, Unit } from "../../kernel/state/unit.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { hash } from "../../kernel/words/params.ts";
import type { Shipping, ShippingTotals } from "../../reckoning/totals.ts";
import { chosenShipping, fixedIn, shippingRates } from "../shipping_rates/index.ts";
import { taxRates } from "../tax_rates/index.ts";
import type { AutomaticTaxing } from "./billing/automatic_tax.ts";
import { type Invoice, remembering } from "./invoice.ts";
import { rateOf, type ShownTax } from "./rates.ts";

type Cost = Invoice["shipping_cost"];

/** As it is chosen, without a tax yet; null takes it away, undefined: nothing was sent of it. */
export function shippingCost(unit: Unit, params: Params, currency: string): Cost | undefined {
  if (params.shipping_cost === null) return null;
  const sent = hash(params, "shipping_cost");
  if (!sent) return undefined;
  const { amount, rate } = chosenShipping(unit, sent, { at: "shipping_cost", currency });
  return { amount_subtotal: amount, amount_tax: 0, amount_total: amount, shipping_rate: rate.id };
}

/** As it is reckoned with. What does not say whether it contains its tax is not taxed, as lines are not (inferred). */
export function shippingOn(
  unit: Unit,
  { shipping_cost: cost, currency }: Pick<Invoice, "currency" | "shipping_cost">,
  automatic: AutomaticTaxing | undefined,
): Shipping | undefined {
  if (!cost) return undefined;
  const fixed = fixedIn(mustRead(unit, shippingRates, String(cost.shipping_rate)), currency);
  const rate = automatic?.rateBy(fixed?.tax_behavior);
  return { amount: cost.amount_subtotal, rates: rate === undefined ? [] : [rateOf(unit, rate)] };
}

type Shown = Hidden & Pick<Invoice, "amount_shipping" | "shipping_cost">;

/** `amount_shipping` is without what comes on top, which the taxes of the invoice have (inferred). */
export function shownShipping(
  invoice: Hidden & Pick<Invoice, "shipping_cost">,
  totals: ShippingTotals | undefined,
  taxes: readonly ShownTax[],
): Shown {
  const { shipping_cost: cost } = invoice;
  const isTaxed = shippingTaxesOf(invoice).length > 0 || taxes.length > 0;
  const remembered = isTaxed ? remembering(invoice, { shippingTaxes: taxes }) : {};
  if (!cost || !totals) return { amount_shipping: 0, shipping_cost: null, ...remembered };
  const amount_tax = taxes.reduce((sum, { amount }) => sum + amount, 0);
  const shipping_cost = { ...cost, amount_tax, amount_total: totals.total };
  return { amount_shipping: cost.amount_subtotal, shipping_cost, ...remembered };
}

/** Of an invoice, or of a credit note that gives them back. */
export function shippingTaxesOf(object: Hidden): readonly ShownTax[] {
  return (object[hidden]?.shippingTaxes as readonly ShownTax[] | undefined) ?? []; // Written by those two only.
}

/** They are shown when somebody asks, each with its rate as a whole. */
export function shippingTaxesOn<O extends StripeObject>(noun: Noun<O>): Embed {
  return includedWith(noun, "shipping_cost.taxes", {
    find: (unit, object) =>
      shippingTaxesOf(object).flatMap(({ tax_rate_details: details }) =>
        mustRead(unit, taxRates, details?.tax_rate ?? ""),
      ),
    value: (object, rates) =>
      shippingTaxesOf(object).map(({ amount, taxability_reason, taxable_amount }, at) => ({
        amount,
        rate: rates[at],
        taxability_reason,
        taxable_amount,
      })),
  });
}
