// Many lanes are one claim, one read and one transaction; and a set keeps what one lane keeps: whoever lost a lane
// writes nothing for it, and whoever takes one over works alone what was begun there.
import assert from "node:assert/strict";
import { minuteMs, secondMs } from "#kit/clock.ts";
import type { Faults } from "#kit/sql/engine.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { coreOn } from "../../testing/core.ts";
import { deliver, paymentEvent, receipts } from "../../testing/inbox.ts";
import { leaveCatchUp, startWorld } from "../../testing/index.ts";
import { claimLanes, takeoversOf } from "../store/lanes.ts";
import type { BillingTables } from "../store/tables.ts";
import { findDue, lanesMax, take, unended } from "./claim.ts";
import { workSet } from "./sets.ts";
import { workInbox } from "./work.ts";

const on = onEachDatabase<BillingTables>;

on("a hundred objects of ours are worked in five transactions and one update of receipts", async ({ url, open }) => {
  const world = await startWorld({ url, isStarted: false });
  world.setWebhooks(false);
  const counted = { transactions: 0, updates: 0 };
  const faults: Faults = ({ point, label, sql: text }) => {
    if (!label.startsWith("inbox.")) return;
    if (point === "begin") counted.transactions++;
    if (point === "statement" && /^update .*receipts/.test(text ?? "")) counted.updates++;
  };
  const sql = await open({ clock: world.ports.clock, faults });
  await leaveCatchUp(sql);
  const core = await coreOn(world, sql);
  const { instance } = core.kernel;
  await deliver(
    world,
    Array.from({ length: 100 }, (_, nth) => paymentEvent(world, nth, instance)),
  );
  Object.assign(counted, { transactions: 0, updates: 0 });
  await world.run(core.work(minuteMs));
  const rows = Object.values(await receipts(sql));
  assert.deepEqual(new Set(rows.map(({ state, attempts }) => `${state} ${attempts}`)), new Set(["done 1"]));
  assert.equal(rows.length, 100);
  // Of these one is for foreign receipts that have become ours.
  assert.equal(counted.updates, 2);
  // Look, take, read, write; and a look that finds nothing more.
  assert.ok(counted.transactions <= 5, JSON.stringify(counted));
  await world.close();
});

on("of a set, a lane that was lost meanwhile is not written, and the others are", async ({ url, open }) => {
  const world = await startWorld({ url, isStarted: false });
  world.setWebhooks(false);
  const [ours, theirs] = [await open({ clock: world.ports.clock }), await open({ clock: world.ports.clock })];
  const [slow, quick] = [await coreOn(world, ours), await coreOn(world, theirs)];
  const { instance } = slow.kernel;
  await deliver(
    world,
    [0, 1, 2].map((nth) => paymentEvent(world, nth, instance)),
  );
  const taken = await take(slow.kernel, await findDue(slow.kernel));
  assert.equal(taken.length, 3);
  assert.deepEqual(await findDue(quick.kernel), [], "what somebody holds is not due for others");
  await world.advance(9 * secondMs); // longer than a lease
  const over = await take(quick.kernel, ["pi_1"]);
  assert.deepEqual(
    over.map(({ lease, first, suspects }) => [takeoversOf(lease), first.length, suspects.length]),
    [[1, 0, 1]],
    "what was begun there is worked alone",
  );
  const begun = await receipts(theirs);
  assert.deepEqual(
    [begun.pi_0, begun.pi_1, begun.pi_2].map((receipt) => [receipt?.attempts, receipt?.error]),
    [
      [0, null],
      [1, unended],
      [0, null],
    ],
    "and nothing of the lanes beside it is counted",
  );
  assert.deepEqual(await workSet(slow.kernel, taken, new Map()), []);
  const after = await receipts(ours);
  assert.deepEqual([after.pi_0?.state, after.pi_1?.state, after.pi_2?.state], ["done", "open", "done"]);
  assert.deepEqual(after.pi_1, { state: "open", attempts: 1, error: unended });
  const mirrored = await ours.read("mirror", (reader) =>
    reader.selectFrom("mirror").select("id").orderBy("id").execute(),
  );
  assert.deepEqual(mirrored, [{ id: "pi_0" }, { id: "pi_2" }]);
  await world.advance(9 * secondMs);
  await world.run(world.billing.tick({ maxMs: minuteMs }));
  assert.equal((await receipts(ours)).pi_1?.attempts, 2, "the second taker died too, and had begun none");
  await world.close();
});

on(
  "lanes of which nobody knows whether they were taken are free at once, and the next set is smaller",
  async ({ url, open }) => {
    const world = await startWorld({ url, isStarted: false });
    world.setWebhooks(false);
    for (const point of ["commit", "committed"] as const) {
      let isArmed = true;
      const faults: Faults = (at) => {
        if (at.point !== point || at.label !== "inbox.claim" || !isArmed) return;
        isArmed = false;
        throw new Error("the connection broke");
      };
      const core = await coreOn(world, await open({ clock: world.ports.clock, faults }));
      await deliver(world, [paymentEvent(world, point.length, core.kernel.instance)]);
      assert.equal(await world.run(workInbox(core.kernel)), 0);
      assert.equal(isArmed, false);
      assert.equal(core.kernel.pace.size(), lanesMax / 2);
      const taken = await take(core.kernel, await findDue(core.kernel));
      assert.deepEqual(
        taken.map(({ lease, first, suspects }) => [takeoversOf(lease), first.length, suspects.length]),
        [[0, 1, 0]],
      );
      assert.deepEqual(await workSet(core.kernel, taken, new Map()), []);
    }
    await world.close();
  },
);

on("what was worked is written once, though nobody knows at first whether it was", async ({ url, open }) => {
  const world = await startWorld({ url, isStarted: false });
  world.setWebhooks(false);
  let silences = 2;
  const faults: Faults = ({ point, label }) => {
    if (point === "committed" && label === "inbox.done" && silences-- > 0) throw new Error("the connection broke");
  };
  const sql = await open({ clock: world.ports.clock, faults });
  const core = await coreOn(world, sql);
  await deliver(world, [paymentEvent(world, 1, core.kernel.instance)]);
  const taken = await take(core.kernel, await findDue(core.kernel));
  assert.deepEqual(await workSet(core.kernel, taken, new Map()), []);
  assert.deepEqual(await receipts(sql), { pi_1: { state: "done", attempts: 1, error: null } });
  const mirrored = await sql.read("mirror", (reader) =>
    reader.selectFrom("mirror").select(["id", "version"]).execute(),
  );
  assert.deepEqual(mirrored, [{ id: "pi_1", version: 1 }]);
  await world.close();
});

on("of more lanes than ask Stripe at once the others are given back, and worked next", async ({ url, open, sql }) => {
  const world = await startWorld({ url, isStarted: false });
  world.setWebhooks(false);
  const { kernel } = await coreOn(world, await open({ clock: world.ports.clock }));
  const all = Array.from({ length: 9 }, () => world.stripe.paymentIntents.create({ amount: 2_500, currency: "eur" }));
  const payments = await world.run(Promise.all(all.map((payment) => payment.then(({ id }) => id))));
  const events = payments.map((id, nth) => {
    const event = paymentEvent(world, nth, kernel.instance) as { data: { object: object } };
    // Of an older version of the API, so that only a look can tell.
    return { ...event, api_version: "2020-08-27", data: { object: { ...event.data.object, id } } };
  });
  await deliver(world, events);
  assert.deepEqual([await world.run(workInbox(kernel)), await world.run(workInbox(kernel))], [8, 1]);
  const states = Object.values(await receipts(sql)).map(({ state, attempts }) => `${state} ${attempts}`);
  assert.deepEqual(new Set(states), new Set(["done 1"]));
  await world.close();
});

on("what no resource of this program knows fails alone, and not what is beside it in its lane", async (database) => {
  const world = await startWorld({ url: database.url, isStarted: false });
  world.setWebhooks(false);
  const sql = await database.open({ clock: world.ports.clock });
  const { kernel } = await coreOn(world, sql);
  await deliver(
    world,
    [0, 1, 2].map((nth) => paymentEvent(world, nth, kernel.instance)),
  );
  await sql.write("one lane", async (tx) => {
    await tx.updateTable("receipts").set({ lane: "cus_1" }).execute();
    await tx.updateTable("receipts").set({ object_kind: "unicorn" }).where("object_id", "=", "pi_1").execute();
  });
  await world.run(workInbox(kernel));
  const { pi_0, pi_1, pi_2 } = await receipts(sql);
  assert.deepEqual([pi_0?.state, pi_2?.state], ["done", "done"]);
  assert.deepEqual([pi_1?.state, pi_1?.attempts], ["open", 1]);
  assert.match(pi_1?.error ?? "", /No resource knows/);
  await world.close();
});

on("what can be told without Stripe does not wait for what it is asked about in the same lane", async (database) => {
  const world = await startWorld({ url: database.url, isStarted: false });
  world.setWebhooks(false);
  const { sql } = database;
  await leaveCatchUp(sql);
  const { kernel } = await coreOn(world, await database.open({ clock: world.ports.clock }));
  const [told, asked] = [1, 2].map((nth) => paymentEvent(world, nth, kernel.instance));
  // The other is of an older version of the API, so that only a look can tell.
  await deliver(world, [told as object, { ...asked, api_version: "2020-08-27" }]);
  await sql.write("one lane", async (tx) => void (await tx.updateTable("receipts").set({ lane: "cus_1" }).execute()));
  world.fail("GET /v1/payment_intents/", "slow");
  const looking = world.billing.tick({ maxMs: secondMs });
  await world.advance(secondMs);
  const { pi_1, pi_2 } = await receipts(sql);
  assert.deepEqual([pi_1?.state, pi_2?.state], ["done", "open"]);
  await world.run(looking);
  await world.close();
});

on("a lane that was lost while its object was looked at is not written", async ({ url, open, sql }) => {
  const world = await startWorld({ url, isStarted: false });
  world.setWebhooks(false);
  await leaveCatchUp(sql);
  const other = await open({ clock: world.ports.clock });
  const quick = await coreOn(world, other);
  const payment = await world.run(world.stripe.paymentIntents.create({ amount: 2_500, currency: "eur" }));
  const event = paymentEvent(world, 1, quick.kernel.instance) as { data: { object: object } };
  // Of an older version of the API, so that only a look can tell.
  const object = { ...event.data.object, id: payment.id };
  await deliver(world, [{ ...event, api_version: "2020-08-27", data: { object } }]);
  world.fail("GET /v1/payment_intents/", "slow");
  const looking = world.billing.tick({ maxMs: secondMs });
  await world.advance(9 * secondMs); // longer than a lease
  assert.equal((await take(quick.kernel, [payment.id])).length, 1);
  await world.run(looking);
  assert.deepEqual(await receipts(other), {
    [payment.id]: { state: "open", attempts: 1, error: unended },
  });
  const mirrored = await other.read("mirror", (reader) => reader.selectFrom("mirror").select("id").execute());
  assert.deepEqual(mirrored, []);
  assert.ok(world.log.some((line) => line.includes("inbox.lane_lost")));
  await world.close();
});

on(
  "a lane that was lost before a suspect of it was begun counts no attempt of whoever has it now",
  async (database) => {
    const world = await startWorld({ url: database.url, isStarted: false });
    world.setWebhooks(false);
    let isLost = false;
    const faults: Faults = async ({ point, label }) => {
      if (isLost || point !== "begin" || label !== "inbox.suspect") return;
      isLost = true;
      await database.sql.write(
        "lost",
        async (tx) => void (await tx.updateTable("lanes").set({ owner: "b" }).execute()),
      );
    };
    const { kernel } = await coreOn(world, await database.open({ clock: world.ports.clock, faults }));
    await deliver(world, [paymentEvent(world, 1, kernel.instance)]);
    await database.sql.write("left", async (tx) => {
      await claimLanes(tx, { keys: ["inbox:pi_1"], owner: "a", now: kernel.ports.clock.now() });
    });
    await world.advance(9 * secondMs); // longer than a lease
    await world.run(workInbox(kernel));
    assert.ok(isLost);
    assert.deepEqual(await receipts(database.sql), { pi_1: { state: "open", attempts: 1, error: unended } });
    await world.close();
  },
);

on("what moves under every look is looked at three times, and again later", async ({ url, open, sql }) => {
  const world = await startWorld({ url, isStarted: false });
  world.setWebhooks(false);
  await leaveCatchUp(sql);
  let moves = 0;
  let isMoving = false;
  const faults: Faults = async ({ point, label }) => {
    if (!isMoving || point !== "begin" || label !== "inbox.done") return;
    moves++;
    await sql.write("faster", async (tx) => {
      await tx
        .updateTable("mirror")
        .set((eb) => ({ version: eb("version", "+", 1) }))
        .execute();
    });
  };
  const { kernel } = await coreOn(world, await open({ clock: world.ports.clock, faults }));
  const metadata = { bursar_instance: kernel.instance };
  const payment = await world.run(world.stripe.paymentIntents.create({ amount: 2_500, currency: "eur", metadata }));
  const tell = async (nth: number) => {
    // Of an older version of the API, so that only a look can tell.
    await deliver(world, [{ ...paymentEvent(world, nth), api_version: "2020-08-27", data: { object: payment } }]);
    await world.run(workInbox(kernel));
  };
  await tell(1);
  await world.advance(minuteMs);
  isMoving = true;
  await tell(2);
  assert.equal(moves, 3);
  const last = () =>
    sql.read("last", (reader) =>
      reader.selectFrom("receipts").select(["state", "error"]).where("id", "=", "evt_2").executeTakeFirstOrThrow(),
    );
  assert.deepEqual(await last(), { state: "open", error: "The object moved under 3 looks" });
  isMoving = false;
  await world.advance(minuteMs);
  await world.run(workInbox(kernel));
  assert.deepEqual(await last(), { state: "done", error: null });
  await world.close();
});
