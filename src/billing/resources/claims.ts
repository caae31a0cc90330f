// Which invoice a payment pays. Only an invoice payment says so, and it may come after what went back of the payment
// (https://docs.stripe.com/changelog/basil): until then nobody knows whose that is, and nobody is told.
import { minuteMs } from "#kit/clock.ts";
import { isAmong } from "#kit/sql/many.ts";
import type { BillingTx } from "../kernel/store/tables.ts";

/** Stripe's answer to whose a payment is, mirrored under this kind, is named after the payment. */
export const claimsKindName = "payment_claims";
export const claimsId = (payment: string) => `${claimsKindName}:${payment}`;

/** How long what waits for that is left alone before it is looked at again: longer than Stripe is asked after. */
export const heldMs = 4 * minuteMs;

/** By payment: the invoice that it pays, null where Stripe says that there is none; absent while that is not known. */
export async function readClaims(
  tx: BillingTx,
  payments: readonly string[],
): Promise<ReadonlyMap<string, string | null>> {
  if (payments.length === 0) return new Map();
  const answers = await tx
    .selectFrom("mirror")
    .select("row")
    .where(isAmong(tx, "id", payments.map(claimsId)))
    .execute();
  const nobodys = answers.flatMap(({ row }) => {
    const { paymentIntent, claims } = JSON.parse(row) as { paymentIntent: string; claims: readonly unknown[] };
    return claims.length === 0 ? [[paymentIntent, null] as const] : [];
  });
  const ties = await tx
    .selectFrom("invoice_payments")
    .select(["payment_intent", "invoice"])
    .where(isAmong(tx, "payment_intent", payments))
    .where("status", "!=", "canceled")
    .orderBy("id")
    .execute();
  return new Map([...nobodys, ...ties.map(({ payment_intent, invoice }) => [payment_intent ?? "", invoice] as const)]);
}
