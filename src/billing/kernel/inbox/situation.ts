// What is known of objects when their receipts are worked: the row, the open receipts, what is in flight, whose it is.

import { problem } from "#kit/problems.ts";
import { isAmong } from "#kit/sql/many.ts";
import type { Kernel } from "../contract/context.ts";
import type { MirrorKind } from "../contract/manifest.ts";
import type { Fields } from "../contract/reacting.ts";
import type { BillingReader, MirrorRow, ReceiptRow } from "../store/tables.ts";
import { payloadOf } from "./receipts.ts";

/** One object and what is due of it. */
export interface Subject {
  readonly receipts: readonly ReceiptRow[];
  readonly kind: MirrorKind;
  readonly id: string;
  readonly payload: Fields | null;
}

export interface Situation extends Subject {
  readonly mirror: MirrorRow | undefined;
  /** Unknown when the body has gone, so that only the object itself can tell. */
  readonly isOurs: boolean | undefined;
  readonly isInFlight: boolean;
  /** All open receipts of the object, due or not. */
  readonly openCreated: readonly number[];
}

/** Of each object, in one consistent snapshot. `objects` are the receipts of one object each. */
export async function readSituations(
  kernel: Kernel,
  objects: readonly (readonly ReceiptRow[])[],
): Promise<readonly Situation[]> {
  const subjects = objects.map((receipts) => subjectOf(kernel, receipts));
  const ids = subjects.map(({ id }) => id);
  return kernel.sql.read("inbox.situation", async (reader) => {
    const mirrored = await reader
      .selectFrom("mirror")
      .selectAll()
      .where(isAmong(reader, "id", ids))
      .execute();
    const mirrors = new Map(mirrored.map((mirror) => [mirror.id, mirror]));
    const open = await reader
      .selectFrom("receipts")
      .select(["object_id", "created"])
      .where(isAmong(reader, "object_id", ids))
      .where("state", "=", "open")
      .execute();
    const openOf = Map.groupBy(open, ({ object_id }) => object_id);
    const inFlight = await readInFlight(
      reader,
      subjects.map((subject) => ({ subject, mirror: mirrors.get(subject.id) })),
    );
    const unknown = subjects
      .filter(({ id }) => !mirrors.has(id))
      .flatMap(({ payload }): Fields[] => (payload ? [payload] : []));
    const ours = await findOurs(kernel, reader, unknown);
    return subjects.map((subject) => {
      const { id, receipts, payload } = subject;
      const isKnown = mirrors.has(id) || receipts.every(({ kind }) => kind === "look");
      return {
        ...subject,
        mirror: mirrors.get(id),
        isOurs: isKnown || (payload ? ours.has(id) : undefined),
        isInFlight: inFlight.has(id),
        openCreated: (openOf.get(id) ?? []).map(({ created }) => created),
      };
    });
  });
}

function subjectOf(kernel: Kernel, receipts: readonly ReceiptRow[]): Subject {
  const newest = receipts.at(-1);
  const kind = kernel.registry.kind(newest?.object_kind ?? "");
  const id = newest?.object_id;
  if (!kind || typeof id !== "string") throw problem("internal", `No resource knows the object of ${newest?.id}`);
  const newestEvent = receipts.findLast((receipt) => receipt.kind === "event");
  return { receipts, kind, id, payload: newestEvent ? payloadOf(newestEvent) : null };
}

/** The objects on which, or on whose parents, a call of ours is on its way. */
async function readInFlight(
  reader: BillingReader,
  objects: readonly { readonly subject: Subject; readonly mirror: MirrorRow | undefined }[],
): Promise<ReadonlySet<string>> {
  const watched = objects.map(({ subject: { id, receipts, payload }, mirror }) => {
    const metadata = payload?.metadata as Fields | null | undefined;
    const operation = metadata?.bursar_op;
    const touched = [id, receipts.at(-1)?.parent, mirror?.parent].filter((one) => typeof one === "string");
    return { id, touched, operation: typeof operation === "string" ? operation : "" };
  });
  const calls = await reader
    .selectFrom("calls")
    .select(["touches", "operation"])
    .where("state", "in", ["sent", "unknown", "finding"])
    .where(({ or }) =>
      or([
        isAmong(reader, "touches", [...new Set(watched.flatMap(({ touched }) => touched))]),
        isAmong(reader, "operation", [...new Set(watched.map(({ operation }) => operation))]),
      ]),
    )
    .execute();
  const touches = new Set(calls.map((call) => call.touches));
  const operations = new Set(calls.map((call) => call.operation));
  const flying = watched.filter(({ touched, operation }) => {
    return operations.has(operation) || touched.some((one) => touches.has(one));
  });
  return new Set(flying.map(({ id }) => id));
}

/** The ids of those that this installation answers for: marked by us, or of a parent or customer of ours. */
export async function findOurs(
  kernel: Kernel,
  reader: BillingReader,
  remotes: readonly Fields[],
): Promise<ReadonlySet<string>> {
  const isMarked = ({ metadata }: Fields) =>
    (metadata as Fields | null | undefined)?.bursar_instance === kernel.instance;
  const ours = new Set(remotes.filter(isMarked).map(({ id }) => String(id)));
  const unmarked = remotes
    .filter((remote) => !isMarked(remote))
    .map((remote) => ({ id: String(remote.id), ...kernel.registry.belonging(remote) }));
  if (unmarked.length === 0) return ours;
  const ids = [...new Set(unmarked.flatMap(({ id, parent }) => [id, parent ?? []].flat()))];
  const mirrored = await reader
    .selectFrom("mirror")
    .select("id")
    .where(isAmong(reader, "id", ids))
    .execute();
  const known = new Set<string | null>([...ours, ...mirrored.map(({ id }) => id)]);
  const customers = await findCustomers(kernel, reader, [
    ...new Set(unmarked.flatMap(({ customer }) => customer ?? [])),
  ]);
  for (const { id, parent, customer } of unmarked) {
    if (known.has(id) || known.has(parent) || customers.has(customer)) ours.add(id);
  }
  return ours;
}

async function findCustomers(
  kernel: Kernel,
  reader: BillingReader,
  customers: readonly string[],
): Promise<ReadonlySet<string | null>> {
  const ours = new Set<string>();
  if (customers.length === 0) return ours;
  for (const { ownCustomers } of kernel.registry.manifests) {
    for (const id of (await ownCustomers?.(reader, customers)) ?? []) ours.add(id);
  }
  return ours;
}
