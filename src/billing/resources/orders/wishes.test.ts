// A cancel that is wished while the checkout is on its way, whatever the checkout's end: the order is canceled and that
// is told once, or a human is told that it waits.
import assert from "node:assert/strict";
import { minuteMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { createOrder, type FaultKind, startWorld, type World } from "../../testing/index.ts";

const on = onEachDatabase<BillingTables>;
const request = "POST /v1/payment_intents";

type Sql = Parameters<Parameters<typeof on>[1]>[0]["sql"];
interface Wished {
  readonly world: World;
  readonly sql: Sql;
  readonly operationId: string;
}

interface Row {
  /** What meets the checkout before the cancel is wished, and what after. */
  readonly faults: readonly FaultKind[];
  /** Besides, between the two. */
  meanwhile?(wished: Wished): Promise<unknown>;
  readonly state: string;
  /** PaymentIntents at Stripe afterwards. */
  readonly made: readonly string[];
  /** Until a human has decided, the order stays as it was. */
  decide?(wished: Wished): Promise<unknown>;
}

/** Somebody else uses the key of the checkout's call, so that Stripe meets it with other parameters. */
async function useKey({ world, sql }: Wished): Promise<void> {
  const { key } = await sql.read("key", (reader) => reader.selectFrom("calls").select("key").executeTakeFirstOrThrow());
  await world.run(world.stripe.customers.create({ name: "Other" }, { idempotencyKey: key }));
}

const table: Record<string, Row> = {
  done: { faults: ["unheard"], state: "done", made: ["canceled"] },
  refused: { faults: ["lost", 402], state: "refused", made: [] },
  failed: { faults: ["lost", 400], state: "failed", made: [] },
  "parked, then ended": {
    faults: ["lost"],
    meanwhile: useKey,
    state: "failed",
    made: [],
    decide: ({ world, operationId }) => world.run(world.billing.operations.end(operationId, { reason: "Nothing" })),
  },
  "parked, then carried on": {
    faults: ["lost"],
    meanwhile: useKey,
    state: "canceled",
    made: [],
    decide: ({ world, operationId }) => world.run(world.billing.operations.retry(operationId)),
  },
  "left to the original": {
    faults: ["lost"],
    async meanwhile({ world, sql }) {
      await sql.write("copy", async (tx) => {
        await tx.updateTable("operations").set({ instance: "ins_of_the_original" }).execute();
      });
      await world.twin();
    },
    state: "canceled",
    made: [],
  },
};

for (const [end, row] of Object.entries(table)) {
  on(`a cancel that is wished before the checkout's end (${end}) is kept, and told once`, async ({ url, sql }) => {
    const world = await startWorld({ url });
    await createOrder(world, "order_1");
    world.setWebhooks(false); // or the order knows its payment before the checkout does
    for (const fault of row.faults) world.fail(request, fault);
    const checkout = world.billing.orders.checkout("order_1").catch((error: unknown) => error);
    await world.advance(10);
    const canceled = await world.run(world.billing.orders.cancel("order_1", { reason: "changed their mind" }));
    assert.ok(canceled.outcome === "processing");
    const wished = { world, sql, operationId: canceled.operationId };
    await row.meanwhile?.(wished);
    await world.run(checkout);
    await world.advance(minuteMs);
    if (row.decide) {
      assert.equal((await world.run(world.billing.orders.get("order_1"))).status, "created");
      assert.deepEqual(world.facts, []);
      const [flag] = (await world.run(world.billing.flags.list({ state: "open" }))).data;
      assert.match(`${flag?.kind} ${flag?.detail}`, /^operation_parked .* A cancel was wished meanwhile/);
      await row.decide(wished);
    }
    await world.advance(10 * minuteMs);
    assert.equal((await world.run(world.billing.orders.get("order_1"))).status, "canceled");
    const told = world.facts.map(({ type, data }) => ({ type, data }));
    const data = { orderId: "order_1", reason: "changed their mind" };
    assert.deepEqual(told, [{ type: "order.canceled", data }]);
    const made = (await world.run(world.stripe.paymentIntents.list())).data;
    assert.deepEqual(
      made.map(({ status }) => status),
      row.made,
    );
    const state = await sql.read("state", (reader) =>
      reader.selectFrom("operations").select("state").where("id", "=", wished.operationId).executeTakeFirstOrThrow(),
    );
    assert.equal(state.state, row.state);
    if (row.made.length === 0) {
      const again = world.run(world.billing.orders.checkout("order_1", { attempt: 2 }));
      await assert.rejects(again, { code: "wrong_state" });
    }
    await world.close();
  });
}

on(
  "a cancel that is wished while the checkout waits for a human holds when it has been decided",
  async ({ url, sql }) => {
    const world = await startWorld({ url });
    await createOrder(world, "order_1");
    world.fail(request, "lost");
    const checkout = world.billing.orders.checkout("order_1").catch((error: unknown) => error);
    await world.advance(10);
    await useKey({ world, sql, operationId: "" });
    await world.run(checkout);
    const canceled = await world.run(world.billing.orders.cancel("order_1"));
    assert.ok(canceled.outcome === "processing", "something of it may stand at Stripe");
    await world.run(world.billing.operations.end(canceled.operationId, { reason: "Nothing at Stripe" }));
    await world.advance(minuteMs);
    assert.equal((await world.run(world.billing.orders.get("order_1"))).status, "canceled");
    assert.deepEqual(
      world.facts.map(({ type }) => type),
      ["order.canceled"],
    );
    await world.close();
  },
);

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
