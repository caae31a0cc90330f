// A backlog of which Stripe's lists show nothing comes to an end: it is listed once, and looked at alone at Stripe's
// pace.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { coreOn } from "../../testing/core.ts";
import { deliver, paymentEvent, receipts } from "../../testing/inbox.ts";
import { leaveCatchUp, startWorld } from "../../testing/index.ts";
import type { Kernel } from "../contract/context.ts";
import type { BillingTables } from "../store/tables.ts";
import { createTurns } from "./alone.ts";
import { workInbox } from "./work.ts";

test("turns begin in a second, and as many are together as may leave in one", () => {
  let nowMs = 7;
  const turns = createTurns({ monotonicMs: () => nowMs }, 2);
  const take = (count: number) => Array.from({ length: count }, () => turns.nextMs());
  assert.deepEqual(take(5), [1_000, 1_000, 2_000, 2_000, 3_000]);
  nowMs += 400;
  assert.deepEqual(take(2), [2_600, 3_600], "what waits already goes first");
  nowMs += 3_600;
  assert.deepEqual(take(3), [1_000, 1_000, 2_000], "all have had theirs");
});

const count = 40;
const inSecond = 16; // two thirds of Stripe's 25 in test mode
/** Not fresh any more, so that only a look can tell. */
const late = 3 * minuteMs;

/** The paths that are read of Stripe from now on, and "list" for each list. */
function hearReads({ gateway }: Kernel): readonly string[] {
  const heard: string[] = [];
  const { read, pages } = gateway;
  Object.assign(gateway, {
    read(...given: Parameters<typeof read>) {
      heard.push(given[0]);
      return read(...given);
    },
    pages(...given: Parameters<typeof pages>) {
      heard.push("list");
      return pages(...given);
    },
  });
  return heard;
}

onEachDatabase<BillingTables>(
  "what no list shows is listed once, and is looked at alone as often as any other that is not there",
  async ({ url, open }) => {
    const world = await startWorld({ url, isStarted: false });
    world.setWebhooks(false);
    const sql = await open({ clock: world.ports.clock });
    await leaveCatchUp(sql);
    const core = await coreOn(world, sql);
    const about = { created: Math.floor(world.ports.clock.now() / secondMs) };
    const events = Array.from({ length: count }, (_, nth) => paymentEvent(world, nth, core.kernel.instance));
    for (const event of events as { data: { object: object } }[]) Object.assign(event.data.object, about);
    await deliver(world, events);
    await world.advance(late);
    const reads = hearReads(core.kernel);
    const work = () => world.run(workInbox(core.kernel));

    const begunAt = world.ports.clock.now();
    assert.equal(await work(), 8);
    assert.equal(reads.length, 1 + 8);
    const waiting = await sql.read("waiting", (reader) =>
      reader.selectFrom("receipts").select("next_at").where("repeats", "=", 0).execute(),
    );
    const isPutOff = ({ next_at }: { next_at: number }) => next_at > begunAt;
    assert.equal(waiting.length, count - 8);
    assert.equal(waiting.filter(isPutOff).length, count - 8 - inSecond, "they wait for their turn");
    await deliver(world, [paymentEvent(world, count, core.kernel.instance)]);
    await work();
    assert.equal((await receipts(sql))[`pi_${count}`]?.state, "done", "what is new goes on");

    for (let ms = 0; ms < 2 * hourMs; ms += 10 * minuteMs) {
      await world.run(core.work(minuteMs));
      await world.advance(10 * minuteMs);
    }
    const states = Object.values(await receipts(sql)).map(({ state }) => state);
    assert.deepEqual([...new Set(states)].sort(), ["dead", "done"]);
    const timesOf = (path: string) => reads.filter((read) => read === path).length;
    assert.equal(timesOf("list"), 1);
    const looks = Array.from({ length: count }, (_, nth) => timesOf(`/v1/payment_intents/pi_${nth}`));
    assert.deepEqual(new Set(looks), new Set([6]));
    await world.close();
  },
);
