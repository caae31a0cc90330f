// Which installation a database belongs to. The instance is part of every idempotency key and of the mark on all we
// make at Stripe, so two databases with one instance would answer for each other's orders. A copy (staging out of
// production's backup) and a move (a restored or upgraded server) look the same from inside, and the wrong guess costs
// money either way: a copy that goes on sends what the original has begun, a move with a new identity forgets what it
// had under way and pays it twice. So a database that is not where it was last used refuses to start until a human has
// said which of the two it is (decision 6).
import type { Ids } from "#kit/ids.ts";
import { problem } from "#kit/problems.ts";
import { type BillingSql, type BillingTx, openState } from "./tables.ts";

/** What happened to a database that is not where it was last used. */
export type Adoption = "moved" | "copy";

const hint =
  'If it was moved, restored or upgraded and the original is gone: `adoptDatabase({ as: "moved" })`. ' +
  'If the original lives on (staging, a test): `adoptDatabase({ as: "copy" })`, and nothing the original had begun ' +
  "is sent. Both with the `database` and the `schema` of this one.";

/** The random id of this installation: made with the schema, unless the database is a copy of another's. */
export async function openInstance(sql: BillingSql, ids: Ids, mode: "test" | "live"): Promise<string> {
  const fresh = ids.next("ins");
  return sql.write("instance", async (tx) => {
    const here = await sql.place(tx);
    const place = here === null ? null : await ensureSetting(tx, "place", here);
    if (place !== here) {
      throw problem("database_copied", `This database was last used elsewhere (${place}); it is a copy or was moved`, {
        hint,
      });
    }
    const known = await ensureSetting(tx, "mode", mode);
    if (known !== mode) {
      throw problem("mode_mismatch", `The database was used in ${known} mode, and the key is of ${mode} mode`, {
        hint: 'Each mode has a database of its own. Of a copy say so: `adoptDatabase({ as: "copy" })`.',
      });
    }
    return ensureSetting(tx, "instance", fresh);
  });
}

/**
 * The tables were moved into a schema within their database, in this transaction: nobody made a copy. One that was a
 * copy before is still one, and is asked.
 */
export async function followMove(tx: BillingTx, { before, now }: { before: string; now: string }): Promise<void> {
  await tx.updateTable("settings").set({ value: now }).where("key", "=", "place").where("value", "=", before).execute();
}

/** Makes the database at home where it is. A copy gets an instance of its own; answers the instance it has now. */
export async function adoptInstance(
  tx: BillingTx,
  { as, place, fresh }: { as: Adoption; place: string | null; fresh: string },
): Promise<string> {
  if (place !== null) await changeSetting(tx, "place", place);
  if (as === "moved") return ensureSetting(tx, "instance", fresh);
  await changeSetting(tx, "instance", fresh);
  await tx
    .updateTable("deliveries")
    .set({ state: "dead", error: "The original of this copied database delivers it." })
    .where("state", "=", openState)
    .execute();
  await tx.deleteFrom("timers").execute(); // The original works them.
  await tx.deleteFrom("settings").where("key", "in", ["mode", "account"]).execute(); // It has a key of its own.
  return fresh;
}

/** The value that stands, which is the given one if there was none. */
export async function ensureSetting(tx: BillingTx, key: string, value: string): Promise<string> {
  await tx
    .insertInto("settings")
    .values({ key, value })
    .onConflict((conflict) => conflict.column("key").doNothing())
    .execute();
  const row = await tx.selectFrom("settings").select("value").where("key", "=", key).executeTakeFirstOrThrow();
  return row.value;
}

async function changeSetting(tx: BillingTx, key: string, value: string): Promise<void> {
  await tx
    .insertInto("settings")
    .values({ key, value })
    .onConflict((conflict) => conflict.column("key").doUpdateSet({ value }))
    .execute();
}
