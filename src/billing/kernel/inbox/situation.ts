// What is known of objects when their receipts are worked: the row, the open receipts, what is in flight, whose it is.
import { sql } from "kysely";
import { problem } from "#kit/problems.ts";
import { isAmong, isAmongPacked, packTexts } from "#kit/sql/many.ts";
import { execute } from "#kit/sql/statement.ts";
import type { Kernel } from "../contract/context.ts";
import type { MirrorKind } from "../contract/manifest.ts";
import type { Fields } from "../contract/reacting.ts";
import { type BillingReader, type MirrorRow, openCallStates, openState, type ReceiptRow } from "../store/tables.ts";
import { payloadOf } from "./receipts.ts";

/** One object and what is due of it. */
export interface Subject {
  readonly receipts: readonly ReceiptRow[];
  readonly kind: MirrorKind;
  readonly id: string;
  readonly payload: Fields | null;
}

/** Whose an object is, and when it was last looked at. */
export interface Standing extends Subject {
  readonly mirror: Pick<MirrorRow, "look_begun"> | undefined;
  /** Unknown when the body has gone, so that only the object itself can tell. */
  readonly isOurs: boolean | undefined;
  readonly isInFlight: boolean;
}

export interface Situation extends Standing {
  readonly mirror: MirrorRow | undefined;
  /** All open receipts of the object, due or not. */
  readonly openCreated: readonly number[];
}

/** Of each object, in one consistent snapshot. `objects` are the receipts of one object each. */
export async function readSituations(
  kernel: Kernel,
  objects: readonly (readonly ReceiptRow[])[],
): Promise<readonly Situation[]> {
  const subjects = objects.map((receipts) => subjectOf(kernel, receipts, toldBy(receipts)));
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
      .where("state", "=", openState)
      .execute();
    const openOf = Map.groupBy(open, ({ object_id }) => object_id);
    const inFlight = await readInFlight(
      reader,
      subjects.map((subject) => ({ ...subject, mirror: mirrors.get(subject.id) })),
    );
    const unknown = subjects
      .filter(({ id }) => !mirrors.has(id))
      .flatMap(({ payload }): Fields[] => (payload ? [payload] : []));
    const ours = await findOurs(kernel, reader, { remotes: unknown });
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

/** `payload` is of the newest event among them. */
export function subjectOf(kernel: Kernel, receipts: readonly ReceiptRow[], payload: Fields | null): Subject {
  const newest = receipts.at(-1);
  const kind = kernel.registry.kind(newest?.object_kind ?? "");
  const id = newest?.object_id;
  if (!kind || typeof id !== "string") throw problem("internal", `No resource knows the object of ${newest?.id}`);
  return { receipts, kind, id, payload };
}

function toldBy(receipts: readonly ReceiptRow[]): Fields | null {
  const newestEvent = receipts.findLast((receipt) => receipt.kind === "event");
  return newestEvent ? payloadOf(newestEvent) : null;
}

/** The objects on which, or on whose parents, a call of ours is on its way. */
export async function readInFlight(
  reader: BillingReader,
  objects: readonly (Subject & { readonly mirror: Pick<MirrorRow, "parent"> | undefined })[],
): Promise<ReadonlySet<string>> {
  const watched = objects.map(({ id, receipts, payload, mirror }) => {
    const metadata = payload?.metadata as Fields | null | undefined;
    const operation = metadata?.bursar_op;
    const touched = [id, receipts.at(-1)?.parent, mirror?.parent].filter((one) => typeof one === "string");
    return { id, touched, operation: typeof operation === "string" ? operation : "" };
  });
  const given = {
    touched: packTexts(reader, [...new Set(watched.flatMap(({ touched }) => touched))]),
    operations: packTexts(reader, [...new Set(watched.map(({ operation }) => operation))]),
  };
  const { rows: calls } = await execute(reader, callsUnderWay, given);
  const touches = new Set(calls.map((call) => call.touches));
  const operations = new Set(calls.map((call) => call.operation));
  const flying = watched.filter(({ touched, operation }) => {
    return operations.has(operation) || touched.some((one) => touches.has(one));
  });
  return new Set(flying.map(({ id }) => id));
}

function callsUnderWay(reader: BillingReader, { touched, operations }: { touched: unknown; operations: unknown }) {
  return (
    reader
      .selectFrom("calls")
      .select(["touches", "operation"])
      // Written out as the index of open calls has it, or SQLite reads all calls that ever were.
      .where(
        "state",
        "in",
        openCallStates.map((state) => sql.lit(state)),
      )
      .where("state", "<>", sql.lit("ready" as const))
      .where(({ or }) =>
        or([isAmongPacked(reader, "touches", touched), isAmongPacked(reader, "operation", operations)]),
      )
  );
}

/**
 * The ids of those that this installation answers for: marked by us, or of a parent or customer of ours.
 * @param mirrored which of them and of their parents we know, if that was read already.
 */
export async function findOurs(
  kernel: Kernel,
  reader: BillingReader,
  { remotes, mirrored }: { remotes: readonly Fields[]; mirrored?: ReadonlySet<string | null> },
): Promise<ReadonlySet<string>> {
  const isMarked = ({ metadata }: Fields) =>
    (metadata as Fields | null | undefined)?.bursar_instance === kernel.instance;
  const ours = new Set(remotes.filter(isMarked).map(({ id }) => String(id)));
  const unmarked = remotes
    .filter((remote) => !isMarked(remote))
    .map((remote) => ({ id: String(remote.id), ...kernel.registry.belonging(remote) }));
  if (unmarked.length === 0) return ours;
  const known = new Set([...ours, ...(mirrored ?? (await readMirrored(reader, unmarked)))]);
  const customers = await findCustomers(kernel, reader, [
    ...new Set(unmarked.flatMap(({ customer }) => customer ?? [])),
  ]);
  for (const { id, parent, customer } of unmarked) {
    if (known.has(id) || known.has(parent) || customers.has(customer)) ours.add(id);
  }
  return ours;
}

async function readMirrored(
  reader: BillingReader,
  objects: readonly { readonly id: string; readonly parent: string | null }[],
): Promise<ReadonlySet<string | null>> {
  const ids = new Set(objects.flatMap(({ id, parent }) => [id, parent ?? []].flat()));
  const mirrored = await reader
    .selectFrom("mirror")
    .select("id")
    .where(isAmong(reader, "id", [...ids]))
    .execute();
  return new Set(mirrored.map(({ id }) => id));
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
