import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { hourMs } from "#kit/clock.ts";
import { startWorld } from "../../testing.ts";
import { billedCustomer } from "../invoices/testing.ts";
import { monthly } from "./testing.ts";

async function ready() {
  const world = startWorld();
  const { stripe, clock } = world;
  const { customer } = await billedCustomer(world);
  const price = await monthly(world, 1000);
  const metadata = { plan: "a" };
  const { id } = await stripe.subscriptions.create({
    customer,
    items: [{ price, metadata: { of: "item" } }],
    metadata,
  });
  const latest = async () => {
    const { latest_invoice } = await stripe.subscriptions.retrieve(id);
    return stripe.invoices.retrieve(String(latest_invoice));
  };
  /** Of an invoice: what it says of its subscription, and what its lines say. */
  const said = async (invoice: string) => {
    const { parent, lines } = await stripe.invoices.retrieve(invoice);
    return [parent?.subscription_details?.metadata, ...lines.data.map((line) => line.metadata)];
  };
  /** Its next invoice is a draft for an hour. */
  const renew = async () => {
    const { items } = await stripe.subscriptions.retrieve(id);
    return clock.advance(Number(items.data[0]?.current_period_end) * 1000 - clock.now());
  };
  return { ...world, customer, id, latest, said, renew };
}

suite("the metadata of a subscription", () => {
  test("are on its lines as they are now, and on what is final as they were", async () => {
    const { stripe, id, latest, said, renew, clock } = await ready();
    const first = (await latest()).id;
    assert.deepEqual(await said(first), [{ plan: "a" }, { plan: "a" }]);
    await stripe.subscriptions.update(id, { metadata: { plan: "b", seats: "2" } });
    assert.deepEqual(await said(first), [{ plan: "a" }, { plan: "b", seats: "2" }]);
    await renew();
    const draft = (await latest()).id;
    assert.equal((await stripe.invoices.retrieve(draft)).status, "draft");
    await stripe.subscriptions.update(id, { metadata: { plan: "c" } });
    await clock.advance(2 * hourMs);
    await stripe.subscriptions.update(id, { metadata: "" });
    assert.deepEqual(await said(draft), [{ plan: "c", seats: "2" }, {}]);
    const [event] = (await stripe.events.list({ type: "invoice.created" })).data;
    const shown = event?.data.object as { readonly lines: { readonly data: readonly { metadata: object }[] } };
    assert.deepEqual(shown.lines.data[0]?.metadata, { plan: "b", seats: "2" });
  });

  test("are on a line no more once somebody gives it others, which take the place of all", async () => {
    const { stripe, call, customer, id, latest, said, renew } = await ready();
    await renew();
    const { id: draft, lines } = await latest();
    const line = lines.data[0]?.id ?? "";
    const changed = await stripe.invoices.updateLineItem(draft, line, { metadata: { own: "yes" } });
    assert.deepEqual(changed.metadata, { own: "yes" });
    await stripe.subscriptions.update(id, { metadata: { plan: "b" } });
    await stripe.invoices.updateLines(draft, { lines: [{ id: line, metadata: { other: "yes" } }] });
    assert.deepEqual((await said(draft)).slice(1), [{ other: "yes" }]);
    const refused = await call("POST", `/v1/invoices/${draft}/lines/${line}`, "amount=5&metadata[a]=b");
    assert.match(String(refused.error.message), /changes with the subscription only/);
    const item = { customer, invoice: draft, amount: 5, currency: "usd", metadata: { kept: "yes" } };
    await stripe.invoiceItems.create(item);
    const added = (await stripe.invoices.retrieve(draft)).lines.data.find(({ amount }) => amount === 5)?.id ?? "";
    const merged = await stripe.invoices.updateLineItem(draft, added, { metadata: { more: "yes" } });
    assert.deepEqual(merged.metadata, { kept: "yes", more: "yes" });
  });
});
