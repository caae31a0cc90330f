// READ FIRST of tax ids: what Stripe knows of one, as the few fields we live by. Nothing of it ever changes but what
// the tax office says. It is its customer's, and carries no marks: by type and value one customer has it once.
// https://docs.stripe.com/api/tax_ids. Everything here is pure.
import type { TaxIdStatus } from "../../../api/index.ts";
import { idOf } from "../../../kernel/contract/context.ts";
import type { Belonging, MirroredRow } from "../../../kernel/contract/manifest.ts";
import { mirrorKind } from "../../../kernel/contract/manifest.ts";
import type { Fields, Remote } from "../../../kernel/contract/reacting.ts";
import { listOf, orNull, record, type Shaped, text } from "../../../kernel/contract/shape.ts";

declare module "../../../kernel/contract/reacting.ts" {
  interface InnerNews {
    "tax_id.seen": TaxIdMirror & { readonly version: number };
  }
}

/** What stands in an answer of Stripe. */
const taxIdShape = record({
  id: text,
  type: text,
  value: text,
  country: orNull(text),
  verification: orNull(record({ status: text, verified_name: orNull(text), verified_address: orNull(text) })),
});
export const taxIdsShape = record({ data: listOf(taxIdShape) });

/** What we live by of it. */
export interface KnownTaxId {
  readonly id: string;
  readonly type: string;
  readonly value: string;
  readonly country: string | null;
  readonly status: TaxIdStatus;
  readonly verifiedName: string | null;
  readonly verifiedAddress: string | null;
}

export interface TaxIdMirror extends MirroredRow, KnownTaxId {}

const belongsTo = (remote: Fields): Belonging => ({ customer: idOf(remote.customer), parent: null });

export function knownTaxId({ verification, ...rest }: Shaped<typeof taxIdShape>): KnownTaxId {
  return {
    ...rest,
    // Of none there is nobody to ask.
    status: (verification?.status ?? "unavailable") as TaxIdStatus,
    verifiedName: verification?.verified_name ?? null,
    verifiedAddress: verification?.verified_address ?? null,
  };
}

function taxIdRow(remote: Remote): TaxIdMirror | undefined {
  if (typeof remote.type !== "string" || typeof remote.value !== "string") return undefined;
  const known = knownTaxId(taxIdShape.read(remote, "a tax id"));
  return { ...known, ...belongsTo(remote), instance: null, operation: null, isFinal: false };
}

export const taxIdKind = mirrorKind<TaxIdMirror>({
  kind: "tax_id",
  path: (id) => `/v1/tax_ids/${id}`,
  isForgotten: true,
  belongsTo,
  row: taxIdRow,
  facts: (_before, after, version) => {
    const { id } = after;
    return [{ type: "tax_id.seen", subject: id, transition: `${id}@${version}`, data: { ...after, version } }];
  },
});
