// How refunds hear of what became of them: told by the test, in the order and the company that it likes.
import assert from "node:assert/strict";
import { type DatabaseWorld, onEachDatabase } from "#kit/sql/testing.ts";
import type { News } from "../../kernel/contract/reacting.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { openBooks } from "../../testing/core.ts";
import type { RefundMirror } from "./refunds.ts";

const on = onEachDatabase<BillingTables>;

const seen: RefundMirror = {
  id: "re_1",
  customer: null,
  parent: "pi_1",
  instance: null,
  operation: null,
  isFinal: false,
  status: "succeeded",
  refundId: null,
  amount: 500,
  currency: "eur",
  paymentIntent: "pi_1",
  reason: null,
  failureReason: null,
};

function changed(more: Partial<RefundMirror>): News<"refund.changed"> {
  const data = { ...seen, ...more };
  return { type: "refund.changed", subject: data.id, transition: `${data.id}:${data.status}`, data };
}

/** An order of 25 € that pi_1 has paid, and another that nothing has. */
async function startBooks(given: Pick<DatabaseWorld<BillingTables>, "url" | "open">) {
  const { world, sql, change, tell } = await openBooks(given, {
    payment_intent: "pi_1",
    status: "paid",
    amount_paid: 2500,
    paid_currency: "eur",
  });
  return {
    change,
    tell,
    facts: async () => {
      const rows = await sql.read("facts", (reader) => reader.selectFrom("facts").select(["type", "data"]).execute());
      return rows.map(({ type, data }) => `${type} ${data}`).sort();
    },
    flags: async () => {
      const rows = await sql.read("flags", (reader) =>
        reader.selectFrom("flags").selectAll().where("resolved_at", "is", null).execute(),
      );
      return rows.map(({ kind, subject, detail }) => `${kind} ${subject} ${detail}`);
    },
    /** As if another installation had carried out what was filed so far. */
    forget: () =>
      sql.write("forget", async (tx) => {
        await tx.deleteFrom("calls").execute();
        await tx.deleteFrom("operations").execute();
      }),
    resolve: () =>
      sql.write("resolve", async (tx) => void (await tx.updateTable("flags").set({ resolved_at: 1 }).execute())),
    rows: () => sql.read("refunds", (reader) => reader.selectFrom("refunds").selectAll().orderBy("id").execute()),
    refunded: async (id: string) => (await world.run(world.billing.orders.get(id))).amountRefunded,
    /** Of refunds that were filed by what happened. */
    filed: async () => {
      const rows = await sql.read("filed", (reader) =>
        reader.selectFrom("operations").select(["subject", "params"]).where("verb", "=", "refunds.create").execute(),
      );
      return rows.map(({ subject, params }) => [subject, (JSON.parse(params) as { amount: number }).amount]);
    },
    close: () => world.close(),
  };
}

on("a refund counts from its success until it comes back, and each is told once", async (database) => {
  const books = await startBooks(database);
  await books.tell(changed({ status: "pending" }));
  assert.deepEqual([await books.facts(), await books.refunded("order_1")], [[], 0]);
  await books.tell(changed({}));
  await books.tell(changed({}));
  assert.equal(await books.refunded("order_1"), 500);
  await books.tell(changed({ id: "re_2", amount: 700 }));
  assert.equal(await books.refunded("order_1"), 1200);
  for (const status of ["failed", "canceled"] as const) {
    await books.tell(
      changed({ id: status === "failed" ? "re_1" : "re_2", status, failureReason: "lost_or_stolen_card" }),
    );
  }
  assert.equal(await books.refunded("order_1"), 0);
  assert.equal(await books.refunded("order_2"), 0);
  const amount = (cents: number) => `{"amount":${cents},"currency":"eur"}`;
  const back = '"orderId":"order_1","invoiceId":null,"reason":"lost_or_stolen_card"}';
  assert.deepEqual(await books.facts(), [
    `order.refunded {"orderId":"order_1","amount":${amount(500)},"amountRefunded":500}`,
    `order.refunded {"orderId":"order_1","amount":${amount(700)},"amountRefunded":1200}`,
    `refund.failed {"refundId":"re_1",${back}`,
    `refund.failed {"refundId":"re_2",${back}`,
    `refund.succeeded {"refundId":"re_1","orderId":"order_1","invoiceId":null,"amount":${amount(500)}}`,
    `refund.succeeded {"refundId":"re_2","orderId":"order_1","invoiceId":null,"amount":${amount(700)}}`,
  ]);
  assert.deepEqual(await books.flags(), []);
  await books.close();
});

on("a refund of no order of ours counts nowhere, and is told where nothing says more of it", async (database) => {
  const books = await startBooks(database);
  // Whose pi_2 is will be known; a charge without a PaymentIntent never belongs to an invoice.
  await books.tell(changed({ paymentIntent: "pi_2" }), changed({ id: "re_2", paymentIntent: null }));
  const amount = '{"amount":500,"currency":"eur"}';
  assert.deepEqual(await books.facts(), [
    `refund.succeeded {"refundId":"re_2","orderId":null,"invoiceId":null,"amount":${amount}}`,
  ]);
  assert.deepEqual([await books.refunded("order_1"), await books.refunded("order_2")], [0, 0]);
  assert.deepEqual(
    (await books.rows()).map(({ id, order_id, foreign_made }) => [id, order_id, foreign_made]),
    [
      ["re_1", null, 1],
      ["re_2", null, 1],
    ],
  );
  await books.close();
});

on("as much as was paid may go back without a word, and a cent more is a human's", async (database) => {
  const books = await startBooks(database);
  await books.tell(changed({ amount: 2500 }));
  assert.deepEqual(await books.flags(), []);
  await books.tell(changed({ id: "re_2", amount: 1 }));
  assert.deepEqual(await books.flags(), ["refunded_too_much order_1 2501 of 2500 went back"]);
  await books.close();
});

on("a refund that is seen before the payment is not too much", async (database) => {
  const books = await startBooks(database);
  await books.change("order_2", { payment_intent: "pi_2" });
  await books.tell(changed({ paymentIntent: "pi_2" }));
  assert.deepEqual([await books.flags(), await books.refunded("order_2")], [[], 500]);
  await books.close();
});

on(
  "what came after a cancel goes back, less what has gone back already, once and whatever becomes of it",
  async (database) => {
    const books = await startBooks(database);
    const late = (orderId: string): News<"order.paid_after_cancel"> => {
      const data = { orderId, amount: { amount: 2500, currency: "eur" }, paymentIntentId: "pi_1" };
      return { type: "order.paid_after_cancel", subject: orderId, transition: `pi_1:${orderId}`, data };
    };
    await books.change("order_2", { payment_intent: "pi_2", amount_paid: 2500 });
    await books.tell(
      changed({ amount: 300 }),
      changed({ id: "re_2", amount: 200, status: "pending" }),
      changed({ id: "re_3", amount: 900, status: "failed" }),
      changed({ id: "re_4", amount: 2500, paymentIntent: "pi_2" }),
    );
    await books.tell(late("order_1"), late("order_2"));
    assert.deepEqual(await books.filed(), [["order_1:cancel", 2000]], "of the other one all has gone back");
    const again = { ...late("order_1"), transition: "pi_1 once more" };
    await books.tell(again);
    assert.deepEqual(await books.filed(), [["order_1:cancel", 2000]]);
    const [own] = (await books.rows()).filter(({ id }) => id === "order_1:cancel");
    assert.equal(own?.status, "pending");
    for (const [status, failureReason] of [
      ["failed", "expired_or_canceled_card"],
      ["canceled", null],
    ] as const) {
      const refund = { id: "re_5", refundId: "order_1:cancel", operation: own?.operation ?? null, amount: 2000 };
      await books.tell(changed({ ...refund, status, failureReason }));
      assert.deepEqual(await books.flags(), [
        "cancel_refund_failed order_1 What came after the cancel could not be sent back: expired_or_canceled_card",
      ]);
      await books.tell({ ...again, transition: `after ${status}` });
    }
    assert.equal((await books.filed()).length, 1, "what failed is a human's, and not tried a second time");
    await books.forget();
    await books.tell({ ...again, transition: "in a copy of the database" });
    assert.deepEqual(await books.filed(), [], "nor where another installation has filed it");
    await books.close();
  },
);

on("what came after a cancel and whose refund was canceled is a human's", async (database) => {
  const books = await startBooks(database);
  const data = { orderId: "order_1", amount: { amount: 2500, currency: "eur" }, paymentIntentId: "pi_1" };
  await books.tell({ type: "order.paid_after_cancel", subject: "order_1", transition: "pi_1", data });
  const [own] = await books.rows();
  const refund = { refundId: "order_1:cancel", operation: own?.operation ?? null, amount: 2500 };
  await books.tell(changed({ ...refund, status: "canceled" }));
  assert.deepEqual(await books.flags(), [
    "cancel_refund_failed order_1 What came after the cancel could not be sent back: canceled",
  ]);
  await books.close();
});

on("a refund that a caller wished and that comes back is the caller's to hear of, not a human's", async (database) => {
  const books = await startBooks(database);
  await books.tell(changed({ status: "failed" }));
  assert.deepEqual(await books.flags(), []);
  await books.close();
});

on("a refund that bears the marks of ours and is not it is a human's, when it is first seen", async (database) => {
  const books = await startBooks(database);
  const amount = { amount: 2500, currency: "eur" };
  const data = { orderId: "order_1", amount, paymentIntentId: "pi_1" };
  await books.tell({ type: "order.paid_after_cancel", subject: "order_1", transition: "pi_1", data });
  const [own] = await books.rows();
  const marks = { refundId: own?.id ?? null, operation: own?.operation ?? null };
  await books.tell(changed({ ...marks, operation: "op_of_another", id: "re_0", amount: 2500, status: "pending" }));
  assert.equal((await books.rows()).find(({ id }) => id === own?.id)?.stripe_id, null, "another wish has made it");
  await books.resolve();
  await books.tell(changed({ ...marks, id: "re_1", amount: 2400 }));
  assert.deepEqual(await books.flags(), [
    "second_refund order_1:cancel re_1 (24.00 EUR) bears the marks of this refund, which is not made yet",
  ]);
  await books.tell(changed({ ...marks, id: "re_2", amount: 2500 }));
  assert.equal((await books.rows()).find(({ id }) => id === own?.id)?.stripe_id, "re_2");
  await books.resolve();
  await books.tell(changed({ ...marks, id: "re_1", amount: 2400, status: "failed" }));
  await books.tell(changed({ id: "re_3", refundId: "re_1" }), changed({ id: "re_4", refundId: "r_of_nobody" }));
  const twins = async () => (await books.flags()).filter((flag) => flag.startsWith("second_refund"));
  assert.deepEqual(await twins(), []);
  await books.tell(changed({ ...marks, id: "re_5", amount: 2500 }));
  await books.tell(changed({ ...marks, operation: "op_of_another", id: "re_6", amount: 2500 }));
  assert.equal((await books.rows()).find(({ id }) => id === own?.id)?.stripe_id, "re_2", "its place is taken");
  assert.deepEqual(await twins(), [
    "second_refund order_1:cancel re_5 (25.00 EUR) bears the marks of this refund, which is re_2",
  ]);
  await books.close();
});

on("a refund that Stripe does not know any more is a human's", async (database) => {
  const books = await startBooks(database);
  await books.tell(changed({}), changed({ id: "re_2" }));
  const gone = (kind: string, id: string): News => {
    return { type: "object.gone", subject: id, transition: id, data: { kind, id } };
  };
  await books.tell(gone("charge", "re_2"));
  await books.tell(gone("refund", "re_of_nobody"));
  const ours = async () => (await books.flags()).filter((flag) => flag.startsWith("refund_gone"));
  assert.deepEqual(await ours(), []);
  await books.tell(gone("refund", "re_1"));
  assert.deepEqual(await ours(), [
    "refund_gone re_1 Stripe does not know re_1 any more. It still counts as it was last seen.",
  ]);
  await books.close();
});
