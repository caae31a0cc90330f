// How an invoice item looked before each family, and what its parameters meant; newest first.
// https://docs.stripe.com/changelog/basil
import type { VersionChange } from "../../kernel/versions/change.ts";

type Hash = Readonly<Record<string, unknown>>;

export const invoiceItemVersions: readonly VersionChange[] = [
  {
    family: "basil",
    down: flat,
    up: [
      {
        since: "2025-03-31",
        operations: /^POST \/v1\/invoiceitems(?:\/:id)?$/,
        lift: priced,
      },
    ],
  },
];

/** Of an item or a line: its price stood beside the rest, not in `pricing`. */
export function priced({ price, ...rest }: Hash): Hash {
  return price === undefined ? rest : { ...rest, pricing: { price } };
}

/** What it costs and where it comes from stood beside each other. */
function flat(item: Hash): Hash {
  const { parent, pricing: _pricing, ...rest } = item;
  const { subscription_details: of } = (parent ?? {}) as { readonly subscription_details?: Hash };
  const pricing = item.pricing as { unit_amount_decimal: string | null; price_details: Hash } | null;
  const decimal = pricing?.unit_amount_decimal ?? null;
  const isWhole = decimal !== null && !String(decimal).includes(".");
  return {
    ...rest,
    plan: null,
    price: pricing?.price_details.price ?? null,
    subscription: of?.subscription ?? null,
    ...(of?.subscription_item !== undefined && { subscription_item: of.subscription_item }),
    unit_amount: isWhole ? Number(decimal) : null,
    unit_amount_decimal: decimal,
  };
}
