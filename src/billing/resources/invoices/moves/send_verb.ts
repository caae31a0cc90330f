// Has Stripe mail an invoice. The invoice does not show whether it was mailed, an event does: by it a mail whose answer
// was lost is found, and not sent twice. https://docs.stripe.com/api/invoices/send
import type { Remote } from "../../../kernel/contract/reacting.ts";
import { record } from "../../../kernel/contract/shape.ts";
import { defineVerb, itsId } from "../../../kernel/contract/verb.ts";
import { fieldsOf } from "../../remote_fields.ts";
import { aboutInvoice, embeddedInvoice, laneOfInvoice, nothing, ofInvoice, touchedInvoice } from "../standing.ts";
import { notDone } from "./not_done.ts";

export const send = defineVerb({
  name: "invoices.send",
  params: record(ofInvoice),
  outcome: nothing,
  lane: laneOfInvoice,
  about: aboutInvoice,
  steps: [
    {
      name: "send",
      answer: itsId,
      touches: touchedInvoice,
      embeds: embeddedInvoice,
      request: ({ params }) => ({ method: "POST", path: `/v1/invoices/${params.invoiceId}/send`, params: {} }),
      async find({ params }, { since, list }) {
        const sent = await list(`/v1/events?limit=100&type=invoice.sent&created[gte]=${since}`);
        const invoices = sent.map(({ data }) => fieldsOf(fieldsOf(data).object));
        return (invoices.find(({ id }) => id === params.invoiceId) as Remote | undefined) ?? null;
      },
    },
  ],
  answered: async () => ({}),
  refused: notDone("send"),
});
