// Customers of test mode may live in the time of a test clock (https://docs.stripe.com/billing/testing/test-clocks):
// what is due for them is due by it. A clock is looked at when the first of its customers is seen, and followed by its
// events from then on. No clock runs by itself, so nothing waits for it but its next event.
import { type Instant, secondMs } from "#kit/clock.ts";
import { type MirroredRow, mirrorKind, on } from "../../kernel/contract/manifest.ts";
import type { News, Remote } from "../../kernel/contract/reacting.ts";
import type { Selecting } from "../../kernel/store/tables.ts";

declare module "../../kernel/contract/reacting.ts" {
  interface InnerNews {
    /** Seen for the first time, or at another instant. */
    "clock.moved": ClockMirror;
  }
}

interface ClockMirror extends MirroredRow {
  readonly now: Instant;
}

const nobodys = { customer: null, parent: null };

export const clockKind = mirrorKind<ClockMirror>({
  kind: "test_helpers.test_clock",
  path: (id) => `/v1/test_helpers/test_clocks/${id}`,
  belongsTo: () => nobodys,
  row: (remote: Remote): ClockMirror => ({
    id: remote.id,
    ...nobodys,
    instance: null,
    operation: null,
    isFinal: false,
    now: Number(remote.frozen_time) * secondMs,
  }),
  facts: (before, after, version): News<"clock.moved">[] => {
    if (before?.now === after.now) return [];
    return [{ type: "clock.moved", subject: after.id, transition: `${after.id}@${version}`, data: after }];
  },
});

export const onClockedCustomer = on("customer.appeared", async ({ tx, fileLooks }, news) => {
  const clocked = news.flatMap(({ data: { id, testClock } }) => (testClock === null ? [] : [{ id, clock: testClock }]));
  if (clocked.length === 0) return [];
  await tx
    .insertInto("clocked_customers")
    .values(clocked.map(({ id, clock }) => ({ stripe_id: id, clock })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await fileLooks(clocked.map(({ clock }) => ({ kind: clockKind.kind, id: clock, ...nobodys })));
  return [];
});

/** By Stripe's ids of those that hang on a clock: its time, or null while it has not been seen. */
export async function clockTimes(
  db: Selecting,
  stripeCustomers: readonly string[],
): Promise<ReadonlyMap<string, Instant | null>> {
  if (stripeCustomers.length === 0) return new Map();
  const rows = await db
    .selectFrom("clocked_customers")
    .leftJoin("mirror", "mirror.id", "clocked_customers.clock")
    .select(["clocked_customers.stripe_id as customer", "mirror.row as row"])
    .where("clocked_customers.stripe_id", "in", stripeCustomers)
    .execute();
  return new Map(rows.map(({ customer, row }) => [customer, row ? (JSON.parse(row) as ClockMirror).now : null]));
}

/** Whoever hangs on one of these clocks. */
export async function customersOn(db: Selecting, clocks: readonly string[]): Promise<readonly string[]> {
  const rows = await db.selectFrom("clocked_customers").select("stripe_id").where("clock", "in", clocks).execute();
  return rows.map(({ stripe_id }) => stripe_id);
}
