// What hangs on customers, kind by kind in the order of rooms, so that what an object belongs to is known before it.
// Only what the database does not have is written: what it has is followed by events, and newer than a list.
import { secondMs } from "#kit/clock.ts";
import { isProblem } from "#kit/problems.ts";
import { isAmong } from "#kit/sql/many.ts";
import { lookAt, type Observation, tellSeen, writeSeen } from "../../kernel/changes/observe.ts";
import { reactingToHistory } from "../../kernel/changes/react.ts";
import type { Manifest, MirroredRow, MirrorKind } from "../../kernel/contract/manifest.ts";
import type { Remote } from "../../kernel/contract/reacting.ts";
import { findOurs } from "../../kernel/inbox/situation.ts";
import type { BillingReader } from "../../kernel/store/tables.ts";
import type { Page } from "../../kernel/stripe/gateway.ts";
import { driftOf, writeFindings } from "./catalog.ts";
import { readPage } from "./customers.ts";
import type { Advance, Gathered, Importing, Stage } from "./stage.ts";

/** Whose lists are read at one time: a customer has few of a kind, and Stripe takes a while for each answer. */
const customersAtOnce = 8;
const markedAtOnce = 500;

/** In the order of the rooms; each kind says how it is listed. */
export function objectStages(manifests: readonly Manifest[]): readonly Stage[] {
  const first = manifests.findIndex(({ kinds }) => kinds.some(({ kind }) => kind === "customer"));
  return manifests
    .slice(first + 1)
    .flatMap((manifest) => [
      ...manifest.kinds.flatMap(kindStages),
      ...(manifest.allRead ? [markingStage(manifest)] : []),
    ]);
}

function kindStages(kind: MirrorKind): readonly Stage[] {
  const { list, ofCustomer } = kind;
  if (ofCustomer !== undefined) {
    return [customerStage(kind, { name: kind.kind, path: `${ofCustomer}?limit=100`, isOnClock: false })];
  }
  if (!list) return [];
  const path = `${list.path}?limit=100${list.showing === undefined ? "" : `&${list.showing}`}`;
  const all: Stage = {
    name: kind.kind,
    kind: kind.kind,
    async next(importing, cursor) {
      const page = await readPage(importing, path, cursor);
      return gather(importing, kind, { pages: [page], cursor: page.next });
    },
  };
  if (!list.hidesTestClocks) return [all];
  return [all, customerStage(kind, { name: `${kind.kind} on test clocks`, path, isOnClock: true })];
}

function customerStage(kind: MirrorKind, of: { name: string; path: string; isOnClock: boolean }): Stage {
  return {
    name: of.name,
    kind: kind.kind,
    async next(importing, cursor) {
      const customers = await readPlaced(importing, { after: cursor, isOnClock: of.isOnClock, limit: customersAtOnce });
      const lists = customers.map((customer) => readAllOf(importing, { path: of.path, customer }));
      const pages = (await Promise.all(lists)).flat();
      return gather(importing, kind, { pages, cursor: customers.at(-1) ?? null, done: customers.length });
    },
    total: (importing) => countPlaced(importing, of.isOnClock),
  };
}

async function readAllOf(importing: Importing, { path, customer }: { path: string; customer: string }) {
  const pages: Page[] = [];
  let after: string | null = null;
  try {
    do {
      const page: Page = await readPage(importing, `${path}&customer=${customer}`, after);
      pages.push(page);
      after = page.next;
    } while (after !== null);
    return pages;
  } catch (error) {
    // Of a Customer that was deleted since, Stripe refuses the list; that it is gone comes by its event.
    if (isProblem(error, "stripe_refused") && (await isGone(importing, customer))) return pages;
    throw error;
  }
}

async function isGone({ core }: Importing, customer: string): Promise<boolean> {
  const { remote } = await core.kernel.gateway.read(`/v1/customers/${customer}`, { priority: "look" });
  return remote === null || remote.deleted === true;
}

/** The host may list what this room has without Stripe being asked. */
function markingStage({ name, allRead }: Manifest): Stage {
  return {
    name: `${name} as read`,
    async next(importing, cursor) {
      const customers = await readPlaced(importing, { after: cursor, isOnClock: false, limit: markedAtOnce });
      const now = importing.core.ports.clock.now();
      return async (tx) => {
        if (!importing.isDryRun && customers.length > 0) await allRead?.(tx, { customers, now });
        return { cursor: customers.at(-1) ?? null, done: customers.length };
      };
    },
    total: (importing) => countPlaced(importing, false),
  };
}

/** In the order of their ids. */
async function readPlaced(
  { core }: Importing,
  { after, isOnClock, limit }: { after: string | null; isOnClock: boolean; limit: number },
): Promise<readonly string[]> {
  const rows = await core.sql.read("import.placed", (reader) =>
    placedIn(reader, isOnClock)
      .select("stripe_id")
      .where("stripe_id", ">", after ?? "")
      .orderBy("stripe_id")
      .limit(limit)
      .execute(),
  );
  return rows.map(({ stripe_id }) => stripe_id);
}

async function countPlaced({ core }: Importing, isOnClock: boolean): Promise<number> {
  const { count } = await core.sql.read("import.placed", (reader) =>
    placedIn(reader, isOnClock)
      .select((eb) => eb.fn.countAll<number>().as("count"))
      .executeTakeFirstOrThrow(),
  );
  return Number(count);
}

function placedIn(reader: BillingReader, isOnClock: boolean) {
  const placed = reader.selectFrom("import_customers").where("state", "=", "placed");
  return isOnClock ? placed.where("test_clock", "is not", null) : placed;
}

interface Listed {
  readonly pages: readonly Page[];
  readonly cursor: string | null;
  /** Objects, unless something else is counted. */
  readonly done?: number;
}

/** Sorts what was listed, and looks at what a list does not show whole. */
async function gather(importing: Importing, kind: MirrorKind, listed: Listed): Promise<Gathered> {
  const { core } = importing;
  const remotes = listed.pages.flatMap(({ items }) => items);
  const begunAt = Math.min(...listed.pages.map((page) => page.begunAt));
  const { ours, known } = await core.sql.read("import.whose", (reader) => sort(importing, reader, kind, remotes));
  const counted = { ours: ours.length, others: remotes.length - ours.length };
  const unknown = ours.filter(({ id }) => !known.has(id));
  const findings = await driftOf(core, kind.kind, ours);
  const step: Advance = { cursor: listed.cursor, done: listed.done ?? remotes.length, ...counted };
  if (importing.isDryRun) {
    return async (tx) => {
      await writeFindings(tx, [...findings, ...ours.map(({ id }) => ({ kind: "known" as const, id, detail: "null" }))]);
      return { ...step, added: unknown.length };
    };
  }
  const observations = await observe(importing, kind, { remotes: unknown, lookBegun: begunAt - secondMs });
  return async (tx) => {
    const seen = await writeSeen(core.kernel, tx, observations);
    const reacting = reactingToHistory(core.kernel, tx, core.ports.clock.now());
    await tellSeen(core.kernel, reacting, seen);
    await writeFindings(tx, findings);
    return { ...step, added: seen.written.size };
  };
}

/** Whose each is, and which of them the database has. */
async function sort(
  { core, isDryRun }: Importing,
  reader: BillingReader,
  kind: MirrorKind,
  remotes: readonly Remote[],
): Promise<{ ours: readonly Remote[]; known: ReadonlySet<string | null> }> {
  const belongings = new Map(remotes.map((remote) => [remote.id, kind.belongsTo(remote)]));
  const ids = [...belongings].flatMap(([id, { parent }]) => [id, parent ?? []].flat());
  const mirror = await reader
    .selectFrom("mirror")
    .select("id")
    .where(isAmong(reader, "id", [...new Set(ids)]))
    .execute();
  const mirrored = new Set<string | null>(mirror.map(({ id }) => id));
  if (!isDryRun) {
    const ours = await findOurs(core.kernel, reader, { remotes, mirrored });
    return { ours: remotes.filter(({ id }) => ours.has(id)), known: mirrored };
  }
  // What would be known by now.
  const seen = await reader
    .selectFrom("import_findings")
    .select("id")
    .where("kind", "=", "known")
    .where(isAmong(reader, "id", ids))
    .execute();
  const customers = [...belongings.values()].flatMap(({ customer }) => customer ?? []);
  const placed = await reader
    .selectFrom("import_customers")
    .select("stripe_id")
    .where("state", "=", "placed")
    .where(isAmong(reader, "stripe_id", customers))
    .execute();
  const ours = await findOurs(core.kernel, reader, {
    remotes,
    mirrored: new Set([...mirrored, ...seen.map(({ id }) => id)]),
  });
  const isPlaced = new Set<string | null>(placed.map(({ stripe_id }) => stripe_id));
  const isOurs = ({ id }: Remote) => ours.has(id) || isPlaced.has(belongings.get(id)?.customer ?? null);
  return { ours: remotes.filter(isOurs), known: mirrored };
}

/** What bears the marks of this installation is left to its operations, which tell what became of them. */
async function observe(
  { core: { kernel } }: Importing,
  kind: MirrorKind,
  { remotes, lookBegun }: { remotes: readonly Remote[]; lookBegun: number },
): Promise<readonly Observation[]> {
  const observations: Observation[] = [];
  const isForeign = (row: MirroredRow) => row.instance !== kernel.instance;
  for (const remote of remotes) {
    const row = kind.row(remote);
    if (row) {
      if (isForeign(row)) observations.push({ kind, remote, row, version: 0, lookBegun });
      continue;
    }
    const whole = await lookAt(kernel, { kind, id: remote.id, priority: "look" });
    const wholeRow = whole.remote && whole.remote.deleted !== true ? kind.row(whole.remote) : undefined;
    if (!whole.remote || !wholeRow || !isForeign(wholeRow)) continue;
    const seen = { remote: whole.remote, row: wholeRow, lookBegun: whole.begunAt - secondMs };
    observations.push({ kind, version: 0, ...seen });
  }
  return observations;
}
