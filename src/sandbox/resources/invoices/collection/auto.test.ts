import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { dayMs, hourMs } from "#kit/clock.ts";
import { type SandboxWorld, startWorld } from "../../../testing.ts";
import { monthly } from "../../subscriptions/testing.ts";
import { billedCustomer, draftOf } from "../testing.ts";

const secondMs = 1000;
const auto = { auto_advance: true } as const;
const statusOf = async ({ stripe }: SandboxWorld, id: string) => (await stripe.invoices.retrieve(id)).status;

suite("an invoice that advances by itself", () => {
  test("is a draft for an hour and a second, then finalized and paid", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const draft = await draftOf(world, customer, 3500, auto);
    const { automatically_finalizes_at, created, next_payment_attempt } = draft;
    assert.deepEqual([automatically_finalizes_at, next_payment_attempt], [created + 3601, created + 3600]);
    await world.clock.advance(hourMs);
    assert.equal(await statusOf(world, draft.id), "draft");
    await world.clock.advance(secondMs);
    const paid = await world.stripe.invoices.retrieve(draft.id);
    assert.deepEqual([paid.status, paid.attempt_count, paid.auto_advance], ["paid", 1, false]);
    assert.deepEqual([paid.status_transitions.paid_at, paid.automatically_finalizes_at], [created + 3601, null]);
    const { data } = await world.stripe.events.list({ type: "invoice.paid" });
    assert.deepEqual(data[0]?.request, { id: null, idempotency_key: null });
  });

  test("is sent, where it is to be sent", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const sent = { ...auto, collection_method: "send_invoice", days_until_due: 7 } as const;
    const draft = await draftOf(world, customer, 3500, sent);
    assert.deepEqual([draft.next_payment_attempt, draft.automatically_finalizes_at], [null, draft.created + 3601]);
    await world.clock.advance(2 * hourMs);
    assert.equal(await statusOf(world, draft.id), "open");
    assert.equal((await world.eventTypes()).at(-1), "invoice.sent");
  });

  test("switched off it stays, on again its hour still counts from the beginning", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { customer } = await billedCustomer(world);
    const draft = await draftOf(world, customer, 3500, auto);
    await world.clock.advance(hourMs / 2);
    const off = await stripe.invoices.update(draft.id, { auto_advance: false });
    assert.deepEqual([off.automatically_finalizes_at, off.next_payment_attempt], [null, null]);
    await world.clock.advance(hourMs);
    assert.equal(await statusOf(world, draft.id), "draft");
    const on = await stripe.invoices.update(draft.id, auto);
    assert.equal(on.automatically_finalizes_at, draft.created + 3601);
    await world.clock.advance(0);
    assert.equal(await statusOf(world, draft.id), "paid");
  });

  test("finalized by hand it is charged an hour later", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const { id } = await draftOf(world, customer, 3500);
    const open = await world.stripe.invoices.finalizeInvoice(id, auto);
    assert.deepEqual([open.auto_advance, open.attempted, open.next_payment_attempt], [true, false, null]);
    await world.clock.advance(hourMs);
    assert.equal(await statusOf(world, id), "paid");
  });

  for (const [why, card] of [
    ["a decline", "pm_card_chargeCustomerFail"],
    ["a card that asks", "pm_card_threeDSecure2Required"],
    ["nothing to pay with", null],
  ] as const) {
    test(`${why} is said, and leaves it open`, async () => {
      const world = startWorld();
      const { id: bare } = await world.stripe.customers.create();
      const customer = card === null ? bare : (await billedCustomer(world, card)).customer;
      const { id } = await draftOf(world, customer, 3500, auto);
      await world.clock.advance(2 * hourMs);
      const open = await world.stripe.invoices.retrieve(id);
      assert.deepEqual([open.status, open.attempted, open.attempt_count], ["open", true, 1]);
      const types = await world.eventTypes();
      assert.ok(types.indexOf("invoice.finalized") < types.indexOf("invoice.payment_failed"));
    });
  }

  test("what cannot be finalized stays a draft, and says why", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const { id } = await draftOf(world, customer, 3500, {
      ...auto,
      payment_settings: { payment_method_types: ["sepa_debit"] },
    });
    await world.clock.advance(2 * hourMs);
    const draft = await world.stripe.invoices.retrieve(id);
    assert.equal(draft.status, "draft");
    assert.match(String(draft.last_finalization_error?.message), /usd/);
    assert.equal((await world.eventTypes()).at(-1), "invoice.finalization_failed");
  });
});

suite("who listens for the draft", () => {
  const listening = async (status: number, url = "http://127.0.0.1:8080/hooks") => {
    let answer = status;
    const world = startWorld({ fetch: () => Promise.resolve(new Response("", { status: answer })) });
    await world.stripe.webhookEndpoints.create({ url, enabled_events: ["invoice.created"] });
    const { customer } = await billedCustomer(world);
    const { id } = await draftOf(world, customer, 3500, auto);
    return { world, id, heal: () => (answer = 200) };
  };

  test("has the hour from when it heard of it", async () => {
    const { world, id, heal } = await listening(500);
    await world.clock.advance(2 * hourMs);
    assert.deepEqual(await world.stripe.invoices.retrieve(id).then((one) => [one.status, one.webhooks_delivered_at]), [
      "draft",
      null,
    ]);
    heal();
    await world.clock.advance(24 * hourMs);
    const paid = await world.stripe.invoices.retrieve(id);
    assert.equal(paid.status, "paid");
    const { finalized_at } = paid.status_transitions;
    assert.equal(finalized_at, Number(paid.webhooks_delivered_at) + 3600);
  });

  test("has it on the test clock of the draft, by which all that follows is dated", async () => {
    const world = startWorld({ fetch: () => Promise.resolve(new Response("")) });
    const { stripe, clock } = world;
    await stripe.webhookEndpoints.create({ url: "http://127.0.0.1:8080/hooks", enabled_events: ["invoice.created"] });
    const frozen_time = 1_577_880_000;
    const { id: test_clock } = await stripe.testHelpers.testClocks.create({ frozen_time });
    const { customer } = await billedCustomer(world, "pm_card_visa", { test_clock });
    await stripe.subscriptions.create({ customer, items: [{ price: await monthly(world, 1_000) }] });
    await stripe.testHelpers.testClocks.advance(test_clock, { frozen_time: frozen_time + (33 * dayMs) / secondMs });
    for (let turn = 0; turn < 50; turn++) await clock.advance(0);
    const [renewal] = (await stripe.invoices.list({ customer })).data;
    assert.ok(renewal?.webhooks_delivered_at);
    assert.deepEqual([renewal.status, renewal.webhooks_delivered_at - renewal.created], ["paid", 0]);
    const { finalized_at } = renewal.status_transitions;
    assert.equal(finalized_at, renewal.created + 3601);
    for (const type of ["invoice.finalized", "invoice.paid"] as const) {
      const [event] = (await stripe.events.list({ type })).data;
      assert.equal(event?.created, finalized_at, type);
    }
  });

  test("and cannot be reached is not waited for", async () => {
    const { world, id } = await listening(200, "https://shop.test/hooks");
    await world.clock.advance(hourMs + secondMs);
    assert.equal(await statusOf(world, id), "paid");
  });

  test("and never answers is waited for three days", async () => {
    const { world, id } = await listening(500);
    await world.clock.advance(72 * hourMs - secondMs);
    assert.equal(await statusOf(world, id), "draft");
    await world.clock.advance(secondMs);
    assert.equal(await statusOf(world, id), "paid");
  });
});
