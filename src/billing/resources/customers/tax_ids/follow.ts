// What is heard of tax ids becomes rows of ours, whoever has given them; what the tax office says is told.
import { on } from "../../../kernel/contract/manifest.ts";
import type { News } from "../../../kernel/contract/reacting.ts";
import type { BillingTx } from "../../../kernel/store/tables.ts";
import { lockCustomers } from "../write.ts";
import { seeTaxId, takeAway, taxIdRows } from "./rows.ts";

export const onTaxIdSeen = on("tax_id.seen", async ({ tx, now }, news) => {
  const facts: News[] = [];
  const bearers = await bearersOf(
    tx,
    news.flatMap(({ data }) => data.customer ?? []),
  );
  await lockCustomers(tx, bearers.values());
  for (const { data: known, transition } of news) {
    const customer = bearers.get(known.customer ?? "");
    if (customer === undefined) continue; // It is nobody's yet: linking its Customer reads it.
    const { before, after } = await seeTaxId(tx, await taxIdRows(tx, [customer]), { customer, known, now });
    // What stood before we knew of it nobody has seen happen: it is not told.
    const isNews = before !== undefined && before.status !== after.status;
    if (!isNews || (after.status !== "verified" && after.status !== "unverified")) continue;
    const data = { customerId: customer, taxIdId: after.id, type: after.type };
    facts.push({ type: `customer.tax_id_${after.status}`, subject: customer, transition, data });
  }
  return facts;
});

export const onTaxIdGone = on("object.gone", async ({ tx, now }, news) => {
  const gone = news.flatMap(({ data }) => (data.kind === "tax_id" ? data.id : []));
  if (gone.length === 0) return [];
  const rows = await tx.selectFrom("tax_ids").select("customer").where("stripe_id", "in", gone).execute();
  await lockCustomers(
    tx,
    rows.map(({ customer }) => customer),
  );
  await takeAway(tx, gone, now);
  return [];
});

/** Our customers, by their ids at Stripe. */
async function bearersOf(tx: BillingTx, stripeIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (stripeIds.length === 0) return new Map();
  const rows = await tx
    .selectFrom("customers")
    .select(["id", "stripe_id"])
    .where("stripe_id", "in", stripeIds)
    .execute();
  return new Map(rows.map(({ id, stripe_id }) => [stripe_id ?? "", id]));
}
