import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { startWorld } from "../../../testing.ts";
import { billedCustomer } from "../../invoices/testing.ts";
import { monthly } from "../testing.ts";

interface Shown {
  readonly id: string;
  readonly items: { readonly data: readonly { readonly id: string; readonly quantity: number }[] };
  readonly plan: { readonly id: string } | null;
  readonly quantity: number | null;
}

/** Ten seats, in the words from before there were items. */
async function seated(version: string) {
  const world = startWorld();
  const { customer } = await billedCustomer(world);
  const [gold, silver] = [await monthly(world, 1000), await monthly(world, 300)];
  const post = (path: string, form: string) =>
    world.call("POST", path, { form, headers: { "stripe-version": version } });
  const { json } = await post("/v1/subscriptions", `customer=${customer}&plan=${gold}&quantity=10`);
  const made = json as unknown as Shown; // As in the suite below.
  return { ...world, customer, gold, silver, made, post, path: `/v1/subscriptions/${made.id}` };
}

suite("a subscription's own plan and quantity", () => {
  for (const version of ["2020-08-27", "2024-06-20", "2025-10-29.clover", "2026-08-26.dahlia"]) {
    test(`are those of its only item, asked and shown, under ${version}`, async () => {
      const { gold, silver, made, path, post } = await seated(version);
      const [item] = made.items.data;
      assert.deepEqual([made.plan?.id, made.quantity, item?.quantity], [gold, 10, 10]);
      const { json } = await post(path, `plan=${silver}&quantity=4`);
      const changed = json as unknown as Shown; // As above.
      assert.deepEqual([changed.plan?.id, changed.quantity, changed.items.data[0]?.id], [silver, 4, item?.id]);
    });
  }

  test("change as the item does: what is prorated, and a quantity of one where another plan says none", async () => {
    const { call, customer, path, post, silver } = await seated("2025-10-29.clover");
    await post(path, "quantity=12");
    const { json: seats } = await call("GET", "/v1/invoiceitems", `customer=${customer}&pending=true`);
    const prorated = (seats.data as { amount: number; quantity: number }[]).map((one) => [one.amount, one.quantity]);
    assert.deepEqual(prorated, [
      [-10_000, 10],
      [12_000, 12],
    ]);
    assert.equal((await post(path, `plan=${silver}`)).json.quantity, 1);
  });

  test("are not said beside items, nor where there are several", async () => {
    const { gold, path, post, silver } = await seated("2025-10-29.clover");
    const twice = await post(path, `items[0][price]=${gold}&quantity=2`);
    assert.equal(twice.error.message, "Received both items and quantity parameters. Please pass in only one.");
    await post(path, `items[0][price]=${silver}`);
    const unnamed = await post(path, "quantity=2");
    assert.deepEqual([unnamed.status, unnamed.error.param], [400, "quantity"]);
  });
});
