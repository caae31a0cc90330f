// Writing what was seen of Stripe: the row by its version, the facts that follow, and what they set in motion, in one
// transaction. Keeps "one observed transition ⇒ one fact" (invariant 2). Who may call this with what:
// docs/design/events.md.
import assert from "node:assert/strict";
import { type Instant, secondMs } from "#kit/clock.ts";
import { problem } from "#kit/problems.ts";
import { type Columns, isAmong } from "#kit/sql/many.ts";
import { type Kernel, rawWithoutLists } from "../contract/context.ts";
import type { MirroredRow, MirrorKind } from "../contract/manifest.ts";
import type { News, Reacting, Remote } from "../contract/reacting.ts";
import { asInserted, insertion, insertRows } from "../store/many.ts";
import type { BillingTx, MirrorRow } from "../store/tables.ts";
import { readWhole } from "../stripe/whole.ts";
import { goneNews } from "./gone.ts";
import { reopenForeign } from "./looks.ts";
import { createReacting, spread, wakeWorkers } from "./react.ts";

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

/** What was written, and what has yet to be made known of it. */
export interface Seen {
  /** The ids of the objects that were written. */
  readonly written: ReadonlySet<string>;
  readonly news: readonly News[];
  /** Those that were not known before. */
  readonly unknown: readonly MirroredRow[];
}

/**
 * The ids of the objects that were written. Another one's version was no longer the stored one: nothing of it was
 * written, look again.
 */
export async function writeObservations(
  kernel: Kernel,
  tx: BillingTx,
  observations: readonly Observation[],
): Promise<ReadonlySet<string>> {
  const seen = await writeSeen(kernel, tx, observations);
  await tellSeen(kernel, createReacting(kernel, tx, kernel.ports.clock.now()), seen);
  return seen.written;
}

/** The rows alone, for whoever has rows of its own to write before the news: the mirror is locked before them. */
export async function writeSeen(kernel: Kernel, tx: BillingTx, observations: readonly Observation[]): Promise<Seen> {
  if (observations.length === 0) return { written: new Set(), news: [], unknown: [] };
  const now = kernel.ports.clock.now();
  // Of what was not known nothing is read: an insert finds out whether it is known by now.
  const known = observations.filter(({ version }) => version > 0).map(({ row }) => row.id);
  const rows = known.length === 0 ? [] : await mirrorOf(tx, known);
  const stored = new Map(rows.map((row) => [row.id, row]));
  const current = observations.filter(({ row, version }) => (stored.get(row.id)?.version ?? 0) === version);
  const written = await writeRows(
    tx,
    current.map((observation) => nextRow(observation, { stored: stored.get(observation.row.id), now })),
  );
  const seen = current.filter(({ row }) => written.has(row.id));
  await keepParts(tx, seen, stored);
  const unknown = seen.filter(({ row }) => !stored.has(row.id)).map(({ row }) => row);
  const news = seen.flatMap(({ kind, row, version, isDeleted }): readonly News[] => {
    const before = stored.get(row.id);
    const gone = isDeleted && before?.tombstone !== 1 ? [goneNews({ kind: kind.kind, id: row.id })] : [];
    return [...kind.facts(rowOf(before), row, version + 1), ...gone];
  });
  return { written, news, unknown };
}

/** What the kinds have beside the mirror. */
async function keepParts(
  tx: BillingTx,
  seen: readonly Observation[],
  stored: ReadonlyMap<string, MirrorRow>,
): Promise<void> {
  const alive = seen.filter(({ isDeleted }) => !isDeleted);
  for (const [kind, some] of Map.groupBy(alive, (observation) => observation.kind)) {
    const beforeOf = (id: string) => (stored.get(id)?.tombstone === 1 ? null : rowOf(stored.get(id)));
    const kept = some.map(({ row, remote }) => ({ before: beforeOf(row.id), after: row, remote }));
    await kind.keep?.(tx, kept);
  }
}

function mirrorOf(tx: BillingTx, ids: readonly string[]): Promise<MirrorRow[]> {
  return tx
    .selectFrom("mirror")
    .selectAll()
    .where(isAmong(tx, "id", ids))
    .execute();
}

/** What follows from what was written. */
export async function tellSeen(kernel: Kernel, reacting: Reacting, { news, unknown }: Seen): Promise<void> {
  await spread(kernel, reacting, news);
  await reopenForeign(reacting.tx, { objects: unknown, now: reacting.now });
}

function nextRow(observation: Observation, at: { stored: MirrorRow | undefined; now: Instant }): MirrorRow {
  const { kind, remote, row, version } = observation;
  const { stored, now } = at;
  return {
    id: row.id,
    kind: kind.kind,
    version: version + 1,
    seen_created: Math.max(stored?.seen_created ?? 0, observation.seenCreated ?? 0),
    look_begun: Math.max(stored?.look_begun ?? 0, observation.lookBegun ?? 0),
    tombstone: observation.isDeleted ? 1 : 0,
    customer: row.customer ?? stored?.customer ?? null,
    parent: row.parent ?? stored?.parent ?? null,
    row: JSON.stringify(row),
    raw: rawWithoutLists(remote),
    updated_at: now,
  };
}

function rowOf(stored: MirrorRow | undefined): MirroredRow | null {
  return stored ? (JSON.parse(stored.row) as MirroredRow) : null;
}

/** Each only over the version before it, whatever another process has written since it was read. */
async function writeRows(tx: BillingTx, rows: readonly MirrorRow[]): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set();
  return insertRows(tx, mirrorRows, rows);
}

const mirrorColumns = {
  id: "text",
  kind: "text",
  version: "integer",
  seen_created: "integer",
  look_begun: "integer",
  tombstone: "integer",
  customer: "text",
  parent: "text",
  row: "text",
  raw: "bytes",
  updated_at: "integer",
} as const satisfies Columns<MirrorRow>;

const mirrorRows = insertion("mirror", {
  columns: mirrorColumns,
  key: "id",
  resolved: (inserting) =>
    inserting.onConflict((conflict) =>
      conflict
        .column("id")
        .doUpdateSet(asInserted<MirrorRow>(mirrorColumns, "id"))
        .where((eb) => eb("mirror.version", "=", eb("excluded.version", "-", 1))),
    ),
});

/** A look for somebody who waits may be overtaken this often; what the others wrote is as new. */
const triesMax = 3;

/**
 * A look for somebody who waits: the return page asks Stripe and does not only wait for the webhook. It is recorded by
 * its version; when others are faster every time, what they wrote is as new.
 */
export async function lookNow(kernel: Kernel, object: { kind: string; id: string }): Promise<void> {
  const kind = kernel.registry.kind(object.kind);
  assert(kind, `no resource knows ${object.kind}`);
  for (let tries = 0; tries < triesMax; tries++) {
    const stored = await kernel.sql.read("look.version", (reader) =>
      reader.selectFrom("mirror").select("version").where("id", "=", object.id).executeTakeFirst(),
    );
    const { remote, begunAt } = await lookAt(kernel, { kind, id: object.id, priority: "command" });
    const row = remote && remote.deleted !== true ? kind.row(remote) : undefined;
    if (!remote || !row) throw problem("not_found", `Stripe has no ${object.kind} ${object.id} at the moment`);
    const observation = { kind, remote, row, version: stored?.version ?? 0, lookBegun: begunAt - secondMs };
    const written = await kernel.sql.write("look.written", (tx) => writeObservations(kernel, tx, [observation]));
    if (!written.has(row.id)) continue;
    wakeWorkers(kernel.sql);
    return;
  }
}

/** Fetches an object from Stripe as it is now, with all of its lists. */
export async function lookAt(
  { gateway }: Kernel,
  look: { kind: MirrorKind; id: string; priority: "look" | "command" },
): Promise<{ remote: Remote | null; begunAt: Instant }> {
  const { kind, id, priority } = look;
  const seen = await readWhole(gateway, { id, path: kind.path(id), lists: kind.lists ?? [] }, { priority });
  return kind.shownAs && seen.remote ? { ...seen, remote: kind.shownAs(id, seen.remote) } : seen;
}
