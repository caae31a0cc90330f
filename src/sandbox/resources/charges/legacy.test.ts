import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { dayMs } from "#kit/clock.ts";
import { startWorld } from "../../testing.ts";

const paid = { amount: 2000, currency: "usd" };
const number = { number: "4242424242424242", exp_month: "12", exp_year: "2034", cvc: "123" };

suite("charges as before PaymentIntents", () => {
  test("a token pays once, and the charge shows the card", async () => {
    const { stripe, eventTypes } = startWorld();
    const token = await stripe.tokens.create({ card: { ...number, name: "Jo", address_zip: "12345" } });
    assert.equal(token.card?.last4, "4242");
    const charge = await stripe.charges.create({ ...paid, source: token.id, description: "Tea" });
    assert.deepEqual(
      [charge.status, charge.paid, charge.captured, charge.payment_intent],
      ["succeeded", true, true, null],
    );
    assert.equal(charge.source?.id, token.card?.id);
    assert.equal(charge.payment_method, token.card?.id);
    assert.equal((await stripe.tokens.retrieve(token.id)).used, true);
    await assert.rejects(stripe.charges.create({ ...paid, source: token.id }), {
      code: "token_already_used",
      message: `You cannot use a Stripe token more than once: ${token.id}.`,
    });
    assert.deepEqual(await eventTypes(), ["charge.succeeded"]);
    const booked = await stripe.balanceTransactions.retrieve(String(charge.balance_transaction));
    assert.deepEqual([booked.source, booked.net], [charge.id, 2000 - 88]);
    const refund = await stripe.refunds.create({ charge: charge.id });
    assert.equal(refund.status, "succeeded");
  });

  test("the oldest clients send the card itself, test numbers only, and not with a customer", async () => {
    const { call, stripe } = startWorld();
    const raw = (name: string, digits: string) =>
      `${name}[object]=card&${name}[number]=${digits}&${name}[exp_month]=12&${name}[exp_year]=2034&${name}[cvc]=123`;
    const pay = (source: string) => call("POST", "/v1/charges", `amount=2000&currency=usd&${source}`);
    for (const name of ["source", "card"]) {
      const { json } = await pay(raw(name, "4242424242424242"));
      const source = json.source as Record<string, unknown>;
      assert.deepEqual([json.status, source.last4, source.cvc_check], ["succeeded", "4242", "pass"]);
    }
    assert.equal((await pay(raw("source", "4000000000000002"))).error.decline_code, "generic_decline");
    assert.equal((await pay(raw("source", "4242424242424241"))).error.code, "incorrect_number");
    assert.equal((await pay(raw("source", "4111111111111111"))).error.decline_code, "test_mode_live_card");
    const { id } = await stripe.customers.create({});
    const linked = await pay(`customer=${id}&${raw("source", "4242424242424242")}`);
    assert.equal(linked.error.message, `Customer ${id} does not have a linked source with ID card.`);
  });

  test("a payment method is made of a token, once", async () => {
    const { stripe } = startWorld();
    const token = await stripe.tokens.create({ card: { ...number, name: "Jo" } });
    const pay = () =>
      stripe.paymentIntents.create({
        ...paid,
        confirm: true,
        automatic_payment_methods: { enabled: true, allow_redirects: "never" },
        payment_method_data: { type: "card", card: { token: token.id } } as object as { type: "alipay" },
        expand: ["payment_method"],
      });
    const intent = await pay();
    const method = intent.payment_method;
    assert.ok(method && typeof method !== "string");
    assert.deepEqual([intent.status, method.billing_details.name, method.card?.exp_year], ["succeeded", "Jo", 2034]);
    assert.equal((await stripe.tokens.retrieve(token.id)).used, true);
    await assert.rejects(pay(), { code: "token_already_used" });
  });

  test("what is held is captured once, in part or whole, within seven days", async () => {
    const { stripe, clock, eventTypes } = startWorld();
    const hold = () => stripe.charges.create({ ...paid, source: "tok_visa", capture: false });
    const held = await hold();
    assert.deepEqual([held.captured, held.balance_transaction], [false, null]);
    const captured = await stripe.charges.capture(held.id, { amount: 1500 });
    assert.deepEqual([captured.amount_captured, captured.captured], [1500, true]);
    await assert.rejects(stripe.charges.capture(held.id), { code: "charge_already_captured" });
    const second = await hold();
    await assert.rejects(stripe.charges.capture(second.id, { amount: 2001 }), { code: "amount_too_large" });
    await clock.advance(8 * dayMs);
    assert.equal((await stripe.charges.retrieve(second.id)).refunded, false, "nobody refunded it");
    await assert.rejects(stripe.refunds.create({ charge: second.id }), /has a status of expired/);
    await assert.rejects(stripe.charges.capture(second.id), { code: "charge_expired_for_capture" });
    const third = await hold();
    await assert.rejects(
      stripe.refunds.create({ charge: third.id, amount: 1 }),
      /cannot partially refund an uncaptured charge/,
    );
    const released = await stripe.refunds.create({ charge: third.id });
    assert.deepEqual([released.amount, released.balance_transaction], [2000, null]);
    const types = await eventTypes();
    for (const type of ["charge.captured", "charge.expired"]) assert.ok(types.includes(type), type);
  });

  test("a decline is a 402 with its charge; 3-D Secure cannot be asked for", async () => {
    const { stripe, call } = startWorld();
    const declined = await call("POST", "/v1/charges", "amount=2000&currency=usd&source=tok_chargeDeclined");
    assert.deepEqual([declined.status, declined.error.code], [402, "card_declined"]);
    assert.equal((await stripe.charges.retrieve(String(declined.error.charge))).status, "failed");
    const asks = await call("POST", "/v1/charges", "amount=2000&currency=usd&source=tok_threeDSecure2Required");
    assert.equal(asks.error.decline_code, "authentication_required");
    await assert.rejects(stripe.charges.create(paid), { message: "Must provide source or customer." });
    await assert.rejects(stripe.charges.create({ ...paid, source: "tok_none" }), { code: "resource_missing" });
    const { id } = await stripe.customers.create({});
    const none = await call("POST", "/v1/charges", `amount=2000&currency=usd&customer=${id}`);
    assert.deepEqual([none.status, none.error.message], [402, "Cannot charge a customer that has no active card"]);
  });
});

suite("cards of a customer", () => {
  test("the first is the default, and the default pays", async () => {
    const { stripe, eventTypes } = startWorld();
    const customer = await stripe.customers.create({ source: "tok_visa", expand: ["sources"] });
    assert.equal(customer.sources?.data[0]?.id, customer.default_source);
    assert.deepEqual(await eventTypes(), ["customer.created", "payment_method.attached", "customer.source.created"]);
    const charge = await stripe.charges.create({ ...paid, customer: customer.id });
    assert.equal(charge.source?.id, customer.default_source);
    const card = await stripe.customers.createSource(customer.id, { source: "tok_mastercard" });
    assert.equal(card.object, "card");
    assert.equal((await stripe.customers.listSources(customer.id, { object: "card" })).data.length, 2);
    const named = await stripe.charges.create({ ...paid, customer: customer.id, source: card.id });
    assert.equal(named.payment_method_details?.card?.brand, "mastercard");
    await stripe.customers.update(customer.id, { default_source: card.id });
    await stripe.customers.deleteSource(customer.id, card.id);
    const after = await stripe.customers.retrieve(customer.id, { expand: ["default_source"] });
    assert.equal(((after as typeof customer).default_source as { id: string }).id, customer.default_source);
    await assert.rejects(stripe.customers.retrieveSource(customer.id, card.id), { code: "resource_missing" });
  });

  test("a card is updated in both its views, and pays a PaymentIntent under its id", async () => {
    const { stripe, eventTypes } = startWorld();
    const customer = await stripe.customers.create({ source: "tok_visa" });
    const id = String(customer.default_source);
    const updated = await stripe.customers.updateSource(customer.id, id, { exp_year: "2040", name: "Jo" });
    assert.deepEqual([(updated as { exp_year: number }).exp_year, (updated as { name: string }).name], [2040, "Jo"]);
    assert.equal((await stripe.paymentMethods.retrieve(id)).card?.exp_year, 2040);
    assert.ok((await eventTypes()).includes("customer.source.updated"));
    const intent = await stripe.paymentIntents.create({
      ...paid,
      customer: customer.id,
      payment_method: id,
      confirm: true,
      automatic_payment_methods: { enabled: true, allow_redirects: "never" },
    });
    assert.deepEqual([intent.status, intent.payment_method], ["succeeded", id]);
  });

  test("a card that the bank declines is not kept, and an update of `source` takes the default's place", async () => {
    const { stripe, call } = startWorld();
    const refused = await call("POST", "/v1/customers", "source=tok_chargeDeclined");
    assert.deepEqual([refused.status, refused.error.code], [402, "card_declined"]);
    assert.equal((await stripe.customers.list()).data.length, 0);
    const first = await stripe.customers.create({ source: "tok_visa" });
    const { json } = await call(
      "POST",
      `/v1/customers/${first.id}`,
      "source[object]=card&source[number]=5555555555554444&source[exp_month]=1&source[exp_year]=2035",
    );
    assert.notEqual(json.default_source, first.default_source);
    assert.equal((await stripe.customers.listSources(first.id)).data.length, 1);
  });

  test("a source of type card pays once, or stays with a customer", async () => {
    const { stripe } = startWorld();
    const source = await stripe.sources.create({ type: "card", token: "tok_visa" });
    assert.equal(source.status, "chargeable");
    await stripe.charges.create({ ...paid, source: source.id });
    assert.equal((await stripe.sources.retrieve(source.id)).status, "consumed");
    const other = await stripe.sources.create({ type: "card", token: "tok_visa" });
    const customer = await stripe.customers.create({ source: other.id });
    assert.equal(customer.default_source, other.id);
    assert.equal((await stripe.charges.create({ ...paid, customer: customer.id })).status, "succeeded");
    assert.equal((await stripe.sources.retrieve(other.id)).status, "chargeable");
  });
});
