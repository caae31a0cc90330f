// A Customer that is gone at Stripe (deleted in the Dashboard, say) locks nobody out: the user gets a new one when it
// is needed next, with the tax ids of the old one, what was paid under that is still ours, and a human is told.
import { bury } from "../../kernel/changes/gone.ts";
import { on } from "../../kernel/contract/manifest.ts";
import type { Reacting } from "../../kernel/contract/reacting.ts";
import type { BillingTx, Selecting } from "../../kernel/store/tables.ts";
import { taxIdKind } from "./tax_ids/tax_ids.ts";

export const onCustomerGone = on("object.gone", async (reacting, news) => {
  const { tx, now, flag } = reacting;
  const gone = news.flatMap(({ data }) => (data.kind === "customer" ? data.id : []));
  if (gone.length === 0) return [];
  const rows = await forget(tx, gone);
  if (rows.length === 0) return [];
  await keepTaxIds(reacting, rows);
  await tx
    .insertInto("past_customers")
    .values(rows.map(({ customer, stripe_id }) => ({ customer, stripe_id, gone_at: now })))
    .onConflict((conflict) => conflict.column("stripe_id").doNothing())
    .execute();
  await flag(
    rows.map(({ customer, stripe_id }) => {
      const detail = `${stripe_id} is gone at Stripe. A new Customer is made when one is needed; saved cards are lost.`;
      return { kind: "customer_gone", subject: customer, detail };
    }),
  );
  return [];
});

/** Stripe's went with their Customer, and nobody tells; the customer's own wait for the next one. */
async function keepTaxIds(reacting: Reacting, rows: readonly { customer: string; stripe_id: string }[]): Promise<void> {
  const { tx } = reacting;
  const buried = await tx
    .selectFrom("mirror")
    .select("id")
    .where(
      "customer",
      "in",
      rows.map(({ stripe_id }) => stripe_id),
    )
    .where("kind", "=", taxIdKind.kind)
    .execute();
  await bury(
    reacting,
    buried.map(({ id }) => id),
  );
  await tx
    .updateTable("tax_ids")
    .set({ stripe_id: null, status: "pending", verified_name: null, verified_address: null })
    .where(
      "customer",
      "in",
      rows.map(({ customer }) => customer),
    )
    .where("removed_at", "is", null)
    .returning(["customer", "id"])
    .execute();
}

/** Only who still bears one of these ids: a new one that was made meanwhile stays. */
async function forget(tx: BillingTx, gone: readonly string[]): Promise<{ customer: string; stripe_id: string }[]> {
  const bearers = await tx.selectFrom("customers").select(["id", "stripe_id"]).where("stripe_id", "in", gone).execute();
  const forgotten: { customer: string; stripe_id: string }[] = [];
  for (const { id, stripe_id } of bearers) {
    if (stripe_id === null) continue;
    const { numUpdatedRows } = await tx
      .updateTable("customers")
      .set((eb) => ({ stripe_id: null, currency: null, generation: eb("generation", "+", 1) }))
      .where("id", "=", id)
      .where("stripe_id", "=", stripe_id)
      .executeTakeFirst();
    if (numUpdatedRows === 1n) forgotten.push({ customer: id, stripe_id });
  }
  return forgotten;
}

/** Which of these Customers of Stripe's are, or were, users of the host. */
export async function ownCustomers(db: Selecting, stripeCustomers: readonly string[]): Promise<readonly string[]> {
  const rows = await db.selectFrom("customers").select("stripe_id").where("stripe_id", "in", stripeCustomers).execute();
  const past = await db
    .selectFrom("past_customers")
    .select("stripe_id")
    .where("stripe_id", "in", stripeCustomers)
    .execute();
  return [...rows, ...past].flatMap(({ stripe_id }) => stripe_id ?? []);
}
