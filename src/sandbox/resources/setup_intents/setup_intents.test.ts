import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type SandboxWorld, startWorld } from "../../testing.ts";
import { testCardTable } from "../payment_methods/test_cards.table.ts";
import { type SetupIntentStatus, setupIntentMachine } from "./setup_intent.ts";

const back = "return_url=https://shop.test/back";
const consent =
  "mandate_data[customer_acceptance][type]=online&mandate_data[customer_acceptance][online][ip_address]=127.0.0.1" +
  "&mandate_data[customer_acceptance][online][user_agent]=test";

/** How an intent comes into each status over the wire. */
const roads: Readonly<Record<Exclude<SetupIntentStatus, "canceled">, string>> = {
  requires_payment_method: "",
  requires_confirmation: "payment_method=pm_card_visa",
  requires_action: `confirm=true&payment_method=pm_card_authenticationRequired&${back}`,
  succeeded: `confirm=true&payment_method=pm_card_visa&${back}`,
};

const calls: Readonly<Record<string, (id: string, secret: string) => [path: string, form: string]>> = {
  confirm: (id) => [`/v1/setup_intents/${id}/confirm`, `payment_method=pm_card_visa&${back}`],
  cancel: (id) => [`/v1/setup_intents/${id}/cancel`, "cancellation_reason=abandoned"],
  revise: (id) => [`/v1/setup_intents/${id}`, "payment_method=pm_card_mastercard"],
  authenticate: (id, secret) => ["/v1/3ds2/authenticate", `source=${id}&client_secret=${secret}&outcome=succeeded`],
};

async function intentIn(world: SandboxWorld, status: SetupIntentStatus) {
  const road = roads[status === "canceled" ? "requires_confirmation" : status];
  const { json } = await world.call("POST", "/v1/setup_intents", road);
  if (status === "canceled") await world.call("POST", `/v1/setup_intents/${json.id}/cancel`);
  return { id: String(json.id), secret: String(json.client_secret) };
}

suite("setup intents: every status, every action", () => {
  const statuses = [...Object.keys(roads), "canceled"] as SetupIntentStatus[];
  for (const status of statuses) {
    for (const [action, callOf] of Object.entries(calls)) {
      const { from, to } = setupIntentMachine.actions[action as keyof typeof setupIntentMachine.actions];
      const isAllowed = (from as readonly string[]).includes(status);
      test(`${status} ${isAllowed ? "takes" : "refuses"} ${action}`, async () => {
        const world = startWorld();
        const { id, secret } = await intentIn(world, status);
        const before = await world.eventTypes();
        const answer = await world.call("POST", ...callOf(id, secret));
        const { json: after } = await world.call("GET", `/v1/setup_intents/${id}`);
        if (isAllowed) {
          assert.equal(answer.status, 200, JSON.stringify(answer.json));
          assert.ok(Object.keys(to).includes(String(after.status)), `${action} ends in ${after.status}`);
          return;
        }
        assert.equal(answer.status, 400);
        assert.equal(answer.error.code, "setup_intent_unexpected_state");
        assert.equal((answer.error.setup_intent as { status: string }).status, status);
        assert.equal(after.status, status);
        assert.deepEqual(await world.eventTypes(), before, "a refusal sends nothing");
      });
    }
  }
});

suite("setup intents on the wire", () => {
  test("a card is set up, attached and remembered by its attempt", async () => {
    const world = startWorld();
    const customer = await world.stripe.customers.create({});
    const intent = await world.stripe.setupIntents.create({
      confirm: true,
      customer: customer.id,
      payment_method: "pm_card_visa",
      return_url: "https://shop.test/back",
      expand: ["payment_method", "latest_attempt"],
    });
    assert.equal(intent.status, "succeeded");
    assert.equal(intent.usage, "off_session");
    assert.match(intent.id, /^seti_1\w{23}$/);
    assert.ok(typeof intent.payment_method === "object");
    const { data: attempts } = await world.stripe.setupAttempts.list({ setup_intent: intent.id });
    assert.deepEqual(
      attempts.map(({ status, setup_error }) => [status, setup_error]),
      [["succeeded", null]],
    );
    const methods = await world.stripe.customers.listPaymentMethods(customer.id, { type: "card" });
    assert.equal(methods.data[0]?.id, intent.payment_method?.id);
    assert.deepEqual(await world.eventTypes(), [
      "customer.created",
      "setup_intent.created",
      "setup_intent.succeeded",
      "payment_method.attached",
    ]);
  });

  const declines: readonly (readonly [suffix: string, code: string, declineCode: string])[] = [
    ["visa_chargeDeclined", "card_declined", "generic_decline"],
    ["visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"],
    ["chargeDeclinedExpiredCard", "expired_card", "expired_card"],
    ["chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc"],
    ["chargeDeclinedProcessingError", "processing_error", "processing_error"],
  ];
  for (const [suffix, code, declineCode] of declines) {
    test(`pm_card_${suffix} is refused at the setup, and the intent takes another card`, async () => {
      const world = startWorld();
      const { id } = await intentIn(world, "requires_payment_method");
      const path = `/v1/setup_intents/${id}/confirm`;
      const answer = await world.call("POST", path, `payment_method=pm_card_${suffix}&${back}`);
      assert.equal(answer.status, 402);
      assert.equal(answer.error.type, "card_error");
      assert.deepEqual([answer.error.code, answer.error.decline_code], [code, declineCode]);
      const intent = answer.error.setup_intent as Record<string, unknown>;
      assert.equal(intent.status, "requires_payment_method");
      assert.equal(intent.payment_method, null);
      assert.equal((intent.last_setup_error as Record<string, unknown>).code, code);
      const { json: attempts } = await world.call("GET", "/v1/setup_attempts", `setup_intent=${id}`);
      const [failed] = attempts.data as Record<string, unknown>[];
      assert.equal(failed?.status, "failed");
      assert.equal(failed?.id, intent.latest_attempt);
      const again = await world.call("POST", path, `payment_method=pm_card_visa&${back}`);
      assert.equal(again.json.status, "succeeded");
      assert.equal(again.json.last_setup_error, null);
      assert.deepEqual((await world.eventTypes()).slice(0, 2), ["setup_intent.created", "setup_intent.setup_failed"]);
    });
  }

  test("every test card is set up, asks or is refused as its row says", async () => {
    const world = startWorld();
    const seen = new Map<string, number>();
    for (const { behaviour, suffixes } of testCardTable) {
      if (suffixes[0] === undefined) continue;
      const form = `confirm=true&payment_method=pm_card_${suffixes[0]}&${back}`;
      const { json, error } = await world.call("POST", "/v1/setup_intents", form);
      const status = String(json.status ?? error.code);
      seen.set(status, (seen.get(status) ?? 0) + 1);
      if (behaviour.kind !== "decline") assert.notEqual(error.type, "api_error", suffixes[0]);
      else assert.equal(status, behaviour.at === "attach" ? behaviour.code : "succeeded", suffixes[0]);
    }
    assert.ok((seen.get("requires_action") ?? 0) > 5 && (seen.get("succeeded") ?? 0) > 50, JSON.stringify([...seen]));
  });

  test("a card that is refused at the charge only is set up without a word", async () => {
    const world = startWorld();
    const form = `confirm=true&payment_method=pm_card_chargeCustomerFail&${back}`;
    const { json } = await world.call("POST", "/v1/setup_intents", form);
    assert.equal(json.status, "succeeded");
  });

  test("3-D Secure: passed, the card pays off session; failed, the error is kept", async () => {
    for (const outcome of ["succeeded", "failed"]) {
      const world = startWorld();
      const { id: customer } = await world.stripe.customers.create({});
      const form = `customer=${customer}&confirm=true&payment_method=pm_card_authenticationRequiredOnSetup&${back}`;
      const { json: intent } = await world.call("POST", "/v1/setup_intents", form);
      assert.equal(intent.status, "requires_action");
      const next = intent.next_action as { redirect_to_url: { url: string } };
      const url = new URL(next.redirect_to_url.url);
      assert.equal(url.searchParams.get("setup_intent"), intent.id);
      const sent = `source=${intent.id}&client_secret=${intent.client_secret}&outcome=${outcome}`;
      const answer = await world.call("POST", "/v1/3ds2/authenticate", {
        form: sent,
        headers: { authorization: "Bearer pk_test_world" },
      });
      assert.equal(answer.status, 200);
      const { json: after } = await world.call("GET", `/v1/setup_intents/${intent.id}`);
      if (outcome === "failed") {
        assert.equal(after.status, "requires_payment_method");
        const error = after.last_setup_error as Record<string, unknown>;
        assert.equal(error.code, "setup_intent_authentication_failure");
        continue;
      }
      assert.equal(after.status, "succeeded");
      const paid = await world.stripe.paymentIntents.create({
        amount: 1000,
        currency: "eur",
        customer,
        payment_method: String(after.payment_method),
        off_session: true,
        confirm: true,
        automatic_payment_methods: { enabled: true, allow_redirects: "never" },
      });
      assert.equal(paid.status, "succeeded");
    }
  });

  test("a browser confirms with the client secret, and sees no more than it may", async () => {
    const world = startWorld();
    const { id, secret } = await intentIn(world, "requires_payment_method");
    const headers = { authorization: "Bearer pk_test_world" };
    const path = `/v1/setup_intents/${id}/confirm`;
    const wrong = await world.call("POST", path, {
      form: `client_secret=${id}_secret_no&payment_method=pm_card_visa`,
      headers,
    });
    assert.deepEqual([wrong.status, wrong.error.param], [400, "client_secret"]);
    const form = `client_secret=${secret}&payment_method=pm_card_authenticationRequired&use_stripe_sdk=true`;
    const { json } = await world.call("POST", path, { form, headers });
    assert.equal((json.next_action as { type: string }).type, "use_stripe_sdk");
    assert.equal("customer" in json, false);
  });

  test("a deleted customer cancels its open setups", async () => {
    const world = startWorld();
    const { id: customer } = await world.stripe.customers.create({});
    const { id } = await world.stripe.setupIntents.create({ customer });
    await world.stripe.customers.del(customer);
    assert.equal((await world.stripe.setupIntents.retrieve(id)).status, "canceled");
  });

  test("a bank account is set up under a mandate and debited later; detached, the mandate ends", async () => {
    const world = startWorld();
    const { id: customer } = await world.stripe.customers.create({});
    const account = "confirm=true&payment_method=pm_sepaDebit_success_de";
    const bare = await world.call("POST", "/v1/setup_intents", `customer=${customer}&${account}&${back}`);
    assert.match(String(bare.error.message), /^This SetupIntent requires a mandate/);
    const { json: intent } = await world.call(
      "POST",
      "/v1/setup_intents",
      `customer=${customer}&${account}&${consent}&${back}`,
    );
    assert.equal(intent.status, "succeeded", JSON.stringify(intent));
    const mandate = await world.stripe.mandates.retrieve(String(intent.mandate));
    assert.deepEqual([mandate.status, mandate.type], ["active", "multi_use"]);
    const method = String(intent.payment_method);
    const pay = () =>
      world.call(
        "POST",
        "/v1/payment_intents",
        `amount=1000&currency=eur&customer=${customer}&payment_method=${method}&off_session=true&confirm=true` +
          "&automatic_payment_methods[enabled]=true&automatic_payment_methods[allow_redirects]=never",
      );
    const { json: payment } = await pay();
    assert.equal(payment.status, "processing");
    const charge = await world.stripe.charges.retrieve(String(payment.latest_charge));
    assert.equal(charge.payment_method_details?.sepa_debit?.mandate, mandate.id);
    await world.stripe.paymentMethods.detach(method);
    assert.equal((await world.stripe.mandates.retrieve(mandate.id)).status, "inactive");
    const types = await world.eventTypes();
    assert.ok(types.includes("mandate.updated"));
  });

  test("iDEAL leaves a bank account behind", async () => {
    const world = startWorld();
    const { id: customer } = await world.stripe.customers.create({});
    const form =
      `customer=${customer}&confirm=true&payment_method_data[type]=ideal&payment_method_data[ideal][bank]=ing` +
      `&payment_method_data[billing_details][name]=Jenny&${consent}`;
    const homeless = await world.call("POST", "/v1/setup_intents", form);
    assert.equal(homeless.error.param, "return_url");
    const { json: intent } = await world.call("POST", "/v1/setup_intents", `${form}&${back}`);
    const url = new URL((intent.next_action as { redirect_to_url: { url: string } }).redirect_to_url.url);
    assert.equal(url.pathname, "/redirect/authorize");
    const sent = `source=${intent.id}&client_secret=${intent.client_secret}&outcome=succeeded`;
    await world.call("POST", "/v1/3ds2/authenticate", sent);
    const { json: after } = await world.call("GET", `/v1/setup_intents/${intent.id}`);
    assert.equal(after.status, "succeeded");
    assert.match(String(after.mandate), /^mandate_/);
    const { data } = await world.stripe.customers.listPaymentMethods(customer);
    assert.deepEqual(
      data.map(({ type }) => type),
      ["sepa_debit"],
    );
    const { data: attempts } = await world.stripe.setupAttempts.list({ setup_intent: String(intent.id) });
    const { ideal } = attempts[0]?.payment_method_details ?? {};
    assert.deepEqual([ideal?.generated_sepa_debit, ideal?.generated_sepa_debit_mandate], [data[0]?.id, after.mandate]);
  });

  test("a token's card is made once", async () => {
    const world = startWorld();
    const { id } = await world.stripe.tokens.create({
      card: { number: "4242424242424242", exp_month: "12", exp_year: "2034", cvc: "123" },
    });
    const card = `payment_method_data[type]=card&payment_method_data[card][token]=${id}`;
    const { status, json } = await world.call("POST", "/v1/setup_intents", `confirm=true&${card}&${back}`);
    assert.deepEqual([status, json.status], [200, "succeeded"]);
  });

  test("a server that may have to send its payer away says where to", async () => {
    const world = startWorld();
    const { id } = await world.stripe.setupIntents.create({ automatic_payment_methods: { enabled: true } });
    const path = `/v1/setup_intents/${id}/confirm`;
    const { error } = await world.call("POST", path, "payment_method=pm_card_visa");
    assert.match(String(error.message), /^This SetupIntent is configured to accept payment methods enabled in your/);
    const withSdk = await world.call("POST", path, "payment_method=pm_card_visa&use_stripe_sdk=true");
    assert.equal(withSdk.json.status, "succeeded");
  });

  test("a confirmation token confirms once", async () => {
    const world = startWorld();
    const token = await world.stripe.testHelpers.confirmationTokens.create({
      payment_method: "pm_card_visa",
      return_url: "https://shop.test/back",
    });
    assert.equal(token.payment_method_preview?.card?.last4, "4242");
    const intent = await world.stripe.setupIntents.create({ confirm: true, confirmation_token: token.id });
    assert.equal(intent.status, "succeeded");
    const used = await world.stripe.confirmationTokens.retrieve(token.id);
    assert.equal(used.setup_intent, intent.id);
    const again = await world.call("POST", "/v1/setup_intents", `confirm=true&confirmation_token=${token.id}`);
    assert.equal(again.status, 400);
    assert.equal(again.error.param, "confirmation_token");
  });
});
