// What is known of subscriptions and their invoices is what Stripe shows, however it was learnt.
import assert from "node:assert/strict";
import type Stripe from "stripe";
import { dayMs, hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import { seededRandom } from "#kit/random.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { draws } from "#kit/testing.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { startWorld, type World } from "../../testing/index.ts";
import { assertMirrored, mirrored, monthly, payer, subscribe } from "../../testing/mirrored.ts";

const on = onEachDatabase<BillingTables>;
const monthMs = 31 * dayMs;

on(
  "a subscription that somebody made at Stripe is mirrored with its invoices, lines and payments",
  async (database) => {
    const { url, sql } = database;
    const world = await startWorld({ url });
    const customer = await payer(world, "user_1");
    const price = await monthly(world, 1000, "gold");
    const { id } = await subscribe(world, customer, { items: [{ price, quantity: 2 }] });
    await world.advance(minuteMs);
    await assertMirrored(world, sql, customer);
    const [item] = (await mirrored(sql, id)).items as { lookupKey: string; quantity: number }[];
    assert.deepEqual([item?.lookupKey, item?.quantity], ["gold", 2]);
    await world.advance(monthMs + 2 * hourMs);
    await assertMirrored(world, sql, customer);
    // As the portal does where the billing mode is flexible.
    const end = Math.floor(world.ports.clock.now() / secondMs) + 3 * 86_400;
    await world.run(world.stripe.subscriptions.update(id, { cancel_at: end, proration_behavior: "none" }));
    await world.advance(minuteMs);
    await assertMirrored(world, sql, customer);
    assert.deepEqual([(await mirrored(sql, id)).cancelAt, (await mirrored(sql, id)).cancelAtPeriodEnd], [end, false]);
    await world.advance(4 * dayMs);
    await assertMirrored(world, sql, customer);
    assert.equal((await mirrored(sql, id)).status, "canceled");
    await world.close();
  },
);

on("somebody else's subscription changes nothing, also where it names ours", async ({ url, sql }) => {
  const world = await startWorld({ url });
  await payer(world, "user_1");
  const price = await monthly(world, 1000);
  const { id: stranger } = await world.run(world.stripe.customers.create({}).then((made) => made));
  const { id: method } = await world.run(
    world.stripe.paymentMethods.attach("pm_card_visa", { customer: stranger }).then((made) => made),
  );
  const metadata = { user: "user_1", bursar_customer: "user_1" };
  await subscribe(world, stranger, { items: [{ price }], default_payment_method: method, metadata });
  await world.advance(minuteMs);
  const rows = await sql.read("all", (reader) =>
    reader
      .selectFrom("mirror")
      .select("id")
      .where("kind", "in", ["subscription", "invoice", "invoice_payment"])
      .execute(),
  );
  assert.deepEqual(rows, []);
  const states = await sql.read("states", (reader) =>
    reader
      .selectFrom("receipts")
      .select("state")
      .distinct()
      .where("object_kind", "in", ["subscription", "invoice", "invoice_payment"])
      .execute(),
  );
  assert.deepEqual(states, [{ state: "foreign" }]);
  await world.close();
});

/** What happens to one subscription, and all that Stripe tells of it: it forgets events after thirty days. */
async function live(world: World, customer: string): Promise<readonly Stripe.Event[]> {
  const { stripe, run, advance } = world;
  const [small, large] = [await monthly(world, 1000), await monthly(world, 3000)];
  const { id, items } = await subscribe(world, customer, { items: [{ price: small }] });
  await advance(hourMs);
  const [item] = items.data;
  await run(stripe.subscriptions.update(id, { items: [{ id: item?.id ?? "", price: large }] }).then((made) => made));
  await advance(secondMs);
  await run(stripe.subscriptions.update(id, { cancel_at_period_end: true }).then((made) => made));
  const before = await told(world);
  await advance(monthMs + 2 * hourMs);
  return [...before, ...(await told(world))];
}

async function told({ stripe, run }: World): Promise<readonly Stripe.Event[]> {
  const { data } = await run(stripe.events.list({ limit: 100 }).then((list) => list));
  return data.filter(({ type }) => /^(customer\.subscription|invoice)/.test(type));
}

for (const seed of Array.from({ length: draws(2, 20) }, (_, nth) => nth + 1)) {
  on(`its events in any order, twice and late, end as Stripe shows it (${seed})`, async ({ url, sql }) => {
    const world = await startWorld({ url, seed });
    world.setWebhooks(false);
    const customer = await payer(world, "user_1");
    const random = seededRandom(seed, "order");
    const events = [...(await live(world, customer))];
    assert.ok(events.length > 8);
    const left = [...events, ...events];
    for (let nth = 0; nth < 2 * events.length; nth++) {
      const [event] = left.splice(random.integer(0, left.length - 1), 1);
      assert.equal(await world.deliver(event), 200);
      if (random.integer(1, 3) === 1) await world.advance(secondMs * random.integer(1, 90));
    }
    await world.advance(4 * hourMs);
    await assertMirrored(world, sql, customer);
    const open = await sql.read("open", (reader) =>
      reader.selectFrom("receipts").select(["id", "state"]).where("state", "in", ["open", "dead"]).execute(),
    );
    assert.deepEqual(open, []);
    const keys = world.facts.map(({ type, data }) => `${type} ${"invoiceId" in data ? data.invoiceId : ""}`);
    const ofInvoices = keys.filter((key) => /^invoice\.(finalized|paid)/.test(key));
    assert.equal(new Set(ofInvoices).size, ofInvoices.length, "each once");
    const paid = await world.run(world.stripe.invoices.list({ customer, status: "paid" }).then((list) => list.data));
    assert.ok(paid.length > 0);
    assert.equal(ofInvoices.length, 2 * paid.length, "finalized and paid, of each invoice");
    await world.close();
  });
}
