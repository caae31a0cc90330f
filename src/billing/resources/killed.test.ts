// Every verb of the public API, given by a process that is killed at any of its awaits: another one goes on, and Stripe
// does it once. `npm test` takes a sample of the awaits, the whole run every one.
import assert from "node:assert/strict";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../kernel/store/tables.ts";
import { startWorld } from "../testing/index.ts";
import { killAtEachAwait } from "../testing/killed.ts";
import { hasTurn } from "../testing/verb_row.ts";
import { verbs } from "../testing/verbs.table.ts";

for (const [index, [verb, row]] of Object.entries(verbs).entries()) {
  if (!hasTurn(index, 2)) continue;
  onEachDatabase<BillingTables>(
    `${verb}, killed at any await, is done once`,
    async ({ url }) => {
      const world = await startWorld({ url });
      const subjects = new Map<string, string>();
      await killAtEachAwait(world, {
        oneIn: 40,
        async prepare(name) {
          const subject = await row.prepare(world, name);
          subjects.set(name, subject);
          return (billing) => row.command({ ...world, billing }, subject);
        },
        async verify(name, again) {
          assert.equal(again, "done", name);
          assert.equal(await row.effects(world, subjects.get(name) ?? ""), 1, name);
        },
      });
      const { data: flags } = await world.run(world.billing.flags.list({ state: "open" }));
      assert.deepEqual(flags, []);
      await world.close();
    },
    { turn: index },
  );
}
