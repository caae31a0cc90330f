// Who may work on what. A lane is a row: a lease with a fencing token. Every write of the work carries the token, so a
// worker that was paused past its lease writes nothing. ("No older open row exists" alone gave two workers one customer
// when the lower id committed later.) A lane that nobody works on is not a row, or the table would grow for ever.
import { sql } from "kysely";
import { type Instant, secondMs } from "#kit/clock.ts";
import { isPostgres, type Packed, packRows, rowsPacked } from "#kit/sql/many.ts";
import { execute, executeEach } from "#kit/sql/statement.ts";
import type { BillingTx } from "./tables.ts";

/**
 * Shorter than a command waits (10 s), so that whoever waits behind a crash still gets its answer. It may be shorter
 * than a call: a lane that is lost meanwhile costs a second request under the same key, never a second effect.
 */
export const leaseMs = 8 * secondMs;

export interface Lease {
  readonly key: string;
  /** With the token: a row that was deleted and made again begins to count anew, but never again for its old owner. */
  readonly owner: string;
  readonly token: number;
}

/** A token begins with the instant at which a free lane was taken; its last digits count who took it over since. */
const takeoversMax = 1_000;

/** How often the lane was taken over from a lease that had ended: each time somebody had begun, and has not ended. */
export function takeoversOf({ token }: Lease): number {
  return token % takeoversMax;
}

/** Of a lane that was free. */
function firstLease({ key, owner, now }: { key: string; owner: string; now: Instant }): Lease {
  return { key, owner, token: now * takeoversMax };
}

/** When the first of those who held the lane since it was free took it. */
export function takenAt({ token }: Lease): Instant {
  return Math.floor(token / takeoversMax);
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
  const until = now + leaseMs;
  // In one order for all, so that two who want the same lanes do not wait for each other.
  const rows = [...new Set(keys)].sort().map((key) => ({ key, token: firstLease({ key, owner, now }).token }));
  const { rows: claimed } = await execute(tx, claiming, { ...packRows(tx, { columns, rows }), owner, until, now });
  const tokens = new Map(claimed.map(({ key, token }) => [key, token]));
  return keys.flatMap((key) => {
    const token = tokens.get(key);
    return token === undefined ? [] : [{ key, owner, token }];
  });
}

const columns = { key: "text", token: "integer" } as const;

function claiming(tx: BillingTx, given: Packed & { owner: string; until: number; now: Instant }) {
  const { owner, until, now } = given;
  return tx
    .insertInto("lanes")
    .columns(["key", "owner", "until", "token"])
    .expression(
      tx
        .selectFrom(rowsPacked<Pick<Lease, "key" | "token">>(tx, columns, given))
        .select((eb) => ["key", eb.val(owner).as("owner"), sql<number>`cast(${until} as bigint)`.as("until"), "token"])
        .where(sql.lit(true)), // without it SQLite takes the ON of the conflict for one of a join
    )
    .onConflict((conflict) =>
      conflict
        .column("key")
        .doUpdateSet((eb) => ({ owner, until, token: eb("lanes.token", "+", 1) }))
        .where("lanes.until", "<=", now),
    )
    .returning(["key", "token"]);
}

/** Prolongs the lease and proves that it is still ours; on PostgreSQL it also holds the row until the commit. */
export async function holdLane(tx: BillingTx, lease: Lease, now: Instant): Promise<boolean> {
  const held = await tx
    .updateTable("lanes")
    .set({ until: now + leaseMs })
    .where("key", "=", lease.key)
    .where("owner", "=", lease.owner)
    .where("token", "=", lease.token)
    .executeTakeFirst();
  return held.numUpdatedRows === 1n;
}

export async function releaseLane(tx: BillingTx, lease: Lease): Promise<void> {
  await releaseLanes(tx, [lease]);
}

/** Answers those that were still ours; on PostgreSQL nobody takes them before the commit. */
export async function releaseLanes(tx: BillingTx, leases: readonly Lease[]): Promise<ReadonlySet<string>> {
  const [first] = leases;
  if (!first) return new Set();
  if (!isPostgres(tx)) {
    const deleted = await executeEach(tx, releasingOne, leases);
    return new Set(leases.filter((_, nth) => deleted[nth] === 1).map(({ key }) => key));
  }
  const rows = leases.map(({ key, token }) => ({ key, token }));
  const given = { ...packRows(tx, { columns, rows }), owner: first.owner };
  const released = await execute(tx, releasing, given);
  return new Set(released.rows.map(({ key }) => key));
}

function releasingOne(tx: BillingTx, { key, owner, token }: Lease) {
  return tx.deleteFrom("lanes").where("key", "=", key).where("owner", "=", owner).where("token", "=", token);
}

function releasing(tx: BillingTx, given: Packed & { owner: string }) {
  const those = rowsPacked<Pick<Lease, "key" | "token">>(tx, columns, given);
  return tx
    .deleteFrom("lanes")
    .where("owner", "=", given.owner)
    .where((eb) =>
      eb(
        eb.refTuple("key", "token"),
        "in",
        eb.selectFrom(those).select(["given.key", "given.token"]).$asTuple("key", "token"),
      ),
    )
    .returning("key");
}
