import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { dayMs } from "#kit/clock.ts";
import { type SandboxWorld, startWorld } from "../../../testing.ts";
import { billedCustomer, draftOf, openInvoice } from "../testing.ts";

const sent = { collection_method: "send_invoice", days_until_due: 7 } as const;

async function owes({ stripe }: SandboxWorld, id: string) {
  return ((await stripe.customers.retrieve(id)) as Stripe.Customer).delinquent;
}

/** A customer whose invoice was to be charged by itself, and could not be. */
async function failed(world: SandboxWorld) {
  const { customer } = await billedCustomer(world, "pm_card_chargeCustomerFail");
  const { id } = await draftOf(world, customer, 3500, { auto_advance: true });
  await world.clock.advance(dayMs);
  return { customer, id };
}

suite("a customer owes", () => {
  test("once a payment has failed that nobody asked for, and that is told of them", async () => {
    const world = startWorld();
    const { customer } = await failed(world);
    assert.equal(await owes(world, customer), true);
    const [event] = (await world.stripe.events.list({ type: "customer.updated" })).data;
    assert.deepEqual(event?.data.previous_attributes, { delinquent: false });
    const types = await world.eventTypes();
    assert.ok(types.indexOf("invoice.payment_failed") < types.lastIndexOf("customer.updated"));
  });

  test("nothing where a caller's own try has failed", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world, "pm_card_chargeCustomerFail");
    const { id } = await draftOf(world, customer, 3500);
    assert.equal((await world.call("POST", `/v1/invoices/${id}/pay`)).status, 402);
    assert.equal(await owes(world, customer), false);
  });

  test("nothing more once any of their invoices is paid, or written off by a call", async () => {
    const world = startWorld();
    const { customer, id } = await failed(world);
    await world.stripe.invoices.markUncollectible(id);
    assert.equal(await owes(world, customer), false);
    await draftOf(world, customer, 3500, { auto_advance: true });
    await world.clock.advance(dayMs);
    assert.equal(await owes(world, customer), true);
    const other = await openInvoice(world, customer, 100);
    await world.stripe.invoices.pay(other.id, { payment_method: "pm_card_visa" });
    assert.equal(await owes(world, customer), false);
  });

  test("once an invoice that was sent to them has passed its day, and not when it was paid before", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const { id } = await openInvoice(world, customer, 3500, sent);
    const other = await openInvoice(world, customer, 3500, { ...sent, days_until_due: 5 });
    await world.stripe.invoices.pay(other.id);
    await world.clock.advance(6 * dayMs);
    assert.equal(await owes(world, customer), false);
    await world.clock.advance(2 * dayMs);
    assert.equal(await owes(world, customer), true);
    assert.equal((await world.stripe.invoices.retrieve(id)).status, "open", "an invoice has no status for it");
  });
});

suite("an invoice that was sent", () => {
  const reminders = { willBeDueDays: [3, 1], overdueDays: [0, 10] };

  async function remindedOf(world: SandboxWorld, days: number) {
    await world.clock.advance(days * dayMs);
    return (await world.eventTypes()).filter((type) => type === "invoice.will_be_due" || type === "invoice.overdue");
  }

  test("is reminded of on the days that its account has chosen, until it is paid", async () => {
    const world = startWorld({ billing: reminders });
    const { customer } = await billedCustomer(world);
    const { id, due_date } = await openInvoice(world, customer, 3500, sent);
    assert.deepEqual(await remindedOf(world, 8), ["invoice.will_be_due", "invoice.will_be_due", "invoice.overdue"]);
    const { data } = await world.stripe.events.list({ types: ["invoice.will_be_due", "invoice.overdue"] });
    assert.deepEqual(
      data.map(({ created }) => (created - Number(due_date)) / 86_400),
      [0, -1, -3],
    );
    await world.stripe.invoices.pay(id);
    assert.equal((await remindedOf(world, 10)).length, 3);
  });

  test("is not reminded of where no automation does, nor of days that were over when it was finalized", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    await openInvoice(world, customer, 3500, sent);
    assert.deepEqual(await remindedOf(world, 20), []);
    const other = startWorld({ billing: reminders });
    const { customer: late } = await billedCustomer(other);
    await openInvoice(other, late, 3500, { ...sent, days_until_due: 2 });
    assert.deepEqual(await remindedOf(other, 2), ["invoice.will_be_due", "invoice.overdue"]);
  });

  test("keeps its day once it is finalized", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const { id, due_date } = await openInvoice(world, customer, 3500, sent);
    const { status, error } = await world.call("POST", `/v1/invoices/${id}`, `due_date=${Number(due_date) + 86_400}`);
    assert.deepEqual([status, error.code], [400, "invoice_not_editable"]);
  });
});
