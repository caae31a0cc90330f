// Credit notes as they are mirrored: what each takes back of its invoice. Pure.
import { idOf } from "../../../kernel/contract/context.ts";
import { type Belonging, type MirroredRow, mirrorKind } from "../../../kernel/contract/manifest.ts";
import type { Fields, News, Remote } from "../../../kernel/contract/reacting.ts";
import { marksOf } from "../../marks.ts";
import { number, textOrNull } from "../../remote_fields.ts";

declare module "../../../kernel/contract/reacting.ts" {
  interface InnerNews {
    "credit_note.changed": { readonly note: CreditNoteMirror; readonly isNew: boolean };
  }
}

export interface CreditNoteMirror extends MirroredRow {
  readonly invoice: string;
  readonly status: "issued" | "void";
  readonly total: number;
  /** Of the total: what was paid before. */
  readonly postPayment: number;
  readonly currency: string;
  readonly number: string | null;
  readonly reason: string | null;
  readonly created: number;
}

const belongsTo = (remote: Fields): Belonging => ({ customer: idOf(remote.customer), parent: idOf(remote.invoice) });

function noteRow(remote: Remote): CreditNoteMirror | undefined {
  const invoice = idOf(remote.invoice);
  if (invoice === null) return undefined;
  const status = remote.status as CreditNoteMirror["status"];
  return {
    ...marksOf(remote),
    id: remote.id,
    ...belongsTo(remote),
    isFinal: status === "void",
    invoice,
    status,
    total: number(remote.total),
    postPayment: number(remote.post_payment_amount),
    currency: String(remote.currency),
    number: textOrNull(remote.number),
    reason: textOrNull(remote.reason),
    created: number(remote.created),
  };
}

function noteNews(before: CreditNoteMirror | null, after: CreditNoteMirror): News<"credit_note.changed">[] {
  if (before?.status === after.status) return [];
  const { id, status } = after;
  const data = { note: after, isNew: before === null };
  return [{ type: "credit_note.changed", subject: id, transition: `${id}:${status}`, data }];
}

export const creditNoteKind = mirrorKind<CreditNoteMirror>({
  kind: "credit_note",
  path: (id) => `/v1/credit_notes/${id}`,
  list: { path: "/v1/credit_notes", byCustomer: true },
  belongsTo,
  // It names no clock, and there are none in live mode.
  isOnClock: ({ livemode }) => livemode !== true,
  row: noteRow,
  facts: noteNews,
});
