// Stripe remembers a key for a day from its first use. So a key is as old as its first try, however often it was tried
// since; past 23 hours it is not sent again: what it made is found, and what it did not make is made under another.
import assert from "node:assert/strict";
import { hourMs, minuteMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { stride } from "#kit/testing.ts";
import type { BillingTables } from "../kernel/store/tables.ts";
import { startWorld } from "../testing/index.ts";
import { hasTurn, isOf, type VerbRow } from "../testing/verb_row.ts";
import { verbs } from "../testing/verbs.table.ts";

const on = onEachDatabase<BillingTables>;
type Sql = Parameters<Parameters<typeof on>[1]>[0]["sql"];

/** As if what is under way had been first sent this much earlier. */
async function ageBy(sql: Sql, ms: number): Promise<void> {
  await sql.write("older", async (tx) => {
    await tx
      .updateTable("calls")
      .set((eb) => ({ first_sent_at: eb("first_sent_at", "-", ms) }))
      .where("state", "!=", "answered")
      .execute();
  });
}

/** Of the request that is broken: what other steps send is not it. */
async function callsOf(sql: Sql, verb: string, row: VerbRow): Promise<string[]> {
  const rows = await sql.read("calls", (reader) =>
    reader
      .selectFrom("calls")
      .innerJoin("operations", "operations.id", "calls.operation")
      .select(["calls.n", "calls.state", "calls.method", "calls.path"])
      .where("operations.verb", "=", verb)
      .orderBy("operations.created_at", "desc")
      .orderBy("calls.n")
      .execute(),
  );
  const own = rows.filter(({ method, path }) => isOf(row, `${method} ${path}`));
  return own.map(({ n, state }) => `${n} ${state}`);
}

const faults = { unheard: ["1 answered"], lost: ["1 absent", "2 answered"] } as const;

const step = stride(2);
for (const [index, [verb, row]] of Object.entries(verbs).entries()) {
  if (!hasTurn(index, 1)) continue;
  for (const [n, fault] of (["unheard", "lost"] as const).entries()) {
    // In the whole run both; else the one for a verb and the other for the next.
    if (n % step !== Math.floor(index / 4) % step) continue;
    on(
      `the key of ${verb} is as old as its first try, and past 23 hours is not sent again (${fault})`,
      async ({ url, sql }) => {
        const world = await startWorld({ url });
        const subject = await row.prepare(world, "old");
        const beside = await row.prepare(world, "beside");
        world.setWebhooks(false);
        world.fail(row.request, fault, 10_000);
        await world.run(row.command(world, subject).catch(() => undefined));
        await ageBy(sql, 22 * hourMs);
        world.requests.length = 0;
        await world.advance(10 * minuteMs);
        assert.ok(
          world.requests.some((line) => isOf(row, line)),
          "so far it is tried again",
        );
        await ageBy(sql, hourMs);
        world.mend();
        world.requests.length = 0;
        await world.run(row.command(world, beside));
        await world.advance(10 * minuteMs);
        assert.deepEqual((await callsOf(sql, verb, row)).slice(1), faults[fault]);
        assert.deepEqual([await row.effects(world, subject), await row.effects(world, beside)], [1, 1]);
        const sent = world.requests.filter((line) => isOf(row, line)).length;
        assert.equal(sent, fault === "lost" ? 2 : 1);
        assert.equal(await world.run(row.command(world, subject)), "done");
        await world.close();
      },
      { turn: index },
    );
  }
}
