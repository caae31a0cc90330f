import assert from "node:assert/strict";
import { minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { until } from "#kit/testing.ts";
import type { Page } from "../../api/index.ts";
import { unended } from "../../kernel/inbox/claim.ts";
import type { BillingSql, BillingTables } from "../../kernel/store/tables.ts";
import { createOrder, startWorld, type World } from "../../testing/index.ts";

const on = onEachDatabase<BillingTables>;

async function paidOrder(world: World): Promise<void> {
  await createOrder(world, "order_1");
  await world.pay("order_1", "pm_card_visa");
  await world.advance(10 * secondMs);
}

const wish = { id: "r_1", orderId: "order_1", amount: 500 };

/**
 * A refund whose key Stripe met with other parameters. unheard: it was made, and our stored bytes were damaged before
 * they were sent again. lost: it never arrived, and somebody else used its key.
 */
async function parkRefund(world: World, sql: BillingSql, fault: "lost" | "unheard"): Promise<string> {
  await paidOrder(world);
  world.fail("POST /v1/refunds", fault, 1);
  const refund = world.billing.refunds.create(wish);
  refund.catch(() => undefined); // looked at below
  await world.advance(1);
  if (fault === "lost") await useKey(world, sql, 1);
  else {
    await sql.write("damage", async (tx) => {
      const body = new Uint8Array(Buffer.from("payment_intent=pi_other&amount=1"));
      await tx.updateTable("calls").set({ body }).where("state", "=", "unknown").execute();
    });
  }
  await assert.rejects(world.run(refund), { code: "operation_parked" });
  const { data } = await world.run(world.billing.operations.list({ state: "parked" }));
  const shown = data.map(({ verb, subject, attempt }) => [verb, subject, attempt]);
  assert.deepEqual(shown, [["refunds.create", "r_1", 1]]);
  return data[0]?.id as string;
}

/** Somebody else uses the key of the refund's nth call for another request. */
async function useKey(world: World, sql: BillingSql, n: number): Promise<void> {
  const call = await sql.read("key", (reader) =>
    reader
      .selectFrom("calls")
      .innerJoin("operations", "operations.id", "calls.operation")
      .select("calls.key")
      .where("operations.subject", "=", wish.id)
      .where("calls.n", "=", n)
      .executeTakeFirstOrThrow(),
  );
  await world.run(world.stripe.customers.create({ name: "Other" }, { idempotencyKey: call.key }));
}

on("a parked operation is flagged, and a retry finds what it had made", async ({ url, sql }) => {
  const world = await startWorld({ url });
  const { operations, flags, refunds, orders } = world.billing;
  const id = await parkRefund(world, sql, "unheard");
  const [flag] = (await world.run(flags.list({ state: "open" }))).data;
  assert.deepEqual([flag?.kind, flag?.subject], ["operation_parked", id]);
  const moved = await world.run(operations.retry(id));
  assert.equal(moved.state, "open");
  await world.advance(minuteMs);
  assert.equal((await world.run(operations.get(id))).state, "done");
  assert.equal((await world.run(refunds.get("r_1"))).status, "succeeded");
  assert.equal((await world.run(orders.get("order_1"))).amountRefunded, 500, "once");
  assert.ok((await world.run(flags.get(flag?.id as string))).resolvedAt, "whoever moves it has seen to it");
  await assert.rejects(world.run(operations.retry(id)), { code: "wrong_state" });
  await assert.rejects(world.run(operations.end(id, { reason: "late" })), { code: "wrong_state" });
  await assert.rejects(world.run(operations.retry("op_none")), { code: "not_found" });
  await world.close();
});

on(
  "a parked operation that is ended gives back what it had reserved, and admits the next attempt",
  async ({ url, sql }) => {
    const world = await startWorld({ url });
    const { operations, refunds, flags } = world.billing;
    const id = await parkRefund(world, sql, "lost");
    await assert.rejects(world.run(operations.end(id, { reason: "" })), { code: "invalid_params" });
    const ended = await world.run(operations.end(id, { reason: "Nothing at Stripe" }));
    assert.deepEqual([ended.state, ended.error], ["failed", "Nothing at Stripe"]);
    assert.deepEqual((await world.run(flags.list({ state: "open" }))).data, []);
    await assert.rejects(world.run(refunds.create(wish)), { code: "wrong_state", message: /ended by hand/ });
    const whole = await world.run(refunds.create({ ...wish, amount: 2500, attempt: 2 }));
    assert.deepEqual([whole.outcome, whole.value.amount.amount], ["done", 2500], "nothing is reserved any more");
    await world.close();
  },
);

on("a flag is resolved once, and is there again when it happens again", async ({ url, sql }) => {
  const world = await startWorld({ url });
  const { flags, operations } = world.billing;
  const id = await parkRefund(world, sql, "lost");
  const [flag] = (await world.run(flags.list())).data;
  const resolved = await world.run(flags.resolve(flag?.id as string));
  await world.advance(secondMs);
  assert.deepEqual(await world.run(flags.resolve(flag?.id as string)), resolved);
  assert.deepEqual((await world.run(flags.list({ state: "resolved" }))).data, [resolved]);
  // Carried on, it finds nothing and sends under a fresh key, which somebody has used again.
  world.fail("POST /v1/refunds", "lost", 1);
  await world.run(operations.retry(id));
  await world.advance(1);
  await useKey(world, sql, 2);
  await world.advance(minuteMs);
  assert.equal((await world.run(flags.get(flag?.id as string))).resolvedAt, null);
  await assert.rejects(world.run(flags.get("flag_none")), { code: "not_found" });
  await world.close();
});

on("a dead delivery and a dead receipt are listed and brought back", async ({ url, sql }) => {
  let isBroken = true;
  const world = await startWorld({
    url,
    handlers: (billing) =>
      billing.on("order.paid", () => (isBroken ? Promise.reject(new Error("Broken")) : undefined), { id: "shop" }),
  });
  const { deliveries, inbox } = world.billing;
  await paidOrder(world);
  await sql.write("dead", async (tx) => {
    await tx.updateTable("deliveries").set({ state: "dead" }).where("handler", "=", "shop").execute();
    await tx.updateTable("receipts").set({ state: "dead", error: "Gave up" }).where("state", "=", "done").execute();
  });
  isBroken = false;
  const [dead] = (await world.run(deliveries.list({ state: "dead" }))).data;
  assert.deepEqual(
    [dead?.handler, dead?.type, dead?.subject, dead?.error],
    ["shop", "order.paid", "order_1", "Broken"],
  );
  const at = { factId: dead?.factId as string, handler: "shop" };
  assert.equal((await world.run(deliveries.retry(at))).state, "open");
  for (const receipt of (await world.run(inbox.list({ state: "dead" }))).data) {
    assert.equal((await world.run(inbox.replay(receipt.id))).state, "open");
  }
  await world.advance(minuteMs);
  assert.equal((await world.run(deliveries.get(at))).state, "done");
  assert.deepEqual((await world.run(inbox.list({ state: "dead" }))).data, []);
  await assert.rejects(world.run(deliveries.retry(at)), { code: "wrong_state" });
  await assert.rejects(world.run(deliveries.retry({ ...at, handler: "none" })), { code: "not_found" });
  await assert.rejects(world.run(inbox.replay("evt_none")), { code: "not_found" });
  await world.close();
});

on(
  "a receipt has no error while it is worked for the first time, and has one when that came to nothing",
  async (given) => {
    const world = await startWorld({ url: given.url });
    await paidOrder(world);
    const errorsAt = async (attempts: number) => {
      await given.sql.write("begun", async (tx) => {
        await tx.updateTable("receipts").set({ attempts, error: unended }).execute();
      });
      const { data } = await world.run(world.billing.inbox.list());
      return [...new Set(data.map(({ error }) => error))];
    };
    assert.deepEqual(await errorsAt(1), [null]);
    assert.deepEqual(await errorsAt(2), [unended]);
    await world.close();
  },
);

on("every list is read to its end by its cursor, without a gap and without a double", async ({ url, sql }) => {
  const world = await startWorld({ url });
  const { customers, orders, refunds, inbox, operations, deliveries, flags } = world.billing;
  await world.run(customers.ensure({ id: "user_1" }));
  await world.run(customers.ensure({ id: "user_2" }));
  await paidOrder(world);
  await createOrder(world, "order_2");
  for (const id of ["r_1", "r_2", "r_3"]) await world.run(refunds.create({ ...wish, id }));
  await world.advance(minuteMs);
  await sql.write("flags", async (tx) => {
    const flag = { kind: "k", detail: "d", created_at: 5, resolved_at: null };
    for (const id of ["f_1", "f_2", "f_3"])
      await tx
        .insertInto("flags")
        .values({ ...flag, id, subject: id })
        .execute();
  });
  type List = (page: { limit: number; cursor?: string }) => Promise<Page<unknown>>;
  const lists: Record<string, List> = {
    customers: (page) => customers.list(page),
    orders: (page) => orders.list(page),
    refunds: (page) => refunds.list(page),
    inbox: (page) => inbox.list(page),
    operations: (page) => operations.list(page),
    deliveries: (page) => deliveries.list(page),
    flags: (page) => flags.list(page),
  };
  for (const [name, list] of Object.entries(lists)) {
    const whole = await world.run(list({ limit: 100 }));
    assert.equal(whole.nextCursor, null);
    const pages: unknown[] = [];
    let cursor: string | null = null;
    await until(`the last of the ${name}`, async () => {
      const page: Page<unknown> = await world.run(list({ limit: 1, ...(cursor !== null && { cursor }) }));
      pages.push(...page.data);
      cursor = page.nextCursor;
      return cursor === null;
    });
    assert.ok(pages.length >= 2, name);
    assert.deepEqual(pages, whole.data, name);
    for (const wrong of ["x", Buffer.from('[1e300,"a","b"]').toString("base64url")]) {
      await assert.rejects(world.run(list({ limit: 1, cursor: wrong })), { code: "invalid_params" }, name);
    }
  }
  await world.close();
});

on("a filter by a state that does not exist is refused", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders, inbox, operations, deliveries, flags } = world.billing;
  const unknown = { state: "sleeping" as never, status: "sleeping" as never };
  for (const noun of [orders, inbox, operations, deliveries, flags]) {
    await assert.rejects(world.run<unknown>(noun.list(unknown)), { code: "invalid_params" });
  }
  await world.close();
});
