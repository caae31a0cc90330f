import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { minuteMs, secondMs } from "#kit/clock.ts";
import { type SandboxWorld, startWorld } from "../../../testing.ts";
import { testIbanTable } from "../../payment_methods/test_ibans.table.ts";
import { sepaOutcomeTable, type TestIban } from "../../payment_methods/test_ibans.ts";

const consent =
  "mandate_data[customer_acceptance][type]=online&mandate_data[customer_acceptance][online][ip_address]=127.0.0.1" +
  "&mandate_data[customer_acceptance][online][user_agent]=test";
const back = "return_url=https://shop.test/back";
const address = "[address][line1]=1 Street&D[address][city]=Zug&D[address][postal_code]=1&D[address][country]=CH";

function methodForm(iban: string): string {
  const details = "payment_method_data[billing_details]";
  return (
    `payment_method_data[type]=sepa_debit&payment_method_data[sepa_debit][iban]=${iban}` +
    `&${details}[name]=Jenny&${details}[email]=j@shop.test&${details}${address.replaceAll("D[", `${details}[`)}`
  );
}

const debit = (method: string, more = "") =>
  `amount=2000&currency=eur&confirm=true&automatic_payment_methods[enabled]=true&${back}&${method}&${consent}${more}`;

async function payBy(world: SandboxWorld, method: string, more = "") {
  const answer = await world.call("POST", "/v1/payment_intents", debit(method, more));
  assert.equal(answer.status, 200, JSON.stringify(answer.json));
  return answer.json;
}

async function intentOf(world: SandboxWorld, id: unknown) {
  return (await world.call("GET", `/v1/payment_intents/${id}`)).json;
}

async function playAccount({ iban, outcome }: TestIban): Promise<void> {
  const world = startWorld();
  const { at, failureCode, isDelayed } = sepaOutcomeTable[outcome];
  if (at === "creation") {
    const refused = await world.call("POST", "/v1/payment_intents", debit(methodForm(iban)));
    assert.equal(refused.error.code, "bank_account_unusable", iban);
    return;
  }
  const { id, status } = await payBy(world, methodForm(iban));
  assert.equal(status, "processing", iban);
  await world.clock.advance(isDelayed ? 3 * minuteMs - 1 : 10 * secondMs);
  if (isDelayed) {
    assert.equal((await intentOf(world, id)).status, "processing", iban);
    await world.clock.advance(1);
  }
  const after = await intentOf(world, id);
  assert.equal(after.status, failureCode ? "requires_payment_method" : "succeeded", iban);
  const { json: charge } = await world.call("GET", `/v1/charges/${after.latest_charge}`);
  assert.equal(charge.failure_code, failureCode, iban);
  const error = after.last_payment_error as { code: string } | null;
  assert.equal(error?.code ?? null, failureCode);
}

suite("SEPA debits", () => {
  for (const outcome of Object.keys(sepaOutcomeTable)) {
    test(`every account of the row ${outcome} does what the table says`, async () => {
      for (const row of testIbanTable.filter((account) => account.outcome === outcome)) {
        const found = testIbanTable.find(({ iban }) => iban === row.iban) ?? row;
        await playAccount(found);
      }
    });
  }

  test("success: pending, then paid, in Stripe's order; the mandate is good for one payment", async () => {
    const world = startWorld();
    const intent = await payBy(world, "payment_method=pm_sepaDebit_success_de");
    assert.equal(intent.amount_received, 0);
    const { json: pending } = await world.call("GET", `/v1/charges/${intent.latest_charge}`);
    assert.match(String(pending.id), /^py_3/);
    assert.deepEqual([pending.status, pending.paid, pending.balance_transaction], ["pending", false, null]);
    const details = pending.payment_method_details as { sepa_debit: { mandate: string; last4: string } };
    assert.equal(details.sepa_debit.last4, "3000");
    const mandate = await world.stripe.mandates.retrieve(details.sepa_debit.mandate);
    assert.deepEqual(mandate.single_use, { amount: 2000, currency: "eur" });
    assert.equal(mandate.customer_acceptance.online?.ip_address, "127.0.0.1");
    await world.clock.advance(10 * secondMs);
    assert.equal((await intentOf(world, intent.id)).amount_received, 2000);
    assert.deepEqual(await world.eventTypes(), [
      "payment_intent.created",
      "charge.pending",
      "payment_intent.processing",
      "charge.updated",
      "charge.succeeded",
      "payment_intent.succeeded",
    ]);
  });

  test("failure: the charge fails, the intent wants another method and takes it", async () => {
    const world = startWorld();
    const { id } = await payBy(world, "payment_method=pm_sepaDebit_insufficientFunds_de");
    const canceled = await world.call("POST", `/v1/payment_intents/${id}/cancel`);
    assert.equal(canceled.status, 400, "the bank has it already");
    await world.clock.advance(10 * secondMs);
    const after = await intentOf(world, id);
    assert.equal(after.status, "requires_payment_method");
    assert.equal(after.payment_method, null);
    assert.deepEqual((await world.eventTypes()).slice(-2), ["charge.failed", "payment_intent.payment_failed"]);
    const again = `payment_method=pm_sepaDebit_success_nl&${consent}&${back}`;
    await world.call("POST", `/v1/payment_intents/${id}/confirm`, again);
    await world.clock.advance(10 * secondMs);
    assert.equal((await intentOf(world, id)).status, "succeeded");
  });

  const refusals: readonly (readonly [
    why: string,
    form: string,
    code: string | undefined,
    param: string | undefined,
  ])[] = [
    ["no mandate", debit("payment_method=pm_sepaDebit_success_de").replace(consent, ""), undefined, undefined],
    [
      "half a mandate",
      debit("payment_method=pm_sepaDebit_success_de").replace(/&mandate_data[^&]*user_agent\]=test/, ""),
      "parameter_missing",
      "mandate_data[customer_acceptance][online][user_agent]",
    ],
    ["another currency", debit("payment_method=pm_sepaDebit_success_de").replace("eur", "usd"), undefined, undefined],
    ["manual capture", debit("payment_method=pm_sepaDebit_success_de", "&capture_method=manual"), undefined, undefined],
    [
      "more than 10 000 EUR",
      debit("payment_method=pm_sepaDebit_success_de").replace("2000", "1000001"),
      "amount_too_large",
      "amount",
    ],
    [
      "a wrong checksum",
      debit(methodForm("DE89370400440532013001")),
      "invalid_bank_account_iban",
      "payment_method_data[sepa_debit][iban]",
    ],
    [
      "no name",
      debit(methodForm("DE89370400440532013000").replace("[name]=Jenny", "[phone]=1")),
      "parameter_missing",
      "payment_method_data[billing_details][name]",
    ],
    [
      "a prefix of another kind",
      debit(
        "payment_method=pm_sepaDebit_success_de",
        "&payment_method_options[sepa_debit][mandate_options][reference_prefix]=lower",
      ),
      "invalid_mandate_reference_prefix_format",
      "payment_method_options[sepa_debit][mandate_options][reference_prefix]",
    ],
  ];
  for (const [why, form, code, param] of refusals) {
    test(`refused, with nothing kept: ${why}`, async () => {
      const world = startWorld();
      const answer = await world.call("POST", "/v1/payment_intents", form);
      assert.equal(answer.status, 400);
      assert.deepEqual([answer.error.code, answer.error.param], [code, param], JSON.stringify(answer.json));
      assert.deepEqual(await world.eventTypes(), []);
    });
  }

  test("outside the EEA the address is asked for: all of it from endive on, less before", async () => {
    const world = startWorld();
    const newestVersion = { "stripe-version": "2026-10-28.endive" };
    const bare =
      "type=sepa_debit&sepa_debit[iban]=CH9300762011623852957&billing_details[name]=J&billing_details[email]=j@x.test";
    const some = `${bare}&billing_details[address][line1]=1&billing_details[address][country]=CH`;
    const newest = await world.call("POST", "/v1/payment_methods", { form: some, headers: newestVersion });
    assert.equal(newest.error.param, "billing_details[address][city]");
    assert.equal((await world.call("POST", "/v1/payment_methods", some)).status, 200);
    const none = await world.call("POST", "/v1/payment_methods", bare);
    assert.equal(none.error.param, "billing_details[address][line1]");
  });

  test("disputed: paid, lost at once, and the mandate has ended", async () => {
    const world = startWorld();
    const { id } = await payBy(world, "payment_method=pm_sepaDebit_disputed_de");
    await world.clock.advance(minuteMs);
    const charge = await world.stripe.charges.retrieve(String((await intentOf(world, id)).latest_charge));
    assert.deepEqual([charge.status, charge.disputed], ["succeeded", true]);
    const mandate = await world.stripe.mandates.retrieve(String(charge.payment_method_details?.sepa_debit?.mandate));
    assert.equal(mandate.status, "inactive");
  });

  test("a refund goes back to the account", async () => {
    const world = startWorld();
    const { id } = await payBy(world, "payment_method=pm_sepaDebit_success_de");
    await world.clock.advance(minuteMs);
    const refund = await world.stripe.refunds.create({ payment_intent: String(id) });
    assert.equal(refund.destination_details?.type, "sepa_debit");
  });

  test("the mandate's reference begins as the merchant wants", async () => {
    const world = startWorld();
    const more = "&payment_method_options[sepa_debit][mandate_options][reference_prefix]=SHOP-";
    const intent = await payBy(world, "payment_method=pm_sepaDebit_success_de", more);
    const charge = await world.stripe.charges.retrieve(String(intent.latest_charge));
    const mandate = await world.stripe.mandates.retrieve(String(charge.payment_method_details?.sepa_debit?.mandate));
    assert.match(mandate.payment_method_details.sepa_debit?.reference ?? "", /^SHOP-[A-Z0-9]{11}$/);
  });
});

suite("redirects", () => {
  for (const type of ["ideal", "bancontact"]) {
    const form = `payment_method_data[type]=${type}&payment_method_data[billing_details][name]=Jenny`;

    test(`${type} pays on its page, or does not`, async () => {
      for (const outcome of ["succeeded", "failed"]) {
        const world = startWorld();
        const intent = await payBy(world, form);
        assert.equal(intent.status, "requires_action");
        const next = intent.next_action as { type: string; redirect_to_url: { url: string } };
        assert.equal(next.type, "redirect_to_url");
        assert.equal(new URL(next.redirect_to_url.url).searchParams.get("payment_method_type"), type);
        const sent = `source=${intent.id}&client_secret=${intent.client_secret}&outcome=${outcome}`;
        await world.call("POST", "/v1/3ds2/authenticate", {
          form: sent,
          headers: { authorization: "Bearer pk_test_world" },
        });
        const after = await intentOf(world, intent.id);
        assert.equal(after.status, outcome === "succeeded" ? "succeeded" : "requires_payment_method");
        if (outcome === "failed") continue;
        const { json: charge } = await world.call("GET", `/v1/charges/${after.latest_charge}`);
        assert.equal((charge.payment_method_details as { type: string }).type, type);
        const again = await world.call("POST", "/v1/payment_intents", debit(`payment_method=${after.payment_method}`));
        assert.match(String(again.error.message), /may not be used again/);
      }
    });

    test(`${type} for later leaves an account with the customer`, async () => {
      const world = startWorld();
      const { id: customer } = await world.stripe.customers.create({});
      const intent = await payBy(world, form, `&customer=${customer}&setup_future_usage=off_session`);
      const sent = `source=${intent.id}&client_secret=${intent.client_secret}&outcome=succeeded`;
      await world.call("POST", "/v1/3ds2/authenticate", sent);
      const { data } = await world.stripe.customers.listPaymentMethods(customer);
      assert.equal(data[0]?.type, "sepa_debit");
      assert.equal(data[0]?.sepa_debit?.generated_from?.charge, (await intentOf(world, intent.id)).latest_charge);
      const later = await world.call(
        "POST",
        "/v1/payment_intents",
        debit(`payment_method=${data[0]?.id}&customer=${customer}&off_session=true`).replace(consent, ""),
      );
      assert.equal(later.json.status, "processing", JSON.stringify(later.json));
    });
  }

  test("off session nobody can be sent anywhere", async () => {
    const world = startWorld();
    const answer = await world.call(
      "POST",
      "/v1/payment_intents",
      debit("payment_method_data[type]=ideal&off_session=true"),
    );
    assert.equal(answer.status, 402);
  });
});

suite("which methods an intent takes", () => {
  const create = "amount=2000&automatic_payment_methods[enabled]=true";
  const eurTypes = ["card", "bancontact", "ideal", "sepa_debit"];
  const rows: readonly (readonly [form: string, types: readonly string[]])[] = [
    [`${create}&currency=eur`, eurTypes],
    [`${create}&currency=usd`, ["card"]],
    [`${create}&currency=eur&automatic_payment_methods[allow_redirects]=never`, ["card", "sepa_debit"]],
    [`${create}&currency=eur&capture_method=manual`, ["card"]],
    ["amount=2000&currency=eur&allowed_payment_method_types[]=ideal&allowed_payment_method_types[]=link", ["ideal"]],
    [
      "amount=2000&currency=eur&excluded_payment_method_types[]=card&excluded_payment_method_types[]=ideal",
      ["bancontact", "sepa_debit"],
    ],
  ];
  for (const [form, types] of rows) {
    test(`${form} takes ${types.join(", ")}`, async () => {
      const { json } = await startWorld().call("POST", "/v1/payment_intents", form);
      assert.deepEqual(json.payment_method_types, types);
    });
  }

  test("another currency and another choice bring other types", async () => {
    const world = startWorld();
    const { json: made } = await world.call("POST", "/v1/payment_intents", `${create}&currency=usd`);
    const path = `/v1/payment_intents/${made.id}`;
    const { json: euros } = await world.call("POST", path, "currency=eur");
    assert.deepEqual(euros.payment_method_types, eurTypes);
    const { json: fewer } = await world.call("POST", path, "excluded_payment_method_types[]=ideal");
    assert.deepEqual(fewer.payment_method_types, ["card", "bancontact", "sepa_debit"]);
  });

  test("what is allowed stands alone", async () => {
    const form = `${create}&currency=eur&allowed_payment_method_types[]=card`;
    const answer = await startWorld().call("POST", "/v1/payment_intents", form);
    assert.equal(answer.error.code, "parameters_exclusive");
  });
});
