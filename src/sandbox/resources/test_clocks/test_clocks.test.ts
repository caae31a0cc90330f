import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { testPorts } from "#kit/create_ports.ts";
import { createParts } from "../../assemble.ts";
import { applyBatches, parseSnapshot, snapshotLines } from "../../kernel/keep/snapshot.ts";
import { assertMoves, startWorld } from "../../testing.ts";
import { testClockMachine } from "./test_clock.ts";

const secondOf = (text: string): number => Date.parse(text) / 1000;
const newYear = secondOf("2030-01-01T00:00:00Z");
const day = 86_400;
/** Under versions before basil a customer takes a coupon. */
const headers = { "stripe-version": "2024-06-20" };

async function startClock() {
  const world = startWorld();
  const clocks = world.stripe.testHelpers.testClocks;
  const { id } = await clocks.create({ frozen_time: newYear, name: "a" });
  const settle = async () => {
    for (let turn = 0; turn < 50 && (await clocks.retrieve(id)).status !== "ready"; turn++)
      await world.clock.advance(0);
    return clocks.retrieve(id);
  };
  const advance = async (to: number) => {
    await clocks.advance(id, { frozen_time: to });
    return settle();
  };
  const customerOn = async (form = "") =>
    String((await world.call("POST", "/v1/customers", { form: `test_clock=${id}&${form}`, headers })).json.id);
  return { ...world, clocks, id, advance, settle, customerOn };
}

const at = "/v1/test_helpers/test_clocks";

/** The core answers at once: between two calls nothing else has a turn. */
function startCore(seed = 7) {
  const { world, http, take } = createParts(testPorts({ seed }), () => "http://sandbox");
  const ask = (method: string, address: string, body = "") => {
    const sent = { authorization: "Bearer sk_test_world", "stripe-version": "2024-06-20" };
    const answer = http.core.handle({ method, path: address, query: "", headers: sent, body });
    const json = JSON.parse(answer.body) as Readonly<Record<string, unknown>>;
    const error = json.error as { readonly message: string } | undefined;
    return { ...json, code: answer.status, id: String(json.id), error } as Answer;
  };
  return { world, take, ask };
}

type Answer = Readonly<Record<string, unknown>> & {
  readonly code: number;
  readonly id: string;
  readonly error: { readonly message: string } | undefined;
};

suite("test clocks", () => {
  test("every status takes or refuses every action", () => {
    assertMoves(testClockMachine, {
      new: { create: "ready", advance: "refused", arrive: "refused", fail: "refused" },
      ready: { create: "refused", advance: "advancing", arrive: "refused", fail: "refused" },
      advancing: { create: "refused", advance: "refused", arrive: "ready", fail: "internal_failure" },
      internal_failure: { create: "refused", advance: "refused", arrive: "refused", fail: "refused" },
    });
  });

  test("a clock stands where it was put, and deletes itself after thirty days", async () => {
    const { clocks, id, clock, eventTypes } = await startClock();
    const { created, deletes_after, ...shown } = await clocks.retrieve(id);
    assert.equal(deletes_after - created, 30 * day);
    assert.deepEqual(shown, {
      id,
      object: "test_helpers.test_clock",
      frozen_time: newYear,
      livemode: false,
      name: "a",
      status: "ready",
      status_details: {},
    });
    await clock.advance(30 * day * 1000 - 1_000);
    assert.equal((await clocks.retrieve(id)).frozen_time, newYear, "the world's time moves nothing on it");
    await clock.advance(1_000);
    const missing = { statusCode: 404, message: `No such test clock: '${id}'` };
    await assert.rejects(clocks.retrieve(id), missing);
    assert.equal((await eventTypes()).at(-1), "test_helpers.test_clock.deleted");
  });

  test("an advance is answered while it is under way, and what it does comes in the order of time", async () => {
    const { clocks, id, settle, eventTypes, stripe } = await startClock();
    const target = newYear + 40 * day;
    const started = await clocks.advance(id, { frozen_time: target });
    assert.deepEqual(
      [started.status, started.frozen_time, started.status_details],
      ["advancing", newYear, { advancing: { target_frozen_time: target } }],
    );
    const ready = await settle();
    assert.deepEqual([ready.status, ready.frozen_time, ready.status_details], ["ready", target, {}]);
    assert.deepEqual(await eventTypes(), [
      "test_helpers.test_clock.created",
      "test_helpers.test_clock.advancing",
      "test_helpers.test_clock.ready",
    ]);
    const [arrived] = (await stripe.events.list({ type: "test_helpers.test_clock.ready" })).data;
    assert.equal(arrived?.created, target, "an event on a clock carries the clock's time");
  });

  test("as long as it is under way, nobody may advance it, delete it, or write to what is on it", async () => {
    const { world, ask } = startCore();
    const clock = ask("POST", at, `frozen_time=${newYear}`).id;
    const customer = ask("POST", "/v1/customers", `test_clock=${clock}`).id;
    const other = ask("POST", "/v1/customers").id;
    const advance = ask("POST", `${at}/${clock}/advance`, `frozen_time=${newYear + day}`);
    assert.equal(advance.status, "advancing");
    const refused = [
      ask("POST", `${at}/${clock}/advance`, `frozen_time=${newYear + 2 * day}`),
      ask("DELETE", `${at}/${clock}`),
      ask("POST", `/v1/customers/${customer}`, "name=a"),
      ask("POST", "/v1/customers", `test_clock=${clock}`),
      ask("POST", "/v1/payment_intents", `amount=500&currency=eur&customer=${customer}`),
    ];
    for (const { code, error } of refused) {
      assert.equal(code, 429);
      assert.equal(error?.message, `Test clock advancement underway - cannot perform modifications: ${clock}`);
    }
    assert.equal(ask("GET", `/v1/customers/${customer}`).code, 200);
    assert.equal(ask("POST", `/v1/customers/${other}`, "name=a").code, 200);
    await world.timelines.of(clock)?.advanceTo(0);
    assert.equal(ask("GET", `${at}/${clock}`).status, "ready");
    assert.equal(ask("POST", `/v1/customers/${customer}`, "name=a").code, 200);
  });

  test("what hangs on it lives in its time: a discount ends at its second, in the order of time", async () => {
    const { stripe, advance, customerOn } = await startClock();
    for (const months of [1, 2, 3]) {
      const duration = { duration: "repeating", duration_in_months: months } as const;
      await stripe.coupons.create({ id: `M${months}`, percent_off: 5, ...duration });
    }
    const ids = [await customerOn("coupon=M3"), await customerOn("coupon=M1"), await customerOn("coupon=M2")];
    const first = (await stripe.customers.retrieve(ids[0] ?? "")) as Stripe.Customer;
    assert.deepEqual([first.created, first.discount?.start], [newYear, newYear]);
    await advance(newYear + 70 * day);
    const deleted = async () =>
      (await stripe.events.list({ type: "customer.discount.deleted" })).data
        .map(({ created, data }) => [(data.object as Stripe.Discount).customer, created] as const)
        .reverse();
    const [february, march] = [secondOf("2030-02-01T00:00:00Z"), secondOf("2030-03-01T00:00:00Z")];
    assert.deepEqual(await deleted(), [
      [ids[1], february],
      [ids[2], march],
    ]);
    await advance(secondOf("2030-04-01T00:00:00Z"));
    assert.equal((await deleted()).length, 3, "what is due at the instant it is advanced to happens too");
  });

  test("payments of its customers carry the world's time", async () => {
    const { stripe, clock, customerOn } = await startClock();
    const customer = await customerOn();
    const { created } = await stripe.paymentIntents.create({ amount: 500, currency: "eur", customer });
    assert.equal(created, Math.floor(clock.now() / 1000));
  });

  test("an invoice's draft hour passes on the clock of its customer, whoever names the invoice", async () => {
    const { stripe, advance, customerOn, id: clock } = await startClock();
    const customer = await customerOn("email=a@shop.test");
    await stripe.invoiceItems.create({ customer, amount: 500, currency: "usd" });
    const { id, created, test_clock } = await stripe.invoices.create({
      customer,
      auto_advance: true,
      collection_method: "send_invoice",
      days_until_due: 30,
      pending_invoice_items_behavior: "include",
    });
    assert.deepEqual([created, test_clock], [newYear, clock]);
    await advance(newYear + 1_800);
    assert.equal((await stripe.invoices.retrieve(id)).status, "draft");
    await advance(newYear + 2 * 3_600);
    const { status, status_transitions } = await stripe.invoices.retrieve(id);
    assert.equal(status, "open");
    const finalized = Number(status_transitions.finalized_at);
    assert.ok(finalized >= newYear + 3_600 && finalized < newYear + 2 * 3_600, String(finalized));
    const voided = await stripe.invoices.voidInvoice(id);
    assert.equal(voided.status_transitions.voided_at, newYear + 2 * 3_600);
  });

  test("lists leave out who hangs on a clock, unless the clock is named", async () => {
    const { stripe, id, customerOn } = await startClock();
    const plain = await stripe.customers.create({ email: "a@shop.test" });
    const on = await customerOn("email=a@shop.test");
    const ids = async (params: Stripe.CustomerListParams) =>
      (await stripe.customers.list(params)).data.map((one) => one.id);
    assert.deepEqual(await ids({}), [plain.id]);
    assert.deepEqual(await ids({ email: "a@shop.test" }), [plain.id]);
    const found = await stripe.customers.search({ query: "email:'a@shop.test'" });
    assert.deepEqual(
      found.data.map((one) => one.id),
      [plain.id],
    );
    assert.deepEqual(await ids({ test_clock: id }), [on]);
    assert.deepEqual(await ids({ test_clock: id, email: "b@shop.test" }), []);
    await assert.rejects(stripe.customers.list({ test_clock: "clock_nope" }), { param: "test_clock" });
    const expanded = (await stripe.customers.retrieve(on, { expand: ["test_clock"] })) as Stripe.Customer;
    assert.equal((expanded.test_clock as Stripe.TestHelpers.TestClock).frozen_time, newYear);
  });

  test("deleted, it takes its customers with it, and what was to happen on it; payments stay", async () => {
    const { stripe, clocks, id, customerOn, eventTypes } = await startClock();
    const months = { duration: "repeating", duration_in_months: 1 } as const;
    await stripe.coupons.create({ id: "M1", percent_off: 5, ...months });
    const customer = await customerOn("coupon=M1");
    const paid = await stripe.paymentIntents.create({ amount: 500, currency: "eur", customer });
    assert.deepEqual(await clocks.del(id), { id, object: "test_helpers.test_clock", deleted: true });
    assert.equal((await stripe.customers.retrieve(customer)).deleted, true);
    assert.equal((await stripe.paymentIntents.retrieve(paid.id)).customer, customer);
    const types = (await eventTypes()).slice(-2);
    assert.deepEqual(types, ["customer.deleted", "test_helpers.test_clock.deleted"]);
    assert.deepEqual((await clocks.list()).data, []);
    await assert.rejects(stripe.customers.create({ test_clock: id }), { code: "resource_missing" });
  });

  test("an advance goes on where a kill has left it", async () => {
    const before = startCore();
    const { ask } = before;
    ask("POST", "/v1/coupons", "id=M1&percent_off=5&duration=repeating&duration_in_months=1");
    const clock = ask("POST", at, `frozen_time=${newYear}`).id;
    const customer = ask("POST", "/v1/customers", `test_clock=${clock}&coupon=M1`).id;
    assert.notEqual(ask("GET", `/v1/customers/${customer}`).discount, null);
    ask("POST", `${at}/${clock}/advance`, `frozen_time=${newYear + 40 * day}`);
    const lines = [...snapshotLines(before.world)];
    const after = startCore(8);
    after.take(applyBatches(after.world, parseSnapshot(lines)));
    assert.equal(after.ask("GET", `${at}/${clock}`).status, "advancing");
    await after.world.timelines.of(clock)?.advanceTo(0);
    const there = after.ask("GET", `${at}/${clock}`);
    assert.deepEqual([there.status, there.frozen_time], ["ready", newYear + 40 * day]);
    assert.equal(after.ask("GET", `/v1/customers/${customer}`).discount, null);
    assert.equal(after.ask("POST", `/v1/customers/${customer}`, "name=a").code, 200);
  });
});
