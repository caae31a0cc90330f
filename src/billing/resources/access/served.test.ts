// Lives that billing only hears of, by Stripe's events and by its timers, against the second model, which is asked at
// the same instants and told what Stripe itself shows. What was told adds up to what is answered.
import assert from "node:assert/strict";
import { hourMs } from "#kit/clock.ts";
import { seededRandom } from "#kit/random.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { cases, draws } from "#kit/testing.ts";
import type { Access, AccessPolicy } from "../../api/index.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { startWorld, type World } from "../../testing/index.ts";
import { goOn, letDaysPass, type Served, serve } from "../../testing/lives/served.ts";
import { type AccessAnswer, nothing } from "./policy.ts";
import { features, plans } from "./testing/lives.ts";
import { answerOf } from "./testing/naive.ts";
import { shown } from "./testing/shown.ts";

const on = onEachDatabase<BillingTables>;
const customers = cases(2, 3);
const steps = cases(4, 14);

for (const seed of Array.from({ length: draws(1, 100) }, (_, nth) => nth + 1)) {
  on(
    `what was lived at Stripe is answered as by a model that asks Stripe (${seed})`,
    async ({ url }) => {
      const random = seededRandom(seed, "served lives");
      const policy: AccessPolicy = {
        graceDays: random.integer(0, 9),
        whileProcessing: random.integer(0, 1) === 1,
        whilePaused: random.integer(0, 1) === 1,
        whileDisputed: random.integer(0, 1) === 1,
      };
      const world = await startWorld({ url, seed, options: { access: policy } });
      const served = {
        ...(await serve(world, random, { features, plans, count: customers })),
        policy,
        failedAt: new Map(),
      };
      for (let step = 1; step <= steps; step++) {
        await goOn(served);
        await check(served, `seed ${seed}, step ${step}`);
        // On some days nothing is heard: what was lost is caught up with.
        const isDeaf = random.integer(1, 4) === 1;
        world.setWebhooks(!isDeaf);
        await letDaysPass(served);
        world.setWebhooks(true);
        if (!isDeaf) await check(served, `seed ${seed}, days after step ${step}`);
      }
      await world.close();
    },
    { turn: seed },
  );
}

interface Held extends Served {
  readonly policy: AccessPolicy;
  readonly failedAt: Map<string, number>;
}

async function check(served: Held, when: string): Promise<void> {
  const { world, policy } = served;
  const { stripe, run } = world;
  const hour = world.ports.clock.now() / hourMs;
  for (const [id, known] of await shown({ ...served, stripe, run })) {
    const answers = await world.run(world.billing.access.list(id));
    for (const feature of Object.keys(features)) {
      const expected = text(answerOf({ ...known, policy, hour }, feature));
      const answer = answers.find((one) => one.feature === feature);
      assert.equal(answer && text(plain(answer)), expected, `${when}, ${id}, ${feature}`);
      assert.equal(toldLast(world, id, feature), expected, `${when}, told of ${id}, ${feature}`);
    }
  }
}

const text = ({ allowed, reason, limit, until }: AccessAnswer) =>
  JSON.stringify([allowed, reason, limit, until === null ? null : new Date(Math.round(until)).toISOString()]);

const plain = ({ until, ...answer }: Access): AccessAnswer => ({ ...answer, until: until?.getTime() ?? null });

/** Each fact begins where the one before has led. */
function toldLast({ facts }: World, id: string, feature: string): string {
  let last = text(nothing(features[feature] ?? "boolean"));
  for (const { data } of facts) {
    if (!("previous" in data) || data.customerId !== id || data.feature !== feature) continue;
    assert.equal(said(data.previous), last);
    last = said(data);
  }
  return last;
}

const said = ({ allowed, reason, limit, until }: Omit<AccessAnswer, "until"> & { readonly until: string | null }) =>
  JSON.stringify([allowed, reason, limit, until]);
