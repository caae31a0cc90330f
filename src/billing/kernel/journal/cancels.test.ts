// What is answered to a cancel, and what becomes of it: before anything was begun, before it was sent, while it is in
// the air, while it waits for a human, and when it is over. And a cancel that its caller takes back.
import assert from "node:assert/strict";
import { minuteMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { cancelEnrolling, enroll, startToys, type ToyWorld } from "../../testing/toys.ts";
import type { BillingSql, BillingTables } from "../store/tables.ts";

const on = onEachDatabase<BillingTables>;

function give({ world, core }: ToyWorld, subject: string) {
  return world.run(core.operations.carryOut(enroll, { subject, params: { name: "Ada" } }));
}

function cancel({ world, core }: ToyWorld, subject: string) {
  return world.run(cancelEnrolling(core, subject));
}

async function parkedFlags(sql: BillingSql): Promise<string[]> {
  const flags = await sql.read("flags", (reader) =>
    reader.selectFrom("flags").select(["detail"]).where("kind", "=", "operation_parked").orderBy("detail").execute(),
  );
  return flags.map(({ detail }) => detail ?? "");
}

on("a cancel of what was never begun has nothing to cancel, and is in nobody's way", async ({ url }) => {
  const toys = await startToys(url);
  assert.deepEqual(await cancel(toys, "toy_1"), { kind: "none" });
  assert.equal((await give(toys, "toy_1")).state, "done");
  await toys.close();
});

on(
  "a cancel of what is over says so, and changes nothing, though nobody can read it any more",
  async ({ url, sql }) => {
    const toys = await startToys(url);
    const { world } = toys;
    assert.equal((await give(toys, "toy_1")).state, "done");
    world.fail("POST /v1/customers", 400);
    assert.equal((await give(toys, "toy_2")).state, "failed");
    await sql.write("tomorrow", async (tx) => {
      await tx.updateTable("operations").set({ params: "{}", answers: "{}" }).execute();
    });
    const rows = () =>
      sql.read("rows", (reader) => reader.selectFrom("operations").selectAll().orderBy("id").execute());
    const before = await rows();
    for (const subject of ["toy_1", "toy_2"]) assert.deepEqual(await cancel(toys, subject), { kind: "ended" });
    assert.deepEqual(await rows(), before);
    await toys.close();
  },
);

on("a cancel that is not wished after all leaves alone what has not been sent", async ({ url }) => {
  const toys = await startToys(url);
  const { world, core } = toys;
  world.fail("POST /v1/customers", 401);
  assert.equal((await give(toys, "toy_1")).state, "open");
  const asked = { verb: enroll.name, subject: "toy_1", lane: "toy:toy_1" };
  const unwished = core.sql.write("cancel", (tx) => core.operations.requestCancel(tx, asked, async () => false));
  assert.deepEqual(await world.run(unwished), { kind: "unwished" });
  await world.advance(minuteMs);
  await toys.settle();
  assert.equal((await give(toys, "toy_1")).state, "done");
  await toys.close();
});

on("what may have been made is not withdrawn because a later try of it was turned away", async ({ url }) => {
  const toys = await startToys(url);
  const { world, core } = toys;
  world.fail("POST /v1/customers", "unheard");
  world.fail("POST /v1/customers", "lost", 100);
  assert.equal((await give(toys, "toy_1")).state, "open");
  world.mend();
  world.fail("POST /v1/customers", 401);
  await world.advance(10 * minuteMs);
  assert.equal(await world.run(core.operations.work()), 1);
  assert.equal((await cancel(toys, "toy_1")).kind, "requested");
  await world.advance(10 * minuteMs);
  await toys.settle();
  assert.equal((await give(toys, "toy_1")).state, "canceled");
  assert.equal((await world.run(world.stripe.customers.list())).data.length, 1);
  await toys.close();
});

on("a cancel of what waits for a human is told to whoever decides it, and of nothing else", async ({ url, sql }) => {
  const toys = await startToys(url);
  const { world } = toys;
  world.fail("POST /v1/customers", 299, 2);
  for (const subject of ["toy_1", "toy_2"]) assert.equal((await give(toys, subject)).state, "parked");
  const wished = / A cancel was wished meanwhile/;
  assert.deepEqual(
    (await parkedFlags(sql)).map((detail) => wished.test(detail)),
    [false, false],
  );
  assert.equal((await cancel(toys, "toy_1")).kind, "requested");
  assert.deepEqual(
    (await parkedFlags(sql)).map((detail) => wished.test(detail)),
    [false, true],
  );
  await toys.close();
});
