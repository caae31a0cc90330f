import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { hourMs } from "#kit/clock.ts";
import { startWorld } from "../../testing.ts";

const browser = { authorization: "Bearer pk_test_world" };
const payment = "amount=2000&currency=eur&confirm=true";

suite("confirmation tokens", () => {
  test("what a browser collected, a server confirms with: method, way back, address, consent", async () => {
    const world = startWorld();
    const data = "payment_method_data";
    const form =
      `${data}[type]=sepa_debit&${data}[sepa_debit][iban]=DE89370400440532013000&${data}[billing_details][name]=Jenny` +
      `&${data}[billing_details][email]=j@shop.test&return_url=https://shop.test/back&shipping[name]=Jenny` +
      "&shipping[address][line1]=1 Street&mandate_data[customer_acceptance][type]=online" +
      "&mandate_data[customer_acceptance][online][infer_from_client]=true";
    const { status, json: token } = await world.call("POST", "/v1/confirmation_tokens", { form, headers: browser });
    assert.equal(status, 200, JSON.stringify(token));
    assert.equal((token.payment_method_preview as { type: string }).type, "sepa_debit");
    assert.equal("id" in (token.payment_method_preview as object), false);
    const { json: seen } = await world.call("GET", `/v1/confirmation_tokens/${token.id}`);
    assert.equal(seen.payment_intent, null);
    const { json: intent } = await world.call(
      "POST",
      "/v1/payment_intents",
      `${payment}&confirmation_token=${token.id}`,
    );
    assert.equal(intent.status, "processing", JSON.stringify(intent));
    assert.equal((intent.shipping as { name: string }).name, "Jenny");
    const { json: used } = await world.call("GET", `/v1/confirmation_tokens/${token.id}`);
    assert.equal(used.payment_intent, intent.id);
  });

  test("a token is good for one confirmation, and for twelve hours", async () => {
    const world = startWorld();
    const make = () =>
      world.stripe.testHelpers.confirmationTokens.create({
        payment_method: "pm_card_visa",
        return_url: "https://shop.test/back",
      });
    const pay = (id: string) => world.call("POST", "/v1/payment_intents", `${payment}&confirmation_token=${id}`);
    const token = await make();
    assert.equal((await pay(token.id)).json.status, "succeeded");
    assert.match(String((await pay(token.id)).error.message), /already been used/);
    const late = await make();
    await world.clock.advance(12 * hourMs);
    assert.match(String((await pay(late.id)).error.message), /expired/);
    assert.equal((await pay("ctoken_none")).error.code, "resource_missing");
  });

  test("what comes next is Stripe.js's business, unless the server says otherwise", async () => {
    const world = startWorld();
    const asking = { payment_method: "pm_card_authenticationRequired", return_url: "https://shop.test/back" };
    const nextOf = async (path: string, more = "") => {
      const { id, use_stripe_sdk } = await world.stripe.testHelpers.confirmationTokens.create(asking);
      assert.equal(use_stripe_sdk, true);
      const { json } = await world.call("POST", path, `${more}&confirmation_token=${id}`);
      assert.equal(json.status, "requires_action", JSON.stringify(json));
      return (json.next_action as { type: string }).type;
    };
    const { json: payable } = await world.call("POST", "/v1/payment_intents", "amount=2000&currency=eur");
    const { json: setup } = await world.call("POST", "/v1/setup_intents");
    assert.equal(await nextOf("/v1/payment_intents", payment), "use_stripe_sdk");
    assert.equal(await nextOf(`/v1/payment_intents/${payable.id}/confirm`), "use_stripe_sdk");
    assert.equal(await nextOf("/v1/setup_intents", "confirm=true"), "use_stripe_sdk");
    assert.equal(await nextOf(`/v1/setup_intents/${setup.id}/confirm`), "use_stripe_sdk");
    assert.equal(await nextOf("/v1/payment_intents", `${payment}&use_stripe_sdk=false`), "redirect_to_url");
  });

  test("without a way back and without a confirmation, it goes as Stripe.js goes", async () => {
    const world = startWorld();
    const { id } = await world.stripe.testHelpers.confirmationTokens.create({ payment_method: "pm_card_visa" });
    const early = await world.call("POST", "/v1/payment_intents", `amount=2000&currency=eur&confirmation_token=${id}`);
    assert.equal(early.error.param, "confirmation_token");
    assert.equal((await world.call("POST", "/v1/payment_intents", `${payment}&confirmation_token=${id}`)).status, 200);
  });

  test("a decline uses the token up", async () => {
    const world = startWorld();
    const token = await world.stripe.testHelpers.confirmationTokens.create({
      payment_method_data: { type: "card", card: { token: "tok_chargeDeclined" } } as never,
      return_url: "https://shop.test/back",
    });
    const declined = await world.call("POST", "/v1/payment_intents", `${payment}&confirmation_token=${token.id}`);
    assert.equal(declined.status, 402);
    assert.equal((await world.stripe.confirmationTokens.retrieve(token.id)).expires_at, null);
  });
});

suite("what pages and apps are handed", () => {
  test("a customer session tells what is switched on", async () => {
    const world = startWorld();
    const { id } = await world.stripe.customers.create({});
    const session = await world.stripe.customerSessions.create({
      customer: id,
      components: { payment_element: { enabled: true, features: { payment_method_save: "enabled" } } },
    });
    assert.equal(session.components?.payment_element.features?.payment_method_save, "enabled");
    assert.equal(session.components?.payment_element.features?.payment_method_remove, "disabled");
    assert.equal(session.components?.buy_button.enabled, false);
    assert.equal(session.expires_at - session.created, 1800);
    assert.equal((await world.call("POST", "/v1/customer_sessions", `customer=${id}`)).error.param, "components");
  });

  test("an ephemeral key tells its secret once, and ends when it is deleted", async () => {
    const world = startWorld();
    const { id: customer } = await world.stripe.customers.create({});
    const key = await world.stripe.ephemeralKeys.create({ customer }, { apiVersion: "2026-10-28.endive" });
    assert.match(key.secret ?? "", /^ek_test_/);
    const gone = await world.stripe.ephemeralKeys.del(key.id);
    assert.equal(gone.secret, undefined);
    assert.equal(gone.expires, gone.created);
  });
});
