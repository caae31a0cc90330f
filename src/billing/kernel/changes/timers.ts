// Timers on their way into the database: one row per kind and subject. Filing it again replaces what was filed, so that
// a date that moves needs no search for the old one.
import type { FiledTimer } from "../contract/reacting.ts";
import { slicesOf } from "../store/many.ts";
import type { BillingTx, TimerRow } from "../store/tables.ts";

export async function fileTimers(tx: BillingTx, timers: readonly FiledTimer[]): Promise<void> {
  const rows = new Map<string, TimerRow>();
  for (const { kind, subject, dueAt } of timers) {
    const fresh = { due_at: dueAt, next_at: dueAt, state: "open", attempts: 0, error: null } as const;
    rows.set(JSON.stringify([kind, subject]), { kind, subject, ...fresh });
  }
  for (const slice of slicesOf([...rows.values()])) {
    await tx
      .insertInto("timers")
      .values(slice)
      .onConflict((conflict) =>
        conflict.columns(["kind", "subject"]).doUpdateSet((eb) => ({
          due_at: eb.ref("excluded.due_at"),
          next_at: eb.ref("excluded.next_at"),
          state: "open",
          attempts: 0,
          error: null,
        })),
      )
      .execute();
  }
}

export async function withdrawTimers(
  tx: BillingTx,
  timers: readonly Pick<FiledTimer, "kind" | "subject">[],
): Promise<void> {
  for (const [kind, those] of Map.groupBy(timers, (timer) => timer.kind)) {
    for (const slice of slicesOf(those)) {
      const subjects = slice.map(({ subject }) => subject);
      await tx.deleteFrom("timers").where("kind", "=", kind).where("subject", "in", subjects).execute();
    }
  }
}
