// One seed, one run: what happened can be replayed to the byte, so a failure with a seed is a failure in hand.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createTestDatabase, engineNames } from "#kit/sql/testing.ts";
import { card } from "../stories/card.ts";
import { perform } from "../stories/stage/stage.ts";

for (const engine of engineNames) {
  test(`the story "card" twice with one seed writes the same bytes (${engine})`, async (t) => {
    const runs: { log: string; dump: string; points: string }[] = [];
    for (const _ of [1, 2]) {
      const database = await createTestDatabase(engine);
      if (!database) return t.skip("no PostgreSQL at the default address, and DATABASE_URL is not set");
      const { testbed } = await perform(card, { database: database.url });
      const dump = await testbed.dump();
      runs.push({ log: testbed.log.join(""), dump, points: testbed.points.join("\n") });
      await testbed.close();
      await database.drop();
    }
    const [first, second] = runs as [(typeof runs)[0], (typeof runs)[0]];
    assert.ok(first.log.includes("stripe.call"), "there is a log to compare");
    assert.ok(first.dump.includes("order_9001"), "there are rows to compare");
    assert.equal(second.points, first.points);
    assert.equal(second.log, first.log);
    assert.equal(second.dump, first.dump);
  });
}

test('another seed makes another run of the story "card"', async () => {
  const logs: string[] = [];
  for (const seed of [1, 2]) {
    const { testbed } = await perform({ ...card, seed });
    logs.push(testbed.log.join(""));
    await testbed.close();
  }
  assert.notEqual(logs[0], logs[1]);
});
