// READ FIRST: a customer is the host's own user, by the host's own id; at Stripe it has one Customer, made once.
import { idOf } from "../../kernel/contract/context.ts";
import type { Belonging, MirroredRow } from "../../kernel/contract/manifest.ts";
import { mirrorKind } from "../../kernel/contract/manifest.ts";
import type { Fields, Remote } from "../../kernel/contract/reacting.ts";
import { marksOf } from "../marks.ts";

export interface CustomerMirror extends MirroredRow {
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
    email: (remote.email as string | null | undefined) ?? null,
    name: (remote.name as string | null | undefined) ?? null,
  };
}

export const customerKind = mirrorKind<CustomerMirror>({
  kind: "customer",
  isDeletable: true,
  path: (id) => `/v1/customers/${id}`,
  belongsTo,
  row: customerRow,
  // Nobody is told yet: what a customer has at Stripe matters through payments.
  facts: () => [],
});
