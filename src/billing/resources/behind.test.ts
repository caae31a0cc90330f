// A wish that was answered `processing` while it stood behind another one of its lane: whatever the end of that, it is
// done, it is told, or a human hears of it. (A cancel behind its checkout: orders/wishes.test.ts.)
import assert from "node:assert/strict";
import { dayMs, minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { End } from "../kernel/journal/end.ts";
import type { BillingSql, BillingTables } from "../kernel/store/tables.ts";
import { createOrder, type FaultKind, startWorld, type World } from "../testing/index.ts";

const on = onEachDatabase<BillingTables>;

/** How the first one ends; each is answered only after both were promised. */
type Ended = "done" | End;

interface Promised {
  readonly world: World;
  readonly sql: BillingSql;
  readonly request: string;
  /** The first one's. */
  readonly operation: { readonly id: string; readonly created_at: number };
}

const answeredWith =
  (fault: FaultKind) =>
  async ({ world, request }: Promised) => {
    world.fail(request, fault);
    await world.advance(10 * minuteMs);
  };

const ends: Record<Ended, (promised: Promised) => Promise<unknown>> = {
  done: ({ world }) => world.advance(10 * minuteMs),
  refused: answeredWith(402),
  failed: answeredWith(400),
  /** Stripe meets its key with other parameters. */
  async parked({ world, sql, operation }) {
    const { key } = await sql.read("key", (reader) =>
      reader.selectFrom("calls").select("key").where("operation", "=", operation.id).executeTakeFirstOrThrow(),
    );
    await world.run(world.stripe.customers.create({ name: "Other" }, { idempotencyKey: key }));
    await world.advance(10 * minuteMs);
  },
  async expired({ world, sql, operation }) {
    await sql.write("older", async (tx) => {
      const created_at = operation.created_at - 2 * dayMs;
      await tx.updateTable("operations").set({ created_at }).where("id", "=", operation.id).execute();
    });
    await world.advance(10 * minuteMs);
  },
  /** Only a checkout is taken back before it was sent. */
  withdrawn: async () => assert.fail(),
  async left({ world, sql }) {
    await sql.write("copy", async (tx) => {
      await tx.updateTable("operations").set({ instance: "ins_of_the_original" }).execute();
    });
    const copy = await world.twin();
    await world.run(copy.tick({ maxMs: secondMs }));
  },
};

interface Pair {
  readonly request: string;
  prepare(world: World): Promise<unknown>;
  first(world: World): Promise<unknown>;
  second(world: World): Promise<unknown>;
  seen(world: World): Promise<readonly string[]>;
  /**
   * How it stands then, the facts that were told, and what a human is shown. Null: the first cannot end so. Where it is
   * left, the original of this copied database carries both on.
   */
  readonly after: Record<Ended, readonly string[] | null>;
}

const refund = (id: string, amount: number) => ({ id, orderId: "order_1", amount });

const pairs: Record<string, Pair> = {
  "a cancel behind a capture": {
    request: "POST /v1/payment_intents/",
    async prepare(world) {
      await createOrder(world, "order_1", { capture: "manual" });
      await world.pay("order_1", "pm_card_visa");
      await world.advance(10 * secondMs);
    },
    first: (world) => world.billing.orders.capture("order_1"),
    second: (world) => world.billing.orders.cancel("order_1"),
    async seen({ billing }) {
      const { status, amountPaid, amountRefunded } = await billing.orders.get("order_1");
      return [`${status} ${amountPaid - amountRefunded}`];
    },
    after: {
      done: ["canceled 0", "order.canceled", "order.paid_after_cancel", "order.refunded", "refund.succeeded"],
      refused: ["canceled 0", "order.canceled", "operation_not_done"],
      failed: ["canceled 0", "order.canceled", "operation_not_done"],
      parked: ["canceled 0", "order.canceled", "operation_parked"],
      expired: ["canceled 0", "order.canceled", "operation_not_done"],
      withdrawn: null,
      left: ["authorized 0"],
    },
  },
  "a refund behind a refund": {
    request: "POST /v1/refunds",
    async prepare(world) {
      await createOrder(world, "order_1");
      await world.pay("order_1", "pm_card_visa");
      await world.advance(10 * secondMs);
    },
    first: (world) => world.billing.refunds.create(refund("r_1", 2000)),
    second: (world) => world.billing.refunds.create(refund("r_2", 500)),
    async seen({ billing }) {
      const { data } = await billing.refunds.list({});
      return data.map(({ id, status }) => `${id} ${status}`).sort();
    },
    after: {
      done: [
        "r_1 succeeded",
        "r_2 succeeded",
        "order.refunded",
        "order.refunded",
        "refund.succeeded",
        "refund.succeeded",
      ],
      refused: ["r_1 failed", "r_2 succeeded", "order.refunded", "refund.failed", "refund.succeeded"],
      failed: ["r_1 failed", "r_2 succeeded", "order.refunded", "refund.failed", "refund.succeeded"],
      parked: ["r_1 pending", "r_2 succeeded", "order.refunded", "refund.succeeded", "operation_parked"],
      expired: null,
      withdrawn: null,
      left: ["r_1 failed", "r_2 failed"],
    },
  },
  "a new name behind the making of a customer": {
    request: "POST /v1/customers",
    prepare: async () => undefined,
    first: (world) => world.billing.customers.ensure({ id: "user_1" }),
    second: (world) => world.billing.customers.ensure({ id: "user_1", name: "Ada" }),
    async seen({ billing, stripe }) {
      const { stripeCustomerId } = await billing.customers.get("user_1");
      if (stripeCustomerId === null) return ["not made"];
      const customer = await stripe.customers.retrieve(stripeCustomerId);
      return [`named ${"name" in customer ? customer.name : "nothing"}`];
    },
    after: {
      done: ["named Ada"],
      refused: ["not made", "operation_not_done"],
      failed: ["not made", "operation_not_done"],
      parked: ["not made", "operation_parked"],
      expired: null,
      withdrawn: null,
      left: ["not made"],
    },
  },
};

for (const [name, { request, prepare, first, second, seen, after }] of Object.entries(pairs)) {
  for (const [end, expected] of Object.entries(after) as [Ended, readonly string[] | null][]) {
    if (expected === null) continue;
    on(`${name}, which ends ${end}: ${expected[0]}`, async ({ url, sql }) => {
      const world = await startWorld({ url });
      await prepare(world);
      const before = world.facts.length;
      world.fail(request, "lost", 1_000);
      await world.run(first(world));
      await world.run(second(world));
      world.mend();
      const operation = await sql.read("first", (reader) =>
        reader
          .selectFrom("operations")
          .select(["id", "created_at"])
          .where("state", "=", "open")
          .orderBy("turn")
          .executeTakeFirstOrThrow(),
      );
      await ends[end]({ world, sql, request, operation });
      const { data: flags } = await world.run(world.billing.flags.list({ state: "open" }));
      const facts = world.facts.slice(before).map(({ type }) => type);
      const found = [...(await world.run(seen(world))), ...facts.sort(), ...flags.map(({ kind }) => kind).sort()];
      assert.deepEqual(found, expected);
      await world.close();
    });
  }
}
