// What a person reads who is refused, word by word: which order, which refund, how much in which currency, and what to
// do. One table for orders, refunds and customers; in REST the same texts speak of routes.
import assert from "node:assert/strict";
import { isProblem, type Problem } from "#kit/problems.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { errorBody } from "./http/errors.ts";
import type { Billing } from "./index.ts";
import type { BillingTables } from "./kernel/store/tables.ts";
import { createOrder, saveCard, startWorld, type World } from "./testing/index.ts";

type Row = readonly [command: (billing: Billing) => Promise<unknown>, message: string, hint: string];

const line = { description: "Tea", quantity: 1, unitAmount: 10 };
const of = (orders: Billing["orders"]) => ({
  manual: (id: string) =>
    orders.create({ id, currency: "eur", lines: [{ ...line, unitAmount: 2_500 }], capture: "manual" }),
});

/** `o_<what became of it>`, each of 25.00 EUR. */
async function ordersOfEachKind(world: World): Promise<void> {
  const { orders, refunds } = world.billing;
  for (const id of ["o_created", "o_failed", "o_paid", "o_half", "o_back", "o_canceled"]) {
    await createOrder(world, id);
  }
  for (const id of ["o_held", "o_taken"]) await world.run(of(orders).manual(id));
  for (const id of ["o_held", "o_taken", "o_paid", "o_half", "o_back"]) await world.pay(id, "pm_card_visa");
  await assert.rejects(world.pay("o_failed", "pm_card_chargeDeclined"), { code: "card_declined" });
  await world.advance(10_000);
  await world.run(orders.capture("o_taken"));
  await world.run(orders.cancel("o_canceled"));
  await world.run(refunds.create({ id: "r_half", orderId: "o_half", amount: 2_000 }));
  await world.run(refunds.create({ id: "r_back", orderId: "o_back" }));
  await saveCard(world, "user_1", { isDefault: false });
  await createOrder(world, "o_saved", { customerId: "user_1" });
  await createOrder(world, "o_held_by_user", { customerId: "user_1", capture: "manual" });
  await world.pay("o_held_by_user", "pm_card_visa");
  await world.advance(10_000);
}

const counted = "Amounts are counted in cents: 1.00 EUR is 100.";
const rows: readonly Row[] = [
  [
    ({ orders }) => orders.create({ id: "o_1", currency: "eur", lines: [line] }),
    "Order o_1: amount 10 (0.10 EUR) is below the least charge of 50 cents (0.50 EUR)",
    counted,
  ],
  [
    ({ orders }) => orders.create({ id: "o_paid", currency: "usd", lines: [{ ...line, unitAmount: 900 }] }),
    "Order o_paid was created before with other content",
    "One id is one order. Use another id for another order.",
  ],
  [
    ({ orders }) =>
      orders.create({ id: "o_1", currency: "eur", customerId: "user_9", lines: [{ ...line, unitAmount: 900 }] }),
    "Order o_1: there is no customer user_9",
    "Call `customers.ensure()` first.",
  ],
  [
    ({ orders }) => orders.capture("o_held", { id: "part_1", amount: 700 }),
    "Order o_held was not created to be captured in parts",
    '`orders.capture("o_held", { amount })` takes the money once, and lets the rest go. ' +
      "An order of which parts are taken is created with `multicapture: true`.",
  ],
  [
    ({ orders }) => orders.capture("o_created", { id: "part_1", amount: 700 }),
    "Order o_created is created and cannot be captured",
    "The payer has not paid yet: `orders.checkout()` gives the page.",
  ],
  [
    ({ orders }) => orders.increment("o_held", { id: "more", lines: [line] }),
    "Order o_held was not created to have more held",
    "Have what comes on top paid by an order of its own. " +
      "An order that may grow is created with `incrementalAuthorization: true`.",
  ],
  [
    ({ orders }) => orders.increment("o_paid", { id: "more", lines: [line] }),
    "Order o_paid is paid and cannot be incremented",
    'Only what the payer\'s bank holds can become more: `orders.create()` with `capture: "manual"`.',
  ],
  [({ orders }) => orders.get("o_9"), "No order o_9", "Call `orders.create()` first."],
  [({ orders }) => orders.checkout("o_9"), "No order o_9", "Call `orders.create()` first."],
  [({ orders }) => orders.settled("o_9"), "No order o_9", "Call `orders.create()` first."],
  [
    ({ orders }) => orders.checkout("o_canceled"),
    "Order o_canceled is canceled and cannot be paid",
    "Create another one: this one stays as it is.",
  ],
  [
    ({ orders }) => orders.charge("o_created"),
    "Order o_created is of no customer, so nobody has a saved method for it",
    "`orders.checkout()` gives the page where anybody can pay it.",
  ],
  [
    ({ orders }) => orders.charge("o_saved"),
    "Customer user_1 has no default among their methods",
    "Name the method that is to be charged.",
  ],
  [
    ({ orders }) => orders.charge("o_saved", { method: "pm_nobodys" }),
    "Customer user_1 has no method pm_nobodys",
    "`methods.list()` shows what they have.",
  ],
  [
    ({ orders }) => orders.charge("o_held_by_user"),
    "Order o_held_by_user is authorized and cannot be charged",
    "Its money is held: `orders.capture()` takes it.",
  ],
  [
    ({ orders }) => orders.capture("o_created"),
    "Order o_created is created and cannot be captured",
    "The payer has not paid yet: `orders.checkout()` gives the page.",
  ],
  [
    ({ orders }) => orders.capture("o_failed"),
    "Order o_failed is failed and cannot be captured",
    "The payer has not paid yet: `orders.checkout()` gives the page.",
  ],
  [
    ({ orders }) => orders.capture("o_taken", { attempt: 2 }),
    "orders.capture o_taken admits no attempt 2",
    "Attempt 1 is done.",
  ],
  [
    ({ orders }) => orders.capture("o_paid"),
    "Order o_paid is paid and cannot be captured",
    "Its money was taken: of an automatic order when it was paid, of a manual one by the capture before.",
  ],
  [
    ({ orders }) => orders.capture("o_canceled"),
    "Order o_canceled is canceled and cannot be captured",
    "What was held was given back. Create another order.",
  ],
  [
    ({ orders }) => orders.capture("o_held", { amount: 2_501 }),
    "Order o_held: amount 2501 (25.01 EUR) is more than the 2500 (25.00 EUR) that it costs",
    "A capture takes all that is held, or a part of it.",
  ],
  [
    ({ orders }) => orders.capture("o_held", { amount: 0.5 }),
    "Order o_held: amount 0.5 is not a whole number of cents",
    counted,
  ],
  [
    ({ orders }) => orders.cancel("o_paid"),
    "Order o_paid was paid and cannot be canceled",
    "Send the money back with `refunds.create()`.",
  ],
  [({ refunds }) => refunds.get("r_9"), "No refund r_9", "See `refunds.list()`."],
  [({ refunds }) => refunds.create({ id: "r_1", orderId: "o_9" }), "No order o_9", "Call `orders.create()` first."],
  [
    ({ refunds }) => refunds.create({ id: "r_1", orderId: "o_created" }),
    "Refund r_1: order o_created is created, and only what was paid is refunded",
    "`orders.settled()` asks Stripe whether it was paid meanwhile.",
  ],
  [
    ({ refunds }) => refunds.create({ id: "r_1", orderId: "o_held" }),
    "Refund r_1: order o_held is authorized, and only what was paid is refunded",
    "Nothing was captured: let go of it with `orders.cancel()`.",
  ],
  [
    ({ refunds }) => refunds.create({ id: "r_1", orderId: "o_half", amount: 501 }),
    "Refund r_1: 5.01 EUR is more than the 5.00 EUR that are left of order o_half",
    "Refunds made, on their way or made in Stripe's Dashboard all count.",
  ],
  [
    ({ refunds }) => refunds.create({ id: "r_1", orderId: "o_back" }),
    "Refund r_1: nothing is left of order o_back to send back",
    "Refunds made, on their way or made in Stripe's Dashboard all count.",
  ],
  [
    ({ refunds }) => refunds.create({ id: "r_1", orderId: "o_paid", amount: 0 }),
    "Refund r_1: amount 0 (0.00 EUR) is below the least amount of 1 cent (0.01 EUR)",
    counted,
  ],
  [
    ({ refunds }) => refunds.create({ id: "r_half", orderId: "o_half", amount: 100 }),
    "refunds.create r_half was given before with other parameters",
    "Repeat it with the same parameters, or use another id for another wish.",
  ],
  [
    ({ refunds }) => refunds.create({ id: "o_paid:cancel", orderId: "o_paid" }),
    "o_paid:cancel is the id of a refund that Bursar makes by itself",
    "Ids that end in :cancel, or begin with a subscription and a colon, are. Give yours another one.",
  ],
  [({ customers }) => customers.get("user_9"), "No customer user_9", "Call `customers.ensure()` first."],
  [
    ({ customers }) => customers.ensure({ id: "user 9" }),
    "id must be 1 to 200 of A-Z a-z 0-9 _ . : @ -",
    "It is your own id, such as order_9001.",
  ],
  [
    ({ customers }) => customers.ensure({ id: "user_9", email: "ada" }),
    "email is not an e-mail address",
    "Write it as ada@example.com.",
  ],
];

onEachDatabase<BillingTables>("a refusal names the id and the money, and says what to do", async ({ url }) => {
  const world = await startWorld({ url });
  await ordersOfEachKind(world);
  const said: [string, string | undefined][] = [];
  for (const [command] of rows) {
    const { message, hint } = await refusalOf(world.run(command(world.billing)));
    said.push([message, hint]);
  }
  assert.deepEqual(
    said,
    rows.map(([, message, hint]) => [message, hint]),
  );
  await world.close();
});

async function refusalOf(work: Promise<unknown>): Promise<Problem> {
  try {
    await work;
  } catch (error) {
    if (isProblem(error)) {
      const { error: inRest } = errorBody(error, "req_1");
      assert.doesNotMatch(`${inRest.message} ${inRest.hint}`, /`|\w\.\w+\(\)/, `REST speaks of routes: ${inRest.hint}`);
      return error;
    }
    throw error;
  }
  return assert.fail("it was not refused");
}
