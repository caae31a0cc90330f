// Beside ours stand the operations of another mode, and of the database that this one was copied from. They are not
// ours to send, to count or to decide; and of our own, what is done to one is done to no other.
import assert from "node:assert/strict";
import { minuteMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { enroll, startToys, type ToyWorld } from "../../testing/toys.ts";
import type { BillingSql, BillingTables, OperationRow } from "../store/tables.ts";
import { endParked, retryParked } from "./repair.ts";

const on = onEachDatabase<BillingTables>;
const params = { name: "Ada" };

function give({ world, core }: ToyWorld, subject: string) {
  return world.run(core.operations.carryOut(enroll, { subject, params }));
}

/** The operations of the same wish as they would stand there, before ours in its lane and due. */
async function writeOthers(sql: BillingSql, id: string): Promise<void> {
  await sql.write("others", async (tx) => {
    const operation = await tx.selectFrom("operations").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
    const call = await tx.selectFrom("calls").selectAll().where("operation", "=", id).executeTakeFirstOrThrow();
    for (const other of [{ mode: "live" }, { instance: "ins_of_the_original" }] as const) {
      const name = Object.keys(other).join();
      const row = { ...operation, ...other, id: `op_${name}`, turn: -1, attempt: 5 };
      await tx.insertInto("operations").values(row).execute();
      const values = { ...call, operation: row.id, key: `key_${name}`, state: "ready" as const, next_at: 0 };
      await tx.insertInto("calls").values(values).execute();
    }
  });
}

function statesOf(sql: BillingSql): Promise<Record<string, string>> {
  return sql.read("states", async (reader) => {
    const rows = await reader.selectFrom("operations").select(["id", "subject", "state"]).execute();
    return Object.fromEntries(
      rows.map(({ id, subject, state }) => [id.startsWith("op_i") || id.startsWith("op_m") ? id : subject, state]),
    );
  });
}

on(
  "what another mode or another installation has begun is not ours to send, and holds up nothing",
  async ({ url, sql }) => {
    const toys = await startToys(url);
    const { world } = toys;
    world.fail("POST /v1/customers", 401);
    const { state, operationId } = await give(toys, "toy_1");
    assert.equal(state, "open");
    await writeOthers(sql, operationId);
    world.requests.length = 0;
    await world.advance(minuteMs);
    await toys.settle();
    const states = { toy_1: "done", op_mode: "open", op_instance: "open" };
    assert.deepEqual(await statesOf(sql), states, "by itself");
    assert.equal((await give(toys, "toy_1")).state, "done", "the wish of ours is the latest of ours");
    assert.equal(world.requests.filter((line) => line.startsWith("POST")).length, 3);
    assert.deepEqual(await statesOf(sql), states);
    await toys.close();
  },
);

on("what waits for a human there is decided there, and here the one that is named", async ({ url, sql }) => {
  const toys = await startToys(url);
  const { world, core } = toys;
  const now = () => core.ports.clock.now();
  assert.equal((await give(toys, "toy_0")).state, "done");
  const parked: string[] = [];
  for (const subject of ["toy_1", "toy_2", "toy_3"]) {
    world.fail("POST /v1/customers", 299);
    parked.push((await give(toys, subject)).operationId);
  }
  await writeOthers(sql, parked[0] as string);
  const flag = { kind: "operation_parked", detail: "There", created_at: 0, resolved_at: null };
  await sql.write("flag", async (tx) => {
    for (const subject of ["op_mode", "op_instance"]) {
      await tx
        .insertInto("flags")
        .values({ ...flag, id: `flag_${subject}`, subject })
        .execute();
    }
  });
  for (const id of ["op_mode", "op_instance"]) {
    const input = { id, reason: "Nothing", now: now() };
    assert.equal(await world.run(core.sql.write("retry", (tx) => retryParked(core.kernel, tx, input))), false);
    assert.equal(await world.run(core.sql.write("end", (tx) => endParked(core.kernel, tx, input))), false);
  }
  const [first, second] = parked as [string, string];
  await world.run(core.sql.write("retry", (tx) => retryParked(core.kernel, tx, { id: first, now: now() })));
  await world.run(
    core.sql.write("end", (tx) => endParked(core.kernel, tx, { id: second, reason: "Nothing", now: now() })),
  );
  await toys.settle();
  assert.deepEqual(await statesOf(sql), {
    toy_0: "done",
    toy_1: "done",
    toy_2: "failed",
    toy_3: "parked",
    op_mode: "parked",
    op_instance: "parked",
  });
  const flags = await sql.read("flags", (reader) =>
    reader
      .selectFrom("flags")
      .select("subject")
      .where("kind", "=", "operation_parked")
      .where("resolved_at", "is", null)
      .execute(),
  );
  assert.deepEqual(flags.map(({ subject }) => subject).sort(), ["op_instance", "op_mode", parked[2]].sort());
  await toys.close();
});

on(
  "what was left to the original is left alone, and what cannot be read there stops no start",
  async ({ url, sql }) => {
    const toys = await startToys(url);
    const { world, core } = toys;
    assert.equal((await give(toys, "toy_0")).state, "done");
    world.fail("POST /v1/customers", 401);
    await writeOthers(sql, (await give(toys, "toy_1")).operationId);
    const unread = { verb: "toys.of_tomorrow" };
    await sql.write("unread", async (tx) => {
      await tx.updateTable("operations").set(unread).where("id", "=", "op_instance").execute();
    });
    await world.run(core.operations.leaveOthers());
    const states = { toy_0: "done", toy_1: "open", op_mode: "open" };
    assert.deepEqual(await statesOf(sql), { ...states, op_instance: "open" });
    const flags = await sql.read("flags", (reader) =>
      reader.selectFrom("flags").select(["kind", "subject"]).where("kind", "like", "operation%").execute(),
    );
    assert.deepEqual(flags, [{ kind: "operation_unreadable", subject: "op_instance" }]);
    await sql.write("read", async (tx) => {
      await tx.updateTable("operations").set({ verb: enroll.name }).where("id", "=", "op_instance").execute();
    });
    const { core: replica } = await toys.mortal();
    await world.run(Promise.all([core, replica].map(({ operations }) => operations.leaveOthers())));
    assert.deepEqual(
      await statesOf(sql),
      { ...states, op_instance: "canceled" },
      "by one of the two that begin at once",
    );
    const said = world.log.length;
    await world.run(core.operations.leaveOthers());
    assert.equal(world.log.length, said, "what was left is not asked for again at every start");
    await world.run(replica.close());
    await toys.close();
  },
);

const crowds: Record<string, (n: number) => Partial<OperationRow>> = {
  "waits behind what waits": (n) => ({ turn: n + 2 }),
  "is of another mode": (n) => ({ mode: "live", lane: `toy:other_${n}` }),
  "is of another installation": (n) => ({ instance: "ins_of_the_original", lane: `toy:other_${n}` }),
};

for (const [what, changes] of Object.entries(crowds)) {
  on(`however much ${what}, what is due beside it is worked`, async ({ url, sql }) => {
    const toys = await startToys(url);
    const { world, core } = toys;
    world.fail("POST /v1/customers", 401, 2);
    const { operationId: waiting } = await give(toys, "toy_1");
    const { operationId: due } = await give(toys, "toy_2");
    await sql.write("crowd", async (tx) => {
      const operation = await tx
        .selectFrom("operations")
        .selectAll()
        .where("id", "=", waiting)
        .executeTakeFirstOrThrow();
      const call = await tx.selectFrom("calls").selectAll().where("operation", "=", waiting).executeTakeFirstOrThrow();
      const forLong = core.ports.clock.now() + 60 * minuteMs;
      await tx.updateTable("calls").set({ next_at: forLong }).where("operation", "=", waiting).execute();
      await tx.updateTable("calls").set({ next_at: 2 }).where("operation", "=", due).execute();
      for (let n = 0; n < 30; n++) {
        const row = { ...operation, ...changes(n), id: `op_${n}`, subject: `toy_1|${n}` };
        await tx.insertInto("operations").values(row).execute();
        await tx
          .insertInto("calls")
          .values({ ...call, operation: row.id, key: `key_${n}`, next_at: 1 })
          .execute();
      }
    });
    world.requests.length = 0;
    assert.equal(await world.run(core.operations.work()), 1);
    assert.deepEqual(
      world.requests.filter((line) => line.startsWith("POST")),
      ["POST /v1/customers"],
    );
    await toys.close();
  });
}
