// What is said of a subscription, and in which order. Stripe promises none between events of one second; recordings
// show several, and this is ours: the subscription before its first invoice, the cycle's invoice before the renewal.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { dayMs } from "#kit/clock.ts";
import { type SandboxWorld, startWorld } from "../../testing.ts";
import { billedCustomer } from "../invoices/testing.ts";
import { monthly } from "./testing.ts";

interface Said {
  readonly type: string;
  readonly request: { readonly id: string | null };
  readonly data: {
    readonly object: { readonly status: string };
    readonly previous_attributes?: Record<string, unknown>;
  };
}

const paid = ["charge.succeeded", "payment_intent.succeeded", "invoice.paid"];
const settled = ["invoice.payment_succeeded", "invoice_payment.paid"];

suite("the events of a subscription", () => {
  test("that is paid at once: it is created active, before the invoice that made it so", async () => {
    const world = startWorld();
    const { customer, price } = await ready(world);
    const before = (await saidBy(world)).length;
    await world.stripe.subscriptions.create({ customer, items: [{ price }] });
    const said = (await saidBy(world)).slice(before);
    assert.deepEqual(
      said.map(({ type }) => type),
      [
        ...[
          "customer.updated",
          "customer.subscription.created",
          "invoice.created",
          "payment_intent.created",
          "invoice.finalized",
        ],
        ...[...paid, ...settled],
      ],
    );
    assert.deepEqual(said[0]?.data.previous_attributes, { currency: null });
    assert.equal(said[1]?.data.object.status, "active");
    assert.ok(said.every(({ request }) => request.id !== null));
  });

  test("that waits for its first payment: it is updated to active after that", async () => {
    const world = startWorld();
    const { customer, price } = await ready(world);
    const { latest_invoice } = await world.stripe.subscriptions.create({
      customer,
      items: [{ price }],
      payment_behavior: "default_incomplete",
    });
    const before = (await saidBy(world)).length;
    await world.stripe.invoices.pay(String(latest_invoice));
    const said = (await saidBy(world)).slice(before);
    assert.deepEqual(
      said.map(({ type }) => type).sort(),
      [...paid, "invoice.updated", ...settled, "customer.subscription.updated"].sort(),
    );
    const update = said.find(({ type }) => type === "customer.subscription.updated");
    assert.deepEqual(update?.data.previous_attributes, { status: "incomplete" });
    assert.ok(indexIn(said, "payment_intent.succeeded") < indexIn(said, "customer.subscription.updated"));
  });

  test("that renews: the old item is shown whole, with the invoice before, and nobody has asked for it", async () => {
    const world = startWorld();
    const { customer, price } = await ready(world);
    const { latest_invoice, items } = await world.stripe.subscriptions.create({ customer, items: [{ price }] });
    await world.clock.advance(32 * dayMs);
    const renewed = (await saidBy(world)).filter(({ type }) => type === "customer.subscription.updated");
    assert.equal(renewed.length, 1);
    const previous = renewed[0]?.data.previous_attributes as { items: { data: object[] }; latest_invoice: string };
    assert.deepEqual(Object.keys(previous).sort(), ["items", "latest_invoice"]);
    assert.equal(previous.latest_invoice, latest_invoice);
    assert.deepEqual(Object.keys(previous.items.data[0] ?? {}).sort(), Object.keys(items.data[0] ?? {}).sort());
    assert.equal(renewed[0]?.request.id, null);
  });

  test("that is canceled, at once or at its period's end", async () => {
    const world = startWorld();
    const { customer, price } = await ready(world);
    const now = await world.stripe.subscriptions.create({ customer, items: [{ price }] });
    const later = await world.stripe.subscriptions.create({ customer, items: [{ price }] });
    const before = (await saidBy(world)).length;
    await world.stripe.subscriptions.cancel(now.id);
    await world.stripe.subscriptions.update(later.id, { cancel_at_period_end: true });
    const called = (await saidBy(world)).slice(before).map(({ type }) => type);
    assert.deepEqual(called, ["customer.subscription.deleted", "customer.subscription.updated"]);
    await world.clock.advance(32 * dayMs);
    const ended = (await saidBy(world)).map(({ type }) => type).filter((type) => type.startsWith("customer.sub"));
    assert.deepEqual(ended, ["customer.subscription.deleted"]);
  });

  test("whose renewal fails: past due after the invoice says why", async () => {
    const world = startWorld();
    const { customer, price } = await ready(world);
    await world.stripe.subscriptions.create({ customer, items: [{ price }] });
    const { id: declined } = await world.stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer });
    await world.stripe.customers.update(customer, { invoice_settings: { default_payment_method: declined } });
    await world.clock.advance(32 * dayMs);
    const said = await saidBy(world);
    const order = ["charge.failed", "payment_intent.payment_failed", "invoice.payment_failed"];
    const places = [...order, "invoice.updated"].map((type) => said.findLastIndex((one) => one.type === type));
    assert.deepEqual(
      places,
      [...places].sort((one, other) => one - other),
    );
    const update = said.findLast(({ type }) => type === "customer.subscription.updated");
    assert.deepEqual(update?.data.previous_attributes, { status: "active" });
  });
});

async function ready(world: SandboxWorld) {
  const { customer } = await billedCustomer(world);
  return { customer, price: await monthly(world, 1000) };
}

async function saidBy({ call }: SandboxWorld): Promise<Said[]> {
  const { json } = await call("GET", "/v1/events", "limit=100");
  return [...(json.data as Said[])].reverse();
}

function indexIn(said: readonly Said[], type: string): number {
  return said.findIndex((one) => one.type === type);
}
