// Ten thousand customers are taken in twice, and killed in between: nothing is doubled, and nothing is left out. `npm
// test` takes two hundred.
import assert from "node:assert/strict";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { draws } from "#kit/testing.ts";
import type { ImportReport } from "../../api/index.ts";
import { createBilling } from "../../index.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { optionsFor, secretKey, startWorld, type World } from "../../testing/index.ts";

const count = draws(200, 10_000);
const idFrom = { metadata: "user_id" };
/** Awaits of each life that is killed; the last one ends. */
const lives = [count, 2 * count, 2 * count, undefined];

/** Without a webhook: an old account has told nobody here of what it has. */
async function openLargeAccount(world: World): Promise<void> {
  const { data } = await world.run(world.stripe.webhookEndpoints.list());
  for (const { id } of data) await world.run(world.stripe.webhookEndpoints.del(id));
  const plant = (path: string, id: string, params: object) =>
    world.sandbox.seed({ key: secretKey, path, id, params: params as never });
  for (let n = 0; n < count; n++) {
    plant("/v1/customers", `cus_${n}`, {
      name: `Name ${n}`,
      metadata: { user_id: `user_${n}` },
      payment_method: "pm_card_visa",
    });
    const paid = {
      amount: "2000",
      currency: "eur",
      customer: `cus_${n}`,
      payment_method: "pm_card_visa",
      confirm: "true",
    };
    plant("/v1/payment_intents", `pi_${n}`, {
      ...paid,
      automatic_payment_methods: { enabled: "true", allow_redirects: "never" },
    });
    if (n % 20 === 0) plant("/v1/refunds", `re_${n}`, { payment_intent: `pi_${n}`, amount: "500" });
  }
}

onEachDatabase<BillingTables>(
  "an account of many customers is taken in, killed and taken in again",
  async ({ url, sql, t }) => {
    const world = await startWorld({ url, isStarted: false });
    await openLargeAccount(world);
    const options = optionsFor(url);
    let report: ImportReport | undefined;
    const heapBefore = process.memoryUsage().heapUsed;
    let heapMax = 0;
    const begunMs = performance.now();
    const requests = world.requests.length;
    for (const point of lives) {
      const life = world.life(point);
      const work = (async () => {
        const billing = await createBilling(options, life.ports);
        const onProgress = () => {
          heapMax = Math.max(heapMax, process.memoryUsage().heapUsed - heapBefore);
        };
        report = await billing.import({ idFrom, onProgress });
        await billing.close();
      })();
      await world.run(Promise.race([work, life.death]));
      assert.equal(report !== undefined, point === undefined, "each life but the last is killed");
      life.kill();
      life.release();
    }
    const tookMs = performance.now() - begunMs;
    assert.ok(report);
    assert.deepEqual(report.customers, { found: count, placed: count });
    assert.deepEqual(
      report.kinds.flatMap(({ kind, ours, others }) => (ours + others > 0 ? [[kind, ours, others]] : [])),
      [
        ["payment_method", count, 0],
        ["payment_intent", count, 0],
        ["charge", count, 0],
        ["refund", count / 20, 0],
      ],
    );
    const objects = await sql.read("count", (reader) =>
      reader
        .selectFrom("mirror")
        .select(["kind", (eb) => eb.fn.countAll<number>().as("count")])
        .where("version", "=", 1)
        .groupBy("kind")
        .orderBy("kind")
        .execute(),
    );
    assert.deepEqual(
      objects.map(({ kind, count }) => [kind, Number(count)]),
      [
        ["charge", count],
        ["customer", count],
        ["payment_intent", count],
        ["payment_method", count],
        ["refund", count / 20],
      ],
    );
    const sum = objects.reduce((all, { count }) => all + Number(count), 0);
    const asked = world.requests.length - requests;
    const seconds = tookMs / 1_000;
    t.diagnostic(
      `${sum} objects in ${Math.round(seconds)} s, ${Math.round(sum / seconds)} a second; ${asked} requests; ` +
        `the heap grew by at most ${Math.round(heapMax / 2 ** 20)} MB`,
    );
    const before = await sql.read("dump", (reader) =>
      reader.selectFrom("mirror").select(["id", "version", "updated_at"]).orderBy("id").execute(),
    );
    assert.deepEqual(await world.run(world.billing.import({ idFrom })), report, "given once more it reports the same");
    const after = await sql.read("dump", (reader) =>
      reader.selectFrom("mirror").select(["id", "version", "updated_at"]).orderBy("id").execute(),
    );
    assert.deepEqual(after, before, "and finds nothing new");
    await world.close();
  },
);
