// Who may work on what. A lane is a row: a lease with a fencing token. Every write of the work carries the token, so a
// worker that was paused past its lease writes nothing. ("No older open row exists" alone gave two workers one customer
// when the lower id committed later.)
import { type Instant, secondMs } from "#kit/clock.ts";
import type { BillingTx } from "./tables.ts";

/**
 * Shorter than a command waits (10 s), so that whoever waits behind a crash still gets its answer. It may be shorter
 * than a call: a lane that is lost meanwhile costs a second request under the same key, never a second effect.
 */
export const leaseMs = 8 * secondMs;

export interface Lease {
  readonly key: string;
  readonly token: number;
}

/** The lease, or undefined while somebody else holds it. */
export async function claimLane(
  tx: BillingTx,
  { key, owner, now }: { key: string; owner: string; now: Instant },
): Promise<Lease | undefined> {
  const [lease] = await claimLanes(tx, { keys: [key], owner, now });
  return lease;
}

/** Leases of those that nobody else holds, in the order of the keys. */
export async function claimLanes(
  tx: BillingTx,
  { keys, owner, now }: { keys: readonly string[]; owner: string; now: Instant },
): Promise<readonly Lease[]> {
  await tx
    .insertInto("lanes")
    .values([...keys].sort().map((key) => ({ key, owner: null, until: 0, token: 0 })))
    .onConflict((conflict) => conflict.column("key").doNothing())
    .execute();
  const claimed = await tx
    .updateTable("lanes")
    .set((eb) => ({ owner, until: now + leaseMs, token: eb("token", "+", 1) }))
    .where("key", "in", keys)
    .where("until", "<=", now)
    .returning(["key", "token"])
    .execute();
  const tokens = new Map(claimed.map(({ key, token }) => [key, token]));
  return keys.flatMap((key) => {
    const token = tokens.get(key);
    return token === undefined ? [] : [{ key, token }];
  });
}

/** Prolongs the lease and proves that it is still ours; on PostgreSQL it also holds the row until the commit. */
export async function holdLane(tx: BillingTx, lease: Lease, now: Instant): Promise<boolean> {
  const held = await tx
    .updateTable("lanes")
    .set({ until: now + leaseMs })
    .where("key", "=", lease.key)
    .where("token", "=", lease.token)
    .where("until", ">", 0)
    .executeTakeFirst();
  return held.numUpdatedRows === 1n;
}

export async function releaseLane(tx: BillingTx, lease: Lease): Promise<void> {
  await tx
    .updateTable("lanes")
    .set({ owner: null, until: 0 })
    .where("key", "=", lease.key)
    .where("token", "=", lease.token)
    .execute();
}
