// What a price sells is known for as long as anybody has it: under another price, and after the plan has left.
import assert from "node:assert/strict";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { Catalog } from "../../api/index.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { startWorld, type World } from "../../testing/index.ts";
import { soldBy } from "./sold.ts";

const on = onEachDatabase<BillingTables>;
const month = (eur: number) => ({ prices: { month: { eur } } });
const first: Catalog = {
  features: { projects: "number" },
  plans: {
    basic: { name: "Basic", ...month(900), features: { projects: 3 } },
    pro: { name: "Pro", prices: { month: { eur: 1900 }, "3 months": { eur: 5000 } } },
    care: { name: "Care", ...month(400), group: "support" },
  },
  addOns: { setup: { name: "Setup", prices: { once: { eur: 4900 } } } },
};
const apply = (world: World, catalog: Catalog) => world.run(world.billing.catalog.apply(catalog));

on("a price sells a plan of its group or an add-on, and one of nobody's sells nothing", async ({ url, open }) => {
  const world = await startWorld({ url });
  const sql = await open({ clock: world.ports.clock });
  await apply(world, first);
  const { prices } = await world.run(world.billing.catalog.get());
  const named = Object.entries(prices).map(([key, price]) => ({
    price,
    product: key.split("-").slice(0, 2).join("-"),
  }));
  const strange = [
    { price: "price_1", product: "prod_1" },
    { price: "price_2", product: "other-pro" },
    { price: "price_3", product: "bursar-pros" },
    { price: "price_4", product: null },
  ];
  const sold = await world.run(sql.read("sold", (reader) => soldBy(reader, [...named, ...strange])));
  assert.deepEqual(
    Object.fromEntries(
      Object.entries(prices).map(([key, price]) => {
        const one = sold.get(price);
        return [key, [one?.kind, one?.name, one?.every, one?.kind === "plan" && one.group]];
      }),
    ),
    {
      "bursar-basic-month-eur": ["plan", "basic", "month", "bursar"],
      "bursar-care-month-eur": ["plan", "care", "month", "bursar-support"],
      "bursar-pro-3_months-eur": ["plan", "pro", "3 months", "bursar"],
      "bursar-pro-month-eur": ["plan", "pro", "month", "bursar"],
      "bursar-setup-once-eur": ["addOn", "setup", "once", false],
    },
  );
  assert.equal(sold.size, named.length);
  await world.close();
});

on("whoever has what is no longer offered, or costs something else by now, has it still", async ({ url, open }) => {
  const world = await startWorld({ url });
  const sql = await open({ clock: world.ports.clock });
  await apply(world, first);
  const { prices: before } = await world.run(world.billing.catalog.get());
  const { basic: _gone, ...plans } = first.plans;
  await apply(world, { ...first, plans: { ...plans, pro: { name: "Pro", ...month(2100) } } });
  const had = [
    { price: before["bursar-basic-month-eur"] ?? "", product: "bursar-basic" },
    { price: before["bursar-pro-month-eur"] ?? "", product: "bursar-pro" },
    { price: "price_by_hand", product: "bursar-pro" },
  ];
  const sold = await world.run(sql.read("sold", (reader) => soldBy(reader, had)));
  assert.deepEqual(
    had.map(({ price }) => {
      const one = sold.get(price);
      return [one?.name, one?.every, one?.isOffered, one?.definition.features];
    }),
    [
      ["basic", "month", false, { projects: 3 }],
      ["pro", "month", true, undefined],
      ["pro", null, true, undefined],
    ],
  );
  await world.close();
});
