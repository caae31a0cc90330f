// For tests: a customer with a card, and invoices of theirs.
import type Stripe from "stripe";
import type { SandboxWorld } from "../../testing.ts";

export interface Billed {
  readonly customer: string;
  /** Attached, and the default of the customer. */
  readonly method: string;
}

export async function billedCustomer(
  { stripe }: SandboxWorld,
  card = "pm_card_visa",
  more: Stripe.CustomerCreateParams = {},
): Promise<Billed> {
  const { id: customer } = await stripe.customers.create({ email: "ada@shop.test", name: "Ada", ...more });
  const { id: method } = await stripe.paymentMethods.attach(card, { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: method } });
  return { customer, method };
}

/** A draft of one line. */
export async function draftOf(
  { stripe }: SandboxWorld,
  customer: string,
  amount: number,
  more: Partial<Stripe.InvoiceCreateParams> = {},
): Promise<Stripe.Invoice> {
  const { id } = await stripe.invoices.create({ customer, currency: "usd", ...more });
  await stripe.invoiceItems.create({ customer, invoice: id, amount, description: "Consulting" });
  return stripe.invoices.retrieve(id);
}

export async function openInvoice(
  world: SandboxWorld,
  customer: string,
  amount: number,
  more: Partial<Stripe.InvoiceCreateParams> = {},
): Promise<Stripe.Invoice> {
  const { id } = await draftOf(world, customer, amount, more);
  return world.stripe.invoices.finalizeInvoice(id);
}
