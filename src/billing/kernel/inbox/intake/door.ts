// What becomes of events before they are stored: in which lane they are worked, and whether there is anything to work.
// Most of a busy account's events may be of objects that are nobody's here. They are stored as what they are, in one
// row that is written once, and no worker takes them up. The rules: docs/design/events.md.
import { isAmongPacked, packTexts } from "#kit/sql/many.ts";
import { execute } from "#kit/sql/statement.ts";
import type { Kernel } from "../../contract/context.ts";
import type { Fields } from "../../contract/reacting.ts";
import type { BillingReader, MirrorRow, ReceiptRow } from "../../store/tables.ts";
import { settle } from "../decide.ts";
import type { Arrival } from "../receipts.ts";
import { findOurs, readInFlight, subjectOf } from "../situation.ts";

/** The rows of what has arrived, as they are to be stored. Judged in one consistent snapshot. */
export function judge(kernel: Kernel, arrivals: readonly Arrival[]): Promise<readonly ReceiptRow[]> {
  return kernel.sql.read("inbox.judge", async (reader) => {
    const known = await readKnown(reader, arrivals);
    const laned = arrivals.map(({ row, payload }) => ({ row: inLane(row, known), payload }));
    const subjects = laned
      .filter(({ row }) => row.state === "open")
      .map(({ row, payload }) => ({ ...subjectOf(kernel, [row], payload), row, mirror: known.get(row.object_id) }));
    const remotes = subjects.flatMap(({ payload }): Fields[] => (payload ? [payload] : []));
    const ours = await findOurs(kernel, reader, { remotes, mirrored: new Set(known.keys()) });
    const flying = await readInFlight(reader, subjects);
    const settled = new Map<ReceiptRow, ReceiptRow>();
    for (const { row, ...subject } of subjects) {
      const plan = settle({ ...subject, isOurs: ours.has(subject.id), isInFlight: flying.has(subject.id) });
      if (plan && "state" in plan.receipts) settled.set(row, { ...row, ...plan.receipts, ended_at: row.received_at });
    }
    return laned.map(({ row }) => settled.get(row) ?? row);
  });
}

type Known = ReadonlyMap<string | null, Pick<MirrorRow, "customer" | "parent" | "look_begun">>;

/** The payload's customer, else the one that our mirror knows for its parent or itself, else what the payload says. */
function inLane(row: ReceiptRow, known: Known): ReceiptRow {
  const customer = row.customer ?? known.get(row.parent)?.customer ?? known.get(row.object_id)?.customer ?? null;
  return { ...row, customer, lane: customer ?? row.lane };
}

/** Of the mirror, by id: whose the objects and their parents are, and when they were last looked at. */
async function readKnown(reader: BillingReader, arrivals: readonly Arrival[]): Promise<Known> {
  const ids = new Set(arrivals.flatMap(({ row }) => [row.object_id ?? [], row.parent ?? []].flat()));
  const { rows: mirrored } = await execute(reader, known, { ids: packTexts(reader, [...ids]) });
  return new Map(mirrored.map((mirror) => [mirror.id, mirror]));
}

function known(reader: BillingReader, { ids }: { ids: unknown }) {
  return reader
    .selectFrom("mirror")
    .select(["id", "customer", "parent", "look_begun"])
    .where(isAmongPacked(reader, "id", ids));
}
