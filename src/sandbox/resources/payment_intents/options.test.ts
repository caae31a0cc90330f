import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { startWorld } from "../../testing.ts";

const never = "automatic_payment_methods[enabled]=true&automatic_payment_methods[allow_redirects]=never";
const base = `amount=2000&currency=eur&${never}`;
const card = "payment_method_options[card]";

suite("payment_method_options", () => {
  test("a card's own capture method goes before the intent's", async () => {
    const world = startWorld();
    const form = `${base}&confirm=true&payment_method=pm_card_visa&${card}[capture_method]=manual`;
    const { json } = await world.call("POST", "/v1/payment_intents", form);
    assert.deepEqual(
      [json.status, json.capture_method, json.amount_capturable],
      ["requires_capture", "automatic_async", 2000],
    );
  });

  test("a card's own setup_future_usage goes before the intent's, and `none` saves nothing", async () => {
    const world = startWorld();
    const { id: customer } = await world.stripe.customers.create({});
    const pay = async (more: string) => {
      const form = `${base}&customer=${customer}&confirm=true&payment_method=pm_card_visa${more}`;
      const { json } = await world.call("POST", "/v1/payment_intents", form);
      const method = await world.stripe.paymentMethods.retrieve(String(json.payment_method));
      return method.customer;
    };
    assert.equal(await pay(""), null);
    assert.equal(await pay(`&${card}[setup_future_usage]=off_session`), customer);
    assert.equal(await pay(`&setup_future_usage=off_session&${card}[setup_future_usage]=none`), null);
  });

  test("options are kept over an update, changed one by one, and unset", async () => {
    const world = startWorld();
    const form = `${base}&${card}[capture_method]=manual&${card}[network]=visa&${card}[request_three_d_secure]=any`;
    const { json } = await world.call("POST", "/v1/payment_intents", form);
    const path = `/v1/payment_intents/${json.id}`;
    const after = await world.call("POST", path, `${card}[network]=mastercard&${card}[capture_method]=`);
    assert.deepEqual((after.json.payment_method_options as { card: object }).card, {
      installments: null,
      mandate_options: null,
      network: "mastercard",
      request_three_d_secure: "any",
    });
  });
});

suite("statement descriptors", () => {
  test("are so long as a statement is wide, in Japan by how they are written", async () => {
    const { call } = startWorld();
    const asked = async (more: string) => {
      const { error, status } = await call("POST", "/v1/payment_intents", `amount=2000&currency=jpy&${never}&${more}`);
      return [status, error.param];
    };
    const kana = `${card}[statement_descriptor_suffix_kana]`;
    const kanji = `${card}[statement_descriptor_suffix_kanji]`;
    assert.deepEqual(await asked(`${kana}=${"カ".repeat(22)}&${kanji}=${"漢".repeat(17)}`), [200, undefined]);
    assert.deepEqual(await asked(`${kana}=${"カ".repeat(23)}`), [400, kana]);
    assert.deepEqual(await asked(`${kanji}=${"漢".repeat(18)}`), [400, kanji]);
    assert.deepEqual(await asked(`statement_descriptor=${"S".repeat(22)}`), [200, undefined]);
    for (const path of ["charges", "payouts"]) {
      const sent = `amount=2000&currency=usd&statement_descriptor=${"S".repeat(23)}`;
      const { error } = await call("POST", `/v1/${path}`, path === "charges" ? `${sent}&source=tok_visa` : sent);
      assert.match(String(error.message), /^The statement descriptor must be at most 22 characters\. S+ is 23/, path);
    }
  });

  test("a card has a suffix, and no descriptor of its own", async () => {
    const world = startWorld();
    const form = `${base}&statement_descriptor=SHOP`;
    const { status, json } = await world.call("POST", "/v1/payment_intents", form);
    assert.equal(status, 200, "another method may still pay");
    const words = /^The statement_descriptor parameter is not supported for the payment_method_type `card`/;
    const confirmed = await world.call("POST", `/v1/payment_intents/${json.id}/confirm`, "payment_method=pm_card_visa");
    assert.match(String(confirmed.error.message), words);
    const listed = "amount=2000&currency=eur&payment_method_types[]=card&statement_descriptor=SHOP";
    const older = await world.call("POST", "/v1/payment_intents", {
      form: listed,
      headers: { "stripe-version": "2024-06-20" },
    });
    assert.match(String(older.error.message), words);
    const confirm = `${listed}&confirm=true&payment_method=pm_card_visa&expand[]=latest_charge`;
    const headers = { "stripe-version": "2022-11-15" };
    const oldest = await world.call("POST", "/v1/payment_intents", { form: confirm, headers });
    const { statement_descriptor, calculated_statement_descriptor } = oldest.json.latest_charge as Record<
      string,
      unknown
    >;
    assert.deepEqual([statement_descriptor, calculated_statement_descriptor], ["SHOP", "SHOP"]);
    const suffixed = `${base}&statement_descriptor_suffix=BOOTS&confirm=true&payment_method=pm_card_visa`;
    const { json: paid } = await world.call("POST", "/v1/payment_intents", `${suffixed}&expand[]=latest_charge`);
    const charge = paid.latest_charge as Record<string, unknown>;
    assert.deepEqual(
      [charge.calculated_statement_descriptor, charge.statement_descriptor_suffix],
      ["BURSAR* BOOTS", "BOOTS"],
    );
  });
});

suite("capture", () => {
  test("the rest is not captured later: the card does not offer it", async () => {
    const world = startWorld();
    const form = `${base}&capture_method=manual&confirm=true&payment_method=pm_card_visa&expand[]=latest_charge`;
    const { json } = await world.call("POST", "/v1/payment_intents", form);
    const { payment_method_details } = json.latest_charge as { payment_method_details: { card: Offers } };
    const { multicapture, overcapture, incremental_authorization } = payment_method_details.card;
    for (const offer of [multicapture, overcapture, incremental_authorization]) {
      assert.equal(offer.status, "unavailable");
    }
    const path = `/v1/payment_intents/${json.id}/capture`;
    const again = await world.call("POST", path, "amount_to_capture=500&final_capture=false");
    assert.deepEqual([again.status, again.error.param], [400, "final_capture"]);
    const { json: captured } = await world.call("POST", path, "amount_to_capture=500&statement_descriptor_suffix=PART");
    assert.deepEqual([captured.status, captured.statement_descriptor_suffix], ["succeeded", "PART"]);
  });
});

interface Offers {
  readonly multicapture: { readonly status: string };
  readonly overcapture: { readonly status: string };
  readonly incremental_authorization: { readonly status: string };
}
