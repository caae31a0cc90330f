// What is kept is all there is: of every noun an object, read in every way before and after.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, suite, test } from "node:test";
import { dayMs } from "#kit/clock.ts";
import { resources } from "./resources/index.ts";
import { doEverything, type Json } from "./resources/testing.ts";
import { type SandboxWorld, startWorld } from "./testing.ts";

/** Nouns that have no objects of their own in the store, and why. */
const keptElsewhere = {
  account: "it follows from its key",
  plan: "it is a price, as it looked before there were prices",
  subscription_item: "its subscription holds it",
};

/** By kind, as the newest version shows them. */
async function allOf({ sandbox }: SandboxWorld): Promise<ReadonlyMap<string, readonly Json[]>> {
  const page = async (query: string) =>
    (await (await sandbox.fetch(new Request(`http://localhost/-/objects.json${query}`))).json()) as Json;
  const { counts } = (await page("")) as { counts: { object: string }[] };
  const found = new Map<string, readonly Json[]>();
  for (const { object } of counts) {
    const data: Json[] = [];
    for (let query: unknown = `?object=${object}`; query !== null; ) {
      const answer = await page(String(query));
      data.push(...(answer.data as Json[]));
      query = answer.next;
    }
    found.set(object, data);
  }
  return found;
}

/** What does not hang on chance: two worlds that go on from one moment do the same to other ids. */
function facts(objects: readonly Json[] = []): string[] {
  return objects
    .map(({ created, date, status, type, amount, total }) => [created, date, status, type, amount, total].join(" "))
    .toSorted();
}

suite("what is kept", () => {
  const dataFolder = mkdtempSync(path.join(tmpdir(), "bursar-"));
  after(() => rmSync(dataFolder, { recursive: true }));
  const world = startWorld({ dataFolder });
  let all: Awaited<ReturnType<typeof allOf>>;

  test("of every noun there is an object", async () => {
    await doEverything(world);
    all = await allOf(world);
    const missing = resources.map(({ noun }) => noun.object).filter((object) => !all.has(object));
    assert.deepEqual(missing.toSorted(), Object.keys(keptElsewhere).toSorted());
  });

  test("after a kill all of them are there, as they were", async () => {
    const next = await allOf(startWorld({ dataFolder, seed: 8 }));
    for (const [object, shown] of all) assert.deepEqual(next.get(object), shown, object);
    assert.deepEqual([...next.keys()], [...all.keys()]);
  });

  test("out of a snapshot too, and the world goes on from there as it would have", async () => {
    const other = startWorld({ seed: 9 });
    other.sandbox.restore(world.sandbox.snapshot());
    const restored = await allOf(other);
    for (const [object, shown] of all) assert.deepEqual(restored.get(object), shown, object);
    for (const { clock } of [world, other]) await clock.advance(40 * dayMs);
    const [here, there] = [await allOf(world), await allOf(other)];
    assert.deepEqual([...there.keys()], [...here.keys()]);
    for (const [object, shown] of here) assert.deepEqual(facts(there.get(object)), facts(shown), object);
  });
});
