// Each end of a checkout × each wish about its order, while the checkout is under way and afterwards: what the wish is
// answered, and what has become of the order when all is quiet. Who was answered `processing` is not forgotten.
import assert from "node:assert/strict";
import { test } from "node:test";
import { minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { stride } from "#kit/testing.ts";
import type { Billing, FactType, OperationState, Order, OrderStatus, OrdersApi, RefundsApi } from "../../api/index.ts";
import type { BillingSql, BillingTables } from "../../kernel/store/tables.ts";
import { createOrder, type FaultKind, startWorld, type World } from "../../testing/index.ts";
import { checkout } from "./checkout.ts";

const on = onEachDatabase<BillingTables>;
const request = "POST /v1/payment_intents";
const card = { payment_method: "pm_card_visa", return_url: "http://127.0.0.1/" };
const reason = "changed their mind";
const minibar = { description: "Minibar", quantity: 1, unitAmount: 700 };

interface Begun {
  readonly world: World;
  readonly sql: BillingSql;
  readonly operationId: string;
}

interface End {
  readonly capture?: Order["capture"];
  /** What meets the checkout's call, one try after the other. */
  readonly faults: readonly FaultKind[];
  /** Before anything is wished. */
  readonly overtaken?: (begun: Begun) => Promise<unknown>;
  /** Before its end. Answers of whom is wished afterwards, where that is somebody else. */
  readonly meanwhile?: (begun: Begun) => Promise<Billing | undefined>;
  /** When it has ended. */
  readonly paid?: (begun: Begun) => Promise<unknown>;
  /** What a human does about it at last. */
  readonly decided?: (begun: Begun) => Promise<unknown>;
}

/** By the state of the checkout's operation: one that is new does not compile without saying how it is reached. */
const ends = {
  done: {
    done: { faults: ["unheard"] },
    "done, its call long in the air": { faults: ["slow"] },
    succeeded: { faults: ["unheard"], paid: pay },
    "succeeded, to be captured": { faults: ["unheard"], paid: pay, capture: "manual" },
    "succeeded elsewhere": { faults: ["unheard", "lost", "lost"], overtaken: payAndTell },
    "succeeded elsewhere, to be captured": {
      faults: ["unheard", "lost", "lost"],
      overtaken: payAndTell,
      capture: "manual",
    },
  },
  refused: { refused: { faults: ["lost", 402] } },
  failed: {
    failed: { faults: ["lost", 400] },
    "failed, when nobody waited any more": { faults: [...Array.from({ length: 4 }, () => "lost" as const), 400] },
  },
  parked: {
    "parked, then ended": {
      faults: ["lost"],
      meanwhile: useKey,
      decided: ({ world, operationId }) => world.run(world.billing.operations.end(operationId, { reason: "Nothing" })),
    },
    "parked, then carried on": {
      faults: ["lost"],
      meanwhile: useKey,
      decided: ({ world, operationId }) => world.run(world.billing.operations.retry(operationId)),
    },
  },
  canceled: { "left to the original of a copied database": { faults: ["lost"], meanwhile: leave } },
  expired: {},
} as const satisfies { readonly [State in Exclude<OperationState, "open">]: Readonly<Record<string, End>> };
type EndName = { [State in keyof typeof ends]: keyof (typeof ends)[State] }[keyof typeof ends];

/** The payer pays what stands at Stripe, by a page that knows it. */
async function pay({ world }: Pick<Begun, "world">): Promise<void> {
  for (const { id, status } of (await world.run(world.stripe.paymentIntents.list())).data) {
    if (status !== "canceled") await world.run(world.stripe.paymentIntents.confirm(id, card));
  }
}

/** Stripe's events of the payment are there before its answer is. */
async function payAndTell({ world }: Begun): Promise<void> {
  await pay({ world });
  world.setWebhooks(true);
  await world.advance(10);
}

/** Somebody else uses the key of the checkout's call, so that Stripe meets it with other parameters. */
async function useKey({ world, sql }: Begun): Promise<undefined> {
  const { key } = await sql.read("key", (reader) => reader.selectFrom("calls").select("key").executeTakeFirstOrThrow());
  await world.run(world.stripe.customers.create({ name: "Other" }, { idempotencyKey: key }));
}

async function leave({ world, sql }: Begun): Promise<Billing> {
  await sql.write("copy", async (tx) => {
    await tx.updateTable("settings").set({ value: "ins_of_the_copy" }).where("key", "=", "instance").execute();
  });
  const copy = await world.twin();
  await copy.tick({ maxMs: secondMs });
  return copy;
}

type Wish =
  | `orders.${Exclude<keyof OrdersApi, "create" | keyof Reads>}`
  | `refunds.${Exclude<keyof RefundsApi, keyof Reads>}`;
type Reads = Pick<OrdersApi, "get" | "list">;

const wishes: Readonly<Record<Wish | "orders.checkout again", (billing: Billing) => Promise<string>>> = {
  "orders.checkout": async ({ orders }) => (await orders.checkout("order_1")) && "a link",
  "orders.checkout again": async ({ orders }) => (await orders.checkout("order_1", { attempt: 2 })) && "a link",
  "orders.charge": async ({ orders }) => (await orders.charge("order_1")).outcome,
  "orders.capture": async ({ orders }) => (await orders.capture("order_1")).outcome,
  "orders.increment": async ({ orders }) =>
    (await orders.increment("order_1", { id: "more", lines: [minibar] })).outcome,
  "orders.cancel": async ({ orders }) => (await orders.cancel("order_1", { reason })).outcome,
  "orders.settled": async ({ orders }) => (await orders.settled("order_1")).status,
  "refunds.create": async ({ refunds }) => (await refunds.create({ id: "r_1", orderId: "order_1" })).outcome,
};
type WishName = keyof typeof wishes;

type Answer = OrderStatus | "a link" | "done" | "processing" | "wrong_state" | "stripe_refused" | "operation_parked";
/** What a wish is answered, and what stands at last where it changes that. */
type Cell = Answer | `${Answer}, then ${StandingName}`;

interface Row {
  readonly otherwise: StandingName;
  readonly wishes: Readonly<Record<WishName, readonly [underWay: Cell, afterwards: Cell]>>;
}

/** All that there is at last: the order, what was told, the payments at Stripe. */
interface Standing {
  readonly order: readonly [OrderStatus, amountPaid: number, amountRefunded: number];
  readonly told: readonly FactType[];
  readonly payments: readonly string[];
}

const standings = {
  "nothing made": { order: ["created", 0, 0], told: [], payments: [] },
  "to be paid": { order: ["created", 0, 0], told: [], payments: ["requires_payment_method"] },
  paid: { order: ["paid", 2500, 0], told: ["order.paid"], payments: ["succeeded"] },
  held: { order: ["authorized", 0, 0], told: ["order.authorized"], payments: ["requires_capture"] },
  captured: { order: ["paid", 2500, 0], told: ["order.authorized", "order.paid"], payments: ["succeeded"] },
  "let go": { order: ["canceled", 0, 0], told: ["order.authorized", "order.canceled"], payments: ["canceled"] },
  canceled: { order: ["canceled", 0, 0], told: ["order.canceled"], payments: ["canceled"] },
  "canceled, nothing made": { order: ["canceled", 0, 0], told: ["order.canceled"], payments: [] },
  "canceled, sent back": {
    order: ["canceled", 2500, 2500],
    told: ["order.canceled", "order.paid_after_cancel", "order.refunded", "refund.succeeded"],
    payments: ["succeeded"],
  },
  refunded: {
    order: ["paid", 2500, 2500],
    told: ["order.paid", "order.refunded", "refund.succeeded"],
    payments: ["succeeded"],
  },
} as const satisfies Readonly<Record<string, Standing>>;
type StandingName = keyof typeof standings;

const onDone: Row = {
  otherwise: "to be paid",
  wishes: {
    "orders.checkout": ["a link", "a link"],
    "orders.checkout again": ["wrong_state", "a link"],
    "orders.charge": ["wrong_state", "wrong_state"], // Of nobody: nobody has saved a method for it.
    "orders.capture": ["wrong_state", "wrong_state"],
    "orders.increment": ["wrong_state", "wrong_state"],
    "orders.cancel": ["processing, then canceled", "done, then canceled"],
    "orders.settled": ["created", "created"],
    "refunds.create": ["wrong_state", "wrong_state"],
  },
};
const onSucceeded: Row = {
  otherwise: "paid",
  wishes: {
    ...onDone.wishes,
    "orders.checkout again": ["wrong_state", "wrong_state"],
    "orders.cancel": ["processing, then canceled", "wrong_state"], // It cannot be paid any more.
    "orders.settled": ["created", "paid"],
    "refunds.create": ["wrong_state", "done, then refunded"],
  },
};
const onHeld: Row = {
  otherwise: "held",
  wishes: {
    ...onDone.wishes,
    "orders.checkout again": ["wrong_state", "wrong_state"],
    "orders.capture": ["wrong_state", "done, then captured"],
    "orders.cancel": ["processing, then canceled", "done, then let go"],
    "orders.settled": ["created", "authorized"],
  },
};
const onFailed: Row = {
  otherwise: "nothing made",
  wishes: {
    ...onDone.wishes,
    "orders.checkout": ["stripe_refused", "stripe_refused"],
    "orders.checkout again": ["wrong_state", "a link, then to be paid"],
    "orders.cancel": ["processing, then canceled, nothing made", "done, then canceled, nothing made"],
  },
};
/** Afterwards it waits for a human. */
const onParked = {
  ...onDone.wishes,
  "orders.checkout": ["operation_parked", "operation_parked"],
  "orders.checkout again": ["wrong_state", "wrong_state"],
  "orders.cancel": ["processing, then canceled, nothing made", "processing, then canceled, nothing made"],
} as const satisfies Row["wishes"];

const table: Readonly<Record<EndName, Row>> = {
  done: onDone,
  "done, its call long in the air": onDone,
  succeeded: onSucceeded,
  "succeeded, to be captured": onHeld,
  "succeeded elsewhere": {
    ...onSucceeded,
    wishes: { ...onSucceeded.wishes, "orders.cancel": ["processing, then canceled, sent back", "wrong_state"] },
  },
  "succeeded elsewhere, to be captured": onHeld,
  refused: onFailed,
  failed: onFailed,
  "failed, when nobody waited any more": onFailed,
  "parked, then ended": { otherwise: "nothing made", wishes: onParked },
  "parked, then carried on": { otherwise: "to be paid", wishes: onParked },
  "left to the original of a copied database": {
    otherwise: "nothing made",
    wishes: {
      ...onFailed.wishes,
      "orders.checkout": ["wrong_state", "a link, then to be paid"],
      "orders.checkout again": ["wrong_state", "wrong_state"], // The first attempt of the copy has not been made.
    },
  },
};

const moments = ["under way", "over"] as const;
type Moment = (typeof moments)[number];

interface Played {
  readonly state: OperationState;
  readonly how: End;
  readonly row: Row;
  readonly wish: WishName;
  readonly moment: Moment;
}

test("a checkout takes no money by itself, and does not grow old", () => {
  assert.equal(checkout.validForMs, undefined);
});

let tests = 0;
for (const [state, named] of Object.entries(ends) as [OperationState, Readonly<Record<EndName, End>>][]) {
  for (const [end, how] of Object.entries(named) as [EndName, End][]) {
    for (const wish of Object.keys(wishes) as WishName[]) {
      for (const moment of moments) {
        // A cancel that is promised is always played; of the others all in the whole run, in npm test one in twelve.
        const isPromise = wish === "orders.cancel" && (moment === "under way" || state === "parked");
        if (!isPromise && tests++ % stride(12) > 0) continue;
        on(`${wish}, wished when the checkout is ${moment} (${end}), is what its row says`, async ({ url, sql }) => {
          const world = await startWorld({ url });
          await play({ world, sql }, { state, how, row: table[end], wish, moment });
          await world.close();
        });
      }
    }
  }
}

async function play({ world, sql }: Omit<Begun, "operationId">, { state, how, row, wish, moment }: Played) {
  const [underWay, afterwards] = row.wishes[wish];
  const [answer, becomes = row.otherwise] = (moment === "over" ? afterwards : underWay).split(/, then (.*)/);
  for (const id of ["order_1", "order_2"]) await createOrder(world, id, { capture: how.capture ?? "automatic" });
  world.setWebhooks(false); // or the order knows its payment before the checkout does
  for (const fault of how.faults) world.fail(request, fault);
  const checkingOut = world.billing.orders.checkout("order_1").catch(() => undefined);
  await world.advance(10);
  const begun = { world, sql, operationId: (await readCheckout(sql)).id };
  await how.overtaken?.(begun);
  let { billing } = world;
  const ask = () => wishes[wish](billing).catch(({ code }: { code: string }) => code);
  const asked = moment === "over" ? undefined : ask();
  await world.advance(10);
  billing = (await how.meanwhile?.(begun)) ?? billing;
  const [early] = await world.run(Promise.all([asked, checkingOut]));
  await world.advance(minuteMs);
  assert.equal((await readCheckout(sql)).state, state);
  await how.paid?.(begun);
  world.setWebhooks(true);
  await world.advance(minuteMs);
  assert.equal(early ?? (await world.run(ask())), answer);
  if (how.decided) {
    await assertWaits(begun, wish);
    await how.decided(begun);
  }
  await world.advance(10 * minuteMs);
  await assertStands(world, standings[becomes as StandingName]);
}

function readCheckout(sql: BillingSql) {
  return sql.read("checkout", (reader) =>
    reader
      .selectFrom("operations")
      .select(["id", "state"])
      .where("verb", "=", checkout.name)
      .orderBy("created_at")
      .executeTakeFirstOrThrow(),
  );
}

/** Until a human has decided, the order stays as it was, and who is to decide is told all. */
async function assertWaits({ world, operationId }: Begun, wish: WishName): Promise<void> {
  assert.equal((await world.run(world.billing.orders.get("order_1"))).status, "created");
  assert.deepEqual(world.facts, []);
  const { data: flags } = await world.run(world.billing.flags.list({ state: "open" }));
  assert.deepEqual(
    flags.map(({ kind, subject }) => `${kind} ${subject}`),
    [`operation_parked ${operationId}`],
  );
  assert.equal(/A cancel was wished meanwhile/.test(flags[0]?.detail ?? ""), wish === "orders.cancel");
}

async function assertStands(world: World, standing: Standing): Promise<void> {
  const { orders, flags } = world.billing;
  const order = await world.run(orders.get("order_1"));
  const { data: payments } = await world.run(world.stripe.paymentIntents.list());
  assert.deepEqual(
    {
      order: [order.status, order.amountPaid, order.amountRefunded],
      told: world.facts.map(({ type }) => type).sort(),
      payments: payments.map(({ status }) => status),
    },
    standing,
  );
  const canceled = world.facts.flatMap(({ type, data }) => (type === "order.canceled" ? data : []));
  for (const data of canceled) assert.deepEqual(data, { orderId: "order_1", reason });
  assert.deepEqual((await world.run(flags.list({ state: "open" }))).data, [], "nobody need look at it");
  assert.equal((await world.run(orders.get("order_2"))).status, "created", "the other one is not touched");
  if (order.status !== "canceled") return;
  await assert.rejects(world.run(orders.checkout("order_1", { attempt: 2 })), { code: "wrong_state" });
}

on("an answer shows what the command brought about, also when Stripe's answer was a replayed one", async ({ url }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1", { capture: "manual" });
  await world.pay("order_1", "pm_card_visa");
  await world.advance(minuteMs);
  world.setWebhooks(false);
  world.fail("POST /v1/payment_intents/", "unheard");
  const captured = await world.run(world.billing.orders.capture("order_1"));
  assert.deepEqual([captured.outcome, captured.value.status, captured.value.amountPaid], ["done", "paid", 2500]);
  // And where it cannot be shown, it is not called done.
  world.fail("POST /v1/refunds", "unheard");
  world.fail("GET /v1/refunds/", "lost", 100);
  const refund = { id: "r_1", orderId: "order_1", amount: 500 };
  assert.equal((await world.run(world.billing.refunds.create(refund))).outcome, "processing");
  world.mend();
  const again = await world.run(world.billing.refunds.create(refund));
  assert.deepEqual([again.outcome, again.value.status], ["done", "succeeded"]);
  await world.close();
});
