// Invoices: what customers are asked for, as Stripe knows it.

/** As Stripe spells them. https://docs.stripe.com/api/invoices/object#invoice_object-status */
export const invoiceStatuses = ["draft", "open", "paid", "uncollectible", "void"] as const;
export type InvoiceStatus = (typeof invoiceStatuses)[number];
