// How many of a kind may stand at once. They are counted under a lock, so that of two who make the last one at the same
// moment only one is let in.
import { problem } from "#kit/problems.ts";
import type { BillingTx } from "../kernel/store/tables.ts";

/** Those that are over stay listed, so that their history has a name; of so many, the latest. */
export const listedMax = 1_000;

/** A kind whose rows are never deleted: `over` is when one was ended. */
const capped = {
  endpoints: { over: "disabled_at", max: 100, hint: "Delete unused ones" },
  /** More keys than this and nobody knows any more who holds them. */
  api_keys: { over: "revoked_at", max: listedMax, hint: "Revoke unused ones" },
} as const;
type Capped = keyof typeof capped;

/** Throws when as many stand as may. Until the transaction ends, nobody else makes one. */
export async function refuseBeyondCap(tx: BillingTx, table: Capped): Promise<void> {
  const { over, max, hint } = capped[table];
  const lock = { key: `cap_${table}`, value: "" };
  await tx
    .insertInto("settings")
    .values(lock)
    .onConflict((conflict) => conflict.column("key").doUpdateSet(lock))
    .execute();
  const { count } = await tx
    .selectFrom(table)
    .select((eb) => eb.fn.count<number>("id").as("count"))
    .where(over, "is", null)
    .executeTakeFirstOrThrow();
  if (count < max) return;
  throw problem("wrong_state", `There are ${max} ${table.replace("_", " ")} already`, { hint, details: { max } });
}

/** Rows that were read with what stands first, as their list shows them. */
export function oldestFirst<Row extends { readonly created_at: number; readonly id: string }>(rows: readonly Row[]) {
  return rows.toSorted((a, b) => a.created_at - b.created_at || (a.id < b.id ? -1 : 1));
}
