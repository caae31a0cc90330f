// Invoices: what customers are asked for, and what can be wished of it.
import type { Page, PageOptions } from "../answers.ts";
import type { InvoiceCommands } from "./commands.ts";
import type { CreatesInvoices } from "./create.ts";
import type { CreditsInvoices } from "./credit.ts";
import type { Invoice, InvoiceLine, InvoiceStatus } from "./invoice.ts";

export interface InvoicesApi extends CreatesInvoices, InvoiceCommands, CreditsInvoices {
  /** By Stripe's id, with all of its lines. Throws Problem "not_found" for one that is not a customer's of yours. */
  get(id: string): Promise<Invoice & { readonly lines: readonly InvoiceLine[] }>;
  /**
   * Newest first, without lines. With `customerId`, Stripe is asked the first time; from then on its events tell.
   * Without it, those that have been seen.
   */
  list(
    options?: PageOptions & {
      customerId?: string;
      status?: InvoiceStatus;
      /** `sub_…` */
      subscriptionId?: string;
      number?: string;
    },
  ): Promise<Page<Invoice>>;
}
