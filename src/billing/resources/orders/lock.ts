// The lock under which whatever follows from an order's row is decided and written.
import assert from "node:assert/strict";
import { execute } from "#kit/sql/statement.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import type { OrderRow } from "./tables.ts";

/** A write, so that two processes at one order queue up here, whatever each of them does to it. */
export async function lockOrder(tx: BillingTx, id: string): Promise<OrderRow> {
  const { rows } = await execute(tx, locking, { id });
  const [order] = rows;
  assert.ok(order, `order ${id} is there`);
  return order;
}

function locking(tx: BillingTx, { id }: { id: string }) {
  return tx
    .updateTable("orders")
    .set((eb) => ({ version: eb("version", "+", 1) }))
    .where("id", "=", id)
    .returningAll();
}
