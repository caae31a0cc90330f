import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { crc32 } from "node:zlib";
import type Stripe from "stripe";
import { dayMs, minuteMs, secondMs } from "#kit/clock.ts";
import { type SandboxWorld, startWorld } from "../../testing.ts";
import { type Refund, refundMachine } from "./refund.ts";

async function pay(world: SandboxWorld, card = "visa", more = ""): Promise<string> {
  const form =
    "amount=2000&currency=eur&confirm=true&automatic_payment_methods[enabled]=true" +
    `&automatic_payment_methods[allow_redirects]=never&payment_method=pm_card_${card}${more}`;
  return String((await world.call("POST", "/v1/payment_intents", form)).json.id);
}

const refund = (world: SandboxWorld, form: string) => world.call("POST", "/v1/refunds", form);

suite("refunds", () => {
  test("parts add up to the whole, and not a cent more", async () => {
    const world = startWorld();
    const intent = await pay(world);
    const first = await refund(world, `payment_intent=${intent}&amount=500&reason=requested_by_customer`);
    assert.deepEqual([first.json.status, first.json.amount], ["succeeded", 500]);
    const over = await refund(world, `payment_intent=${intent}&amount=1501`);
    assert.equal(over.status, 400);
    assert.equal(over.error.message, "Refund amount (€15.01) is greater than unrefunded amount on charge (€15.00)");
    assert.equal((await refund(world, `payment_intent=${intent}`)).json.amount, 1500);
    const again = await refund(world, `charge=${first.json.charge}&amount=1`);
    assert.equal(again.error.code, "charge_already_refunded");
    const { json: charge } = await world.call("GET", `/v1/charges/${first.json.charge}`);
    assert.deepEqual([charge.refunded, charge.amount_refunded], [true, 2000]);
    const { json: list } = await world.call("GET", "/v1/refunds", `payment_intent=${intent}`);
    assert.equal((list.data as object[]).length, 2);
  });

  test("a refund of pending money is taken from there until its day, and comes back so", async () => {
    const world = startWorld();
    const sums = async () => {
      const { available, pending } = await world.stripe.balance.retrieve();
      return [available[0]?.amount ?? 0, pending[0]?.amount ?? 0];
    };
    const booked = async (id: unknown) => {
      const { status, available_on } = await world.stripe.balanceTransactions.retrieve(String(id));
      return { status, available_on };
    };
    const charge = await world.stripe.charges.create({ amount: 1000, currency: "usd", source: "tok_visa" });
    const { balance_transaction } = await world.stripe.refunds.create({ charge: charge.id });
    assert.deepEqual(await sums(), [0, -59]);
    const ofCharge = await booked(charge.balance_transaction);
    assert.equal(ofCharge.status, "pending");
    assert.deepEqual(await booked(balance_transaction), ofCharge);
    await world.clock.advance(8 * dayMs);
    assert.deepEqual(await sums(), [-59, 0]);
    const later = await world.stripe.charges.create({ amount: 1000, currency: "usd", source: "tok_refundFail" });
    await world.stripe.refunds.create({ charge: later.id });
    await world.clock.advance(2 * minuteMs);
    assert.deepEqual(await sums(), [-59, 941], "the refund has failed");
    await world.clock.advance(8 * dayMs);
    const old = await world.stripe.refunds.create({ charge: later.id, amount: 100 });
    assert.equal((await booked(old.balance_transaction)).status, "available");
  });

  test("the events of a refund come in the order seen at Stripe", async () => {
    const world = startWorld();
    const intent = await pay(world);
    const before = (await world.eventTypes()).length;
    await refund(world, `payment_intent=${intent}`);
    assert.deepEqual((await world.eventTypes()).slice(before), [
      "refund.created",
      "charge.refunded",
      "refund.updated",
      "charge.refund.updated",
    ]);
    const { json } = await world.call("GET", "/v1/events", "type=charge.refunded");
    const [event] = json.data as { data: { previous_attributes: object } }[];
    assert.deepEqual(event?.data.previous_attributes, { amount_refunded: 0, refunded: false });
  });

  test("what cannot be refunded says why", async () => {
    const world = startWorld();
    const held = await pay(world, "visa", "&capture_method=manual");
    assert.match(
      String((await refund(world, `payment_intent=${held}`)).error.message),
      /must cancel the PaymentIntent/,
    );
    assert.deepEqual(Object.keys((await refund(world, "")).error), ["message", "request_log_url", "type"]);
    const missing = await refund(world, "payment_intent=pi_no");
    assert.deepEqual([missing.status, missing.error.code], [400, "resource_missing"]);
    const intent = await pay(world);
    assert.equal((await refund(world, `payment_intent=${intent}&amount=0`)).status, 400);
  });

  test("a pending refund settles, and a failing one gives the money back", async () => {
    const world = startWorld();
    const { json: pending } = await refund(world, `payment_intent=${await pay(world, "pendingRefund")}`);
    const { json: failing } = await refund(world, `payment_intent=${await pay(world, "refundFail")}`);
    assert.deepEqual([pending.status, failing.status], ["pending", "succeeded"]);
    await world.clock.advance(2 * minuteMs);
    const { json: settled } = await world.call("GET", `/v1/refunds/${pending.id}`);
    const { json: failed } = await world.call("GET", `/v1/refunds/${failing.id}`);
    assert.deepEqual(
      [settled.status, failed.status, failed.failure_reason],
      ["succeeded", "failed", "expired_or_canceled_card"],
    );
    const { json: back } = await world.call("GET", `/v1/balance_transactions/${failed.failure_balance_transaction}`);
    assert.deepEqual([back.type, back.reporting_category, back.net], ["refund_failure", "refund_failure", 2000]);
    const { json: charge } = await world.call("GET", `/v1/charges/${failing.charge}`);
    assert.deepEqual([charge.refunded, charge.amount_refunded], [false, 0]);
    assert.ok((await world.eventTypes()).includes("refund.failed"));
  });
});

const debitForm =
  "amount=2000&currency=eur&confirm=true&automatic_payment_methods[enabled]=true&return_url=http://shop.test" +
  "&mandate_data[customer_acceptance][type]=offline&payment_method=pm_sepaDebit_";

const debit = async (world: SandboxWorld, account: string) =>
  String((await world.call("POST", "/v1/payment_intents", debitForm + account)).json.id);

const refundOf = async (world: SandboxWorld, intent: string) =>
  (await world.stripe.refunds.create({ payment_intent: intent })).id;

/** How a refund comes into each status. */
const roads: Readonly<Record<Refund["status"], (world: SandboxWorld) => Promise<string>>> = {
  succeeded: async (world) => refundOf(world, await pay(world)),
  pending: async (world) => refundOf(world, await pay(world, "pendingRefund")),
  failed: async (world) => {
    const id = await refundOf(world, await pay(world, "refundFail"));
    await world.clock.advance(2 * minuteMs);
    return id;
  },
  /** Of methods that the sandbox does not have: written into its memory. */
  requires_action: async (world) => {
    const id = await roads.pending(world);
    const pending = '"pending_reason":"processing","status":"pending"';
    const lines = world.sandbox.snapshot();
    assert.ok(lines.some((line) => line.includes(pending)));
    world.sandbox.restore(lines.map((line) => withText(line, pending, '"status":"requires_action"')));
    return id;
  },
  canceled: async (world) => {
    const id = await roads.requires_action(world);
    await world.stripe.refunds.cancel(id);
    return id;
  },
};

/** A line of a snapshot is a checksum, a space and JSON. */
function withText(line: string, from: string, to: string): string {
  if (!line.includes(from)) return line;
  const json = line
    .slice(line.indexOf(" ") + 1)
    .trimEnd()
    .replaceAll(from, to);
  return `${crc32(json).toString(16)} ${json}\n`;
}

const calls: Readonly<Record<string, (id: string) => string>> = {
  cancel: (id) => `/v1/refunds/${id}/cancel`,
  expire: (id) => `/v1/test_helpers/refunds/${id}/expire`,
};

suite("refunds: every status, every action", () => {
  for (const [status, go] of Object.entries(roads)) {
    for (const [action, pathOf] of Object.entries(calls)) {
      const { from, to } = refundMachine.actions[action as "cancel" | "expire"];
      const isAllowed = (from as readonly string[]).includes(status);
      test(`${status} ${isAllowed ? "takes" : "refuses"} ${action}`, async () => {
        const world = startWorld();
        const id = await go(world);
        const before = await world.stripe.refunds.retrieve(id);
        assert.equal(before.status, status);
        const events = await world.eventTypes();
        const answer = await world.call("POST", pathOf(id));
        const after = await world.stripe.refunds.retrieve(id);
        assert.equal(answer.status, isAllowed ? 200 : 400, JSON.stringify(answer.json));
        if (isAllowed) assert.ok(Object.keys(to).includes(String(after.status)), `it is ${after.status}`);
        else assert.deepEqual([after, await world.eventTypes()], [before, events]);
      });
    }

    test(`${status} takes metadata`, async () => {
      const world = startWorld();
      const id = await go(world);
      const { metadata, status: after } = await world.stripe.refunds.update(id, { metadata: { a: "1" } });
      assert.deepEqual([metadata, after], [{ a: "1" }, status]);
    });
  }

  test("a canceled one gives all back, and the charge can be refunded again", async () => {
    const world = startWorld();
    const refund = await world.stripe.refunds.retrieve(await roads.canceled(world), {
      expand: ["failure_balance_transaction", "charge"],
    });
    const back = refund.failure_balance_transaction as Stripe.BalanceTransaction;
    assert.deepEqual([refund.failure_reason, back.type, back.net], ["merchant_request", "refund_failure", 2000]);
    assert.equal((refund.charge as Stripe.Charge).amount_refunded, 0);
    assert.equal((await world.stripe.refunds.create({ charge: (refund.charge as Stripe.Charge).id })).amount, 2000);
  });
});

suite("refunds of debits", () => {
  test("one is pending until the bank has the money, and is a payment_refund", async () => {
    const world = startWorld();
    const intent = await debit(world, "success_de");
    await world.clock.advance(10 * secondMs);
    const refund = await world.stripe.refunds.create({ payment_intent: intent, expand: ["balance_transaction"] });
    assert.deepEqual([refund.status, refund.pending_reason], ["pending", "processing"]);
    assert.match(refund.id, /^pyr_3/);
    const { type, reporting_category, net } = refund.balance_transaction as Stripe.BalanceTransaction;
    assert.deepEqual([type, reporting_category, net], ["payment_refund", "refund", -2000]);
    await world.clock.advance(2 * minuteMs);
    assert.equal((await world.stripe.refunds.retrieve(refund.id)).status, "succeeded");
    assert.deepEqual((await world.eventTypes()).slice(-4), [
      "refund.created",
      "charge.refunded",
      "refund.updated",
      "charge.refund.updated",
    ]);
  });

  test("of a debit under way it waits for the debit", async () => {
    const world = startWorld();
    const intent = await debit(world, "successDelayed_de");
    const refund = await world.stripe.refunds.create({ payment_intent: intent, amount: 500 });
    assert.deepEqual(
      [refund.status, refund.pending_reason, refund.balance_transaction],
      ["pending", "charge_pending", null],
    );
    await assert.rejects(world.stripe.refunds.create({ payment_intent: intent, amount: 1501 }), /greater than/);
    await world.clock.advance(3 * minuteMs);
    const leaving = await world.stripe.refunds.retrieve(refund.id);
    assert.deepEqual([leaving.status, leaving.pending_reason], ["pending", "processing"]);
    await world.clock.advance(minuteMs);
    assert.equal((await world.stripe.refunds.retrieve(refund.id)).status, "succeeded");
  });

  test("of a debit that fails in the end it fails too, and no money moves", async () => {
    const world = startWorld();
    const intent = await debit(world, "failedDelayed_de");
    const { id, charge } = await world.stripe.refunds.create({ payment_intent: intent });
    await world.clock.advance(5 * minuteMs);
    const failed = await world.stripe.refunds.retrieve(id);
    assert.deepEqual([failed.status, failed.failure_balance_transaction], ["failed", undefined]);
    assert.equal((await world.stripe.charges.retrieve(String(charge))).amount_refunded, 0);
    const { data } = await world.stripe.balanceTransactions.list();
    assert.deepEqual(data.map(({ type }) => type).sort(), ["payment", "payment_failure_refund"]);
    await assert.rejects(world.stripe.refunds.create({ payment_intent: intent }), /does not have a successful charge/);
  });

  test("one that has not arrived is overtaken by the payer's dispute", async () => {
    const world = startWorld({ settlement: "real" });
    await world.stripe.charges.create({ amount: 9000, currency: "eur", source: "tok_bypassPending" });
    const intent = await debit(world, "disputed_de");
    await world.clock.advance(35 * dayMs);
    const { id } = await world.stripe.refunds.create({ payment_intent: intent });
    await world.clock.advance(2 * dayMs);
    const failed = await world.stripe.refunds.retrieve(id);
    assert.deepEqual([failed.status, failed.failure_reason], ["failed", "charge_for_pending_refund_disputed"]);
    const [dispute] = (await world.stripe.disputes.list()).data;
    assert.equal(dispute?.amount, 2000);
  });
});

suite("refunds of redirects", () => {
  for (const type of ["ideal", "bancontact"]) {
    test(`${type}: pending first, to the account behind it`, async () => {
      const world = startWorld();
      const form =
        "amount=2000&currency=eur&confirm=true&automatic_payment_methods[enabled]=true&return_url=http://shop.test" +
        `&payment_method_data[type]=${type}&payment_method_data[billing_details][name]=Jenny`;
      const { json: intent } = await world.call("POST", "/v1/payment_intents", form);
      const outcome = `source=${intent.id}&client_secret=${intent.client_secret}&outcome=succeeded`;
      await world.call("POST", "/v1/3ds2/authenticate", {
        form: outcome,
        headers: { authorization: "Bearer pk_test_world" },
      });
      const refund = await world.stripe.refunds.create({ payment_intent: String(intent.id) });
      assert.deepEqual([refund.status, refund.destination_details?.type], ["pending", type]);
      await world.clock.advance(2 * minuteMs);
      assert.equal((await world.stripe.refunds.retrieve(refund.id)).status, "succeeded");
    });
  }
});

suite("refunds: what they refuse", () => {
  const rows: readonly (readonly [why: string, form: string, param: string | null, message: RegExp])[] = [
    ["an application's fee", "refund_application_fee=true", "refund_application_fee", /Only an application generating/],
    ["a transfer", "reverse_transfer=true", "reverse_transfer", /does not have an associated transfer/],
    ["a customer's cash", "origin=customer_balance", "origin", /no cash balance/],
    ["a negative amount", "amount=-1", "amount", /Invalid positive integer/],
    ["an unknown field", "colour=red", "colour", /unknown parameter: colour/],
  ];
  for (const [why, form, param, message] of rows) {
    test(why, async () => {
      const world = startWorld();
      const answer = await refund(world, `payment_intent=${await pay(world)}&${form}`);
      assert.deepEqual([answer.status, answer.error.param ?? null], [400, param], JSON.stringify(answer.json));
      assert.match(String(answer.error.message), message);
      assert.equal((await world.stripe.refunds.list()).data.length, 0);
    });
  }
});
