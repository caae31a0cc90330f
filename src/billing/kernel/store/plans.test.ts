// No statement of a busy life reads a large table from end to end: heard as they are made, and asked of the database.
import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { CompiledQuery } from "kysely";
import { minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase, runBeside } from "#kit/sql/testing.ts";
import { type Heard, statementsChannel } from "#kit/sql/units.ts";
import { createOrder, startWorld, type World } from "../../testing/index.ts";
import { explainer, type Filled, fillStatements } from "../../testing/plans.ts";

const rowsCount = 20_000;

/** What has long ended, or is nobody's. `i` counts the rows. */
const filled: Filled = {
  customers: { email: "'user' || i", stripe_id: "'cus_' || i" },
  orders: { status: "'paid'", customer: "'user' || i", payment_intent: "'pi_' || i", lines: "'[]'", metadata: "'{}'" },
  refunds: { order_id: "'v' || i", status: "'succeeded'", stripe_id: "'re_' || i" },
  mirror: { id: "'ch_' || i", parent: "'pi_' || i", row: "'{}'" },
  receipts: {
    state: "'foreign'",
    type: "'charge.updated'",
    object_id: "'py_' || i",
    parent: "'pi_' || i",
    customer: "'cus_' || i",
    received_at: "1795000000000 + i",
    ended_at: "1795000000000 + i",
  },
  operations: { state: "'done'", subject: "'v' || i", lane: "'v' || i", turn: "0", created_at: "i" },
  calls: { operation: "'v' || i", step: "'s'", n: "1", state: "'answered'", touches: "'pi_' || i" },
  facts: { type: "'order.paid'", subject: "'v' || i", data: "'{}'", occurred_at: "i" },
  deliveries: { fact: "'v' || i", handler: "'shop'", state: "'done'", occurred_at: "i" },
};

/** Partial ones, of what is open; and of the bodies only the oldest are asked for. */
const small = [
  "receipts_open",
  "calls_open",
  "operations_open",
  "operations_waiting",
  "receipts_waiting",
  "deliveries_open",
  "deliveries_handler",
  "receipts_bodies",
];

/** Of an operator's pages: by its state alone nothing is found there but all that ever was foreign. */
const isAllOfAState = (text: string) => /\breceipts_state\b/.test(text);

/** Of the beginning, and of what a human asks for. */
const isOnceOnly = (label: string) => label.startsWith("migrate.");

onEachDatabase("no statement of a busy life reads a large table from end to end", async ({ url, t }) => {
  const world = await startWorld({ url, isStarted: false });
  await runBeside(url, fillStatements(filled, rowsCount));
  const explain = await explainer(url, t, { small });
  const heard = new Map<string, CompiledQuery>();
  const hear = (message: unknown) => {
    const { unit, query } = message as Heard;
    if (!isOnceOnly(unit.label)) heard.set(`${unit.label}: ${query.sql}`, query);
  };
  subscribe(statementsChannel, hear);
  await live(world);
  unsubscribe(statementsChannel, hear);
  const slow: string[] = [];
  for (const [name, query] of heard) {
    if (!/^(with|select|insert|update|delete)\b/i.test(query.sql)) continue;
    const plan = await explain(query);
    const read = [...plan.scanned, ...plan.walked, ...plan.sought.filter(isAllOfAState)];
    const large = read.filter((text) => Object.keys(filled).some((table) => new RegExp(`\\b${table}`).test(text)));
    if (large.length > 0) slow.push(`${name}\n  ${large.join("; ")}\n  of ${plan.text}`);
  }
  assert.ok(heard.size > 50, `${heard.size} statements`);
  assert.deepEqual(slow, []);
  await world.close();
});

/** Orders paid, refused, refunded and canceled, events of nobody's, a handler that fails, and the chores. */
async function live(world: World): Promise<void> {
  const { customers, orders, refunds } = world.billing;
  world.billing.on("order.paid", () => Promise.reject(new Error("Not now")), { id: "fails" });
  await world.run(world.billing.start());
  await world.run(customers.ensure({ id: "u1", email: "ada@example.test" }));
  await createOrder(world, "o1", { customerId: "u1" });
  await world.pay("o1", "pm_card_visa");
  await createOrder(world, "o2");
  await world.pay("o2", "pm_card_chargeDeclined").catch(() => undefined);
  await world.run(orders.cancel("o2"));
  await world.advance(10 * secondMs);
  await world.run(refunds.create({ id: "r1", orderId: "o1", amount: 300 }));
  const theirs = { amount: 900, currency: "eur", payment_method: "pm_card_visa", confirm: true } as const;
  await world.run(world.stripe.paymentIntents.create({ ...theirs, return_url: "http://127.0.0.1/" }));
  await world.advance(10 * minuteMs);
}
