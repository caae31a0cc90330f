// Whose a Customer of Stripe's is: by Stripe's id, the host's user, and since when what happens to
// it is ours to tell. What there was before (the cards of a Customer that was linked) is nothing that happened here.
import type { Selecting } from "../../kernel/store/tables.ts";
import { link, linkOf } from "../customers/index.ts";

export interface Bearer {
  /** The host's id. */
  readonly customerId: string;
  /** Null of a Customer that is gone at Stripe: nothing new happens to it. */
  readonly since: number | null;
}

/** By Stripe's ids; those of nobody's are not in it. */
export async function bearersOf(db: Selecting, stripeIds: readonly string[]): Promise<ReadonlyMap<string, Bearer>> {
  if (stripeIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("customers")
    .select(["id", "stripe_id", "generation", "created_at"])
    .where("stripe_id", "in", stripeIds)
    .execute();
  const past = await db
    .selectFrom("past_customers")
    .select(["customer", "stripe_id"])
    .where("stripe_id", "in", stripeIds)
    .execute();
  const bearers = rows.flatMap((row) => (row.stripe_id === null ? [] : [{ ...row, stripe_id: row.stripe_id }]));
  const linkedAt = await whenLinked(
    db,
    bearers.map((row) => linkOf(row, row.stripe_id)),
  );
  return new Map<string, Bearer>([
    ...past.map(({ customer, stripe_id }) => [stripe_id, { customerId: customer, since: null }] as const),
    ...bearers.map((row) => {
      const since = Math.max(row.created_at, linkedAt.get(linkOf(row, row.stripe_id)) ?? 0);
      return [row.stripe_id, { customerId: row.id, since }] as const;
    }),
  ]);
}

async function whenLinked(db: Selecting, subjects: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (subjects.length === 0) return new Map();
  const rows = await db
    .selectFrom("operations")
    .select(["subject", "created_at"])
    .where("verb", "=", link.name)
    .where("subject", "in", subjects)
    .execute();
  return new Map(rows.map(({ subject, created_at }) => [subject, created_at]));
}
