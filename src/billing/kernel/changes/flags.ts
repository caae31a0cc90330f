// What a human should look at: raised once per kind and subject, again when it happens again, resolved when done.
import type { Instant } from "#kit/clock.ts";
import { derivedId } from "../contract/identity.ts";
import type { BillingTx } from "../store/tables.ts";

export async function raiseFlag(
  tx: BillingTx,
  { kind, subject, detail, now }: { kind: string; subject: string; detail: string; now: Instant },
): Promise<void> {
  const id = derivedId("flag", `${kind}|${subject}`);
  await tx
    .insertInto("flags")
    .values({ id, kind, subject, detail, created_at: now, resolved_at: null })
    .onConflict((conflict) => conflict.doNothing()) // By id or by kind and subject: the id follows from them.
    .execute();
  // It happened again after somebody had seen to it.
  await tx
    .updateTable("flags")
    .set({ detail, created_at: now, resolved_at: null })
    .where("id", "=", id)
    .where("resolved_at", "is not", null)
    .execute();
}

/** What it asked a human for has been done. */
export async function resolveFlag(
  tx: BillingTx,
  { kind, subject, now }: { kind: string; subject: string; now: Instant },
): Promise<void> {
  await tx
    .updateTable("flags")
    .set({ resolved_at: now })
    .where("kind", "=", kind)
    .where("subject", "=", subject)
    .where("resolved_at", "is", null)
    .execute();
}
