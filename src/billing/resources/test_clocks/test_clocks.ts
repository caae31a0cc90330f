// READ FIRST: a test clock is a time of its own, in which Customers of Stripe's test mode live. What hangs on one is
// dated by it, and "now" of such a customer is the instant at which the clock stands.
// https://docs.stripe.com/billing/testing/test-clocks
import { type Instant, secondMs } from "#kit/clock.ts";
import { isAmong } from "#kit/sql/many.ts";
import { type MirroredRow, mirrorKind } from "../../kernel/contract/manifest.ts";
import type { News, Reacting, Remote } from "../../kernel/contract/reacting.ts";
import type { Selecting } from "../../kernel/store/tables.ts";
import { number } from "../remote_fields.ts";

declare module "../../kernel/contract/reacting.ts" {
  interface InnerNews {
    /** It stands still at another instant than before. */
    "test_clock.ready": Pick<TestClockMirror, "id" | "frozenTime">;
  }
}

export interface TestClockMirror extends MirroredRow {
  /** Stripe's second. */
  readonly frozenTime: number;
  readonly status: string;
}

const nobody = { customer: null, parent: null };

function clockRow(remote: Remote): TestClockMirror {
  const marks = { instance: null, operation: null };
  const status = String(remote.status);
  return { ...marks, ...nobody, id: remote.id, isFinal: false, frozenTime: number(remote.frozen_time), status };
}

function clockNews(
  before: TestClockMirror | null,
  after: TestClockMirror,
  version: number,
): News<"test_clock.ready">[] {
  const { id, frozenTime } = after;
  const isSame = before?.frozenTime === frozenTime && before.status === after.status;
  if (after.status !== "ready" || isSame) return [];
  return [{ type: "test_clock.ready", subject: id, transition: `${id}@${version}`, data: { id, frozenTime } }];
}

export const testClockKind = mirrorKind<TestClockMirror>({
  kind: "test_helpers.test_clock",
  path: (id) => `/v1/test_helpers/test_clocks/${id}`,
  isForgotten: true,
  isOnClock: () => true,
  belongsTo: () => nobody,
  row: clockRow,
  facts: clockNews,
});

/** Clocks that nobody has looked at yet are owed a look; their events are ours from then on. */
export async function oweClocks(reacting: Reacting, clocks: readonly (string | null)[]): Promise<void> {
  const known = await readClocks(reacting.tx, clocks);
  const unknown = new Set(clocks.flatMap((id) => (id === null || known.has(id) ? [] : id)));
  await reacting.fileLooks([...unknown].map((id) => ({ kind: testClockKind.kind, id, ...nobody })));
}

/** By clock, the instant at which it stands. One that has not been looked at has none, and tells when it has. */
export async function readClocks(
  db: Parameters<typeof isAmong>[0] & Selecting,
  clocks: readonly (string | null)[],
): Promise<ReadonlyMap<string | null, Instant>> {
  const ids = [...new Set(clocks.flatMap((id) => id ?? []))];
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("mirror")
    .select(["id", "row"])
    .where(isAmong(db, "id", ids))
    .where("kind", "=", testClockKind.kind)
    .execute();
  return new Map(rows.map(({ id, row }) => [id, (JSON.parse(row) as TestClockMirror).frozenTime * secondMs]));
}
