import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { startWorld } from "../../testing.ts";

const card = (number: string, more = "&card[cvc]=123") =>
  `type=card&card[number]=${number}&card[exp_month]=12&card[exp_year]=34${more}`;

suite("payment methods", () => {
  test("a raw test card, a token and a ready-made id are the same card", async () => {
    const world = startWorld();
    const made = await Promise.all([
      world.call("POST", "/v1/payment_methods", card("4242424242424242")),
      world.call("POST", "/v1/payment_methods", "type=card&card[token]=tok_visa"),
      world.call("GET", "/v1/payment_methods/pm_card_visa"),
    ]);
    const prints = made.map(({ json }) => (json.card as { fingerprint: string }).fingerprint);
    assert.equal(new Set(prints).size, 1);
    assert.equal(new Set(made.map(({ json }) => json.id)).size, 3, "each use makes a fresh one");
  });

  test("a network's token stands for the number, wherever a card is sent", async () => {
    const token = (at: string) => {
      const sent = [
        ["number", "4242424242424242"],
        ["exp_month", "12"],
        ["exp_year", "2040"],
      ] as const;
      return sent.map(([name, value]) => `${at}[network_token][${name}]=${value}`).join("&");
    };
    const { call } = startWorld();
    const made = await call("POST", "/v1/payment_methods", `type=card&${token("card")}`);
    const paid = "amount=900&currency=usd&confirm=true&payment_method_types[]=card&payment_method_data[type]=card";
    const inside = await call("POST", "/v1/payment_intents", `${paid}&${token("payment_method_data[card]")}`);
    assert.deepEqual([(made.json.card as { last4: string }).last4, inside.json.status], ["4242", "succeeded"]);
  });

  test("brands are spelt out for display, and two of them stand on a co-branded card", async () => {
    const world = startWorld();
    const shown = async (suffix: string) => {
      const { card } = await world.stripe.paymentMethods.retrieve(`pm_card_${suffix}`);
      return [card?.brand, card?.display_brand, card?.networks?.available, card?.three_d_secure_usage?.supported];
    };
    assert.deepEqual(await shown("amex"), ["amex", "american_express", ["amex"], true]);
    assert.deepEqual(await shown("diners"), ["diners", "diners_club", ["diners"], false]);
    assert.deepEqual(await shown("unionpay"), ["unionpay", "union_pay", ["unionpay"], true]);
    assert.deepEqual(await shown("visa_cartesBancaires"), ["visa", "visa", ["cartes_bancaires", "visa"], true]);
  });

  test("what Stripe has and the sandbox has not says so, wherever it is named", async () => {
    const { call } = startWorld();
    const types = "affirm au_becs_debit bacs_debit boleto cashapp eps grabpay oxxo p24 paypal".split(" ");
    const data = "amount=2000&currency=eur&confirm=true&return_url=https://a.test&payment_method_data[type]=eps";
    const asked = [
      ...types.map((type) => ["/v1/payment_methods", `type=${type}`] as const),
      ["/v1/payment_intents", data] as const,
      ["/v1/tokens", "pii[id_number]=1"] as const,
      ["/v1/sources", "type=sofort"] as const,
    ];
    for (const [path, form] of asked) {
      const { status, error } = await call("POST", path, form);
      assert.deepEqual([status, error.code], [501, "sandbox_not_covered"], form);
      assert.match(String(error.message), /^The sandbox does not have .* yet\. Stripe does; nothing was changed\.$/);
    }
    assert.equal((await call("POST", "/v1/payment_methods", "type=nonsense")).status, 400);
  });

  test("attach and detach send their events, and a detached method is spent", async () => {
    const world = startWorld();
    const { json: customer } = await world.call("POST", "/v1/customers");
    const attach = (id: unknown) => world.call("POST", `/v1/payment_methods/${id}/attach`, `customer=${customer.id}`);
    const { json: method } = await attach("pm_card_visa");
    assert.equal(method.customer, customer.id);
    const listed = await world.call("GET", `/v1/customers/${customer.id}/payment_methods`);
    assert.equal((listed.json.data as object[]).length, 1);
    assert.equal((await world.call("POST", `/v1/payment_methods/${method.id}/detach`)).json.customer, null);
    const again = await world.call("POST", `/v1/payment_methods/${method.id}/detach`);
    assert.match(String(again.error.message), /not attached to a customer so detachment is impossible/);
    assert.match(String((await attach(method.id)).error.message), /It may not be used again/);
    assert.deepEqual(await world.eventTypes(), [
      "customer.created",
      "payment_method.attached",
      "payment_method.detached",
    ]);
  });

  test("a card that declines at the bank cannot be attached, and one that declines later can", async () => {
    const world = startWorld();
    const { json: customer } = await world.call("POST", "/v1/customers");
    const attach = (id: string) => world.call("POST", `/v1/payment_methods/${id}/attach`, `customer=${customer.id}`);
    const refused = await attach("pm_card_chargeDeclined");
    assert.deepEqual([refused.status, refused.error.code], [402, "card_declined"]);
    assert.equal((await attach("pm_card_chargeCustomerFail")).status, 200);
  });

  test("a method of one customer does not pay for another, or for nobody", async () => {
    const world = startWorld();
    const { json: customer } = await world.call("POST", "/v1/customers");
    const { json: method } = await world.call(
      "POST",
      "/v1/payment_methods/pm_card_visa/attach",
      `customer=${customer.id}`,
    );
    const { json: other } = await world.call("POST", "/v1/customers");
    for (const whose of ["", `&customer=${other.id}`]) {
      const form = `amount=2000&currency=eur&payment_method=${method.id}${whose}`;
      assert.match(String((await world.call("POST", "/v1/payment_intents", form)).error.message), /Customer/);
    }
  });
});
