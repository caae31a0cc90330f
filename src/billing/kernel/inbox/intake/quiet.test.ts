// Working yields to acknowledging: it holds back while events come in by the dozen, and no longer.
import assert from "node:assert/strict";
import { secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { coreOn } from "../../../testing/core.ts";
import { startWorld } from "../../../testing/index.ts";
import type { BillingCore } from "../../core.ts";
import type { BillingTables } from "../../store/tables.ts";

const on = onEachDatabase<BillingTables>;

/** Events that we do not know, stored together. */
async function store(core: BillingCore, name: string, count: number): Promise<void> {
  const bodies = Array.from({ length: count }, (_, n) =>
    JSON.stringify({ id: `evt_${name}_${n}`, type: "unheard.of" }),
  );
  assert.equal(await core.inbox.store(bodies.map((body) => Buffer.from(body))), count);
}

on("after a burst workers hold back until nothing has come for a moment", async ({ url, open }) => {
  const world = await startWorld({ url, isStarted: false });
  const core = await coreOn(world, await open({ clock: world.ports.clock }));
  await store(core, "few", 15);
  await core.inbox.quiet();
  await store(core, "burst", 16);
  let isQuiet = false;
  const quiet = core.inbox.quiet().then(() => {
    isQuiet = true;
  });
  await world.advance(10);
  await store(core, "more", 16);
  await world.advance(10);
  assert.equal(isQuiet, false);
  await world.advance(20);
  await quiet;
  await world.close();
});

on("a burst that does not end holds workers back for ten seconds", async ({ url, open }) => {
  const world = await startWorld({ url, isStarted: false });
  const core = await coreOn(world, await open({ clock: world.ports.clock }));
  await store(core, "first", 16);
  let isQuiet = false;
  void core.inbox.quiet().then(() => {
    isQuiet = true;
  });
  for (let at = 0; at < 10 * secondMs; at += 20) {
    assert.equal(isQuiet, false);
    await store(core, `at_${at}`, 16);
    await world.advance(20);
  }
  assert.equal(isQuiet, true);
  await world.close();
});
