// The journal's rules as one table: every verb of the public API that calls Stripe, against every kind of answer. What
// the command answers, what it answers when it is given again and as a second attempt, how often it was sent, and what
// stands at Stripe.
import assert from "node:assert/strict";
import { test } from "node:test";
import { minuteMs, secondMs } from "#kit/clock.ts";
import { isProblem } from "#kit/problems.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { isWholeRun } from "#kit/testing.ts";
import type { BillingTables } from "../kernel/store/tables.ts";
import { createOrder, type FaultKind, startWorld, type World } from "../testing/index.ts";
import { manifests } from "./index.ts";

const on = onEachDatabase<BillingTables>;

interface Row {
  /** What must be there before. Answers the subject of the command. */
  prepare(world: World, name: string): Promise<string>;
  /** The public command; its outcome, or what it throws. */
  command(world: World, subject: string, attempt?: number): Promise<unknown>;
  /** Its call: the one request that is broken. */
  readonly request: string;
  /** How often Stripe did it. */
  effects(world: World, subject: string): Promise<number>;
  /** Whether a 402 is an outcome of the command (`declined`), or a failure like any other no. */
  readonly mayBeDeclined: boolean;
  /** What a command whose answer stays away says. */
  readonly whileOpen: "processing" | "stripe_unreachable" | "done";
}

const table: Record<string, Row> = {
  "customers.ensure": {
    prepare: async (_world, name) => `user_${name}`,
    command: (world, id, attempt) =>
      world.billing.customers.ensure({ id, email: `${id}@example.test`, attempt }).then(() => "done"),
    request: "POST /v1/customers",
    effects: async (world, id) =>
      (await world.run(world.stripe.customers.list({ limit: 100, email: `${id}@example.test` }))).data.length,
    mayBeDeclined: false,
    whileOpen: "done", // the customer is ours at once; Stripe's id follows
  },
  "customers.update": {
    async prepare(world, name) {
      await world.run(world.billing.customers.ensure({ id: `user_${name}` }));
      return `user_${name}`;
    },
    command: (world, id, attempt) =>
      world.billing.customers.ensure({ id, name: `Name of ${id}`, attempt }).then(() => "done"),
    request: "POST /v1/customers/",
    effects: async (world, id) => {
      const { data } = await world.run(world.stripe.customers.list({ limit: 100 }));
      return data.filter((customer) => customer.name === `Name of ${id}`).length;
    },
    mayBeDeclined: false,
    whileOpen: "done",
  },
  "orders.checkout": {
    prepare: async (world, name) => (await createOrder(world, `order_${name}`)).id,
    command: (world, id, attempt) => world.billing.orders.checkout(id, { attempt }).then(() => "done"),
    request: "POST /v1/payment_intents",
    effects: async (world, id) => (await payments(world, id)).length,
    mayBeDeclined: false,
    whileOpen: "stripe_unreachable",
  },
  "orders.capture": {
    prepare: (world, name) => paidOrder(world, `order_${name}`, "manual"),
    command: (world, id, attempt) => world.billing.orders.capture(id, { attempt }).then(({ outcome }) => outcome),
    request: "POST /v1/payment_intents/",
    effects: async (world, id) => (await payments(world, id)).filter(({ status }) => status === "succeeded").length,
    mayBeDeclined: true,
    whileOpen: "processing",
  },
  "orders.cancel": {
    prepare: (world, name) => paidOrder(world, `order_${name}`, "manual"),
    command: (world, id, attempt) => world.billing.orders.cancel(id, { attempt }).then(({ outcome }) => outcome),
    request: "POST /v1/payment_intents/",
    effects: async (world, id) => (await payments(world, id)).filter(({ status }) => status === "canceled").length,
    mayBeDeclined: true,
    whileOpen: "processing",
  },
  "refunds.create": {
    prepare: (world, name) => paidOrder(world, `order_${name}`, "automatic"),
    command: (world, orderId, attempt) =>
      world.billing.refunds
        .create({ id: `refund_of_${orderId}`, orderId, amount: 500, attempt })
        .then(({ outcome }) => outcome),
    request: "POST /v1/refunds",
    effects: async (world, id) => {
      const [payment] = await payments(world, id);
      return (await world.run(world.stripe.refunds.list({ payment_intent: payment?.id as string }))).data.length;
    },
    mayBeDeclined: true,
    whileOpen: "processing",
  },
};

/** What an answer of Stripe does to a call; `no` ends the operation, `wait` outlasts a caller's patience. */
const answers: readonly { name: string; fault?: FaultKind; meaning: "done" | "no" | "decline" | "wait" }[] = [
  { name: "200", meaning: "done" },
  { name: "400", fault: 400, meaning: "no" },
  { name: "401", fault: 401, meaning: "wait" },
  { name: "402", fault: 402, meaning: "decline" },
  { name: "403", fault: 403, meaning: "wait" },
  { name: "404", fault: 404, meaning: "no" },
  { name: "409", fault: 409, meaning: "done" },
  { name: "429", fault: 429, meaning: "done" },
  { name: "500", fault: 500, meaning: "done" },
  { name: "503", fault: 503, meaning: "done" },
  { name: "replayed_500", fault: "replayed_500", meaning: "done" },
  { name: "lost", fault: "lost", meaning: "done" },
  { name: "unheard", fault: "unheard", meaning: "done" },
];

const verbs = manifests.flatMap((manifest) => manifest.verbs.map(({ name }) => name));

test("the table has a row for every verb of the manifests, and no other", () => {
  assert.deepEqual(Object.keys(table).sort(), verbs.toSorted());
});

for (const [index, verb] of verbs.entries()) {
  on(`${verb} means the same whatever Stripe answers, and is done at most once`, async ({ url }) => {
    const row = table[verb];
    assert.ok(row, `${verb} has no row`);
    const world = await startWorld({ url });
    for (const { name, fault, meaning } of answersFor(index)) {
      const subject = await row.prepare(world, name);
      const what = `${verb} answered ${name}`;
      if (fault !== undefined) world.fail(row.request, fault);
      const sentBefore = world.requests.length;
      const first = await outcomeOf(world, row, subject);
      const expected = expectedOf(row, meaning);
      assert.equal(first, expected, what);
      const isNo = meaning === "no" || meaning === "decline";
      assert.equal(await row.effects(world, subject), isNo || meaning === "wait" ? 0 : 1, what);
      if (isNo) assert.equal(sends(world, row, sentBefore), 1, what);
      await world.advance(meaning === "wait" ? minuteMs : secondMs);
      assert.equal(await outcomeOf(world, row, subject), isNo ? expected : "done", `${what}, given again`);
      assert.equal(await row.effects(world, subject), isNo ? 0 : 1, `${what}, given again`);
      if (!isNo) continue;
      assert.equal(sends(world, row, sentBefore), 1, `${what}: only once`);
      assert.equal(await outcomeOf(world, row, subject, 2), "done", `${what}, a second attempt`);
      assert.equal(await row.effects(world, subject), 1, `${what}, a second attempt`);
    }
    await world.close();
  });
}

/** In the whole run every one; else a third, another for each of three verbs. */
function answersFor(verb: number): typeof answers {
  return answers.filter((_, index) => isWholeRun || index % 3 === verb % 3);
}

function expectedOf(row: Row, meaning: (typeof answers)[number]["meaning"]): string {
  if (meaning === "wait") return row.whileOpen;
  if (meaning === "decline" && row.mayBeDeclined) return "declined";
  return meaning === "done" ? "done" : "stripe_refused";
}

async function outcomeOf(world: World, row: Row, subject: string, attempt?: number): Promise<unknown> {
  return world.run(
    row.command(world, subject, attempt).catch((error: unknown) => {
      if (isProblem(error)) return error.code;
      throw error;
    }),
  );
}

function sends(world: World, row: Row, since: number): number {
  return world.requests.slice(since).filter((request) => request.startsWith(row.request)).length;
}

async function payments(world: World, orderId: string) {
  const { data } = await world.run(world.stripe.paymentIntents.list({ limit: 100 }));
  return data.filter((payment) => payment.metadata.bursar_order === orderId);
}

async function paidOrder(world: World, id: string, capture: "automatic" | "manual"): Promise<string> {
  await createOrder(world, id, { capture });
  await world.pay(id, "pm_card_visa");
  await world.advance(secondMs);
  return id;
}
