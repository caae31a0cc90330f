// Writes down what a host says of a customer. Of two that change one at once the second wins, field by field, and both
// are revisions.
import { problem } from "#kit/problems.ts";
import { metadataKeysMax } from "../../api/index.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import { columnsAfter, metadataOf, type ProfileChanges, unsaid, withoutEmpty } from "./profile/profile.ts";
import type { CustomerRow } from "./tables.ts";

/** Makes the customer, if there is none. */
export async function writeCustomer(
  tx: BillingTx,
  { id, changes, now }: { id: string; changes: ProfileChanges; now: number },
): Promise<void> {
  const columns = columnsAfter(unsaid, changes);
  const made = await tx
    .insertInto("customers")
    .values({ ...columns, id, stripe_id: null, currency: null, revision: 0, generation: 0, created_at: now })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .returning("id")
    .executeTakeFirst();
  if (made) await writeMetadata(tx, id, { ...columns, created_at: now });
  else if (Object.keys(changes).length > 0) await changeCustomer(tx, id, changes);
}

/** Of one who is there. */
export async function changeCustomer(tx: BillingTx, id: string, changes: ProfileChanges): Promise<void> {
  // A write, so that a change in another process waits for us or we for it.
  const before = await lockCustomer(tx, id);
  const after = columnsAfter(before, changes);
  const fields = Object.keys(after) as (keyof typeof after)[];
  if (fields.every((field) => after[field] === before[field])) return;
  const count = Object.keys(withoutEmpty(metadataOf(after))).length;
  if (count > metadataKeysMax) {
    throw problem("invalid_params", `metadata of customer ${id} would have ${count} entries`, {
      hint: `It takes ${metadataKeysMax}. An empty text takes an entry away.`,
      details: { field: "metadata" },
    });
  }
  await tx
    .updateTable("customers")
    .set({ ...after, revision: before.revision + 1 })
    .where("id", "=", id)
    .execute();
  if (after.metadata !== before.metadata) await writeMetadata(tx, id, { ...before, ...after });
}

export async function lockCustomer(tx: BillingTx, id: string): Promise<CustomerRow> {
  return tx
    .updateTable("customers")
    .set((eb) => ({ revision: eb.ref("revision") }))
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Of several, in the order in which everybody locks them. */
export async function lockCustomers(tx: BillingTx, ids: Iterable<string>): Promise<void> {
  for (const id of [...new Set(ids)].sort()) await lockCustomer(tx, id);
}

/** Stripe has been told which entries of the metadata were taken away. */
export async function forgetEmptied(tx: BillingTx, customer: CustomerRow): Promise<void> {
  const metadata = JSON.stringify(withoutEmpty(metadataOf(customer)));
  if (metadata === customer.metadata) return;
  await tx.updateTable("customers").set({ metadata }).where("id", "=", customer.id).execute();
}

/** What lists find them by. */
export async function writeMetadata(
  tx: BillingTx,
  customer: string,
  row: Pick<CustomerRow, "metadata" | "created_at">,
): Promise<void> {
  const entries = Object.entries(withoutEmpty(metadataOf(row)));
  await tx.deleteFrom("customer_metadata").where("customer", "=", customer).execute();
  if (entries.length === 0) return;
  await tx
    .insertInto("customer_metadata")
    .values(entries.map(([name, value]) => ({ customer, name, value, created_at: row.created_at })))
    .execute();
}
