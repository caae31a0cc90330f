// How invoices hear of their payments: Stripe sends no event of an open invoice whose payment is being confirmed.
import { isAmong } from "#kit/sql/many.ts";
import { on } from "../../kernel/contract/manifest.ts";

export const onPaymentChanged = on("payment.changed", async ({ tx, fileLooks }, news) => {
  const intents = news.map(({ data }) => data.id);
  const rows = await tx
    .selectFrom("invoices")
    .select(["id", "customer", "subscription"])
    .where(isAmong(tx, "payment_intent", intents))
    .where("status", "=", "open")
    .execute();
  await fileLooks(
    rows.map(({ id, customer, subscription }) => ({ kind: "invoice", id, customer, parent: subscription })),
  );
  return [];
});
