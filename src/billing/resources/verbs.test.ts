// The journal's rules as one table: every verb of the public API that calls Stripe, against every kind of answer. What
// the command answers, what it answers when it is given again and as a second attempt, how often it was sent, and what
// stands at Stripe.
import assert from "node:assert/strict";
import { test } from "node:test";
import { minuteMs, secondMs } from "#kit/clock.ts";
import { isProblem } from "#kit/problems.ts";
import { type EngineName, onEachDatabase } from "#kit/sql/testing.ts";
import { isWholeRun, stride } from "#kit/testing.ts";
import type { BillingTables } from "../kernel/store/tables.ts";
import { type FaultKind, startWorld, type World } from "../testing/index.ts";
import { isOf, type VerbRow } from "../testing/verb_row.ts";
import { verbs as table } from "../testing/verbs.table.ts";
import { manifests } from "./index.ts";

const on = onEachDatabase<BillingTables>;

/** What an answer of Stripe does to a call; `no` ends the operation, `wait` outlasts a caller's patience. */
const answers: readonly { name: string; fault?: FaultKind; meaning: "done" | "no" | "decline" | "wait" }[] = [
  { name: "200", meaning: "done" },
  { name: "400", fault: 400, meaning: "no" },
  { name: "401", fault: 401, meaning: "wait" },
  { name: "402", fault: 402, meaning: "decline" },
  { name: "403", fault: 403, meaning: "wait" },
  { name: "404", fault: 404, meaning: "no" },
  { name: "409", fault: 409, meaning: "done" },
  { name: "429", fault: 429, meaning: "done" },
  { name: "500", fault: 500, meaning: "done" },
  { name: "503", fault: 503, meaning: "done" },
  { name: "replayed_500", fault: "replayed_500", meaning: "done" },
  { name: "lost", fault: "lost", meaning: "done" },
  { name: "unheard", fault: "unheard", meaning: "done" },
];

const verbs = manifests.flatMap((manifest) => manifest.verbs.map(({ name }) => name));

test("the table has a row for every verb of the manifests, and no other", () => {
  assert.deepEqual(Object.keys(table).sort(), verbs.toSorted());
});

for (const [index, verb] of verbs.entries()) {
  on(`${verb} means the same whatever Stripe answers, and is done at most once`, async ({ url, engine }) => {
    const row = table[verb];
    assert.ok(row, `${verb} has no row`);
    const world = await startWorld({ url });
    for (const { name, fault, meaning } of answersFor(index, engine)) {
      const subject = await row.prepare(world, name);
      const what = `${verb} answered ${name}`;
      if (fault !== undefined) world.fail(row.request, fault);
      const sentBefore = world.requests.length;
      const first = await outcomeOf(world, row, subject);
      const expected = expectedOf(row, meaning);
      assert.equal(first, expected, what);
      const isNo = meaning === "no" || meaning === "decline";
      assert.equal(await row.effects(world, subject), isNo || meaning === "wait" ? 0 : 1, what);
      if (isNo) assert.equal(sends(world, row, sentBefore), 1, what);
      await world.advance(meaning === "wait" ? minuteMs : secondMs);
      const staysNo: boolean = isNo && !row.isPlannedAnew;
      assert.equal(await outcomeOf(world, row, subject), staysNo ? expected : "done", `${what}, given again`);
      assert.equal(await row.effects(world, subject), staysNo ? 0 : 1, `${what}, given again`);
      if (!staysNo) continue;
      assert.equal(sends(world, row, sentBefore), 1, `${what}: only once`);
      assert.equal(await outcomeOf(world, row, subject, 2), "done", `${what}, a second attempt`);
      assert.equal(await row.effects(world, subject), 1, `${what}, a second attempt`);
    }
    await world.close();
  });
}

/** `npm test` plays a sixth of them, another for each of six verbs; CI plays each on one of the two databases. */
function answersFor(verb: number, engine: EngineName): typeof answers {
  const step = isWholeRun ? stride(2) : 6;
  const first = verb + (engine === "sqlite" ? 0 : 1);
  return answers.filter((_, index) => index % step === first % step);
}

function expectedOf(row: VerbRow, meaning: (typeof answers)[number]["meaning"]): string {
  if (meaning === "wait") return row.whileOpen;
  if (meaning === "decline" && row.mayBeDeclined) return "declined";
  return meaning === "done" ? "done" : "stripe_refused";
}

async function outcomeOf(world: World, row: VerbRow, subject: string, attempt?: number): Promise<unknown> {
  return world.run(
    row.command(world, subject, attempt).catch((error: unknown) => {
      if (isProblem(error)) return error.code;
      throw error;
    }),
  );
}

function sends(world: World, row: VerbRow, since: number): number {
  return world.requests.slice(since).filter((request) => isOf(row, request)).length;
}
