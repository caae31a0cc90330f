// What a transaction owes to the inbox: objects to be looked at, and receipts that are to be worked again.
import { type ExpressionBuilder, sql } from "kysely";
import { type Instant, secondMs } from "#kit/clock.ts";
import { packTexts, textsPacked } from "#kit/sql/many.ts";
import { execute } from "#kit/sql/statement.ts";
import type { Kernel } from "../contract/context.ts";
import { derivedId } from "../contract/identity.ts";
import type { OwedLook } from "../contract/reacting.ts";
import { slicesOf } from "../store/many.ts";
import { type BillingTables, type BillingTx, openState } from "../store/tables.ts";

/** `created` of a look that was owed while Stripe's time was not known: no look is known to have begun after it. */
export const unknownCreated = 0;

/** Owes objects a look. One open look per object is enough: it sees everything that happened before it began. */
export async function fileLooks(
  kernel: Kernel,
  tx: BillingTx,
  { objects, now }: { objects: readonly OwedLook[]; now: Instant },
): Promise<void> {
  if (objects.length === 0) return;
  const owed = new Map(objects.map((object) => [object.id, object]));
  const looks = await tx
    .selectFrom("receipts")
    .select((eb) => [
      "object_id",
      eb.fn.countAll<number>().as("count"),
      eb.fn.max(eb.case().when("state", "=", openState).then(eb.ref("id")).end()).as("open"),
    ])
    .where("object_id", "in", [...owed.keys()])
    .where("kind", "=", "look")
    .groupBy("object_id")
    .execute();
  const fresh = {
    created: Math.floor(now / secondMs),
    next_at: now,
    state: "open",
    attempts: 0,
    repeats: 0,
    error: null,
    ended_at: null,
  } as const;
  const open = looks.flatMap((look) => look.open ?? []);
  if (open.length > 0) {
    await tx.updateTable("receipts").set(fresh).set(anew).where("id", "in", open).execute();
  }
  const known = new Map(looks.map((look) => [look.object_id, look]));
  const rows = [...owed.values()]
    .filter(({ id }) => (known.get(id)?.open ?? null) === null)
    .map((object) => ({
      ...fresh,
      ...blank,
      renewed: 0,
      id: derivedId("look", `${object.id}|${Number(known.get(object.id)?.count ?? 0)}`),
      lane: object.customer ?? object.parent ?? object.id,
      object_kind: object.kind,
      object_id: object.id,
      customer: object.customer,
      parent: object.parent,
      livemode: kernel.mode === "live" ? 1 : 0,
      received_at: now,
    }));
  for (const slice of slicesOf(rows)) {
    await tx
      .insertInto("receipts")
      .values(slice)
      // Another process owes the object a look since we asked.
      .onConflict((conflict) => conflict.column("id").doUpdateSet((eb) => ({ ...fresh, ...anew(eb) })))
      .execute();
  }
}

/** Whoever is at it at this moment has seen what was before, and may not end it. */
function anew(eb: ExpressionBuilder<BillingTables, "receipts">) {
  return { renewed: eb("receipts.renewed", "+", 1) };
}

const blank = {
  kind: "look",
  type: "look",
  api_version: null,
  account: null,
  sha256: "",
  body: null,
} as const;

/** What was nobody's may be ours now: `foreign` is never an end. */
export async function reopenForeign(
  tx: BillingTx,
  { objects, now }: { objects: readonly { readonly id: string; readonly customer: string | null }[]; now: Instant },
): Promise<void> {
  if (objects.length === 0) return;
  const ids = [...new Set(objects.map(({ id }) => id))];
  const customers = [...new Set(objects.flatMap(({ customer }) => customer ?? []))];
  const given = { ids: packTexts(tx, ids), customers: packTexts(tx, customers), now };
  await execute(tx, reopening, given);
}

function reopening(tx: BillingTx, given: { ids: unknown; customers: unknown; now: Instant }) {
  const { ids, customers, now } = given;
  return tx
    .updateTable("receipts")
    .set({ state: "open", next_at: now, attempts: 0, ended_at: null })
    .set(anew)
    .where(isForeign)
    .where(
      "id",
      "in",
      receiptsOf(tx, "object_id", ids)
        .union(receiptsOf(tx, "parent", ids).where("receipts.state", "=", foreign))
        .union(receiptsOf(tx, "customer", customers).where("receipts.state", "=", foreign)),
    );
}

/** Written out, so that SQLite knows the indices that hold no others. */
const foreign = sql.lit("foreign" as const);
/** Said so that SQLite does not look for them by it: it would read all that is foreign, and that grows for ever. */
const isForeign = (eb: ExpressionBuilder<BillingTables, "receipts">) =>
  eb(eb.fn.coalesce("state", foreign), "=", foreign);

/** A cross join is one that SQLite does not turn round: from what is asked for to the receipts. */
function receiptsOf(tx: BillingTx, column: "object_id" | "parent" | "customer", packed: unknown) {
  return tx
    .selectFrom(textsPacked(tx, packed))
    .crossJoin("receipts")
    .select("receipts.id")
    .whereRef(`receipts.${column}`, "=", "given.text");
}

/** Puts a receipt back to work, whatever became of it. */
export async function replayReceipt(tx: BillingTx, input: { id: string; now: Instant }): Promise<boolean> {
  const reopened = await tx
    .updateTable("receipts")
    .set({ state: "open", attempts: 0, repeats: 0, next_at: input.now, error: null, ended_at: null })
    .set(anew)
    .where("id", "=", input.id)
    .where("object_id", "is not", null)
    .where("state", "not in", ["quarantined", "other_mode", "other_account"])
    .executeTakeFirst();
  return reopened.numUpdatedRows === 1n;
}
