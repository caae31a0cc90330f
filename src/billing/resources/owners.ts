// Whose Stripe's Customers are, and since when the host knows them.
import { type Instant, secondMs } from "#kit/clock.ts";
import type { Selecting } from "../kernel/store/tables.ts";

export interface Owner {
  /** The host's id. */
  readonly id: string;
  /** What happened at Stripe before that is nobody's news. */
  readonly since: Instant;
}

/** By Stripe's id, those that are or were users of the host. */
export async function ownersOf(
  db: Selecting,
  stripeCustomers: readonly (string | null)[],
): Promise<ReadonlyMap<string | null, Owner>> {
  const ids = [...new Set(stripeCustomers.flatMap((id) => id ?? []))];
  if (ids.length === 0) return new Map();
  const now = await db
    .selectFrom("customers")
    .select(["customers.id", "stripe_id", "created_at"])
    .where("stripe_id", "in", ids)
    .execute();
  const past = await db
    .selectFrom("past_customers")
    .innerJoin("customers", "customers.id", "past_customers.customer")
    .select(["customers.id", "past_customers.stripe_id", "created_at"])
    .where("past_customers.stripe_id", "in", ids)
    .execute();
  return new Map([...past, ...now].map((row) => [row.stripe_id, { id: row.id, since: row.created_at }]));
}

/** It was made before the host knew whose it is. What is dated by a test clock cannot be compared with that. */
export function isHistory(
  { created, testClock }: { readonly created: number; readonly testClock: string | null },
  owner: Owner | undefined,
): boolean {
  return testClock === null && owner !== undefined && (created + 1) * secondMs <= owner.since;
}

/** Of a user, the Customer at Stripe and those before it that are gone. */
export async function stripeIdsOf(
  db: Selecting,
  { id, stripe_id }: { readonly id: string; readonly stripe_id: string | null },
): Promise<readonly string[]> {
  const past = await db.selectFrom("past_customers").select("stripe_id").where("customer", "=", id).execute();
  return [...past.map((row) => row.stripe_id), ...(stripe_id === null ? [] : [stripe_id])];
}
