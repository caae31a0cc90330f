// One of each thing that waits for a human, as the rows that billing would have left.
import type { BillingSql } from "../../../kernel/store/tables.ts";

/** Every operation is parked; beside them stand a flag, a fact whose delivery is dead, and a receipt that is. */
export async function insertWaiting(sql: BillingSql): Promise<void> {
  await sql.write("waiting", async (tx) => {
    const refusal = { http: 400, type: "idempotency_error", code: null, declineCode: null, message: "Keys met" };
    await tx
      .updateTable("operations")
      .set({ state: "parked", outcome: JSON.stringify(refusal) })
      .execute();
    const operation = await tx.selectFrom("operations").select("id").executeTakeFirstOrThrow();
    const flag = { kind: "operation_parked", detail: "Keys met", created_at: 1, resolved_at: null };
    await tx
      .insertInto("flags")
      .values({ ...flag, id: "flag_1", subject: operation.id })
      .execute();
    const fact = { type: "order.paid", subject: "order_1", transition: "t", data: "{}", occurred_at: 1 };
    await tx
      .insertInto("facts")
      .values({ ...fact, id: "fact_1" })
      .execute();
    const delivery = {
      state: "dead",
      attempts: 30,
      next_at: 1,
      until: 0,
      error: "Broken",
      ended_at: 1,
      occurred_at: 1,
    } as const;
    await tx
      .insertInto("deliveries")
      .values({ ...delivery, fact: "fact_1", handler: "shop" })
      .execute();
    const none = { customer: null, parent: null, api_version: null, account: null, body: null, repeats: 0, renewed: 0 };
    const receipt = {
      kind: "event",
      type: "payment_intent.succeeded",
      lane: "pi_1",
      object_kind: "payment_intent",
    } as const;
    const dead = { state: "dead", attempts: 40, next_at: 1, error: "Gave up", received_at: 1, ended_at: 1 } as const;
    await tx
      .insertInto("receipts")
      .values({ ...none, ...receipt, ...dead, id: "evt_1", object_id: "pi_1", created: 1, livemode: 0, sha256: "" })
      .execute();
  });
}
