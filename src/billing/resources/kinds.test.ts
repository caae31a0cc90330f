// What every kind of object says of itself, held against Stripe.
import assert from "node:assert/strict";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../kernel/store/tables.ts";
import { secretKey, startWorld, stripeUrl } from "../testing/index.ts";
import { manifests } from "./index.ts";

const on = onEachDatabase<BillingTables>;

on(
  "many of a kind are read by a list that Stripe takes, and by their customer where it takes that",
  async ({ url }) => {
    const world = await startWorld({ url, isStarted: false });
    const { id: customer } = await world.run(world.stripe.customers.create({}).then((made) => made));
    const status = async (path: string) => {
      const headers = { authorization: `Bearer ${secretKey}` };
      return (await world.run(world.sandbox.fetch(new Request(`${stripeUrl}${path}`, { headers })))).status;
    };
    for (const { kind, list } of manifests.flatMap(({ kinds }) => kinds)) {
      if (!list) continue;
      const showing = list.showing === undefined ? "" : `&${list.showing}`;
      const path = `${list.path}?limit=100&created[gte]=1&created[lte]=2${showing}`;
      assert.equal(await status(path), 200, kind);
      const isTaken = (await status(`${path}&customer=${customer}`)) === 200;
      assert.equal(list.byCustomer, isTaken, `${kind}: by customer`);
    }
    await world.close();
  },
);

on("what hangs on a customer is found by an import: in a list of all, or in one of each customer", async ({ url }) => {
  const world = await startWorld({ url, isStarted: false });
  const { id: customer } = await world.run(world.stripe.customers.create({}).then((made) => made));
  const lists = manifests.flatMap(({ kinds }) => kinds.map(({ kind, ofCustomer }) => ({ kind, path: ofCustomer })));
  for (const { kind, path } of lists) {
    if (path === undefined) continue;
    const headers = { authorization: `Bearer ${secretKey}` };
    const request = new Request(`${stripeUrl}${path}?customer=${customer}&limit=100`, { headers });
    assert.equal((await world.run(world.sandbox.fetch(request))).status, 200, kind);
  }
  const isNamed = ({ name }: { name: string }) => ["catalog", "customers"].includes(name);
  for (const { kinds } of manifests.filter((manifest) => !isNamed(manifest))) {
    // A test clock is nobody's, and what is shown as an object is the answer to a question.
    const ofCustomers = kinds.filter(({ kind, shownAs }) => kind !== "test_helpers.test_clock" && !shownAs);
    for (const { kind, list, ofCustomer } of ofCustomers)
      assert.ok(list ?? ofCustomer, `${kind} is found by no import`);
  }
  await world.close();
});
