// What a transaction owes to the inbox: an object to be looked at, and receipts that waited for their owner.
import { type Instant, secondMs } from "#kit/clock.ts";
import type { Kernel } from "../contract/context.ts";
import { derivedId } from "../contract/identity.ts";
import type { BillingTx } from "../store/tables.ts";

/** Owes an object a look. One open look per object is enough: it sees everything that happened before it began. */
export async function fileLook(
  kernel: Kernel,
  tx: BillingTx,
  object: { kind: string; id: string; customer: string | null; parent: string | null; now: Instant },
): Promise<void> {
  const open = await tx
    .selectFrom("receipts")
    .select("id")
    .where("object_id", "=", object.id)
    .where("kind", "=", "look")
    .where("state", "=", "open")
    .executeTakeFirst();
  const created = Math.floor(kernel.gateway.time.now() / secondMs);
  const fresh = { created, next_at: object.now, state: "open", attempts: 0, repeats: 0, error: null } as const;
  if (open) {
    await tx.updateTable("receipts").set(fresh).where("id", "=", open.id).execute();
    return;
  }
  const count = await tx
    .selectFrom("receipts")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("object_id", "=", object.id)
    .where("kind", "=", "look")
    .executeTakeFirstOrThrow();
  await tx
    .insertInto("receipts")
    .values({
      ...fresh,
      id: derivedId("look", `${object.id}|${Number(count.count)}`),
      kind: "look",
      type: "look",
      lane: object.customer ?? object.parent ?? object.id,
      object_kind: object.kind,
      object_id: object.id,
      customer: object.customer,
      parent: object.parent,
      livemode: kernel.mode === "live" ? 1 : 0,
      api_version: null,
      account: null,
      sha256: "",
      body: null,
      received_at: object.now,
      ended_at: null,
    })
    .execute();
}

/** What was nobody's may be ours now: `foreign` is never an end. */
export async function reopenForeign(
  tx: BillingTx,
  about: { id: string; customer: string | null; now: Instant },
): Promise<void> {
  await tx
    .updateTable("receipts")
    .set({ state: "open", next_at: about.now, attempts: 0, ended_at: null })
    .where("state", "=", "foreign")
    .where((eb) =>
      eb.or([
        eb("object_id", "=", about.id),
        eb("parent", "=", about.id),
        ...(about.customer ? [eb("customer", "=", about.customer)] : []),
      ]),
    )
    .execute();
}
