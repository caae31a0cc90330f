import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { dayMs, secondMs } from "#kit/clock.ts";
import { type SandboxWorld, startWorld } from "../../testing.ts";

async function pay(world: SandboxWorld, card: string, more = "") {
  const form = `amount=2000&currency=usd&confirm=true&return_url=http://a.test&payment_method=pm_card_${card}${more}`;
  const { json, error } = await world.call("POST", "/v1/payment_intents", form);
  const intent = (error.payment_intent ?? json) as Record<string, unknown>;
  return (await world.call("GET", `/v1/charges/${intent.latest_charge}`)).json;
}

const outcomeOf = (charge: Record<string, unknown>) => charge.outcome as Record<string, unknown>;

suite("charges", () => {
  test("the outcome says who decided: bank, Radar, or nobody against it", async () => {
    const world = startWorld();
    const rows: [card: string, status: string, type: string, network: string, reason: string | null][] = [
      ["visa", "succeeded", "authorized", "approved_by_network", null],
      ["chargeDeclined", "failed", "issuer_declined", "declined_by_network", "generic_decline"],
      ["visa_chargeDeclinedLostCard", "failed", "issuer_declined", "declined_by_network", "lost_card"],
      ["radarBlock", "failed", "blocked", "not_sent_to_network", "highest_risk_level"],
      ["riskLevelElevated", "succeeded", "authorized", "approved_by_network", null],
    ];
    for (const [card, status, type, network, reason] of rows) {
      const charge = await pay(world, card);
      const outcome = outcomeOf(charge);
      const found = [charge.status, outcome.type, outcome.network_status, outcome.reason];
      assert.deepEqual(found, [status, type, network, reason], card);
      assert.equal(charge.paid, status === "succeeded");
    }
  });

  test("lists filter by intent and customer, and an update says what changed", async () => {
    const world = startWorld();
    const { json: customer } = await world.call("POST", "/v1/customers");
    const charge = await pay(world, "visa", `&customer=${customer.id}`);
    await pay(world, "visa");
    const count = async (query: string) => {
      const { json } = await world.call("GET", "/v1/charges", query);
      return (json.data as object[]).length;
    };
    assert.equal(await count(""), 2);
    assert.equal(await count(`customer=${customer.id}`), 1);
    assert.equal(await count(`payment_intent=${charge.payment_intent}`), 1);
    await world.call("POST", `/v1/charges/${charge.id}`, "metadata[order]=1&description=Boots");
    const { json: after } = await world.call("GET", `/v1/charges/${charge.id}`);
    assert.deepEqual([after.description, after.metadata], ["Boots", { order: "1" }]);
    const [event] = (await world.stripe.events.list({ type: "charge.updated" })).data;
    assert.deepEqual(event?.data.previous_attributes, { description: null, metadata: { order: null } });
  });

  test("a canceled hold leaves no trace on its charge, and no money moved", async () => {
    const world = startWorld();
    const charge = await pay(world, "visa", "&capture_method=manual");
    assert.equal(charge.balance_transaction, null);
    await world.call("POST", `/v1/payment_intents/${charge.payment_intent}/cancel`, "cancellation_reason=abandoned");
    const { json: after } = await world.call("GET", `/v1/charges/${charge.id}`);
    assert.deepEqual([after.captured, after.refunded, after.amount_refunded], [false, false, 0]);
    assert.deepEqual((await world.call("GET", "/v1/balance_transactions")).json.data, []);
    assert.deepEqual((await world.call("GET", "/v1/refunds")).json.data, []);
    assert.deepEqual((await world.eventTypes()).slice(-2), [
      "payment_intent.amount_capturable_updated",
      "payment_intent.canceled",
    ]);
    const refund = await world.call("POST", "/v1/refunds", `charge=${charge.id}`);
    assert.match(String(refund.error.message), /^This uncaptured Charge was created by a PaymentIntent/);
  });

  suite("before basil a refund tells that a hold has ended", () => {
    const old = { defaultVersion: "2024-06-20" };
    const speaking = { "stripe-version": "2024-06-20" };
    const refundsOf = async (world: SandboxWorld, charge: unknown) => {
      const { json } = await world.call("GET", "/v1/refunds", { form: `charge=${charge}`, headers: speaking });
      return (json.data as Record<string, unknown>[]).map(({ amount, reason, status }) => [amount, reason, status]);
    };
    const held = async (world: SandboxWorld) => {
      const never = "automatic_payment_methods[enabled]=true&automatic_payment_methods[allow_redirects]=never";
      const form = `amount=2000&currency=eur&confirm=true&payment_method=pm_card_visa&capture_method=manual&${never}`;
      const { json } = await world.call("POST", "/v1/payment_intents", { form, headers: speaking });
      return { intent: String(json.id), charge: String(json.latest_charge) };
    };
    const shown = async (world: SandboxWorld, charge: string) => {
      const { json } = await world.call("GET", `/v1/charges/${charge}`, { headers: speaking });
      return [json.captured, json.refunded, json.amount_captured, json.amount_refunded];
    };

    test("when it is canceled", async () => {
      const world = startWorld(old);
      const { intent, charge } = await held(world);
      await world.call("POST", `/v1/payment_intents/${intent}/cancel`, { headers: speaking });
      assert.deepEqual(await shown(world, charge), [false, true, 0, 2000]);
      assert.deepEqual(await refundsOf(world, charge), [[2000, null, "succeeded"]]);
      assert.deepEqual((await world.eventTypes()).slice(-3), [
        "charge.refunded",
        "refund.created",
        "payment_intent.canceled",
      ]);
    });

    test("when its week is over", async () => {
      const world = startWorld(old);
      const { intent, charge } = await held(world);
      await world.clock.advance(8 * dayMs);
      assert.deepEqual(await shown(world, charge), [false, true, 0, 2000]);
      assert.deepEqual(await refundsOf(world, charge), [[2000, "expired_uncaptured_charge", "succeeded"]]);
      const { json } = await world.call("GET", `/v1/payment_intents/${intent}`, { headers: speaking });
      assert.equal(json.cancellation_reason, "automatic");
    });

    test("when a part of it is captured; the rest of what was paid can be refunded", async () => {
      const world = startWorld(old);
      const { intent, charge } = await held(world);
      await world.call("POST", `/v1/payment_intents/${intent}/capture`, {
        form: "amount_to_capture=1500",
        headers: speaking,
      });
      assert.deepEqual(await shown(world, charge), [true, false, 1500, 500]);
      assert.deepEqual(await refundsOf(world, charge), [[500, null, "succeeded"]]);
      const over = await world.call("POST", "/v1/refunds", { form: `charge=${charge}&amount=1501`, headers: speaking });
      assert.match(String(over.error.message), /unrefunded amount on charge \(€15\.00\)/);
      await world.call("POST", "/v1/refunds", { form: `charge=${charge}`, headers: speaking });
      assert.deepEqual(await shown(world, charge), [true, true, 1500, 2000]);
    });
  });

  test("money is pending for a week, then available; a refund takes it back without the fee", async () => {
    const world = startWorld();
    const charge = await pay(world, "visa");
    await world.clock.advance(2 * secondMs);
    await world.call("POST", "/v1/refunds", `charge=${charge.id}&amount=500`);
    const balance = async () => {
      const { json } = await world.call("GET", "/v1/balance");
      const amount = (rows: unknown) => (rows as { amount: number }[])[0]?.amount;
      return [amount(json.pending), amount(json.available)];
    };
    const net = 2000 - 88 - 500;
    assert.deepEqual(await balance(), [net, 0], "a refund is paid from where the money stands");
    await world.clock.advance(8 * dayMs);
    assert.deepEqual(await balance(), [0, net]);
    await pay(world, "bypassPending");
    assert.deepEqual(await balance(), [0, net + 2000 - 88]);
  });
});
