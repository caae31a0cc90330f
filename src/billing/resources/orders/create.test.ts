// What an order may be of: how many lines, of which amounts, and of a user that is known.
import assert from "node:assert/strict";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { amountMax, linesMax, quantityMax } from "../../api/index.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { createOrder, startWorld } from "../../testing/index.ts";

const tea = { description: "Tea", quantity: 1, unitAmount: 100 };

onEachDatabase<BillingTables>(
  "an order is of known users, and of as many lines and units as are counted",
  async ({ url }) => {
    const world = await startWorld({ url });
    const refused = (more: object, field: string) =>
      assert.rejects(createOrder(world, "order_1", more), { code: "invalid_params", details: { field } }, field);
    await world.run(world.billing.customers.ensure({ id: "user_1" }));
    await refused({ customerId: "user_2" }, "customerId");
    await refused({ capture: "later" }, "capture");
    for (const lines of [[], "tea"]) await refused({ lines }, "lines");
    await refused({ lines: Array.from({ length: linesMax + 1 }, () => tea) }, "lines");
    for (const description of [undefined, 7])
      await refused({ lines: [{ ...tea, description }] }, "lines[0].description");
    for (const quantity of [0, 1.5, quantityMax + 1])
      await refused({ lines: [{ ...tea, quantity }] }, "lines[0].quantity");
    for (const unitAmount of [-1, 99.5, amountMax + 1]) {
      await refused({ lines: [tea, { ...tea, unitAmount }] }, "lines[1].unitAmount");
    }
    const most = [
      { ...tea, quantity: quantityMax, unitAmount: 0 },
      { ...tea, unitAmount: amountMax },
    ];
    assert.equal((await createOrder(world, "order_2", { currency: "idr", lines: most })).total.amount, amountMax);
    const lines = [...Array.from({ length: linesMax - 1 }, () => tea), { ...tea, unitAmount: 0 }];
    const order = await createOrder(world, "order_1", { lines, customerId: "user_1" });
    assert.deepEqual([order.total.amount, order.customerId], [(linesMax - 1) * 100, "user_1"]);
    const again = { lines, customerId: "user_1" };
    assert.deepEqual(await createOrder(world, "order_1", again), order, "whatever orders are beside it");
    await world.close();
  },
);
