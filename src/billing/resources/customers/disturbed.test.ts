// A user is one Customer whatever is disturbed meanwhile: clocks, slow answers, a day without webhooks, a host without
// a process of its own, and humans in the Dashboard.
import assert from "node:assert/strict";
import { dayMs, minuteMs, secondMs } from "#kit/clock.ts";
import { isProblem } from "#kit/problems.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { Billing } from "../../api/index.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { startWorld, type World } from "../../testing/index.ts";
import { startMachine } from "../../testing/machine.ts";

const on = onEachDatabase<BillingTables>;
const vat = { id: "vat", type: "eu_vat", value: "DE136695976" } as const;

/** All that Stripe has, with what bears the user's marks. */
async function atStripe(world: World) {
  const { data } = await world.run(world.stripe.customers.list({ limit: 100 }));
  return data.map(({ id, name, email, metadata }) => ({ id, name, email, user: metadata.bursar_customer }));
}

async function openFlags(world: World) {
  const { data } = await world.run(world.billing.flags.list({ state: "open" }));
  return data.map(({ kind, subject }) => `${kind} ${subject}`);
}

for (const [one, other] of [
  [-3, 30],
  [30, 0],
] as const) {
  on(`two processes ${one} s and ${other} s ahead that ensure one user at once make one Customer`, async ({ url }) => {
    const world = await startWorld({ url, isStarted: false });
    const machines = [
      await startMachine(world, { url, aheadMs: one * secondMs }),
      await startMachine(world, { url, aheadMs: other * secondMs, seed: 2 }),
    ];
    for (const fault of [undefined, "unheard", "lost"] as const) {
      const id = `user_${fault}`;
      if (fault) world.fail("POST /v1/customers", fault);
      const wishes = machines.flatMap(({ billing }, n): Promise<unknown>[] => [
        billing.customers.ensure({ id, name: `Name ${n}` }),
        billing.customers.addTaxId(id, vat).catch((error) => assert.ok(isProblem(error, "not_found"), String(error))),
      ]);
      await world.run(Promise.all(wishes));
      world.mend();
      await world.advance(minuteMs);
      for (const { billing } of machines) await world.run(billing.tick({ maxMs: secondMs }));
      const { stripeCustomerId, name } = await world.run(world.billing.customers.get(id));
      const own = (await atStripe(world)).filter(({ user }) => user === id);
      assert.deepEqual(
        own.map((made) => [made.id, made.name]),
        [[stripeCustomerId, name]],
        id,
      );
    }
    assert.deepEqual(await openFlags(world), []);
    for (const { close } of machines) await close();
    await world.close();
  });
}

on("answers that take 25 s cost nothing but time: one Customer, and one tax id", async ({ url }) => {
  const world = await startWorld({ url });
  const { customers } = world.billing;
  world.fail("POST /v1/customers", "slow");
  await world.run(customers.ensure({ id: "user_1", name: "Ada" }));
  await world.run(customers.ensure({ id: "user_1", name: "Ada L." }));
  await world.advance(minuteMs);
  const { stripeCustomerId } = await world.run(customers.get("user_1"));
  assert.deepEqual(
    (await atStripe(world)).map(({ id, name }) => [id, name]),
    [[stripeCustomerId, "Ada L."]],
  );
  world.fail("POST /v1/customers/", "slow");
  await world.run(customers.addTaxId("user_1", vat));
  await world.advance(minuteMs);
  assert.equal((await world.run(customers.addTaxId("user_1", vat))).outcome, "done");
  const { data: taxIds } = await world.run(world.stripe.customers.listTaxIds(stripeCustomerId as string));
  assert.equal(taxIds.length, 1);
  assert.deepEqual(await openFlags(world), []);
  await world.close();
});

on("a day without webhooks, with humans in the Dashboard, ends as if each had been heard", async ({ url }) => {
  const world = await startWorld({ url });
  const { customers } = world.billing;
  world.setWebhooks(false);
  const user = { id: "user_1", email: "ada@example.test", name: "Ada" };
  const { stripeCustomerId } = await world.run(customers.ensure(user));
  await world.run(customers.addTaxId("user_1", vat));
  const moved = { email: "moved@example.test" };
  await world.run(world.stripe.customers.update(stripeCustomerId as string, moved));
  await world.advance(dayMs / 2);
  await world.run(customers.ensure(user));
  const [theirs] = await atStripe(world);
  assert.equal(theirs?.email, moved.email, "what is said anew is not said again: a human's change stays");
  await world.run(customers.update("user_1", { name: "Ada L." }));
  const [ours] = await atStripe(world);
  assert.deepEqual([ours?.name, ours?.email], ["Ada L.", user.email], "until the host says something of them");
  await world.run(world.stripe.customers.del(stripeCustomerId as string));
  await world.advance(dayMs / 2);
  assert.deepEqual(await openFlags(world), ["customer_gone user_1"]);
  const anew = await world.run(customers.ensure({ id: "user_1" }));
  world.setWebhooks(true);
  await world.advance(10 * minuteMs);
  assert.deepEqual(await atStripe(world), [
    { id: anew.stripeCustomerId, name: "Ada L.", email: user.email, user: "user_1" },
  ]);
  const [kept] = (await world.run(customers.get("user_1"))).taxIds;
  assert.deepEqual([kept?.id, kept?.verification.status], ["vat", "verified"]);
  await world.close();
});

on("requests and ticks alone bring a customer and a tax id there, each in a life of its own", async ({ url }) => {
  const bootstrapKey = `bk_test_${"disturbed".repeat(5)}`;
  const world = await startWorld({ url, isStarted: false, options: { bootstrapKey } });
  world.setWebhooks(false);
  let lives = 1;
  const live = async <T>(work: (billing: Billing) => Promise<T>) => {
    const { billing, close } = await startMachine(world, { url, seed: ++lives, options: { bootstrapKey } });
    const answer = await world.run(work(billing));
    await close();
    return answer;
  };
  const ask = (path: string, body: object) => {
    const headers = { authorization: `Bearer ${bootstrapKey}`, "content-type": "application/json" };
    const request = new Request(`http://127.0.0.1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    return live((billing) => billing.fetch(request));
  };
  const tick = async () => {
    await world.advance(minuteMs);
    await live((billing) => billing.tick({ maxMs: secondMs }));
  };
  world.fail("POST /v1/customers", "unheard", 2);
  assert.equal((await ask("/v1/customers", { id: "user_1", name: "Ada" })).status, 200);
  world.mend();
  for (let n = 0; n < 3; n++) await tick();
  assert.equal((await atStripe(world)).length, 1);
  world.fail("POST /v1/customers/", "lost", 100);
  const given = await ask("/v1/customers/user_1/tax_ids", vat);
  assert.match(await given.text(), /"outcome":"processing"/);
  world.mend();
  for (let n = 0; n < 6; n++) await tick();
  const { taxIds } = await world.run(world.billing.customers.get("user_1"));
  assert.deepEqual(
    taxIds.map(({ id, verification }) => `${id} ${verification.status}`),
    ["vat verified"],
  );
  assert.deepEqual(await openFlags(world), []);
  await world.close();
});
