// What is kept of a subscription beside the mirror, so that lists find it.
import { secondMs } from "#kit/clock.ts";
import type { Columns } from "#kit/sql/many.ts";
import type { Kept } from "../../kernel/contract/manifest.ts";
import { on } from "../../kernel/contract/manifest.ts";
import { asInserted, insertion, insertRows } from "../../kernel/store/many.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import type { SubscriptionMirror } from "./subscriptions.ts";
import type { SubscriptionRow } from "./tables.ts";

const columns = {
  id: "text",
  customer: "text",
  status: "text",
  created_at: "integer",
  test_clock: "text",
} as const satisfies Columns<SubscriptionRow>;

const subscriptionRows = insertion("subscriptions", {
  columns,
  key: "id",
  resolved: (inserting) =>
    inserting.onConflict((conflict) => conflict.column("id").doUpdateSet(asInserted<SubscriptionRow>(columns, "id"))),
});

export async function keepSubscriptions(tx: BillingTx, seen: readonly Kept<SubscriptionMirror>[]): Promise<void> {
  const rows = seen.map(
    ({ after: { id, customer, status, created, testClock } }): SubscriptionRow => ({
      id,
      customer,
      status,
      created_at: created * secondMs,
      test_clock: testClock,
    }),
  );
  await insertRows(tx, subscriptionRows, rows);
}

/** Stripe keeps what is over for ever: one that is gone went with its test clock, or with the account's test data. */
export const onSubscriptionGone = on("object.gone", async ({ tx }, news) => {
  const gone = news.flatMap(({ data }) => (data.kind === "subscription" ? data.id : []));
  if (gone.length > 0) await tx.deleteFrom("subscriptions").where("id", "in", gone).execute();
  return [];
});
