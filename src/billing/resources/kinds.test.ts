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
