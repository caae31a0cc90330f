// Killed at each of its awaits and started again, a payment is made once, kept once and told once. `npm test` takes a
// seeded sample of the awaits, `npm run test:all` every one, CI a part of them.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { seededRandom } from "#kit/random.ts";
import { createTestDatabase, type EngineName, engineNames, type TestDatabase } from "#kit/sql/testing.ts";
import { draws, isWholeRun } from "#kit/testing.ts";
import { card } from "../stories/card.ts";
import { type Performance, perform } from "../stories/stage/stage.ts";

const skipped = "no PostgreSQL at the default address, and DATABASE_URL is not set";

/** In `npm test`; a life takes a fraction of a second, and on PostgreSQL its database another. */
const sampled: Readonly<Record<EngineName, number>> = { sqlite: 12, postgres: 3 };

for (const engine of engineNames) {
  test(`the story "card", killed at ${isWholeRun ? "each" : "a sample"} of its awaits (${engine})`, async (t) => {
    const count = await countPoints(engine);
    if (count === undefined) return t.skip(skipped);
    assert.ok(count > 20, `only ${count} awaits: are the ports wrapped?`);
    const points = sample(count, draws(sampled[engine], count));
    for (const point of points) await dieAt(engine, point);
    t.diagnostic(`${points.length} of ${count} awaits`);
  });
}

async function countPoints(engine: EngineName): Promise<number | undefined> {
  return onDatabase(engine, async (database) => {
    const performance = await perform(card, { database: database.url });
    const count = performance.testbed.points.length;
    await verify(performance, "not killed");
    return count;
  });
}

async function dieAt(engine: EngineName, point: number): Promise<void> {
  await onDatabase(engine, async (database) => {
    const performance = await perform(card, { database: database.url, killAt: point });
    // Long enough for the leases of the dead to end and for everything that was left open to be taken up.
    await performance.testbed.advance("70 seconds");
    assert.equal(performance.testbed.incarnation, 2, `point ${point} of the first life was not reached`);
    await verify(performance, `killed at await ${point}`);
  });
}

async function verify({ testbed, fulfilled }: Performance, when: string): Promise<void> {
  const order = await testbed.billing.orders.get("order_9001");
  assert.equal(order.status, "paid", when);
  assert.equal(order.amountPaid, 2500, when);
  const { data: intents } = await testbed.stripe.paymentIntents.list({ limit: 100 });
  const succeeded = intents.filter((intent) => intent.status === "succeeded");
  assert.equal(succeeded.length, 1, `${when}: one succeeded PaymentIntent, of ${intents.length}`);
  assert.equal(succeeded[0]?.id, order.stripe.paymentIntentId, when);
  // Told at least once, and every time under the same id.
  const told = fulfilled.filter((fact) => fact.what === "order.paid order_9001");
  assert.equal(new Set(told.map((fact) => fact.id)).size, 1, `${when}: ${JSON.stringify(told)}`);
  const open = await testbed.billing.inbox.list({ state: "open" });
  assert.deepEqual(open.data, [], when);
  await testbed.close();
}

async function onDatabase<T>(engine: EngineName, work: (database: TestDatabase) => Promise<T>): Promise<T | undefined> {
  const database = engine === "sqlite" ? fileInMemory() : await createTestDatabase(engine);
  if (!database) return undefined;
  try {
    return await work(database);
  } finally {
    await database.drop();
  }
}

/** A kill inside a process loses nothing that was written, so the disk need not be waited for. */
function fileInMemory(): TestDatabase {
  const folder = mkdtempSync(path.join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "bursar-crash-"));
  const drop = async () => rmSync(folder, { recursive: true, force: true });
  return { engine: "sqlite", url: `sqlite:${path.join(folder, "billing.db")}`, drop };
}

/** `size` different numbers of 1 … count, always the same ones. */
function sample(count: number, size: number): number[] {
  const random = seededRandom(1, "crash points");
  const chosen = new Set<number>();
  while (chosen.size < Math.min(size, count)) chosen.add(random.integer(1, count));
  return [...chosen].sort((a, b) => a - b);
}
