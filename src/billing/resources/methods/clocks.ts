// Customers of test mode may live in the time of a test clock (https://docs.stripe.com/billing/testing/test-clocks):
// what is due for them is due by it.
import type { Instant } from "#kit/clock.ts";
import { on } from "../../kernel/contract/manifest.ts";
import type { Selecting } from "../../kernel/store/tables.ts";
import { oweClocks, readClocks } from "../test_clocks/index.ts";

export const onClockedCustomer = on("customer.appeared", async (reacting, news) => {
  const clocked = news.flatMap(({ data: { id, testClock } }) => (testClock === null ? [] : [{ id, clock: testClock }]));
  if (clocked.length === 0) return [];
  await reacting.tx
    .insertInto("clocked_customers")
    .values(clocked.map(({ id, clock }) => ({ stripe_id: id, clock })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await oweClocks(
    reacting,
    clocked.map(({ clock }) => clock),
  );
  return [];
});

/** By Stripe's ids of those that hang on a clock: its time, or null while it has not been seen. */
export async function clockTimes(
  db: Parameters<typeof readClocks>[0],
  stripeCustomers: readonly string[],
): Promise<ReadonlyMap<string, Instant | null>> {
  if (stripeCustomers.length === 0) return new Map();
  const rows = await db
    .selectFrom("clocked_customers")
    .select(["stripe_id", "clock"])
    .where("stripe_id", "in", stripeCustomers)
    .execute();
  const times = await readClocks(
    db,
    rows.map(({ clock }) => clock),
  );
  return new Map(rows.map(({ stripe_id, clock }) => [stripe_id, times.get(clock) ?? null]));
}

/** Whoever hangs on one of these clocks. */
export async function customersOn(db: Selecting, clocks: readonly string[]): Promise<readonly string[]> {
  const rows = await db.selectFrom("clocked_customers").select("stripe_id").where("clock", "in", clocks).execute();
  return rows.map(({ stripe_id }) => stripe_id);
}
