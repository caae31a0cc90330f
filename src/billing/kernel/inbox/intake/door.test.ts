// What is decided of an event before it is stored: nothing that needs the object, and nothing that a worker would
// decide otherwise.
import assert from "node:assert/strict";
import { secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { coreOn } from "../../../testing/core.ts";
import { leaveCatchUp, startWorld, type World } from "../../../testing/index.ts";
import type { BillingCore } from "../../core.ts";
import type { BillingSql, BillingTables, CallRow, MirrorRow } from "../../store/tables.ts";
import { apiVersion } from "../../stripe/gateway.ts";

const on = onEachDatabase<BillingTables>;

interface Door {
  readonly world: World;
  readonly core: BillingCore;
  readonly sql: BillingSql;
  /** A charge of that name has succeeded `agoMs` ago. Answers its receipt's state, whether it has ended, its lane. */
  stored(id: string, charge?: object, agoMs?: number): Promise<string>;
  /** What our mirror knows. */
  mirror(id: string, known: Partial<MirrorRow>): Promise<void>;
}

async function startDoor({ url, open }: Parameters<Parameters<typeof on>[1]>[0]): Promise<Door> {
  const world = await startWorld({ url, isStarted: false });
  world.setWebhooks(false);
  const sql = await open({ clock: world.ports.clock });
  const core = await coreOn(world, sql);
  const now = () => world.ports.clock.now();
  return {
    world,
    core,
    sql,
    async stored(id, charge = {}, agoMs = 0) {
      const object = {
        id,
        object: "charge",
        status: "succeeded",
        amount: 2_500,
        currency: "eur",
        metadata: {},
        ...charge,
      };
      const created = Math.floor((now() - agoMs) / secondMs);
      const about = { object: "event", created, livemode: false, api_version: apiVersion };
      const event = { id: `evt_${id}_${agoMs}`, ...about, type: "charge.succeeded", data: { object } };
      assert.equal(await core.inbox.store([Buffer.from(JSON.stringify(event))]), 1);
      const row = await sql.read("receipt", (reader) =>
        reader
          .selectFrom("receipts")
          .select(["state", "ended_at", "lane", "attempts", "customer"])
          .where("id", "=", event.id)
          .executeTakeFirstOrThrow(),
      );
      assert.equal(row.attempts, 0);
      if (row.customer !== null) assert.equal(row.lane, row.customer, "whose it is is known, should he become ours");
      else assert.ok(!row.lane.startsWith("cus_"));
      return `${row.state}${row.ended_at === null ? "" : ", ended"}, in ${row.lane}`;
    },
    async mirror(id, known) {
      const times = { seen_created: 0, look_begun: 0, tombstone: 0, updated_at: 0 };
      const row = { id, kind: "charge", version: 1, ...times, customer: null, parent: null, row: "{}", ...known };
      const raw = new Uint8Array(Buffer.from("{}"));
      await sql.write(
        "mirror",
        async (tx) =>
          void (await tx
            .insertInto("mirror")
            .values({ ...row, raw })
            .execute()),
      );
    },
  };
}

on("an event of nobody's object is stored as foreign, and one of ours to be worked", async (database) => {
  const { world, core, stored, mirror } = await startDoor(database);
  assert.equal(await stored("ch_1"), "foreign, ended, in ch_1");
  assert.equal(await stored("ch_2", { customer: "cus_theirs" }), "foreign, ended, in cus_theirs");
  const marks = { bursar_instance: core.kernel.instance };
  assert.equal(await stored("ch_3", { metadata: marks }), "open, in ch_3");
  assert.equal(await stored("ch_4", { metadata: { bursar_instance: "another" } }), "foreign, ended, in ch_4");
  await mirror("pi_ours", { customer: "cus_of_ours" });
  assert.equal(await stored("ch_5", { payment_intent: "pi_ours" }), "open, in cus_of_ours");
  assert.equal(await stored("ch_6", { payment_intent: "pi_theirs" }), "foreign, ended, in pi_theirs");
  await mirror("ch_7", {});
  assert.equal(await stored("ch_7"), "open, in ch_7");
  await world.close();
});

on("what a call of ours may make ours is not decided while it is on its way", async (database) => {
  const { world, core, sql, stored } = await startDoor(database);
  await leaveCatchUp(sql);
  const id = "op_1";
  await sql.write("operation", async (tx) => {
    const made = { id, instance: "i", mode: "test", verb: "v", subject: "s", attempt: 1, lane: "l", turn: 1 } as const;
    const texts = { params_hash: "", params: "{}", step: "s", answers: "{}", actor: null, outcome: null };
    const rest = { state: "open", cancel_requested: 0, promised: 0, created_at: 0, ended_at: null } as const;
    await tx
      .insertInto("operations")
      .values({ ...made, ...texts, ...rest })
      .execute();
    const call = { operation: id, step: "s", n: 1, key: "k", method: "POST", path: "/", api_version: "v" } as const;
    const times = { first_sent_at: 0, tries: 1, next_at: 0, http: null, stripe_id: null };
    const body = new Uint8Array();
    const row: CallRow = { ...call, ...times, body, state: "sent", touches: "pi_1" };
    await tx.insertInto("calls").values(row).execute();
  });
  assert.equal(await stored("ch_1", { payment_intent: "pi_1" }), "open, in pi_1");
  assert.equal(await stored("ch_2", { metadata: { bursar_op: id } }), "open, in ch_2");
  assert.equal(await stored("ch_3", { payment_intent: "pi_3" }), "foreign, ended, in pi_3");
  await world.run(core.work(secondMs));
  const said = world.log.map((line) => JSON.parse(line)).filter(({ event }) => event === "inbox.done");
  assert.deepEqual(
    said.map(({ by, receipts, objects }) => ({ by, receipts, objects })),
    [{ by: "wait", receipts: 2, objects: 2 }],
    "nor while it is worked",
  );
  await sql.write("over", async (tx) => void (await tx.updateTable("calls").set({ state: "answered" }).execute()));
  assert.equal(await stored("ch_4", { payment_intent: "pi_1" }), "foreign, ended, in pi_1");
  await world.close();
});

on("what the last look has seen is stored as seen", async (database) => {
  const { world, stored, mirror } = await startDoor(database);
  const lookedAt = world.ports.clock.now() - 60 * secondMs;
  await mirror("ch_1", { look_begun: lookedAt });
  assert.equal(await stored("ch_1", {}, 70 * secondMs), "seen, ended, in ch_1");
  assert.equal(await stored("ch_1", {}, 62 * secondMs), "open, in ch_1", "in doubt");
  assert.equal(await stored("ch_1", {}, 10 * secondMs), "open, in ch_1", "newer");
  await world.close();
});
