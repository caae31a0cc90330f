// A process that is killed while it makes or links a customer, or gives and takes a tax id, at each of its awaits:
// another one goes on, and Stripe has one Customer for the user, and each tax id once. `npm test` takes a sample of the
// awaits, the whole run every one.
import assert from "node:assert/strict";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { Billing } from "../../api/index.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { startWorld, type World } from "../../testing/index.ts";
import { killAtEachAwait } from "../../testing/killed.ts";

const on = onEachDatabase<BillingTables>;

type Wish = (world: World, id: string) => Promise<(billing: Billing) => Promise<unknown>>;

const wishes: Record<string, Wish> = {
  "customers.ensure": async (_world, id) => (billing) =>
    billing.customers.ensure({ id, name: `Name of ${id}`, metadata: { of: id } }),
  async "customers.link"(world, id) {
    const made = await world.run(world.stripe.customers.create({ name: `Name of ${id}` }).then((one) => one));
    return (billing) => billing.customers.link({ id, stripeCustomerId: made.id });
  },
  async "customers.addTaxId"(world, id) {
    await world.run(world.billing.customers.ensure({ id, name: `Name of ${id}` }));
    return (billing) => billing.customers.addTaxId(id, vat);
  },
  async "customers.removeTaxId"(world, id) {
    await world.run(world.billing.customers.ensure({ id, name: `Name of ${id}` }));
    await world.run(world.billing.customers.addTaxId(id, vat));
    return (billing) => billing.customers.removeTaxId(id, vat.id);
  },
};

const vat = { id: "vat", type: "eu_vat", value: "DE136695976" } as const;

for (const [verb, prepare] of Object.entries(wishes)) {
  on(`${verb}, killed at any await, leaves one Customer, which is the user's`, async ({ url }) => {
    const world = await startWorld({ url });
    await killAtEachAwait(world, {
      oneIn: 9,
      prepare: (id) => prepare(world, id),
      async verify(id) {
        const { stripeCustomerId } = await world.run(world.billing.customers.get(id));
        const { data } = await world.run(world.stripe.customers.list({ limit: 100 }));
        const own = data.filter(({ name, metadata }) => name === `Name of ${id}` || metadata.bursar_customer === id);
        assert.deepEqual(
          own.map((one) => [one.id, one.metadata.bursar_customer, one.name]),
          [[stripeCustomerId, id, `Name of ${id}`]],
          id,
        );
        const { data: taxIds } = await world.run(world.stripe.customers.listTaxIds(stripeCustomerId as string));
        assert.equal(taxIds.length, verb === "customers.addTaxId" ? 1 : 0, id);
      },
    });
    const { data: flags } = await world.run(world.billing.flags.list({ state: "open" }));
    assert.deepEqual(flags, []);
    await world.close();
  });
}
