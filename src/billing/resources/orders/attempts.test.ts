// A checkout that is asked for again, under this attempt or that one: what stands of the order × the attempt that is
// named. Whatever is answered, an order has one PaymentIntent, and each link leads to it.
import assert from "node:assert/strict";
import { dayMs, hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import { isProblem } from "#kit/problems.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingSql, BillingTables, BillingTx } from "../../kernel/store/tables.ts";
import { createOrder, startWorld, type World } from "../../testing/index.ts";

const on = onEachDatabase<BillingTables>;
const request = "POST /v1/payment_intents";
const card = { payment_method: "pm_card_visa", return_url: "http://127.0.0.1/" };

type Answer = "a link" | "stripe_refused" | "stripe_unreachable" | "wrong_state";

interface Row {
  /** What was done about each order before. */
  readonly before: (world: World, id: string, sql: BillingSql) => Promise<unknown>;
  readonly capture?: "manual";
  /** By the attempt that is named: none, 1, 2, 3. */
  readonly answers: readonly [Answer, Answer, Answer, Answer];
  /** Why, where one is refused for its state. */
  readonly because?: RegExp;
  /** The statuses of what stands at Stripe afterwards; without it one that is to be paid, where a link was given. */
  readonly payments?: readonly string[];
}

function checkout({ billing, run }: World, id: string, attempt?: number) {
  return run(billing.orders.checkout(id, attempt === undefined ? {} : { attempt }));
}

async function refuse(world: World, id: string, attempt?: number): Promise<void> {
  world.fail(request, 400);
  await assert.rejects(checkout(world, id, attempt), { code: "stripe_refused" });
}

async function paymentOf({ billing, run }: World, id: string): Promise<string> {
  return (await run(billing.orders.get(id))).stripe.paymentIntentId as string;
}

/** The payer tries to pay, by this card. */
async function pay(world: World, id: string, method = "pm_card_visa"): Promise<void> {
  await checkout(world, id);
  const payment = await paymentOf(world, id);
  const confirmed = world.stripe.paymentIntents.confirm(payment, { ...card, payment_method: method });
  await world.run(confirmed.catch(() => undefined));
  await world.advance(10 * secondMs);
}

async function dayEarlier(tx: BillingTx): Promise<void> {
  await tx
    .updateTable("operations")
    .set((eb) => ({ created_at: eb("created_at", "-", dayMs) }))
    .execute();
  await tx
    .updateTable("calls")
    .set((eb) => ({ first_sent_at: eb("first_sent_at", "-", dayMs) }))
    .where("state", "!=", "answered")
    .execute();
}

const anyTime = ["a link", "a link", "a link", "a link"] as const;
const ownOnly = ["a link", "a link", "wrong_state", "wrong_state"] as const;
const done = /Attempt 1 is done/;

const table: Record<string, Row> = {
  "was never asked for": {
    before: async () => undefined,
    answers: ownOnly,
    because: /The first attempt is 1/,
  },
  "is to be paid": { before: (world, id) => checkout(world, id), answers: anyTime },
  "was refused": {
    before: (world, id) => refuse(world, id),
    answers: ["stripe_refused", "stripe_refused", "a link", "wrong_state"],
    because: /Attempt 1 is failed/,
  },
  "was refused twice": {
    async before(world, id) {
      await refuse(world, id);
      await refuse(world, id, 2);
    },
    answers: ["stripe_refused", "stripe_refused", "stripe_refused", "a link"],
  },
  "was refused, corrected and tried again": {
    async before(world, id) {
      await refuse(world, id);
      await checkout(world, id, 2);
    },
    answers: anyTime,
  },
  "is under way": {
    async before(world, id) {
      world.fail(request, "lost", 1_000);
      await assert.rejects(checkout(world, id), { code: "stripe_unreachable" });
    },
    answers: ["stripe_unreachable", "stripe_unreachable", "wrong_state", "wrong_state"],
    because: /Attempt 1 is open/,
    payments: [],
  },
  "was under way for a day, and takes no money by itself": {
    async before(world, id, sql) {
      world.fail(request, "lost", 1_000);
      await assert.rejects(checkout(world, id), { code: "stripe_unreachable" });
      await sql.write("a day ago", (tx) => dayEarlier(tx));
      world.mend();
      await world.advance(10 * minuteMs);
    },
    answers: anyTime,
  },
  "was canceled in the Dashboard, and nobody has told": {
    async before(world, id) {
      world.setWebhooks(false);
      await checkout(world, id);
      await world.run(world.stripe.paymentIntents.cancel(await paymentOf(world, id)));
    },
    answers: ["wrong_state", "wrong_state", "wrong_state", "wrong_state"],
    because: /Create another one/,
    payments: ["canceled"],
  },
  "was declined, and waits for another card": {
    before: (world, id) => pay(world, id, "pm_card_chargeDeclined"),
    answers: anyTime,
  },
  "waits for the payer's answer to the bank": {
    before: (world, id) => pay(world, id, "pm_card_authenticationRequired"),
    answers: ownOnly,
    because: done,
    payments: ["requires_action"],
  },
  "is held": {
    before: (world, id) => pay(world, id),
    capture: "manual",
    answers: ownOnly,
    because: done,
    payments: ["requires_capture"],
  },
  "is paid": { before: (world, id) => pay(world, id), answers: ownOnly, because: done, payments: ["succeeded"] },
};

for (const [what, row] of Object.entries(table)) {
  on(`a checkout of an order that ${what} means one payment, whatever attempt is named`, async ({ url, sql }) => {
    const world = await startWorld({ url });
    const ids = row.answers.map((_, nth) => `order_${nth}`);
    for (const id of ids) {
      await createOrder(world, id, { ...(row.capture && { capture: row.capture }) });
      await row.before(world, id, sql);
    }
    for (const [nth, id] of ids.entries()) await assertAnswer(world, { row, id, nth });
    await world.close();
  });
}

/** Without an attempt, else under this one. */
async function assertAnswer(world: World, { row, id, nth }: { row: Row; id: string; nth: number }): Promise<void> {
  const attempt = nth === 0 ? undefined : nth;
  const expected = row.answers[nth];
  const known = (await world.run(world.billing.orders.get(id))).stripe.paymentIntentId;
  const [first, again] = [await answerOf(world, id, attempt), await answerOf(world, id, attempt)];
  assert.deepEqual([first.answer, again.answer], [expected, expected], `attempt ${attempt}`);
  if (expected === "wrong_state") assert.match(first.hint, row.because ?? /$./);
  if (expected === "a link") {
    assert.equal(first.payment, known ?? first.payment);
    assert.equal(again.payment, first.payment);
    assert.notEqual(again.url, first.url, "a link of its own");
  }
  const usual = expected === "a link" ? ["requires_payment_method"] : [];
  assert.deepEqual(await paymentsOf(world, id), row.payments ?? usual, `attempt ${attempt}`);
}

interface Answered {
  readonly answer: string;
  readonly hint: string;
  readonly payment?: string | undefined;
  readonly url?: string;
}

async function answerOf(world: World, id: string, attempt: number | undefined): Promise<Answered> {
  try {
    const { url, clientSecret } = await checkout(world, id, attempt);
    return { answer: "a link", hint: "", url, payment: clientSecret.split("_secret_")[0] };
  } catch (error) {
    if (!isProblem(error)) throw error;
    return { answer: error.code, hint: error.hint ?? "" };
  }
}

async function paymentsOf({ run, stripe }: World, id: string): Promise<string[]> {
  const { data } = await run(stripe.paymentIntents.list({ limit: 100 }));
  return data.filter(({ metadata }) => metadata.bursar_order === id).map(({ status }) => status);
}

on("what was canceled in the Dashboard is known as that from the checkout on, and told once", async ({ url }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  await checkout(world, "order_1");
  world.setWebhooks(false);
  await world.run(world.stripe.paymentIntents.cancel(await paymentOf(world, "order_1")));
  assert.equal((await answerOf(world, "order_1", undefined)).answer, "wrong_state");
  assert.equal((await world.run(world.billing.orders.get("order_1"))).status, "canceled");
  world.setWebhooks(true);
  await world.advance(10 * minuteMs);
  assert.deepEqual(
    world.facts.map(({ type }) => type),
    ["order.canceled"],
  );
  await world.close();
});

on("two tabs with two attempts, and two with the same one, lead to one payment", async ({ url }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  await refuse(world, "order_1");
  const tabs = await Promise.all([1, 2, 2].map((attempt) => answerOf(world, "order_1", attempt)));
  assert.deepEqual(
    tabs.map(({ answer }) => answer),
    ["stripe_refused", "a link", "a link"],
  );
  assert.equal(tabs[1]?.payment, tabs[2]?.payment);
  const late = await answerOf(world, "order_1", 1);
  assert.deepEqual([late.answer, late.payment], ["a link", tabs[1]?.payment], "what stands is what is to be paid");
  assert.deepEqual(await paymentsOf(world, "order_1"), ["requires_payment_method"]);
  await world.close();
});

on("a link that is over says so, and the next one leads to the same payment", async ({ url }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  const first = await checkout(world, "order_1");
  await world.advance(25 * hourMs);
  const next = await checkout(world, "order_1", 2);
  assert.equal(next.clientSecret, first.clientSecret);
  const open = async (link: string) => (await world.run(world.billing.fetch(new Request(link)))).status;
  assert.deepEqual([await open(first.url), await open(next.url)], [410, 303]);
  await world.close();
});
