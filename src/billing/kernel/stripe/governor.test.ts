import assert from "node:assert/strict";
import { hourMs, secondMs } from "#kit/clock.ts";
import { type TestPorts, testPorts } from "#kit/create_ports.ts";
import { migrate } from "#kit/sql/migrate.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { migrations } from "../../rooms.ts";
import type { BillingSql, BillingTables } from "../store/tables.ts";
import { accountPerSecond, createGovernor, type Governor } from "./governor.ts";

onEachDatabase<BillingTables>("two processes share a second's requests, and looks leave a third", async ({ open }) => {
  const { clock } = testPorts({ seed: 1 });
  const sql = await open({ clock });
  await migrate(sql, migrations);
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

/** A process of its own, whose wall clock is that far from the others'. */
function governorOf(sql: BillingSql, clock: TestPorts["clock"], aheadMs = 0): Governor {
  return createGovernor({ sql, clock: { ...clock, now: () => clock.now() + aheadMs }, mode: "test" });
}

for (const aheadMs of [-3 * secondMs, 30 * secondMs, 26 * hourMs]) {
  onEachDatabase<BillingTables>(
    `a replica reaches Stripe beside a busy one whose clock is ${aheadMs / secondMs} s ahead`,
    async ({ open }) => {
      const { clock } = testPorts({ seed: 1 });
      const sql = await open({ clock });
      await migrate(sql, migrations);
      const busy = governorOf(sql, clock, aheadMs);
      const behind = governorOf(sql, clock);
      const left: number[] = [];
      const flood = Array.from({ length: 100 }, () => busy.take("command", "x").then((may) => may && left.push(1)));
      await clock.advance(0);
      let isGranted = false;
      const one = behind.take("command", "x").then((may) => {
        isGranted = may;
      });
      await clock.advance(5 * secondMs);
      await one;
      assert.equal(isGranted, true, "it has its place among the others, and is not behind all that come");
      await Promise.all(flood);
      assert.ok(left.length >= 90, `${left.length} of the busy one's`);
    },
  );
}

onEachDatabase<BillingTables>("whoever would wait longer than a caller waits is told so", async ({ open }) => {
  const { clock } = testPorts({ seed: 1 });
  const sql = await open({ clock });
  await migrate(sql, migrations);
  const governor = governorOf(sql, clock);
  const asked = Promise.all(Array.from({ length: 300 }, () => governor.take("command", "x")));
  await clock.advance(6 * secondMs);
  const answers = await asked;
  const granted = answers.filter((may) => may).length;
  const most = 6 * accountPerSecond.test;
  assert.ok(granted >= most - 2 * accountPerSecond.test && granted <= most, `${granted} in less than six seconds`);
});

onEachDatabase<BillingTables>(
  "processes that end with their request wait for none that is long over",
  async (given) => {
    const { clock } = testPorts({ seed: 1 });
    const sql = await given.open({ clock });
    await migrate(sql, migrations);
    const waits: number[] = [];
    for (let n = 0; n < 40; n++) {
      const begunMs = clock.monotonicMs();
      const taken = governorOf(sql, clock).take("command", "x");
      for (let isTaken = false; !isTaken; ) {
        void taken.then(() => {
          isTaken = true;
        });
        await clock.advance(secondMs / 4);
      }
      assert.equal(await taken, true);
      waits.push(clock.monotonicMs() - begunMs);
      await clock.advance(hourMs);
    }
    assert.ok(Math.max(...waits) <= 1.5 * secondMs, `${Math.max(...waits)} ms`);
  },
);
