// What one command does, it does to its own: every verb, whatever becomes of it, beside one that has just been prepared
// and one for which the same was carried out before. Of both not a field is another afterwards.
import assert from "node:assert/strict";
import { minuteMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { stride } from "#kit/testing.ts";
import type { BillingTables } from "../kernel/store/tables.ts";
import { type FaultKind, startWorld, type World } from "../testing/index.ts";
import { hasTurn } from "../testing/verb_row.ts";
import { verbs } from "../testing/verbs.table.ts";

const on = onEachDatabase<BillingTables>;
type Sql = Parameters<Parameters<typeof on>[1]>[0]["sql"];

/** What meets the call while its caller waits, and what after that. */
const ends: Record<string, readonly [meanwhile?: FaultKind, later?: FaultKind]> = {
  done: [],
  failed: [400],
  refused: [402],
  replayed: ["unheard"],
  promised: ["lost"],
  promised_then_failed: ["lost", 400],
};

/** In the whole run all of them; else a third, another for each of three verbs. */
const step = stride(3);
const playedFor = (verb: number) => Object.keys(ends).filter((_end, n) => n % step === verb % step);

const tables = [
  "catalog_made",
  "catalog_objects",
  "catalog_runs",
  "customers",
  "tax_ids",
  "method_setups",
  "invoices",
  "made_invoices",
  "invoice_credits",
  "orders",
  "refunds",
  "operations",
  "calls",
  "mirror",
  "flags",
  "facts",
] as const;

/** Every row that names one of the neighbours, as text. */
async function rowsOfNeighbours(sql: Sql): Promise<string[]> {
  const all: string[] = [];
  for (const table of tables) {
    const rows = await sql.read("rows", (reader) => reader.selectFrom(table).selectAll().execute());
    for (const row of rows) {
      const fields = Object.values(row).map((field) =>
        field instanceof Uint8Array ? Buffer.from(field).toString() : field,
      );
      all.push(`${table} ${JSON.stringify(fields)}`);
    }
  }
  return all.filter((row) => row.includes("neighbour")).sort();
}

async function giveUnderFault(world: World, verb: string, end: string): Promise<void> {
  const row = verbs[verb];
  const [meanwhile, later] = ends[end] ?? [];
  assert.ok(row);
  const subject = await row.prepare(world, end);
  if (meanwhile !== undefined) world.fail(row.request, meanwhile, meanwhile === "lost" ? 1_000 : 1);
  await world.run(row.command(world, subject).catch(() => undefined));
  world.mend();
  if (later !== undefined) world.fail(row.request, later);
  await world.advance(5 * minuteMs);
  world.mend();
}

for (const [index, [verb, row]] of Object.entries(verbs).entries()) {
  if (!hasTurn(index, 0)) continue;
  on(
    `${verb} changes nothing but its own, whatever becomes of it`,
    async ({ url, sql }) => {
      const world = await startWorld({ url });
      await row.prepare(world, "neighbour_prepared");
      await world.run(row.command(world, await row.prepare(world, "neighbour_ended")));
      await world.advance(minuteMs);
      const before = await rowsOfNeighbours(sql);
      assert.ok(before.length > 0);
      for (const end of playedFor(index)) {
        await giveUnderFault(world, verb, end);
        assert.deepEqual(await rowsOfNeighbours(sql), before, end);
      }
      await world.close();
    },
    { turn: index },
  );
}
