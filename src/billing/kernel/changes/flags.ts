// What a human should look at: raised once per kind and subject, again when it happens again, resolved when done.
import type { Instant } from "#kit/clock.ts";
import { derivedId } from "../contract/identity.ts";
import type { RaisedFlag } from "../contract/reacting.ts";
import type { BillingTx, FlagRow } from "../store/tables.ts";

export async function raiseFlags(tx: BillingTx, flags: readonly RaisedFlag[], now: Instant): Promise<void> {
  if (flags.length === 0) return;
  const rows = new Map<string, FlagRow>();
  for (const flag of flags) {
    const id = derivedId("flag", `${flag.kind}|${flag.subject}`);
    rows.set(id, { ...flag, id, created_at: now, resolved_at: null });
  }
  const raise = tx.insertInto("flags").values([...rows.values()]);
  // By id or by kind and subject: the id follows from them.
  await raise.onConflict((conflict) => conflict.doNothing()).execute();
  // It happened again: that is news only after somebody had seen to it.
  await raise
    .onConflict((conflict) =>
      conflict
        .column("id")
        .doUpdateSet((eb) => ({
          detail: eb.ref("excluded.detail"),
          created_at: eb.ref("excluded.created_at"),
          resolved_at: null,
        }))
        .where("flags.resolved_at", "is not", null),
    )
    .execute();
}

/** What a human is asked has changed since it was raised. What is resolved stays as it was. */
export async function retellFlag(tx: BillingTx, { kind, subject, detail }: RaisedFlag): Promise<void> {
  await openFlag(tx, { kind, subject }).set({ detail }).execute();
}

/** What it asked a human for has been done. */
export async function resolveFlag(
  tx: BillingTx,
  { kind, subject, now }: { kind: string; subject: string; now: Instant },
): Promise<void> {
  await openFlag(tx, { kind, subject }).set({ resolved_at: now }).execute();
}

function openFlag(tx: BillingTx, { kind, subject }: { kind: string; subject: string }) {
  return tx
    .updateTable("flags")
    .where("kind", "=", kind)
    .where("subject", "=", subject)
    .where("resolved_at", "is", null);
}
