import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { dayMs, hourMs } from "#kit/clock.ts";
import { type SandboxWorld, startWorld } from "../../../testing.ts";
import { billedCustomer, draftOf, openInvoice } from "../testing.ts";

const auto = { auto_advance: true } as const;
/** A draft's hour, and what is done after it. */
const hourOfDraftMs = hourMs + 1000;

interface Told {
  readonly count: number;
  readonly next: number | null;
  readonly at: number;
}

/** What every `invoice.payment_failed` so far has shown, oldest first. */
async function failures({ stripe }: SandboxWorld): Promise<Told[]> {
  const { data } = await stripe.events.list({ type: "invoice.payment_failed", limit: 100 });
  return data.reverse().map(({ created, data: { object } }) => {
    const { attempt_count: count, next_payment_attempt: next } = object as {
      attempt_count: number;
      next_payment_attempt: number | null;
    };
    return { count, next, at: created };
  });
}

const countOf = async ({ stripe }: SandboxWorld, type: string) => (await stripe.events.list({ type, limit: 100 })).data;

async function failedInvoice(world: SandboxWorld, card = "pm_card_chargeCustomerFail") {
  const { customer, method } = await billedCustomer(world, card);
  const { id } = await draftOf(world, customer, 3500, auto);
  await world.clock.advance(hourOfDraftMs);
  return { id, customer, method };
}

async function newDefault({ stripe }: SandboxWorld, customer: string, card = "pm_card_visa") {
  const { id } = await stripe.paymentMethods.attach(card, { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: id } });
}

suite("the retries of an invoice", () => {
  test("are eight within two weeks, each planned by the failure before, the last plans none", async () => {
    const world = startWorld();
    const { id } = await failedInvoice(world);
    await world.clock.advance(25 * dayMs);
    const told = await failures(world);
    assert.deepEqual(
      told.map(({ count }) => count),
      [1, 2, 3, 4, 5, 6, 7, 8, 9],
    );
    assert.deepEqual(
      told.slice(0, -1).map(({ next }) => next),
      told.slice(1).map(({ at }) => at),
    );
    assert.equal(told.at(-1)?.next, null);
    assert.equal(Number(told.at(-1)?.at) - Number(told[0]?.at), (14 * dayMs) / 1000);
    assert.equal((await countOf(world, "charge.failed")).length, 9);
    const { status, next_payment_attempt, attempt_count } = await world.stripe.invoices.retrieve(id);
    assert.deepEqual([status, next_payment_attempt, attempt_count], ["open", null, 9]);
  });

  test("are as many days after each other as the account says", async () => {
    const world = startWorld({ billing: { retries: [3, 5, 7] } });
    await failedInvoice(world);
    await world.clock.advance(25 * dayMs);
    const told = await failures(world);
    const pauses = told.slice(1).map(({ at }, nth) => ((at - Number(told[nth]?.at)) * 1000) / dayMs);
    assert.deepEqual(pauses, [3, 5, 7]);
  });

  test("say `invoice.payment_failed` after what it failed by, then what changed, then who owes", async () => {
    const world = startWorld();
    await failedInvoice(world);
    assert.deepEqual((await world.eventTypes()).slice(-5), [
      "charge.failed",
      "payment_intent.payment_failed",
      "invoice.payment_failed",
      "invoice.updated",
      "customer.updated",
    ]);
    const [updated] = await countOf(world, "invoice.updated");
    const before = { attempt_count: 0, attempted: false, next_payment_attempt: null };
    assert.deepEqual(updated?.data.previous_attributes, before);
  });

  test("end where another card pays", async () => {
    const world = startWorld();
    const { id, customer } = await failedInvoice(world);
    await newDefault(world, customer);
    await world.clock.advance(2 * dayMs);
    const { status, attempt_count, next_payment_attempt } = await world.stripe.invoices.retrieve(id);
    assert.deepEqual([status, attempt_count, next_payment_attempt], ["paid", 2, null]);
    await world.clock.advance(25 * dayMs);
    assert.equal((await failures(world)).length, 1);
  });

  test("are counted and charge nothing where the card asks, until there is another", async () => {
    const world = startWorld();
    const { id, customer } = await failedInvoice(world, "pm_card_threeDSecure2Required");
    await world.clock.advance(4 * dayMs);
    const waiting = await world.stripe.invoices.retrieve(id);
    assert.deepEqual([waiting.status, waiting.attempt_count], ["open", 3]);
    assert.equal((await countOf(world, "invoice.payment_action_required")).length, 1);
    await newDefault(world, customer);
    await world.clock.advance(2 * dayMs);
    const paid = await world.stripe.invoices.retrieve(id);
    assert.deepEqual([paid.status, paid.attempt_count], ["paid", 4]);
  });

  test("are counted where there is nothing to pay with, and pay with what comes", async () => {
    const world = startWorld();
    const { id: customer } = await world.stripe.customers.create();
    const { id } = await draftOf(world, customer, 3500, auto);
    await world.clock.advance(hourOfDraftMs + 2 * dayMs);
    assert.equal((await world.stripe.invoices.retrieve(id)).attempt_count, 2);
    await newDefault(world, customer);
    await world.clock.advance(2 * dayMs);
    assert.equal((await world.stripe.invoices.retrieve(id)).status, "paid");
  });

  test("stay as planned when somebody tries in between, or changes what is not about them", async () => {
    const world = startWorld();
    const { id } = await failedInvoice(world);
    const { next_payment_attempt: planned } = await world.stripe.invoices.retrieve(id);
    assert.equal((await world.call("POST", `/v1/invoices/${id}/pay`)).status, 402);
    const tried = await world.stripe.invoices.update(id, { metadata: { seen: "yes" } });
    assert.deepEqual([tried.attempt_count, tried.next_payment_attempt], [1, planned]);
  });

  test("are off with auto_advance, and there are none of what was never to advance", async () => {
    const world = startWorld();
    const { id } = await failedInvoice(world);
    const off = await world.stripe.invoices.update(id, { auto_advance: false });
    assert.equal(off.next_payment_attempt, null);
    await world.clock.advance(25 * dayMs);
    assert.equal((await failures(world)).length, 1);
    const { customer } = await billedCustomer(world, "pm_card_chargeCustomerFail");
    const manual = await draftOf(world, customer, 3500);
    assert.equal((await world.call("POST", `/v1/invoices/${manual.id}/pay`)).status, 402);
    assert.equal((await world.stripe.invoices.retrieve(manual.id)).next_payment_attempt, null);
  });

  for (const end of ["voidInvoice", "markUncollectible"] as const) {
    test(`none is planned any more after ${end}`, async () => {
      const world = startWorld();
      const { id } = await failedInvoice(world);
      assert.notEqual((await world.stripe.invoices.retrieve(id)).next_payment_attempt, null);
      const { auto_advance, next_payment_attempt } = await world.stripe.invoices[end](id);
      assert.deepEqual([auto_advance, next_payment_attempt], [false, null]);
      await world.clock.advance(25 * dayMs);
      assert.equal((await failures(world)).length, 1);
    });
  }

  test("there are none of a debit that comes back", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { id: customer } = await stripe.customers.create({ email: "ada@shop.test" });
    const { id: setup } = await stripe.setupIntents.create({ customer });
    const { payment_method } = await stripe.setupIntents.confirm(setup, {
      payment_method: "pm_sepaDebit_failed_de",
      return_url: "https://shop.test/back",
      mandate_data: { customer_acceptance: { type: "offline" } },
    });
    await stripe.customers.update(customer, { invoice_settings: { default_payment_method: String(payment_method) } });
    const { id } = await draftOf(world, customer, 3500, { ...auto, currency: "eur" });
    await world.clock.advance(25 * dayMs);
    const open = await stripe.invoices.retrieve(id);
    assert.deepEqual([open.status, open.attempt_count, open.next_payment_attempt], ["open", 1, null]);
    assert.equal((await failures(world)).length, 1);
  });

  test("go on after a restart", async () => {
    const world = startWorld();
    await failedInvoice(world);
    world.sandbox.restore(world.sandbox.snapshot());
    await world.clock.advance(25 * dayMs);
    assert.equal((await failures(world)).length, 9);
  });

  test("of who is deleted it goes on, with nothing to pay with; their balance is gone", async () => {
    const world = startWorld();
    const { stripe, clock } = world;
    const { id, customer } = await failedInvoice(world);
    await stripe.customers.del(customer);
    await clock.advance(2 * dayMs);
    const { attempt_count, status } = await stripe.invoices.retrieve(id);
    assert.deepEqual([status, attempt_count], ["open", 2]);
    const refused = await world.call("POST", `/v1/invoices/${id}/pay`);
    assert.deepEqual([refused.status, refused.error.code], [400, "resource_missing"]);
    const other = await billedCustomer(world);
    await stripe.customers.update(other.customer, { balance: -100 });
    const open = await openInvoice(world, other.customer, 3500);
    await stripe.customers.del(other.customer);
    assert.equal((await stripe.invoices.voidInvoice(open.id)).status, "void");
  });
});
