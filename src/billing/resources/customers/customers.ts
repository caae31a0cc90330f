// READ FIRST: a customer is the host's own user, by the host's own id; at Stripe it has one Customer, made once.
import { idOf } from "../../kernel/contract/context.ts";
import type { Belonging, MirroredRow } from "../../kernel/contract/manifest.ts";
import { mirrorKind } from "../../kernel/contract/manifest.ts";
import type { Fields, Remote } from "../../kernel/contract/reacting.ts";
import { mark, marksOf } from "../marks.ts";

declare module "../../kernel/contract/reacting.ts" {
  interface InnerNews {
    "customer.appeared": CustomerMirror;
  }
}

export interface CustomerMirror extends MirroredRow {
  /** Whose it is, by our marks. */
  readonly user: string | null;
  readonly email: string | null;
  readonly name: string | null;
}

const belongsTo = (remote: Fields): Belonging => ({ customer: idOf(remote), parent: null });

function customerRow(remote: Remote): CustomerMirror {
  return {
    ...marksOf(remote),
    id: remote.id,
    ...belongsTo(remote),
    isFinal: false,
    user: mark(remote, "bursar_customer"),
    email: (remote.email as string | null | undefined) ?? null,
    name: (remote.name as string | null | undefined) ?? null,
  };
}

export const customerKind = mirrorKind<CustomerMirror>({
  kind: "customer",
  path: (id) => `/v1/customers/${id}`,
  belongsTo,
  row: customerRow,
  // Only that there is one: what a customer has at Stripe matters through payments.
  facts: (before, after) =>
    before === null ? [{ type: "customer.appeared", subject: after.id, transition: after.id, data: after }] : [],
});
