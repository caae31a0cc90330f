// How orders hear of their payments: told by the test, in the order and the company that it likes.
import assert from "node:assert/strict";
import { type DatabaseWorld, onEachDatabase } from "#kit/sql/testing.ts";
import type { News } from "../../kernel/contract/reacting.ts";
import type { BillingTables, OperationRow } from "../../kernel/store/tables.ts";
import { openBooks } from "../../testing/core.ts";
import type { PaymentIntentMirror } from "../payments/index.ts";

const on = onEachDatabase<BillingTables>;

const seen: PaymentIntentMirror = {
  id: "pi_1",
  customer: null,
  parent: null,
  instance: null,
  operation: null,
  isFinal: true,
  status: "succeeded",
  orderId: "order_1",
  amount: 2500,
  amountReceived: 2500,
  amountCapturable: 0,
  currency: "eur",
  latestCharge: null,
  failure: null,
  cancellationReason: null,
};

function changed(more: Partial<PaymentIntentMirror> = {}): News<"payment.changed"> {
  const data = { ...seen, ...more };
  return { type: "payment.changed", subject: data.id, transition: `${data.id}@${data.status}`, data };
}

/** Two orders of 25 €: of the first pi_1 was made, of the second nothing. */
async function startBooks(given: Pick<DatabaseWorld<BillingTables>, "url" | "open">) {
  const { world, sql, core, change, tell } = await openBooks(given, { payment_intent: "pi_1" });
  return {
    core,
    sql,
    change,
    tell,
    order: (id: string) =>
      sql.read("order", (reader) =>
        reader.selectFrom("orders").selectAll().where("id", "=", id).executeTakeFirstOrThrow(),
      ),
    told: async () => {
      const rows = await sql.read("facts", (reader) =>
        reader.selectFrom("facts").select(["type", "subject"]).execute(),
      );
      return rows.map(({ type, subject }) => `${type} ${subject}`).sort();
    },
    flags: async () => {
      const rows = await sql.read("flags", (reader) =>
        reader.selectFrom("flags").selectAll().orderBy("kind").execute(),
      );
      return rows.map(({ kind, subject, detail }) => `${kind} ${subject} ${detail}`);
    },
    /** Of cancels that were filed by what happened. */
    canceled: async () => {
      const rows = await sql.read("filed", (reader) =>
        reader.selectFrom("operations").select(["subject", "params"]).where("verb", "=", "orders.cancel").execute(),
      );
      return rows.map(({ subject, params }) => [subject, JSON.parse(params)]);
    },
    close: () => world.close(),
  };
}

on("the order whose payment it is follows it, and no other", async (database) => {
  const books = await startBooks(database);
  const untouched = await books.order("order_2");
  await books.tell(changed({ orderId: "order_2" }));
  const paid = await books.order("order_1");
  assert.deepEqual([paid.status, paid.amount_paid, paid.paid_currency], ["paid", 2500, "eur"]);
  assert.ok(paid.paid_at);
  assert.deepEqual(await books.order("order_2"), { ...untouched, version: untouched.version + 1 }, "it was named");
  await books.tell(changed({ id: "pi_of_nobody", orderId: null }), changed({ id: "pi_3", orderId: "order_3" }));
  assert.deepEqual((await books.order("order_2")).version, untouched.version + 1);
  assert.deepEqual([await books.told(), await books.flags()], [["order.paid order_1"], []]);
  await books.close();
});

on("what one transaction brings of one payment is told in its order", async (database) => {
  const books = await startBooks(database);
  const failure = { code: "card_declined", declineCode: null, message: "No" };
  await books.tell(
    changed({ status: "processing", amountReceived: 0 }),
    changed({ status: "requires_payment_method", amountReceived: 0, failure, latestCharge: "ch_1" }),
    changed(),
  );
  assert.deepEqual(await books.told(), ["order.failed order_1", "order.paid order_1", "order.processing order_1"]);
  const { status, last_failure } = await books.order("order_1");
  assert.deepEqual([status, last_failure], ["paid", null]);
  await books.close();
});

on("before a payment has succeeded nothing of it counts as paid, in whatever currency", async (database) => {
  const books = await startBooks(database);
  await books.tell(changed({ status: "processing", amountReceived: 1_000 }));
  const { status, amount_paid, paid_currency, paid_at } = await books.order("order_1");
  assert.deepEqual([status, amount_paid, paid_currency, paid_at], ["processing", 0, null, null]);
  await books.close();
});

on("a checkout's own PaymentIntent is known by its operation, before the checkout has ended", async (database) => {
  const books = await startBooks(database);
  const { instance, mode } = books.core.kernel;
  const operation: OperationRow = {
    id: "op_1",
    instance,
    mode,
    verb: "orders.checkout",
    subject: "order_2",
    attempt: 1,
    lane: "order:order_2",
    turn: 1,
    params_hash: "",
    params: "{}",
    step: "create",
    answers: "{}",
    actor: null,
    state: "done",
    outcome: null,
    cancel_requested: 0,
    promised: 0,
    created_at: 0,
    ended_at: null,
  };
  await books.sql.write("operations", async (tx) => {
    const another = { ...operation, id: "op_2", verb: "orders.capture" };
    const copied = { ...operation, id: "op_3", instance: "ins_of_another" };
    await tx.insertInto("operations").values([operation, another, copied]).execute();
  });
  const ours = { id: "pi_2", orderId: "order_2", instance };
  for (const wrong of [
    { ...ours, operation: null },
    { ...ours, operation: "op_2" },
    { ...ours, operation: "op_3" },
    { ...ours, operation: "op_of_nobody" },
    { ...ours, operation: "op_1", instance: "ins_of_another" },
    { ...ours, operation: "op_1", instance: null },
  ]) {
    await books.tell(changed(wrong));
    assert.equal((await books.order("order_2")).payment_intent, null, JSON.stringify(wrong));
  }
  const foreign = ["foreign_payment order_2 pi_2 (25.00 EUR) names the order and was not made by its checkout"];
  assert.deepEqual([await books.flags(), await books.told()], [foreign, []]);
  await books.tell(changed({ ...ours, operation: "op_1" }), changed({ id: "pi_3", orderId: "order_2", instance }));
  const { payment_intent, status } = await books.order("order_2");
  assert.deepEqual([payment_intent, status], ["pi_2", "paid"]);
  assert.ok((await books.flags()).includes("second_payment order_2 pi_3 (25.00 EUR) beside pi_2"));
  await books.close();
});

on(
  "a payment beside the order's own is a human's: a stranger's once there is money, ours at once",
  async (database) => {
    const books = await startBooks(database);
    const { instance } = books.core.kernel;
    const open = { status: "requires_payment_method", amountReceived: 0 } as const;
    await books.tell(changed({ ...open, id: "pi_2" }), changed({ ...open, id: "pi_3", orderId: "order_2", instance }));
    assert.deepEqual(await books.flags(), []);
    await books.tell(changed({ ...open, id: "pi_4", instance }));
    assert.match((await books.flags()).join(), /^second_payment_intent order_1 pi_4 \(requires_payment_method\)[^,]+$/);
    await books.tell(changed({ id: "pi_2", status: "requires_capture", amountReceived: 0, amountCapturable: 2400 }));
    assert.ok((await books.flags()).includes("second_payment order_1 pi_2 (24.00 EUR) beside pi_1"));
    await books.tell(changed({ id: "pi_5", orderId: "order_2" }));
    assert.ok((await books.flags()).some((flag) => flag.startsWith("foreign_payment order_2 pi_5 (25.00 EUR)")));
    assert.deepEqual([(await books.order("order_1")).status, await books.told()], ["created", []]);
    await books.close();
  },
);

on("what was mispaid is a human's, when it is held and again when it is taken", async (database) => {
  const books = await startBooks(database);
  const flags = () => books.flags();
  await books.tell(changed({ status: "requires_capture", amount: 300, amountCapturable: 300, amountReceived: 0 }));
  assert.deepEqual(await flags(), ["order_mispaid order_1 3.00 EUR are held by pi_1, the order costs 25.00 EUR"]);
  const resolve = () =>
    books.sql.write("resolve", async (tx) => void (await tx.updateTable("flags").set({ resolved_at: 1 }).execute()));
  await resolve();
  const held = { status: "requires_capture", amount: 300, amountCapturable: 300, amountReceived: 0 } as const;
  await books.tell(changed({ ...held, latestCharge: "ch_2" }));
  const [kept] = await books.sql.read("kept", (reader) => reader.selectFrom("flags").select("resolved_at").execute());
  assert.equal(kept?.resolved_at, 1, "nothing new was held");
  await books.tell(changed({ amount: 300, amountReceived: 300 }));
  assert.deepEqual(await flags(), ["order_mispaid order_1 3.00 EUR came by pi_1, the order costs 25.00 EUR"]);
  await books.close();
});

on(
  "a payment that turns up open when its order was canceled is canceled, with the order's reason",
  async (database) => {
    const books = await startBooks(database);
    await books.change("order_1", { status: "canceled", canceled_reason: "duplicate" });
    for (const status of ["succeeded", "canceled"] as const) await books.tell(changed({ status }));
    assert.deepEqual(await books.canceled(), [], "nothing is left to cancel");
    await books.tell(changed({ status: "requires_payment_method", isFinal: false, amountReceived: 0 }));
    assert.deepEqual(await books.canceled(), [["order_1", { paymentIntentId: "pi_1", reason: "duplicate" }]]);
    await books.change("order_2", { payment_intent: "pi_2" });
    await books.tell(changed({ id: "pi_2", status: "processing", isFinal: false, amountReceived: 0 }));
    assert.equal((await books.canceled()).length, 1, "an order that stands keeps its payment");
    await books.close();
  },
);

on("a failed charge is told of an order that waits for money, and of no other", async (database) => {
  const books = await startBooks(database);
  const failure = { code: "card_declined", declineCode: "fraudulent", message: "No" };
  const failed = (charge: string, more: object = {}): News<"charge.failed"> => {
    const data = { charge, paymentIntent: "pi_1", failure, ...more };
    return { type: "charge.failed", subject: charge, transition: charge, data };
  };
  await books.tell(failed("ch_1", { paymentIntent: null }));
  await books.tell(failed("ch_2", { paymentIntent: "pi_of_nobody" }), failed("ch_3", { failure: null }));
  for (const [n, over] of [
    { status: "canceled" } as const,
    { status: "paid", amount_paid: 2500 } as const,
    { status: "created", cancel_requested: 1 } as const,
  ].entries()) {
    await books.change("order_1", { amount_paid: 0, cancel_requested: 0, ...over });
    await books.tell(failed(`ch_over_${n}`));
  }
  assert.deepEqual(await books.told(), []);
  await books.change("order_1", { status: "created", amount_paid: 0, cancel_requested: 0 });
  await books.tell(failed("ch_4"), failed("ch_5"));
  await books.tell(failed("ch_5"));
  assert.deepEqual(await books.told(), ["order.failed order_1", "order.failed order_1"]);
  await books.close();
});

on("an order whose payment Stripe does not know any more is a human's", async (database) => {
  const books = await startBooks(database);
  const gone = (kind: string, id: string): News => {
    return { type: "object.gone", subject: id, transition: id, data: { kind, id } };
  };
  await books.change("order_2", { payment_intent: "pi_2" });
  await books.tell(gone("refund", "pi_1"), gone("payment_intent", "pi_of_nobody"));
  assert.deepEqual(await books.flags(), []);
  await books.tell(gone("payment_intent", "pi_1"));
  assert.deepEqual(await books.flags(), [
    "payment_gone order_1 Stripe does not know pi_1 any more. Is the key of the account in which it was made?",
  ]);
  await books.tell(gone("charge", "ch_1"));
  assert.ok((await books.flags()).includes("charge_gone ch_1 Stripe does not know it any more."));
  await books.close();
});
