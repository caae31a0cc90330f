import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { dayMs, secondMs } from "#kit/clock.ts";
import { type SandboxWorld, startWorld } from "../../testing.ts";
import { type PaymentIntentStatus, paymentIntentMachine } from "./payment_intent.ts";

const base = "amount=2000&currency=eur&automatic_payment_methods[enabled]=true";
const never = `${base}&automatic_payment_methods[allow_redirects]=never`;
const confirmed = (card: string, more = "") => `${never}&confirm=true&payment_method=pm_card_${card}${more}`;

const growing = "payment_method_options[card][request_incremental_authorization]";

/** How an intent comes into each status over the wire. Cards never process, so that status has no road yet. */
const roads: Readonly<Partial<Record<PaymentIntentStatus, string>>> = {
  requires_payment_method: never,
  requires_confirmation: `${never}&payment_method=pm_card_visa`,
  requires_action: confirmed("authenticationRequired"),
  requires_capture: confirmed("visa", `&capture_method=manual&${growing}=if_available`),
  succeeded: confirmed("visa"),
};

const calls: Readonly<Record<string, (id: string, secret: string) => [path: string, form: string]>> = {
  confirm: (id) => [`/v1/payment_intents/${id}/confirm`, "payment_method=pm_card_visa"],
  capture: (id) => [`/v1/payment_intents/${id}/capture`, ""],
  increment: (id) => [`/v1/payment_intents/${id}/increment_authorization`, "amount=2100"],
  cancel: (id) => [`/v1/payment_intents/${id}/cancel`, ""],
  revise: (id) => [`/v1/payment_intents/${id}`, "amount=2100"],
  authenticate: (id, secret) => ["/v1/3ds2/authenticate", `source=${id}&client_secret=${secret}&outcome=succeeded`],
};

async function intentIn(world: SandboxWorld, status: PaymentIntentStatus) {
  const { json } = await world.call(
    "POST",
    "/v1/payment_intents",
    roads[status === "canceled" ? "requires_capture" : status],
  );
  if (status === "canceled") await world.call("POST", `/v1/payment_intents/${json.id}/cancel`);
  return { id: String(json.id), secret: String(json.client_secret) };
}

suite("payment intents: every status, every action", () => {
  const statuses = [...Object.keys(roads), "canceled"] as PaymentIntentStatus[];
  for (const status of statuses) {
    for (const [action, callOf] of Object.entries(calls)) {
      const { from, to } = paymentIntentMachine.actions[action as keyof typeof paymentIntentMachine.actions];
      const isAllowed = (from as readonly string[]).includes(status);
      test(`${status} ${isAllowed ? "takes" : "refuses"} ${action}`, async () => {
        const world = startWorld();
        const { id, secret } = await intentIn(world, status);
        const before = await world.eventTypes();
        const [path, form] = callOf(id, secret);
        const answer = await world.call("POST", path, form);
        const { json: after } = await world.call("GET", `/v1/payment_intents/${id}`);
        if (isAllowed) {
          assert.equal(answer.status, 200, JSON.stringify(answer.json));
          assert.ok(Object.keys(to).includes(String(after.status)), `${action} ends in ${after.status}`);
          return;
        }
        assert.equal(answer.status, 400);
        assert.equal(answer.error.code, "payment_intent_unexpected_state");
        assert.equal((answer.error.payment_intent as { status: string }).status, status);
        assert.equal(after.status, status);
        assert.deepEqual(await world.eventTypes(), before, "a refusal sends nothing");
      });
    }
  }
});

suite("payment intents on the wire", () => {
  test("a card pays at once, and its events come in Stripe's order", async () => {
    const world = startWorld();
    const intent = await world.stripe.paymentIntents.create({
      amount: 2000,
      currency: "eur",
      payment_method: "pm_card_visa",
      confirm: true,
      automatic_payment_methods: { enabled: true, allow_redirects: "never" },
      expand: ["latest_charge"],
    });
    assert.equal(intent.status, "succeeded");
    assert.equal(intent.amount_received, 2000);
    const charge = intent.latest_charge;
    assert.ok(charge && typeof charge !== "string");
    assert.equal(charge.balance_transaction, null, "asynchronous capture");
    assert.match(intent.id, /^pi_3\w{23}$/);
    assert.equal(charge.id.slice(3, 20), intent.id.slice(3, 20), "one family of ids");
    const paid = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"];
    assert.deepEqual(await world.eventTypes(), paid);
    await world.clock.advance(2 * secondMs);
    assert.deepEqual(await world.eventTypes(), [...paid, "charge.updated"]);
    const { balance_transaction } = await world.stripe.charges.retrieve(charge.id, { expand: ["balance_transaction"] });
    assert.ok(balance_transaction && typeof balance_transaction !== "string");
    assert.equal(balance_transaction.net, 2000 - 55);
  });

  test("a capture that is not asynchronous names the balance transaction at once", async () => {
    const world = startWorld();
    const { json } = await world.call("POST", "/v1/payment_intents", confirmed("visa", "&capture_method=automatic"));
    const charge = await world.stripe.charges.retrieve(String(json.latest_charge), { expand: ["balance_transaction"] });
    assert.equal((charge.balance_transaction as { source: string }).source, charge.id);
    const [event] = (await world.stripe.events.list({ type: "charge.succeeded" })).data;
    assert.match(String((event?.data.object as typeof charge | undefined)?.balance_transaction), /^txn_3/);
    await world.clock.advance(2 * secondMs);
    assert.ok(!(await world.eventTypes()).includes("charge.updated"));
  });

  test("a decline is a 402 that keeps the intent, the charge and the events", async () => {
    const world = startWorld();
    const answer = await world.call("POST", "/v1/payment_intents", confirmed("visa_chargeDeclinedInsufficientFunds"));
    assert.equal(answer.status, 402);
    const { code, decline_code, message, charge, payment_intent } = answer.error;
    assert.deepEqual(
      [code, decline_code, message],
      ["card_declined", "insufficient_funds", "Your card has insufficient funds."],
    );
    const intent = payment_intent as Record<string, unknown>;
    assert.equal(intent.status, "requires_payment_method");
    assert.equal(intent.payment_method, null);
    assert.equal(intent.latest_charge, charge);
    const again = await world.call("POST", `/v1/payment_intents/${intent.id}/confirm`, "payment_method=pm_card_visa");
    assert.equal(again.json.status, "succeeded");
    assert.equal(again.json.last_payment_error, null);
    assert.deepEqual((await world.eventTypes()).slice(0, 3), [
      "payment_intent.created",
      "charge.failed",
      "payment_intent.payment_failed",
    ]);
  });

  test("3-D Secure: passed pays, failed makes no charge", async () => {
    const world = startWorld();
    const form = `${base}&confirm=true&payment_method=pm_card_authenticationRequired&return_url=https://shop.test/back`;
    for (const outcome of ["succeeded", "failed"]) {
      const { json: intent } = await world.call("POST", "/v1/payment_intents", form);
      const next = intent.next_action as { redirect_to_url: { url: string; return_url: string } };
      const url = new URL(next.redirect_to_url.url);
      assert.equal(url.pathname, "/3d_secure_2/hosted");
      assert.equal(url.searchParams.get("publishable_key"), "pk_test_world");
      const sent = `source=${intent.id}&client_secret=${intent.client_secret}&outcome=${outcome}`;
      const headers = { authorization: "Bearer pk_test_world" };
      const answer = await world.call("POST", "/v1/3ds2/authenticate", { form: sent, headers });
      assert.equal(answer.status, 200);
      const { json: after } = await world.call("GET", `/v1/payment_intents/${intent.id}`);
      assert.equal(after.status, outcome === "succeeded" ? "succeeded" : "requires_payment_method");
      if (outcome === "succeeded") continue;
      assert.equal(after.latest_charge, null);
      const error = after.last_payment_error as Record<string, unknown>;
      assert.equal(error.code, "payment_intent_authentication_failure");
    }
  });

  test("off session, a card that asks is declined, and the method is found in last_payment_error", async () => {
    const world = startWorld();
    const answer = await world.call(
      "POST",
      "/v1/payment_intents",
      confirmed("authenticationRequired", "&off_session=true"),
    );
    assert.equal(answer.status, 402);
    assert.equal(answer.error.code, "authentication_required");
    const intent = answer.error.payment_intent as { last_payment_error: { payment_method: { id: string } } };
    assert.match(intent.last_payment_error.payment_method.id, /^pm_1/);
    const strict = confirmed("authenticationRequired", "&error_on_requires_action=true");
    assert.equal((await world.call("POST", "/v1/payment_intents", strict)).status, 402);
  });

  test("set up once with authentication, the card pays later without the payer", async () => {
    const world = startWorld();
    const { json: customer } = await world.call("POST", "/v1/customers", "name=A");
    const first = confirmed("authenticationRequiredOnSetup", `&customer=${customer.id}&setup_future_usage=off_session`);
    const { json: intent } = await world.call("POST", "/v1/payment_intents", first);
    const sent = `source=${intent.id}&client_secret=${intent.client_secret}&outcome=succeeded`;
    const { json: paid } = await world.call("POST", "/v1/3ds2/authenticate", sent);
    const method = paid.payment_method;
    const later = `${never}&confirm=true&off_session=true&customer=${customer.id}&payment_method=${method}`;
    assert.equal((await world.call("POST", "/v1/payment_intents", later)).json.status, "succeeded");
    assert.ok((await world.eventTypes()).includes("payment_method.attached"));
  });

  test("manual capture: partly, once, and the hold ends by itself after a week", async () => {
    const world = startWorld();
    const manual = confirmed("visa", "&capture_method=manual");
    const { json: held } = await world.call("POST", "/v1/payment_intents", manual);
    assert.equal(held.amount_capturable, 2000);
    const tooMuch = await world.call("POST", `/v1/payment_intents/${held.id}/capture`, "amount_to_capture=2001");
    assert.deepEqual([tooMuch.error.code, tooMuch.error.param], ["amount_too_large", undefined]);
    const { json: paid } = await world.call("POST", `/v1/payment_intents/${held.id}/capture`, "amount_to_capture=1500");
    assert.deepEqual([paid.status, paid.amount_received, paid.amount_capturable], ["succeeded", 1500, 0]);
    const { json: forgotten } = await world.call("POST", "/v1/payment_intents", manual);
    await world.clock.advance(8 * dayMs);
    const { json: gone } = await world.call("GET", `/v1/payment_intents/${forgotten.id}`);
    assert.deepEqual([gone.status, gone.cancellation_reason], ["canceled", "expired"]);
    const types = await world.eventTypes();
    assert.equal(types[types.indexOf("payment_intent.canceled") - 1], "charge.expired");
  });

  test("a publishable key confirms with the client secret and sees a reduced intent", async () => {
    const world = startWorld();
    const { json: intent } = await world.call("POST", "/v1/payment_intents", `${base}&metadata[order]=9001`);
    const card = "payment_method_data[type]=card&payment_method_data[card][number]=4242424242424242";
    const expiry = "payment_method_data[card][exp_month]=12&payment_method_data[card][exp_year]=34";
    const cvc = "payment_method_data[card][cvc]=123";
    const form = `client_secret=${intent.client_secret}&${card}&${expiry}&${cvc}&key=pk_test_browser`;
    const path = `/v1/payment_intents/${intent.id}/confirm`;
    const answer = await world.call("POST", path, { form, headers: { authorization: "" } });
    assert.equal(answer.status, 200, JSON.stringify(answer.json));
    assert.equal(answer.json.status, "succeeded");
    assert.equal("metadata" in answer.json || "customer" in answer.json, false);
    assert.equal(answer.headers.get("access-control-allow-origin"), "*");
    const wrong = await world.call("GET", `/v1/payment_intents/${intent.id}`, {
      form: "client_secret=pi_x_secret_y",
      headers: {
        authorization: "Bearer pk_test_browser",
      },
    });
    assert.deepEqual([wrong.status, wrong.error.param], [400, "client_secret"]);
    assert.equal("payment_intent" in wrong.error, false, "a stranger is not shown the intent");
    const secretOnly = await world.call("GET", "/v1/payment_intents", {
      headers: { authorization: "Bearer pk_test_browser" },
    });
    assert.deepEqual([secretOnly.status, secretOnly.error.code], [401, "secret_key_required"]);
  });

  test("a real card number is refused before anything is kept", async () => {
    const world = startWorld();
    const card = "type=card&card[number]=4539578763621486&card[exp_month]=12&card[exp_year]=34&card[cvc]=123";
    const answer = await world.call("POST", "/v1/payment_methods", card);
    assert.equal(answer.status, 402);
    assert.match(String(answer.error.decline_code), /test_?mode_live_card/);
    assert.ok(!JSON.stringify(answer.json).includes("4539578763621486"));
  });

  test("a list of what belongs to nobody is refused", async () => {
    const world = startWorld();
    const list = await world.call("GET", "/v1/payment_intents", "customer=pi_83249u9fdf89suf89389u42");
    assert.deepEqual([list.status, list.error.code, list.error.param], [400, "resource_missing", "customer"]);
    assert.equal(list.error.message, "No such customer: 'pi_83249u9fdf89suf89389u42'");
  });

  test("with manual confirmation the payer passes, then the server confirms, with that card alone", async () => {
    const world = startWorld();
    const form = confirmed("authenticationRequired", "&confirmation_method=manual&return_url=https://shop.test");
    const passed = async () => {
      const { json: intent } = await world.call("POST", "/v1/payment_intents", form);
      const sent = `source=${intent.id}&client_secret=${intent.client_secret}&outcome=succeeded`;
      const { json } = await world.call("POST", "/v1/3ds2/authenticate", sent);
      assert.equal(json.status, "requires_confirmation");
      return `/v1/payment_intents/${intent.id}/confirm`;
    };
    assert.equal((await world.call("POST", await passed())).json.status, "succeeded");
    const other = "payment_method=pm_card_authenticationRequired&return_url=https://shop.test";
    assert.equal((await world.call("POST", await passed(), other)).json.status, "requires_action");
  });

  test("what cannot be paid is refused in Stripe's words, and nothing is created", async () => {
    const world = startWorld();
    const refusals: [form: string, param: string | undefined, message: RegExp][] = [
      ["amount=10&currency=eur", "amount", /^Amount must be at least €0\.50 eur/],
      ["amount=1000&currency=xxx", "currency", /^Invalid currency: xxx/],
      ["currency=eur", "amount", /^Missing required param: amount\.$/],
      [`${base}&confirm=true&payment_method=pm_card_visa&return_url=shop.test`, "return_url", /^Invalid URL/],
      [`${never}&payment_method=tok_visa`, "payment_method", /^No such PaymentMethod: 'tok_visa'/],
      [`${base}&confirm=true&payment_method=pm_card_visa`, undefined, /return_url/],
    ];
    for (const [form, param, message] of refusals) {
      const answer = await world.call("POST", "/v1/payment_intents", form);
      assert.equal(answer.status, 400);
      assert.equal(answer.error.param, param);
      assert.match(String(answer.error.message), message);
    }
    assert.deepEqual((await world.call("GET", "/v1/payment_intents")).json.data, []);
    assert.deepEqual(await world.eventTypes(), []);
  });
});
