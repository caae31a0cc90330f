// How a line looked before each family; newest first. https://docs.stripe.com/changelog/basil
import type { VersionChange } from "../../kernel/versions/change.ts";
import { priced } from "../invoiceitems/index.ts";

type Hash = Readonly<Record<string, unknown>>;

const since = "2025-03-31";

export const lineItemVersions: readonly VersionChange[] = [
  {
    family: "basil",
    removed: { tax_rates: [] },
    down: flat,
    up: [
      { since, operations: /^POST \/v1\/invoices\/:id\/lines\/:id$/, lift: priced },
      {
        since,
        operations: /^POST \/v1\/invoices\/:id\/(?:add|update)_lines$/,
        lift: ({ lines, ...rest }) => ({ ...rest, lines: (lines as readonly Hash[]).map(priced) }), // By its schema.
      },
    ],
  },
];

/** Where it comes from and what it costs stood beside each other, not in `parent` and `pricing`. */
function flat(line: Hash): Hash {
  const { parent, pricing, subtotal, taxes, pretax_credit_amounts, ...rest } = line;
  const details = detailsOf(parent as Hash | null);
  const amount = Number(line.amount);
  return {
    ...rest,
    amount_excluding_tax: amount - contained(taxes),
    // Of what bills a subscription there is none.
    ...(typeof details.invoice_item === "string" && { invoice_item: details.invoice_item }),
    plan: null,
    pretax_credit_amounts,
    price: (pricing as { price_details?: Hash } | null)?.price_details?.price ?? null,
    proration: details.proration ?? false,
    proration_details: details.proration_details ?? { credited_items: null },
    subscription: details.subscription ?? null,
    tax_amounts: taxAmounts(taxes),
    ...(details.subscription_item !== undefined && { subscription_item: details.subscription_item }),
    type: details.subscription_item === undefined || details.invoice_item ? "invoiceitem" : "subscription",
    unit_amount_excluding_tax: (pricing as Hash | null)?.unit_amount_decimal ?? null,
  };
}

function detailsOf(parent: Hash | null): Hash {
  return (parent?.subscription_item_details ?? parent?.invoice_item_details ?? {}) as Hash; // One of two kinds.
}

interface Tax {
  readonly amount: number;
  readonly tax_behavior: string;
  readonly tax_rate_details: { readonly tax_rate: string } | null;
  readonly taxable_amount: number | null;
}

/** Of a line or of an invoice: as `taxes` and `total_taxes` were shown. */
export function taxAmounts(taxes: unknown): Hash[] {
  return ((taxes ?? []) as Tax[]).map(({ amount, tax_behavior, tax_rate_details, taxable_amount }) => ({
    amount,
    inclusive: tax_behavior === "inclusive",
    tax_rate: tax_rate_details?.tax_rate ?? null,
    taxability_reason: null,
    taxable_amount,
  }));
}

function contained(taxes: unknown): number {
  return taxAmounts(taxes).reduce((sum, { amount, inclusive }) => sum + (inclusive ? Number(amount) : 0), 0);
}
