// Writing what was seen of Stripe: the row by its version, the facts that follow, and what they set in motion, in one
// transaction. Keeps "one observed transition ⇒ one fact" (invariant 2). Who may call this with what: RULES §1.
import { type Instant, secondMs } from "#kit/clock.ts";
import { customerOf, type Kernel, parentOf, rawOf } from "../contract/context.ts";
import { derivedId } from "../contract/identity.ts";
import type { MirroredRow, MirrorKind, News, Reacting, Remote } from "../contract/manifest.ts";
import { publicFactTypes, writeFact } from "../outbox/outbox.ts";
import type { BillingTx, MirrorRow } from "../store/schema.ts";
import { fileOperation } from "./operations.ts";

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

/** News of one transaction never cascade further than this; more is a loop in the reactions. */
const newsMax = 1_000;

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

/** Tells everybody who reacts, and writes the facts that leave. */
export async function spread(kernel: Kernel, reacting: Reacting, first: readonly News[]): Promise<void> {
  const queue = [...first];
  for (let told = 0; queue.length > 0; told++) {
    if (told > newsMax) throw new Error(`More than ${newsMax} news in one transaction: ${queue[0]?.type}`);
    const news = queue.shift() as News;
    if (publicFactTypes.has(news.type)) {
      const isNew = await writeFact(reacting.tx, news, reacting.now);
      if (!isNew) continue;
    }
    for (const react of kernel.registry.reactions(news.type)) queue.push(...(await react(reacting, news)));
  }
}

export function createReacting(kernel: Kernel, tx: BillingTx, now: Instant): Reacting {
  return {
    tx,
    now,
    instance: kernel.instance,
    async flag(kind, subject, detail) {
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
    },
    async fileOperation(operation) {
      await fileOperation(kernel, tx, { ...operation, now });
    },
    async fileLook(object) {
      await fileLook(kernel, tx, { ...object, now });
    },
  };
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

/** Whether this installation answers for the object. */
export async function isOurs(
  kernel: Kernel,
  db: Pick<BillingTx, "selectFrom">,
  remote: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const metadata = remote.metadata as Record<string, unknown> | null | undefined;
  if (metadata?.bursar_instance === kernel.instance) return true;
  const known = [String(remote.id), parentOf(remote)].filter((id) => id !== null);
  const mirrored = await db.selectFrom("mirror").select("id").where("id", "in", known).executeTakeFirst();
  if (mirrored) return true;
  const customer = customerOf(remote);
  if (customer === null) return false;
  for (const manifest of kernel.registry.manifests) {
    if (await manifest.ownsCustomer?.(db, customer)) return true;
  }
  return false;
}
