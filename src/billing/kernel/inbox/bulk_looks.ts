// Many looks for few requests (docs/design/events.md, rule 10): more than 20 looks owed in one customer's lane become
// one list per kind, and more than 20 in a set of lanes are read by lists over windows of `created` first. What a list
// did not show is looked at alone. A listed object is a look like any other: it was begun after its version was read,
// and is written by it.
import type { Instant } from "#kit/clock.ts";
import { secondMs } from "#kit/clock.ts";
import { isAmong } from "#kit/sql/many.ts";
import { unknownCreated } from "../changes/looks.ts";
import type { Kernel } from "../contract/context.ts";
import type { KindList } from "../contract/manifest.ts";
import type { Remote } from "../contract/reacting.ts";
import type { MirrorRow, ReceiptRow } from "../store/tables.ts";
import { isKnownAlone } from "./alone.ts";
import { byObject } from "./claim.ts";
import { payloadOf } from "./receipts.ts";

/** More looks than this for one customer, or in a set of lanes, are lists. */
const singleLooksMax = 20;
/** One page of a list. */
const windowObjects = 100;
/** A list is worth its pages while one in ten of what it shows is looked for. */
const shownPerWanted = 10;

export interface Listed {
  readonly remote: Remote;
  /** Stripe's time before which its page had not been asked for. */
  readonly begunAt: Instant;
  /** The receipts that were there before. */
  readonly receipts: ReadonlySet<string>;
  /** Of the mirror, read before the list was asked for. */
  readonly version: number;
}
/** By id; null for what the lists did not show, or cannot. */
export type ListedObjects = ReadonlyMap<string, Listed | null>;

interface Wanted {
  readonly id: string;
  readonly list: KindList;
  /** The object's own, in Stripe's seconds. */
  readonly created: number;
  readonly version: number;
}

/** Lists for what is left of a set, lane by lane; none when few enough objects are owed a look. */
export async function listSet(kernel: Kernel, lanes: readonly (readonly ReceiptRow[])[]): Promise<ListedObjects> {
  // A lane with many has a list of its own, of its customer.
  const objects = lanes.map(objectsToList).filter((of) => of.length <= singleLooksMax);
  return listObjects(kernel, objects.flat(), null);
}

/** Their receipts. What lists do not show is not looked for there again. */
function objectsToList(receipts: readonly ReceiptRow[]): readonly (readonly ReceiptRow[])[] {
  return byObject(receipts).filter((of) => !isKnownAlone(of));
}

/** Lists for one lane whose receipts are begun; none when few enough objects are owed a look. */
export async function listLane(kernel: Kernel, receipts: readonly ReceiptRow[]): Promise<ListedObjects> {
  // A lane is of one customer at most.
  const ofCustomer = receipts.find(({ customer }) => customer !== null);
  return listObjects(kernel, objectsToList(receipts), ofCustomer?.customer ?? null);
}

/**
 * Whether the listed object may stand for a look that begins now: the mirror has not moved since, and everything that
 * the receipts tell of had happened before the list was asked for.
 */
export function isUsable(
  listed: Listed | null | undefined,
  situation: { receipts: readonly ReceiptRow[]; mirror: MirrorRow | undefined },
): listed is Listed {
  if (!listed || listed.version !== (situation.mirror?.version ?? 0)) return false;
  return situation.receipts.every((receipt) =>
    receipt.kind === "look"
      ? receipt.created !== unknownCreated && (receipt.created + 1) * secondMs <= listed.begunAt
      : listed.receipts.has(receipt.id),
  );
}

async function listObjects(
  kernel: Kernel,
  objects: readonly (readonly ReceiptRow[])[],
  customer: string | null,
): Promise<ListedObjects> {
  if (objects.length <= singleLooksMax) return new Map();
  const receipts = objects.flat();
  const listed = new Map<string, Listed | null>();
  try {
    const wanted = await readWanted(kernel, receipts);
    const known = new Set(receipts.map(({ id }) => id));
    for (const [list, some] of Map.groupBy(wanted, (object) => object.list)) {
      some.sort((a, b) => a.created - b.created);
      for (let at = 0; at < some.length; at += windowObjects) {
        await listWindow(kernel, { list, objects: some.slice(at, at + windowObjects), customer, known, listed });
      }
    }
    for (const { object_id } of receipts) if (object_id && !listed.has(object_id)) listed.set(object_id, null);
  } catch (error) {
    // What was not listed is looked at alone, and waits with its own backoff when Stripe is away.
    kernel.ports.log.warn("inbox.list_failed", { error: String(error) });
  }
  return listed;
}

async function readWanted(kernel: Kernel, receipts: readonly ReceiptRow[]): Promise<Wanted[]> {
  const byId = Map.groupBy(receipts, ({ object_id }) => object_id ?? "");
  const mirrors = await kernel.sql.read("inbox.versions", (reader) =>
    reader
      .selectFrom("mirror")
      .select(["id", "version", "raw"])
      .where(isAmong(reader, "id", [...byId.keys()]))
      .execute(),
  );
  const known = new Map(mirrors.map((mirror) => [mirror.id, mirror]));
  const wanted: Wanted[] = [];
  for (const [id, [first]] of byId) {
    const kind = kernel.registry.kind(first?.object_kind ?? "");
    const mirror = known.get(id);
    const raw = mirror && (JSON.parse(Buffer.from(mirror.raw).toString("utf8")) as Remote);
    const shown = raw ?? (first && payloadOf(first));
    const created = shown?.created;
    // Lists leave out what hangs on a test clock. https://docs.stripe.com/api/subscriptions/list
    const list = shown && kind?.isOnClock?.(shown) ? undefined : kind?.list;
    if (list && typeof created === "number") wanted.push({ id, list, created, version: mirror?.version ?? 0 });
  }
  return wanted;
}

async function listWindow(
  kernel: Kernel,
  window: {
    list: KindList;
    objects: readonly Wanted[];
    customer: string | null;
    known: ReadonlySet<string>;
    listed: Map<string, Listed | null>;
  },
): Promise<void> {
  const { list, objects, listed, known: receipts } = window;
  const from = objects[0]?.created;
  const to = objects.at(-1)?.created;
  const byCustomer = window.customer !== null && list.byCustomer ? `&customer=${window.customer}` : "";
  const showing = list.showing === undefined ? "" : `&${list.showing}`;
  const path = `${list.path}?limit=100&created[gte]=${from}&created[lte]=${to}${byCustomer}${showing}`;
  const missing = new Map(objects.map((object) => [object.id, object]));
  let left = Math.max(windowObjects, objects.length * shownPerWanted);
  for await (const { items, begunAt } of kernel.gateway.pages(path, { priority: "look" })) {
    for (const remote of items) {
      const object = missing.get(remote.id);
      if (object) listed.set(remote.id, { remote, version: object.version, begunAt, receipts });
      missing.delete(remote.id);
    }
    left -= items.length;
    if (missing.size === 0 || left <= 0) return;
  }
}
