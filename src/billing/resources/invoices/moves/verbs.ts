// What changes an invoice at Stripe with one request that has no parameters: each is wished once.
import type { FiledOperation, Remote } from "../../../kernel/contract/reacting.ts";
import { record } from "../../../kernel/contract/shape.ts";
import { defineVerb, filed, itsId } from "../../../kernel/contract/verb.ts";
import { aboutInvoice, embeddedInvoice, laneOfInvoice, nothing, ofInvoice, touchedInvoice } from "../standing.ts";
import { type InvoiceWish, notDone } from "./not_done.ts";

interface Moves {
  readonly wish: InvoiceWish;
  /** The end of the path. */
  readonly by: string;
  readonly holds: (invoice: Remote) => boolean;
}

function moves(name: string, { wish, by, holds }: Moves) {
  return defineVerb({
    name,
    params: record(ofInvoice),
    outcome: nothing,
    lane: laneOfInvoice,
    about: aboutInvoice,
    steps: [
      {
        name: wish,
        answer: itsId,
        touches: touchedInvoice,
        embeds: embeddedInvoice,
        request: ({ params }) => ({ method: "POST", path: `/v1/invoices/${params.invoiceId}/${by}`, params: {} }),
        holds,
      },
    ],
    answered: async () => ({}),
    refused: notDone(wish),
  });
}

/** Takes a draft away for good, with its lines. https://docs.stripe.com/api/invoices/delete */
export const discard = defineVerb({
  name: "invoices.discard",
  params: record(ofInvoice),
  outcome: nothing,
  lane: laneOfInvoice,
  about: aboutInvoice,
  steps: [
    {
      name: "delete",
      answer: itsId,
      touches: touchedInvoice,
      embeds: embeddedInvoice,
      request: ({ params }) => ({ method: "DELETE", path: `/v1/invoices/${params.invoiceId}`, params: {} }),
      holds: ({ deleted }) => deleted === true,
      gone: ({ params: { invoiceId: id } }) => ({ id, object: "invoice", deleted: true }),
    },
  ],
  answered: async () => ({}),
  refused: notDone("discard"),
});

/** https://docs.stripe.com/api/invoices/finalize */
export const finalize = moves("invoices.finalize", {
  wish: "finalize",
  by: "finalize",
  holds: ({ status }) => status !== "draft",
});

/** https://docs.stripe.com/api/invoices/void */
export const voidVerb = moves("invoices.void", { wish: "void", by: "void", holds: ({ status }) => status === "void" });

/** Because of what else was done: `by` says what, as no caller can. */
export function voidBy(by: string, invoiceId: string): FiledOperation {
  return filed(voidVerb, { subject: `${invoiceId}/by/${by}`, attempt: 1, params: { invoiceId } });
}

/** https://docs.stripe.com/api/invoices/mark_uncollectible */
export const writeOff = moves("invoices.writeOff", {
  wish: "write_off",
  by: "mark_uncollectible",
  holds: ({ status }) => status === "uncollectible",
});
