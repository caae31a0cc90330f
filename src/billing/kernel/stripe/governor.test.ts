import assert from "node:assert/strict";
import { secondMs } from "#kit/clock.ts";
import { testPorts } from "#kit/create_ports.ts";
import { migrate } from "#kit/sql/migrate.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { kernelMigrations } from "../store/migrations.ts";
import type { BillingTables } from "../store/tables.ts";
import { accountPerSecond, createGovernor } from "./governor.ts";

onEachDatabase<BillingTables>("two processes share a second's requests, and looks leave a third", async ({ open }) => {
  const { clock } = testPorts({ seed: 1 });
  const sql = await open({ clock });
  await migrate(sql, kernelMigrations);
  const governors = [1, 2].map(() => createGovernor({ sql, clock, mode: "test" }));
  const left: string[] = [];
  const take = async (priority: "command" | "look", n: number) => {
    await governors[n % 2]?.take(priority, "GET /v1/x");
    left.push(priority);
  };
  const looks = Promise.all(Array.from({ length: 30 }, (_, n) => take("look", n)));
  await clock.advance(0);
  const looksInFirst = left.length;
  const commands = Promise.all(Array.from({ length: 30 }, (_, n) => take("command", n)));
  await clock.advance(0);
  assert.ok(looksInFirst > 0 && looksInFirst <= Math.floor((accountPerSecond.test * 2) / 3), `${looksInFirst} looks`);
  assert.ok(left.length <= accountPerSecond.test, `${left.length} in the first second`);
  assert.ok(left.includes("command"), "commands do not wait for looks");
  await clock.advance(5 * secondMs);
  await Promise.all([looks, commands]);
  assert.equal(left.length, 60);
});
