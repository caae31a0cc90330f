// Keeps invariant 8 for deliveries: one whose handler was taken out of the program waits, and a human hears of it.
import { hourMs, type Instant } from "#kit/clock.ts";
import { raiseFlags } from "./changes/flags.ts";
import type { Kernel } from "./contract/context.ts";
import { openState, type Selecting } from "./store/tables.ts";

/** Another process may have the handler: what it has left due for this long, nobody has. */
const overdueMs = hourMs;

/** Flags the handlers that nobody registers any more; answers how many. */
export async function flagOrphans({ sql, ports }: Kernel, known: readonly string[]): Promise<number> {
  const now = ports.clock.now();
  const orphans = await sql.read("outbox.orphans", (reader) =>
    waitingFor(reader, known)
      .select((eb) => ["handler", eb.fn.countAll<number>().as("count")])
      .where("next_at", "<=", now - overdueMs)
      .groupBy("handler")
      .orderBy("handler")
      .execute(),
  );
  if (orphans.length === 0) return 0;
  const flags = orphans.map(({ handler, count }) => {
    const detail = `${count} facts wait for the handler "${handler}", which no process has registered for an hour.`;
    return { kind: "handler_gone", subject: handler, detail };
  });
  await sql.write("outbox.orphans", (tx) => raiseFlags(tx, flags, now));
  return orphans.length;
}

/** When there may be one; never, when every open delivery has its handler here. */
export async function nextOrphanAt({ sql }: Kernel, known: readonly string[]): Promise<Instant> {
  const first = await sql.read("outbox.next_orphan", (reader) =>
    waitingFor(reader, known)
      .select((eb) => eb.fn.min("next_at").as("at"))
      .executeTakeFirst(),
  );
  return typeof first?.at !== "number" ? Number.POSITIVE_INFINITY : first.at + overdueMs;
}

function waitingFor(reader: Selecting, known: readonly string[]) {
  const open = reader.selectFrom("deliveries").where("state", "=", openState);
  return known.length === 0 ? open : open.where("handler", "not in", known);
}
