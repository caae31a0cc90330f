// Coupons of a catalog: other terms make another one, and what was redeemed stays.
import assert from "node:assert/strict";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { Catalog, CouponDefinition } from "../../api/index.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { startWorld, type World } from "../../testing/index.ts";

const on = onEachDatabase<BillingTables>;
const plans = { pro: { name: "Pro", prices: { month: { eur: 1900 } } } };
const selling = (coupons: Readonly<Record<string, CouponDefinition>>): Catalog => ({ plans, coupons });
const launch = { name: "Launch", percentOff: 20, duration: "repeating", months: 3 } as const;
const apply = (world: World, catalog: Catalog) => world.run(world.billing.catalog.apply(catalog));
const ids = async (world: World) => (await world.run(world.billing.catalog.get())).coupons;
const standing = async (world: World) =>
  (await world.run(world.stripe.coupons.list({ limit: 100 }))).data.map(({ id }) => id).sort();

on("a coupon stands at Stripe with its terms, and applying it again does nothing", async ({ url }) => {
  const world = await startWorld({ url });
  const catalog = selling({
    launch: { ...launch, appliesTo: ["pro"], redeemBy: "2030-01-31T23:59:59Z", maxRedemptions: 50 },
    five: { name: "Five off", amountOff: { eur: 500, usd: 600 } },
  });
  assert.equal((await apply(world, catalog)).outcome, "done");
  const plan = await world.run(world.billing.catalog.plan(catalog));
  assert.deepEqual([plan.changes, plan.isApplied], [[], true]);
  const { launch: id = "", five = "" } = await ids(world);
  const expand = ["applies_to", "currency_options"];
  const made = await world.run(world.stripe.coupons.retrieve(id, { expand }));
  assert.deepEqual(
    [made.name, made.percent_off, made.duration, made.duration_in_months, made.max_redemptions, made.applies_to],
    ["Launch", 20, "repeating", 3, 50, { products: ["bursar-pro"] }],
  );
  assert.equal(made.redeem_by, Date.parse("2030-01-31T23:59:59Z") / 1000);
  const off = await world.run(world.stripe.coupons.retrieve(five, { expand }));
  assert.deepEqual([off.amount_off, off.currency, off.currency_options?.usd?.amount_off], [500, "eur", 600]);
  await world.close();
});

on("other terms are another coupon, a name is not, and who has redeemed the old one keeps it", async ({ url }) => {
  const world = await startWorld({ url });
  await apply(world, selling({ launch }));
  const { launch: first = "" } = await ids(world);
  await apply(world, selling({ launch: { ...launch, name: "Launch offer" } }));
  assert.deepEqual(await ids(world), { launch: first });
  assert.equal((await world.run(world.stripe.coupons.retrieve(first))).name, "Launch offer");
  const { data } = await world.run(world.stripe.prices.list({ lookup_keys: ["bursar-pro-month-eur"] }));
  const customer = await world.run(
    world.stripe.customers.create({
      payment_method: "pm_card_visa",
      invoice_settings: { default_payment_method: "pm_card_visa" },
    }),
  );
  const items = [{ price: data[0]?.id as string }];
  const discounts = [{ coupon: first }];
  const { id } = await world.run(world.stripe.subscriptions.create({ customer: customer.id, items, discounts }));
  const { value } = await apply(world, selling({ launch: { ...launch, percentOff: 25 } }));
  const { launch: second = "" } = await ids(world);
  assert.deepEqual(
    value.changes.map(({ action, kind, name, stripeId }) => [action, kind, name, stripeId]),
    [
      ["replace", "coupon", second, first],
      ["archive", "coupon", first, first],
    ],
  );
  assert.deepEqual(await standing(world), [second]);
  const next = await world.run(world.stripe.invoices.createPreview({ subscription: id }));
  assert.deepEqual([next.subtotal, next.total], [1900, 1520], "it takes off what it did");
  // Back to what it was: the same terms have the same id, which is free again.
  await apply(world, selling({ launch }));
  assert.deepEqual([await ids(world), await standing(world)], [{ launch: first }, [first]]);
  await apply(world, { plans });
  assert.deepEqual([await ids(world), await standing(world)], [{}, []]);
  await world.close();
});

on("a coupon that somebody deleted is drift and comes back, and others' coupons are left alone", async ({ url }) => {
  const world = await startWorld({ url });
  await apply(world, selling({ launch }));
  await world.run(world.stripe.coupons.create({ id: "theirs", percent_off: 5 }));
  const { launch: id = "" } = await ids(world);
  await world.run(world.stripe.coupons.del(id));
  const { changes } = await world.run(world.billing.catalog.plan(selling({ launch })));
  assert.deepEqual(
    changes.map(({ action, name, isDrift }) => [action, name, isDrift]),
    [["create", id, true]],
  );
  await apply(world, selling({ launch }));
  assert.deepEqual([await ids(world), await standing(world)], [{ launch: id }, [id, "theirs"].sort()]);
  // It is heard of: a catalog without it knows what to delete, though nobody reads all coupons of the account.
  await world.advance(60_000);
  await apply(world, { plans });
  assert.deepEqual(await standing(world), ["theirs"]);
  await world.close();
});
