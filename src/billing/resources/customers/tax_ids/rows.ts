// The rows of tax ids: under the lock of their customer they are made, given Stripe's ids, and taken away.
import type { BillingTx, Selecting } from "../../../kernel/store/tables.ts";
import type { TaxIdRow } from "../tables.ts";
import { isSameTaxId, type SaidTaxId } from "./forms/index.ts";
import type { KnownTaxId } from "./tax_ids.ts";

/** Oldest first; `removed` ones too. */
export async function taxIdRows(db: Selecting, customers: readonly string[]): Promise<readonly TaxIdRow[]> {
  if (customers.length === 0) return [];
  return db
    .selectFrom("tax_ids")
    .selectAll()
    .where("customer", "in", customers)
    .orderBy("created_at")
    .orderBy("id")
    .execute();
}

/** The one of these that is the same number and stands, under whichever id. */
export function sameAmong(rows: readonly TaxIdRow[], said: SaidTaxId): TaxIdRow | undefined {
  return rows.find((row) => row.removed_at === null && isSameTaxId(row, said));
}

/** What Stripe knows, as columns. */
function columnsOfTaxId(known: KnownTaxId) {
  const { id, type, value, country, status, verifiedName, verifiedAddress } = known;
  return {
    type,
    value,
    country,
    status,
    verified_name: verifiedName,
    verified_address: verifiedAddress,
    stripe_id: id,
  };
}

/** Writes down what was seen at Stripe: of the host's own wish, else under Stripe's id. The row before, and after. */
export async function seeTaxId(
  tx: BillingTx,
  rows: readonly TaxIdRow[],
  { customer, known, now }: { customer: string; known: KnownTaxId; now: number },
): Promise<{ readonly before: TaxIdRow | undefined; readonly after: TaxIdRow }> {
  const columns = columnsOfTaxId(known);
  const waiting = rows.filter(({ stripe_id }) => stripe_id === null);
  const before = rows.find(({ stripe_id }) => stripe_id === known.id) ?? sameAmong(waiting, known);
  const row: TaxIdRow = before
    ? { ...before, ...columns }
    : { ...columns, customer, id: known.id, created_at: now, removed_at: null };
  const after = await tx
    .insertInto("tax_ids")
    .values(row)
    .onConflict((conflict) => conflict.columns(["customer", "id"]).doUpdateSet(columns))
    .returningAll()
    .executeTakeFirstOrThrow();
  return { before, after };
}

export async function takeAway(tx: BillingTx, stripeIds: readonly string[], now: number): Promise<void> {
  if (stripeIds.length === 0) return;
  await tx
    .updateTable("tax_ids")
    .set({ removed_at: now })
    .where("stripe_id", "in", stripeIds)
    .where("removed_at", "is", null)
    .returning(["customer", "id"])
    .execute();
}
