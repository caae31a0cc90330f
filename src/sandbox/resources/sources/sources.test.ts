import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { startWorld } from "../../testing.ts";

const accounts = {
  paid: "DE89370400440532013000",
  refused: "DE62370400440532013001",
  poor: "DE65370400440002222227",
};
const form = (iban: string) => `type=sepa_debit&sepa_debit[iban]=${iban}&currency=eur&owner[name]=Ada`;

async function startDebtor(iban: string) {
  const world = startWorld();
  const { json, status } = await world.call("POST", "/v1/sources", form(iban));
  assert.equal(status, 200, iban);
  const source = json as unknown as Stripe.Source;
  const { id: customer } = await world.stripe.customers.create({ source: source.id });
  return { ...world, source, customer };
}

suite("sources of type sepa_debit", () => {
  test("one tells of its account and of its mandate, and stays with a customer", async () => {
    const { stripe, source, customer } = await startDebtor(accounts.paid);
    assert.match(source.id, /^src_1\w{23}$/);
    assert.deepEqual(
      [source.type, source.status, source.currency, source.flow, source.usage, source.owner?.name],
      ["sepa_debit", "chargeable", "eur", "none", "reusable", "Ada"],
    );
    const { bank_code, country, last4, mandate_reference, mandate_url } = source.sepa_debit ?? {};
    assert.deepEqual([bank_code, country, last4], ["37040044", "DE", "3000"]);
    assert.match(String(mandate_reference), /^[A-Z0-9]{16}$/);
    assert.match(String(mandate_url), new RegExp(`^https://hooks.stripe.com/.*${source.id}`));
    assert.ok(!("card" in source));
    const kept = (await stripe.customers.retrieve(customer, { expand: ["default_source"] })) as Stripe.Customer;
    assert.equal((kept.default_source as Stripe.Source).customer, customer);
    const methods = await stripe.customers.listPaymentMethods(customer, { type: "sepa_debit" });
    assert.deepEqual(
      methods.data.map(({ id }) => id),
      [source.id],
    );
  });

  test("a charge is pending until the bank has answered, and pays or fails then", async () => {
    const ends: [iban: string, status: string, code: string | null, event: string][] = [
      [accounts.paid, "succeeded", null, "charge.succeeded"],
      [accounts.poor, "failed", "insufficient_funds", "charge.failed"],
    ];
    for (const [iban, status, code, event] of ends) {
      const { stripe, customer, source, clock, eventTypes } = await startDebtor(iban);
      const charge = await stripe.charges.create({ amount: 1500, currency: "eur", customer });
      assert.deepEqual([charge.status, charge.paid, charge.source?.id], ["pending", false, source.id]);
      assert.equal(charge.payment_method_details?.sepa_debit?.last4, source.sepa_debit?.last4);
      await clock.advance(60_000);
      const after = await stripe.charges.retrieve(charge.id);
      assert.deepEqual([after.status, after.paid, after.failure_code], [status, status === "succeeded", code]);
      const types = (await eventTypes()).filter((type) => type.startsWith("charge."));
      assert.deepEqual(types, ["charge.pending", event], iban);
    }
  });

  test("the debit outlives a restart", async () => {
    const before = await startDebtor(accounts.refused);
    const charge = await before.stripe.charges.create({ amount: 1500, currency: "eur", customer: before.customer });
    const elsewhere = startWorld();
    elsewhere.sandbox.restore(before.sandbox.snapshot());
    await elsewhere.clock.advance(60_000);
    assert.equal((await elsewhere.stripe.charges.retrieve(charge.id)).status, "failed");
  });

  test("what cannot be debited is refused", async () => {
    const { call, customer } = await startDebtor(accounts.paid);
    const refused: readonly [path: string, form: string, code: string | undefined, param: string][] = [
      ["/v1/sources", "type=sepa_debit&owner[name]=Ada", "parameter_missing", "sepa_debit[iban]"],
      ["/v1/sources", `type=sepa_debit&sepa_debit[iban]=${accounts.paid}`, "parameter_missing", "owner[name]"],
      ["/v1/sources", form("DE00370400440532013000"), "invalid_bank_account_iban", "sepa_debit[iban]"],
      ["/v1/sources", form("DE91370400440000055555"), "bank_account_unusable", "sepa_debit[iban]"],
      ["/v1/sources", `${form(accounts.paid)}&currency=usd`, "payment_intent_invalid_parameter", "currency"],
      ["/v1/charges", `amount=500&currency=usd&customer=${customer}`, "payment_intent_invalid_parameter", "currency"],
      [
        "/v1/charges",
        `amount=500&currency=eur&customer=${customer}&capture=false`,
        "payment_intent_invalid_parameter",
        "capture",
      ],
    ];
    for (const [path, sent, code, param] of refused) {
      const { status, error } = await call("POST", path, sent);
      assert.deepEqual([status, error.code, error.param], [400, code, param], sent);
    }
  });
});
