// What invoice items have at most.
import { type Defaults, usual } from "../../kernel/words/defaults.ts";

export const invoiceItemDefaults = {
  /** https://docs.stripe.com/billing/invoices/subscription#adding-upcoming-invoice-items */
  pendingMax: usual("invoice items that wait for a customer's next invoice", 250, "documented"),
  decimalPlaces: usual("digits of a decimal amount or quantity, on either side of the point", 12, "documented"),
} satisfies Defaults;
