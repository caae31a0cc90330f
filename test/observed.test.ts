// Every answer that Stripe's test mode was seen to give is given by the sandbox too.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type SandboxWorld, startWorld } from "../src/sandbox/testing.ts";
import {
  methodVersions,
  type ObservedError,
  observedAtOnce,
  observedCards,
  observedElsewise,
  observedErrors,
  observedMethods,
} from "./observed.table.ts";

suite("observed errors", () => {
  for (const row of observedErrors) {
    const [method, path, form = ""] = row.request;
    test(`${method} ${path} ${form}: ${row.message}`, async () => {
      const world = startWorld();
      const named = await namesOf(world);
      const answer = await world.call(method, filled(path, named), { form: filled(form, named), headers: row.headers });
      assert.equal(answer.status, row.status);
      assert.deepEqual(shownFields(answer.error), expectedFields(row));
      const expected = filled(row.message, named);
      const message = String(answer.error.message);
      assert.equal(expected.endsWith("…") ? message.slice(0, expected.length - 1) : message, expected.replace("…", ""));
      const isNew = (key: string) => cameLater.includes(key) || (key === "decline_code" && isNamedSince(row.code));
      const keys = Object.keys(answer.error).filter((key) => !isNew(key));
      assert.equal(keys.join(","), row.keys);
    });
  }
});

suite("observed answers that are not given", () => {
  for (const { request, version, recorded, here, why } of observedElsewise) {
    const [method, path, form = ""] = request;
    test(`${method} ${path} ${form} under ${version}: ${recorded}`, async () => {
      const world = startWorld();
      const named = await namesOf(world);
      const headers = { "stripe-version": version };
      const answer = await world.call(method, filled(path, named), { form: filled(form, named), headers });
      const message = String(answer.error?.message ?? "");
      assert.equal(answer.status, here.status, message);
      assert.equal(message.slice(0, here.message.length), here.message);
      assert.ok(!message.startsWith(recorded) && why.length > 20, "it is given by now, or nobody says why not");
    });
  }
});

suite("observed cards", () => {
  for (const { card, versions, confirmed } of observedCards) {
    test(`${card}: ${confirmed}`, async () => {
      for (const version of versions) {
        const world = startWorld();
        const headers = { "stripe-version": version };
        const method = await methodOf(world, card);
        const manual = "payment_method_types[]=card&capture_method=manual";
        const form = `amount=2000&currency=usd&${manual}&payment_method=${method}`;
        const created = await world.call("POST", "/v1/payment_intents", { form, headers });
        assert.deepEqual([created.status, created.json.status], [200, "requires_confirmation"], version);
        const path = `/v1/payment_intents/${created.json.id}`;
        const answer = await world.call("POST", `${path}/confirm`, { headers });
        if (typeof confirmed !== "string") {
          const { status, error } = answer;
          const intent = error.payment_intent as { status: string };
          const [code, recorded] = confirmed;
          const decline = isNamedSince(code) ? code : recorded;
          const seen = [status, error.type, error.code, error.decline_code ?? null, intent.status];
          assert.deepEqual(seen, [402, "card_error", code, decline, "requires_payment_method"], version);
          continue;
        }
        assert.deepEqual([answer.status, answer.json.status], [200, confirmed], version);
        if (confirmed === "requires_action") {
          assert.equal((answer.json.next_action as { type: string }).type, "use_stripe_sdk");
          continue;
        }
        const captured = await world.call("POST", `${path}/capture`, { headers });
        assert.deepEqual([captured.status, captured.json.status], [200, "succeeded"], version);
      }
    });
  }

  for (const method of observedMethods) {
    test(`${method} waits for its confirmation in every version`, async () => {
      const { call } = startWorld();
      const form = `amount=2000&currency=usd&payment_method_types[]=card&payment_method=${method}`;
      for (const version of methodVersions) {
        const { status, json } = await call("POST", "/v1/payment_intents", {
          form,
          headers: { "stripe-version": version },
        });
        assert.deepEqual([status, json.status], [200, "requires_confirmation"], version);
      }
    });
  }

  for (const [card, version, extra, expected] of observedAtOnce) {
    test(`${card} at once under ${version} ${extra}: ${expected}`, async () => {
      const world = startWorld();
      const confirm = extra.includes("confirm=") ? "" : "&confirm=true";
      const form = `amount=2000&currency=usd&payment_method_types[]=card&payment_method=${await methodOf(world, card)}`;
      const headers = { "stripe-version": version };
      const { status, json } = await world.call("POST", "/v1/payment_intents", {
        form: form + confirm + extra,
        headers,
      });
      assert.deepEqual([status, json.status], [200, expected]);
      const next = json.next_action as { type: string } | null;
      assert.equal(next?.type ?? null, expected === "requires_action" ? "use_stripe_sdk" : null);
    });
  }
});

async function namesOf({ clock, stripe }: SandboxWorld): Promise<Record<string, string>> {
  const { id: customer } = await stripe.customers.create({ name: "Ada" });
  const { id: other_customer } = await stripe.customers.create({ name: "Grace" });
  const { id: attached } = await stripe.paymentMethods.attach("pm_card_visa", { customer });
  const never = { enabled: true, allow_redirects: "never" } as const;
  const draft = { amount: 2000, currency: "eur", automatic_payment_methods: never };
  const card = { payment_method: "pm_card_visa", confirm: true };
  const paid = await stripe.paymentIntents.create({ ...draft, ...card });
  const held = await stripe.paymentIntents.create({ ...draft, ...card, capture_method: "manual" });
  const { id: product } = await stripe.products.create({ name: "Gold" });
  const price = await stripe.prices.create({ product, currency: "usd", unit_amount: 5, lookup_key: "gold" });
  const { id: monthly } = await stripe.prices.create({
    product,
    currency: "usd",
    unit_amount: 500,
    recurring: { interval: "month" },
  });
  const items = [{ price: monthly }];
  const { id: subscription } = await stripe.subscriptions.create({ customer, items, default_payment_method: attached });
  const { id: coupon } = await stripe.coupons.create({ percent_off: 5 });
  await stripe.promotionCodes.create({ promotion: { type: "coupon", coupon }, code: "gold-promo" });
  const { id: asking } = await stripe.paymentMethods.attach("pm_card_authenticationRequired", { customer });
  const charged = { amount: 1000, currency: "usd" };
  const { id: refunded } = await stripe.charges.create({ ...charged, source: "tok_visa" });
  await stripe.refunds.create({ charge: refunded });
  const { id: disputed } = await stripe.charges.create({ ...charged, source: "tok_createDispute" });
  await clock.advance(20_000);
  const card42 = { number: "4242424242424242", exp_month: 12, exp_year: 2040 };
  const { id: spent } = await stripe.paymentMethods.create({ type: "card", card: card42 });
  await stripe.paymentIntents.create({ ...draft, confirm: true, payment_method: spent });
  const { id: refund } = await stripe.refunds.create({ payment_intent: paid.id, amount: 500 });
  return {
    asking,
    disputed,
    monthly,
    product,
    refunded,
    spent,
    subscription,
    price: price.id,
    coupon,
    customer,
    other_customer,
    attached,
    paid: paid.id,
    paid_charge: String(paid.latest_charge),
    refund,
    held: held.id,
    held_charge: String(held.latest_charge),
    setup: (await stripe.setupIntents.create({ automatic_payment_methods: never })).id,
    set_up: (await stripe.setupIntents.create({ automatic_payment_methods: never, ...card })).id,
    set_off: (await stripe.setupIntents.cancel((await stripe.setupIntents.create({})).id)).id,
    old_charge: (await stripe.charges.create({ amount: 1000, currency: "usd", source: "tok_visa" })).id,
    unpaid: (await stripe.paymentIntents.create(draft)).id,
  };
}

function filled(text: string, named: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (all, name: string) => named[name] ?? all);
}

async function methodOf({ call }: SandboxWorld, card: string): Promise<string> {
  if (card.startsWith("pm_")) return card;
  const isAmex = card.startsWith("37");
  const form = `type=card&card[number]=${card}&card[exp_month]=12&card[exp_year]=2030&card[cvc]=${isAmex ? 1234 : 123}`;
  return String((await call("POST", "/v1/payment_methods", form)).json.id);
}

function shownFields({ type, code, decline_code, param }: Readonly<Record<string, unknown>>) {
  return { type, code: code ?? null, decline_code: decline_code ?? null, param: param ?? null };
}

function expectedFields({ type, code, decline_code, param }: ObservedError) {
  return { type, code, decline_code: isNamedSince(code) ? code : (decline_code ?? null), param };
}

/** What answers of 2026 have in every version, and those that were recorded before have not. */
const cameLater = ["advice_code", "network_advice_code", "network_decline_code", "request_log_url"];

/** These have a decline code by now, which is the code itself. */
function isNamedSince(code: string | null): boolean {
  return code === "expired_card" || code === "incorrect_cvc" || code === "processing_error";
}
