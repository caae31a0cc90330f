// How an invoice looked before each family, and what its parameters meant; newest first.
import type { VersionChange } from "../../kernel/versions/change.ts";
import { given } from "../../kernel/words/params.ts";
import { taxAmounts } from "../line_items/index.ts";
import { type Invoice, memoryOf } from "./invoice.ts";

export const invoiceVersions: readonly VersionChange[] = [
  {
    family: "basil", // https://docs.stripe.com/changelog/basil
    removed: {
      application_fee_amount: null,
      discount: null,
      quote: null,
      transfer_data: null,
    },
    down: ({ parent, ...invoice }) => ({
      ...invoice,
      ...flatParent(parent),
      paid: invoice.status === "paid",
      tax: taxOf(invoice.total_taxes),
      total_tax_amounts: taxAmounts(invoice.total_taxes),
      paid_out_of_band: memoryOf(invoice as unknown as Invoice).isPaidOutOfBand,
    }),
  },
  { family: "2024-06-20", removed: { rendering_options: null } }, // It is `rendering` since.
  {
    family: "2022-11-15",
    up: [
      // What waits was billed with every invoice. https://docs.stripe.com/upgrades#2022-08-01
      {
        since: "2022-08-01",
        operations: /^POST \/v1\/invoices$/,
        lift: (params) => ({ pending_invoice_items_behavior: "include", ...params }),
      },
    ],
  },
];

interface Parent {
  readonly subscription_details: Details | null;
}

interface Details {
  readonly metadata: unknown;
  readonly subscription: string | null;
  readonly subscription_proration_date?: number;
}

const none: Details = { metadata: null, subscription: null };

/** What it bills stood beside the rest, not in `parent`. */
function flatParent(parent: unknown): object {
  const { metadata, subscription, subscription_proration_date } =
    (parent as Parent | null)?.subscription_details ?? none;
  return { ...given({ subscription_proration_date }), subscription, subscription_details: { metadata } };
}

/** Null of an invoice without taxes. */
function taxOf(taxes: unknown): number | null {
  const amounts = taxAmounts(taxes);
  return amounts.length === 0 ? null : amounts.reduce((sum, { amount }) => sum + Number(amount), 0);
}
