// An import that is killed at any of its awaits goes on where it stopped: nothing is doubled, nothing is left out, and
// the report is the one of an import in one go. `npm test` takes a sample of the awaits, the whole run every one.
import assert from "node:assert/strict";
import { createTestDatabase, onEachDatabase } from "#kit/sql/testing.ts";
import { cases, stride } from "#kit/testing.ts";
import type { ImportReport } from "../../api/index.ts";
import { createBilling } from "../../index.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { optionsFor, startWorld } from "../../testing/index.ts";
import { openAccount } from "./testing.ts";

const idFrom = { metadata: "user_id" };
/** In `npm test` every so many awaits. */
const step = stride(90);

onEachDatabase<BillingTables>(
  "killed at any await, an import ends as if it had not been",
  async ({ url, engine, open, t }) => {
    const world = await startWorld({ url, isStarted: false });
    await openAccount(world, cases(20, 60));
    const whole = await importKilled([]);
    assert.ok(whole.awaits > 100, `only ${whole.awaits} awaits`);
    assert.ok(whole.known.length > 80, `${whole.known.length} rows`);
    for (let nth = whole.booted + 1; nth <= whole.awaits; nth += step) {
      const killed = await importKilled([nth]);
      assert.deepEqual(killed.report, whole.report, `killed at await ${nth}`);
      assert.deepEqual(killed.known, whole.known, `killed at await ${nth}`);
    }
    t.diagnostic(`${Math.ceil((whole.awaits - whole.booted) / step)} of ${whole.awaits - whole.booted} awaits`);
    const often = await importKilled([200, 200, 200, 200, 200]);
    assert.deepEqual([often.report, often.known], [whole.report, whole.known], "killed again and again");
    await world.close();

    /** On a database of its own: one life for each point, and one that ends. */
    async function importKilled(points: readonly number[]) {
      const database = (await createTestDatabase(engine)) ?? assert.fail(engine);
      const options = optionsFor(database.url);
      let ended: { report: ImportReport; awaits: number; booted: number } | undefined;
      for (const point of [...points, undefined]) {
        const life = world.life(point);
        const work = (async () => {
          const billing = await createBilling(options, life.ports);
          const booted = life.points.length;
          const report = await billing.import({ idFrom });
          ended = { report, awaits: life.points.length, booted };
          await billing.close();
        })();
        await world.run(Promise.race([work, life.death]));
        life.kill();
        life.release();
      }
      const known = await open({ url: database.url });
      const rows = await known.read("known", async (reader) => [
        ...(await reader
          .selectFrom("mirror")
          .select(["id", "kind", "version", "customer", "row"])
          .orderBy("id")
          .execute()),
        ...(await reader.selectFrom("customers").select(["id", "stripe_id", "name"]).orderBy("id").execute()),
        ...(await reader.selectFrom("refunds").select(["id", "status", "amount"]).orderBy("id").execute()),
        ...(await reader.selectFrom("methods_read").select("stripe_id").orderBy("stripe_id").execute()),
        ...(await reader.selectFrom("facts").select("id").execute()),
        ...(await reader.selectFrom("operations").select("id").execute()),
        ...(await reader.selectFrom("import_customers").selectAll().execute()),
      ]);
      await known.close();
      await database.drop();
      return { ...(ended ?? assert.fail("it never ended")), known: rows };
    }
  },
);
