// The lock under which whatever follows from an order's row is decided and written.
import type { BillingTx } from "../../kernel/store/tables.ts";
import type { OrderRow } from "./tables.ts";

/** A write, so that two processes at one order queue up here, whatever each of them does to it. */
export async function lockOrder(tx: BillingTx, id: string): Promise<OrderRow> {
  return tx
    .updateTable("orders")
    .set((eb) => ({ version: eb("version", "+", 1) }))
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}
