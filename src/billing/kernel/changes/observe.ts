// Writing what was seen of Stripe: the row by its version, the facts that follow, and what they set in motion, in one
// transaction. Keeps "one observed transition ⇒ one fact" (invariant 2). Who may call this with what:
// docs/design/events.md.
import { type Instant, secondMs } from "#kit/clock.ts";
import { problem } from "#kit/problems.ts";
import { type Kernel, rawOf } from "../contract/context.ts";
import type { MirroredRow, MirrorKind, Remote } from "../contract/manifest.ts";
import type { BillingTx, MirrorRow } from "../store/tables.ts";
import { reopenForeign } from "./looks.ts";
import { createReacting, spread } from "./react.ts";

export interface Observation {
  readonly kind: MirrorKind;
  readonly remote: Remote;
  readonly row: MirroredRow;
  /** The version that was stored before we looked; 0 for none. Another one at commit: somebody else was faster. */
  readonly version: number;
  /** A look: Stripe's ms when it began. */
  readonly lookBegun?: Instant;
  /** A payload: the event's Stripe seconds. */
  readonly seenCreated?: number;
  readonly isDeleted?: boolean;
}

/** A look for somebody who waits may be overtaken this often; what the others wrote is as new. */
const triesMax = 3;

/** False when the version was no longer the stored one: nothing was written, look again. */
export async function writeObservation(kernel: Kernel, tx: BillingTx, observation: Observation): Promise<boolean> {
  const { kind, remote, row, version } = observation;
  const now = kernel.ports.clock.now();
  const stored = await tx.selectFrom("mirror").selectAll().where("id", "=", row.id).executeTakeFirst();
  if ((stored?.version ?? 0) !== version) return false;
  const next: MirrorRow = {
    id: row.id,
    kind: kind.kind,
    version: version + 1,
    seen_created: Math.max(stored?.seen_created ?? 0, observation.seenCreated ?? 0),
    look_begun: Math.max(stored?.look_begun ?? 0, observation.lookBegun ?? 0),
    tombstone: observation.isDeleted ? 1 : 0,
    customer: row.customer ?? stored?.customer ?? null,
    parent: row.parent ?? stored?.parent ?? null,
    row: JSON.stringify(row),
    raw: rawOf(remote),
    updated_at: now,
  };
  if (!(await writeRow(tx, next, version))) return false;
  const before = stored ? (JSON.parse(stored.row) as MirroredRow) : null;
  if (!before) await reopenForeign(tx, { id: row.id, customer: next.customer, now });
  const reacting = createReacting(kernel, tx, now);
  await spread(kernel, reacting, kind.facts(before, row, next.version));
  return true;
}

async function writeRow(tx: BillingTx, next: MirrorRow, version: number): Promise<boolean> {
  if (version === 0) {
    const inserted = await tx
      .insertInto("mirror")
      .values(next)
      .onConflict((conflict) => conflict.column("id").doNothing())
      .executeTakeFirst();
    return inserted.numInsertedOrUpdatedRows === 1n;
  }
  const { id, ...changes } = next;
  const updated = await tx
    .updateTable("mirror")
    .set(changes)
    .where("id", "=", id)
    .where("version", "=", version)
    .executeTakeFirst();
  return updated.numUpdatedRows === 1n;
}

/**
 * A look for somebody who waits: the return page asks Stripe and does not only wait for the webhook. It is recorded by
 * its version; when others are faster every time, what they wrote is as new.
 */
export async function lookNow(kernel: Kernel, object: { kind: string; id: string }): Promise<void> {
  const kind = kernel.registry.kind(object.kind);
  if (!kind) throw new Error(`No resource knows ${object.kind}`);
  for (let tries = 0; tries < triesMax; tries++) {
    const stored = await kernel.sql.read("look.version", (reader) =>
      reader.selectFrom("mirror").select("version").where("id", "=", object.id).executeTakeFirst(),
    );
    const { remote, begunAt } = await kernel.gateway.read(kind.path(object.id), { priority: "command" });
    const row = remote && remote.deleted !== true ? kind.row(remote) : undefined;
    if (!remote || !row) throw problem("not_found", `Stripe has no ${object.kind} ${object.id} at the moment`);
    const lookBegun = begunAt - secondMs;
    const version = stored?.version ?? 0;
    const isWritten = await kernel.sql.write("look.written", (tx) =>
      writeObservation(kernel, tx, { kind, remote, row, version, lookBegun }),
    );
    if (!isWritten) continue;
    for (const topic of ["outbox", "operations", "inbox"]) kernel.sql.wake.notify(topic);
    return;
  }
}
