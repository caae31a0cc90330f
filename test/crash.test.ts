// Killed at each of its awaits and started again, a payment is made once, kept once and told once. `npm test` takes a
// seeded sample of the awaits, `npm run test:all` every one, CI a part of them.
import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { seededRandom } from "#kit/random.ts";
import { readPrepared } from "#kit/sql/prepared/testing.ts";
import { createTestDatabase, type EngineName, engineNames, type TestDatabase } from "#kit/sql/testing.ts";
import { draws, isWholeRun } from "#kit/testing.ts";
import { card } from "../stories/card.ts";
import { type Performance, perform } from "../stories/stage/stage.ts";

const skipped = "no PostgreSQL at the default address, and DATABASE_URL is not set";

/** In `npm test`; a life takes a fraction of a second, and on PostgreSQL its database another. */
const sampled: Readonly<Record<EngineName, number>> = { sqlite: 12, postgres: 3 };

/** An await of the first life. Those of making the tables need a database without them; all others are soon reached. */
interface Moment {
  readonly isEmpty: boolean;
  readonly point: number;
}

for (const engine of engineNames) {
  test(`the story "card", killed at ${isWholeRun ? "each" : "a sample"} of its awaits (${engine})`, async (t) => {
    const moments = await momentsOf(engine);
    if (moments === undefined) return t.skip(skipped);
    const count = moments.length;
    assert.ok(count > 20, `only ${count} awaits: are the ports wrapped?`);
    const chosen = sample(count, draws(sampled[engine], count)).map((number) => moments[number - 1] as Moment);
    for (const moment of chosen) await dieAt(engine, moment);
    t.diagnostic(`${chosen.length} of ${count} awaits`);
  });
}

async function momentsOf(engine: EngineName): Promise<readonly Moment[] | undefined> {
  const [atFirst, later] = [await pointsOf(engine, true), await pointsOf(engine, false)];
  if (!atFirst || !later) return undefined;
  const ofTables = (label: string) => label.startsWith("migrate.");
  const numbered = (points: readonly string[], isEmpty: boolean) =>
    points.flatMap((label, index) => (ofTables(label) === isEmpty ? [{ isEmpty, point: index + 1 }] : []));
  return [...numbered(atFirst, true), ...numbered(later, false)];
}

async function pointsOf(engine: EngineName, isEmpty: boolean): Promise<readonly string[] | undefined> {
  return onDatabase({ engine, isEmpty }, async (database) => {
    const performance = await perform(card, { database: database.url });
    const points = [...performance.testbed.points];
    await verify(performance, "not killed");
    return points;
  });
}

async function dieAt(engine: EngineName, { isEmpty, point }: Moment): Promise<void> {
  await onDatabase({ engine, isEmpty }, async (database) => {
    const performance = await perform(card, { database: database.url, killAt: point });
    // Long enough for the leases of the dead to end and for everything that was left open to be taken up.
    await performance.testbed.advance("70 seconds");
    assert.equal(performance.testbed.incarnation, 2, `point ${point} of the first life was not reached`);
    await verify(performance, `killed at await ${point}${isEmpty ? " on an empty database" : ""}`);
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

async function onDatabase<T>(
  { engine, isEmpty }: { readonly engine: EngineName; readonly isEmpty: boolean },
  work: (database: TestDatabase) => Promise<T>,
): Promise<T | undefined> {
  const database = engine === "sqlite" ? fileInMemory(isEmpty) : await createTestDatabase(engine, { isEmpty });
  if (!database) return undefined;
  try {
    return await work(database);
  } finally {
    await database.drop();
  }
}

/** A kill inside a process loses nothing that was written, so the disk need not be waited for. */
function fileInMemory(isEmpty: boolean): TestDatabase {
  const folder = mkdtempSync(path.join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "bursar-crash-"));
  const file = path.join(folder, "billing.db");
  const prepared = readPrepared(process.env).file;
  if (!isEmpty && prepared !== undefined) copyFileSync(prepared, file);
  const drop = async () => rmSync(folder, { recursive: true, force: true });
  return { engine: "sqlite", url: `sqlite:${file}`, drop };
}

/** `size` different numbers of 1 … count, always the same ones. */
function sample(count: number, size: number): number[] {
  const random = seededRandom(1, "crash points");
  const chosen = new Set<number>();
  while (chosen.size < Math.min(size, count)) chosen.add(random.integer(1, count));
  return [...chosen].sort((a, b) => a - b);
}
