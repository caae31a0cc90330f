// Where a customer pays an invoice: the link to the hosted page, and what pays it there. It is the same payment as that
// of `pay`, also after a renewal that failed.
// https://docs.stripe.com/api/invoices/object#invoice_object-confirmation_secret
import { problem } from "#kit/problems.ts";
import type { Invoice, InvoiceLine, InvoiceLink } from "../../../api/index.ts";
import { record, text } from "../../../kernel/contract/shape.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import { checkFields, checkUrl } from "../../input.ts";
import { getInvoice } from "../read.ts";
import { admits, admitted, checkInvoiceId, lookAgain } from "../standing.ts";

/** Makes the link to the hosted page; the HTTP room's. */
export type OpenInvoiceLink = (input: {
  readonly invoiceId: string;
  readonly returnUrl: string | undefined;
}) => Promise<{ readonly url: string; readonly expiresAt: Date }>;

const admission = admits({
  what: "paid at a page",
  from: ["open", "uncollectible"],
  hints: { draft: "`invoices.finalize()` makes it final.", paid: "It costs nothing more." },
});

export async function linkInvoice(
  core: BillingCore,
  openLink: OpenInvoiceLink,
  given: { readonly invoiceId: string; readonly options: { readonly returnUrl?: string } },
): Promise<InvoiceLink> {
  const invoiceId = checkInvoiceId(given.invoiceId);
  const options = checkFields("options", given.options, { returnUrl: true });
  const returnUrl = checkUrl("returnUrl", options.returnUrl);
  await core.ready();
  await admitted(core, invoiceId, admission);
  const clientSecret = await payableSecret(core, invoiceId).catch(async (error: unknown) => {
    await lookAgain(core, invoiceId); // It was paid, or taken back, and nobody has told us yet.
    await admitted(core, invoiceId, admission);
    throw error;
  });
  const { url, expiresAt } = await openLink({ invoiceId, returnUrl });
  return { invoiceId, url, expiresAt, clientSecret, publishableKey: core.options.stripe.publishableKey };
}

interface Asking {
  readonly invoiceId: string;
  /** Where the payer goes on once it is paid. */
  readonly returnUrl: string | undefined;
}

/** Of a command whose customer has to enter a card or to hear their bank: they pay the same payment in the page. */
export async function askPayer(
  core: BillingCore,
  openLink: OpenInvoiceLink,
  { invoiceId, returnUrl }: Asking,
): Promise<{ readonly url: string; readonly clientSecret: string }> {
  const clientSecret = await payableSecret(core, invoiceId);
  const { url } = await openLink({ invoiceId, returnUrl });
  return { url, clientSecret };
}

const itsSecret = record({ confirmation_secret: record({ client_secret: text }) });
const payableStatuses: readonly unknown[] = ["open", "uncollectible"];

/** Never stored. */
async function payableSecret(core: BillingCore, id: string): Promise<string> {
  const path = `/v1/invoices/${encodeURIComponent(id)}?expand[]=confirmation_secret`;
  const { remote } = await core.kernel.gateway.read(path, { priority: "command", about: { invoiceId: id } });
  if (!payableStatuses.includes(remote?.status) || !remote?.confirmation_secret) {
    throw problem("unavailable", `Stripe shows no payment of invoice ${id} at the moment`, { hint: "Ask again." });
  }
  return itsSecret.read(remote, `invoice ${id}`).confirmation_secret.client_secret;
}

/** What a page shows: as Stripe has it now, with the client secret only where it can be paid. */
interface PayableInvoice {
  readonly invoice: Invoice & { readonly lines: readonly InvoiceLine[] };
  readonly clientSecret: string | null;
}

export async function askInvoice(core: BillingCore, id: string): Promise<PayableInvoice> {
  await core.ready();
  await lookAgain(core, id);
  const invoice = await getInvoice(core, id);
  const isForm = payableStatuses.includes(invoice.status) && invoice.attempt?.status !== "processing";
  return { invoice, clientSecret: isForm ? await payableSecret(core, id) : null };
}
