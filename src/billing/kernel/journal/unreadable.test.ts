// What another version of this program has written and this one cannot read: it is for a human, and waits. Nothing
// of it is guessed at, and all else goes on.
import assert from "node:assert/strict";
import { minuteMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { enroll, pair, startToys } from "../../testing/toys.ts";
import type { BillingTables, BillingTx } from "../store/tables.ts";

const on = onEachDatabase<BillingTables>;

interface Case {
  write(tx: BillingTx, id: string): Promise<unknown>;
  readonly says: RegExp;
}

const cases: Record<string, Case> = {
  "a verb that no resource has": {
    write: (tx, id) => tx.updateTable("operations").set({ verb: "toys.of_tomorrow" }).where("id", "=", id).execute(),
    says: /no resource has the verb toys\.of_tomorrow/,
  },
  "a step that its verb has not": {
    async write(tx, id) {
      await tx.updateTable("operations").set({ step: "tomorrow" }).where("id", "=", id).execute();
      await tx.updateTable("calls").set({ step: "tomorrow" }).where("operation", "=", id).execute();
    },
    says: /toys\.enroll has no step "tomorrow"/,
  },
  "parameters that its verb cannot read": {
    write: (tx, id) => tx.updateTable("operations").set({ params: "{}" }).where("id", "=", id).execute(),
    says: /toys\.enroll params.*name/,
  },
};

for (const [what, { write, says }] of Object.entries(cases)) {
  on(`an operation of ${what} is for a human, and holds up its lane and nothing else`, async ({ url, sql }) => {
    const toys = await startToys(url);
    const { world, core } = toys;
    const give = (subject: string) => world.run(core.operations.carryOut(enroll, { subject, params: { name: "Ada" } }));
    world.fail("POST /v1/customers", 401, 2);
    const { operationId } = await give("toy_1");
    const { operationId: beside } = await give("toy_2");
    const dueAt = () =>
      sql.read("due", (reader) =>
        reader.selectFrom("calls").select("next_at").where("operation", "=", beside).executeTakeFirstOrThrow(),
      );
    await sql.write("tomorrow", (tx) => write(tx, operationId));
    await sql.write("due", async (tx) => {
      await tx.updateTable("calls").set({ next_at: 0 }).where("operation", "=", operationId).execute();
    });
    const before = await dueAt();
    assert.equal(await world.run(core.operations.work()), 0, "nothing has moved");
    assert.deepEqual(await dueAt(), before);
    const [flag] = (await world.run(world.billing.flags.list())).data;
    assert.deepEqual([flag?.kind, flag?.subject], ["operation_unreadable", operationId]);
    assert.match(flag?.detail ?? "", says);
    const customer = (await world.run(world.stripe.customers.create({}))).id;
    const behind = core.operations.carryOut(pair, { subject: "toy_1", params: { customer } });
    assert.equal((await world.run(behind)).state, "open", "its caller is told that it is on its way");
    await world.advance(minuteMs);
    await toys.settle();
    assert.equal((await give("toy_2")).state, "done");
    await toys.close();
  });
}

on("an operation whose step has no call is for a human too, as soon as its lane is worked", async ({ url, sql }) => {
  const toys = await startToys(url);
  const { world, core } = toys;
  world.fail("POST /v1/customers", 401);
  const wish = { subject: "toy_1", params: { name: "Ada" } };
  const { operationId } = await world.run(core.operations.carryOut(enroll, wish));
  await sql.write("gone", async (tx) => void (await tx.deleteFrom("calls").execute()));
  assert.equal((await world.run(core.operations.carryOut(enroll, wish))).state, "open");
  const [flag] = (await world.run(world.billing.flags.list())).data;
  assert.deepEqual([flag?.kind, flag?.subject], ["operation_unreadable", operationId]);
  assert.match(flag?.detail ?? "", /its step "customer" has no call/);
  await toys.close();
});
