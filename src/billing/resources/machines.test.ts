// Every verb of the public API on bad machines: two processes whose clocks are wrong give the same command at once, no
// process works but by ticks and hears no webhook, and answers take longer than any caller waits. Either way Stripe
// does it once, and no human hears of it.
import assert from "node:assert/strict";
import { minuteMs, secondMs } from "#kit/clock.ts";
import { isProblem } from "#kit/problems.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { stride } from "#kit/testing.ts";
import type { BillingTables } from "../kernel/store/tables.ts";
import { startWorld, type World } from "../testing/index.ts";
import { startMachine } from "../testing/machine.ts";
import { hasTurn, type VerbRow } from "../testing/verb_row.ts";
import { verbs } from "../testing/verbs.table.ts";

const on = onEachDatabase<BillingTables>;
function rowsOf(sweep: 0 | 1 | 2 | 3): readonly [string, VerbRow][] {
  return Object.entries(verbs).filter((_, index) => hasTurn(index, sweep));
}

/** What becomes of the first request of the two. */
const faults = [undefined, "lost", "unheard"] as const;

/** In the whole run each of them; else one, another for each of three verbs. */
const step = stride(faults.length);
const playedFor = (verb: number) => faults.filter((_fault, n) => n % step === verb % step);

async function openFlags({ run, billing }: World) {
  const { data } = await run(billing.flags.list({ state: "open" }));
  return data.map(({ kind, subject }) => `${kind} ${subject}`);
}

/** What the command answers, or the code of what it throws. */
function answer(world: World, row: VerbRow, subject: string): Promise<unknown> {
  return row.command(world, subject).catch((error: unknown) => {
    assert.ok(isProblem(error), String(error));
    return error.code;
  });
}

for (const [nth, one, other] of [
  [0, -3, 30],
  [1, 30, 0],
] as const) {
  on(
    `two processes ${one} s and ${other} s ahead that wish the same at once have it done once`,
    async ({ url }) => {
      const world = await startWorld({ url });
      const machines = [
        await startMachine(world, { url, aheadMs: one * secondMs }),
        await startMachine(world, { url, aheadMs: other * secondMs, seed: 2 }),
      ];
      for (const [index, [verb, row]] of rowsOf(nth).entries()) {
        for (const fault of playedFor(index)) {
          const what = `${verb}, ${fault ?? "well"}`;
          const subject = await row.prepare(world, `${index}_${fault}`);
          if (fault) world.fail(row.request, fault);
          const both = machines.map(({ billing }) => answer({ ...world, billing }, row, subject));
          const answers = await world.run(Promise.all(both));
          world.mend();
          assert.ok(answers.includes("done"), `${what}: ${answers}`);
          await world.advance(minuteMs);
          assert.equal(await row.effects(world, subject), 1, what);
          assert.equal(await world.run(answer(world, row, subject)), "done", `${what}, given again`);
          assert.equal(await row.effects(world, subject), 1, `${what}, given again`);
        }
      }
      assert.deepEqual(await openFlags(world), []);
      for (const { close } of machines) await close();
      await world.close();
    },
    { turn: nth },
  );
}

on(
  "ticks alone, without a webhook and without workers, bring every wish to its end",
  async ({ url }) => {
    const world = await startWorld({ url, isStarted: false });
    const tick = async () => {
      await world.advance(minuteMs);
      await world.run(world.billing.tick({ maxMs: secondMs }));
    };
    for (const [index, [verb, row]] of rowsOf(2).entries()) {
      const subject = await row.prepare(world, String(index));
      await tick(); // What stands before the wish is known.
      world.setWebhooks(false);
      world.fail(row.request, "lost", 1_000);
      assert.equal(await world.run(answer(world, row, subject)), row.whileOpen, verb);
      world.mend();
      for (let n = 0; n < 6; n++) await tick();
      assert.equal(await row.effects(world, subject), 1, verb);
      assert.equal(await world.run(answer(world, row, subject)), "done", `${verb}, given again`);
      world.setWebhooks(true);
    }
    assert.deepEqual(await openFlags(world), []);
    await world.close();
  },
  { turn: 0 },
);

on(
  "answers that take 25 s outlast the caller, and cost nothing but time",
  async ({ url }) => {
    const world = await startWorld({ url });
    for (const [index, [verb, row]] of rowsOf(3).entries()) {
      const subject = await row.prepare(world, String(index));
      world.setWebhooks(false); // Its event would tell sooner.
      world.fail(row.request, "slow", 100); // Each time it is asked again, under the same key.
      assert.equal(await world.run(answer(world, row, subject)), row.whileOpen, verb);
      await world.advance(minuteMs);
      world.mend();
      world.setWebhooks(true);
      await world.advance(minuteMs);
      assert.equal(await world.run(answer(world, row, subject)), "done", `${verb}, given again`);
      assert.equal(await row.effects(world, subject), 1, verb);
    }
    assert.deepEqual(await openFlags(world), []);
    await world.close();
  },
  { turn: 1 },
);
