// Every refusal of a confirm, met by a tick of time: a renewal has nobody to refuse to, so each is a value, none a bug.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { testPorts } from "#kit/create_ports.ts";
import { createParts } from "../../assemble.ts";
import { accountOfKey } from "../../kernel/state/accounts.ts";
import type { Params } from "../../kernel/state/resource.ts";
import { commit, tickUnit, type Unit } from "../../kernel/state/unit.ts";
import { among, read } from "../../kernel/state/writes.ts";
import { later } from "../../kernel/time/later.ts";
import { charges } from "../charges/index.ts";
import { createCustomer } from "../customers/actions.ts";
import { endMandates } from "../mandates/index.ts";
import { attach, detach, materialise } from "../payment_methods/actions.ts";
import { cancelIntent, createIntent } from "./actions.ts";
import { type Payment, payIntent } from "./pay.ts";
import { type PaymentIntent, paymentIntents } from "./payment_intent.ts";

interface Case {
  /** Before the renewal: what the intent is like, beside its amount, currency and customer. */
  readonly intent?: Params;
  readonly amount?: number;
  /** What the renewal confirms with, made beforehand. */
  readonly renewal: (unit: Unit, customer: string, intent: PaymentIntent) => Params;
  readonly outcome: Payment["outcome"];
  readonly says?: RegExp;
  /** Failed charges that the refusal leaves: a bank that was asked has answered. */
  readonly charges?: number;
}

const inSession = { off_session: true };
const saved = (unit: Unit, customer: string, id: string) => attach(unit, { customer }, id).id;
const debit = (unit: Unit) =>
  materialise(unit, "pm_sepaDebit_success_de", { inPath: false, param: "payment_method" }).id;
const consent = { mandate_data: { customer_acceptance: { type: "offline" } } };
const withCard = (id: string) => (unit: Unit, customer: string) => ({ payment_method: saved(unit, customer, id) });

const cases: Readonly<Record<string, Case>> = {
  "a good card": {
    renewal: (unit, customer) => ({ ...inSession, ...withCard("pm_card_visa")(unit, customer) }),
    outcome: "paid",
    charges: 1,
  },
  "a good card, held": {
    intent: { capture_method: "manual" },
    renewal: withCard("pm_card_visa"),
    outcome: "held",
    charges: 1,
  },
  "a debit": {
    renewal: (unit) => ({ payment_method: debit(unit), ...consent }),
    outcome: "processing",
    charges: 1,
  },
  "a card that asks": { renewal: withCard("pm_card_authenticationRequired"), outcome: "action_required" },
  "a card that asks, off session": {
    renewal: (unit, customer) => ({ ...inSession, ...withCard("pm_card_authenticationRequired")(unit, customer) }),
    outcome: "refused",
    says: /requires authentication/,
    charges: 1,
  },
  "a card that asks, and nobody answers": {
    renewal: (unit, customer) => ({
      error_on_requires_action: true,
      ...withCard("pm_card_authenticationRequired")(unit, customer),
    }),
    outcome: "refused",
    says: /authenticat/,
  },
  "a decline": {
    renewal: withCard("pm_card_chargeCustomerFail"),
    outcome: "refused",
    says: /card was declined/,
    charges: 1,
  },
  "no method": { renewal: () => ({}), outcome: "refused", says: /missing a payment method/ },
  "a method that is gone": {
    renewal: () => ({ payment_method: "pm_gone" }),
    outcome: "refused",
    says: /No such PaymentMethod: 'pm_gone'/,
  },
  "a method that was detached": {
    renewal(unit, customer) {
      const id = saved(unit, customer, "pm_card_visa");
      detach(unit, {}, id);
      return { payment_method: id };
    },
    outcome: "refused",
    says: /may not be used again/,
  },
  "somebody else's method": {
    renewal: (unit) => withCard("pm_card_visa")(unit, createCustomer(unit, {}).id),
    outcome: "refused",
    says: /does not belong to the Customer/,
  },
  "a type that the intent does not take": {
    intent: { excluded_payment_method_types: ["sepa_debit"] },
    renewal: (unit) => ({ payment_method: debit(unit), ...consent }),
    outcome: "refused",
    says: /not allowed for this PaymentIntent/,
  },
  "a debit without a mandate": {
    renewal: (unit) => ({ payment_method: debit(unit) }),
    outcome: "refused",
    says: /requires a mandate/,
  },
  "a debit whose mandate has ended": {
    renewal(unit, customer) {
      const id = saved(unit, customer, debit(unit));
      payIntent(unit, open(unit, customer, { setup_future_usage: "off_session" }), { payment_method: id, ...consent });
      endMandates(unit, id);
      return { payment_method: id };
    },
    outcome: "refused",
    says: /is not active any more/,
  },
  "a mandate that is gone": {
    renewal: (unit) => ({ payment_method: debit(unit), mandate: "mandate_gone" }),
    outcome: "refused",
    says: /No such mandate: 'mandate_gone'/,
  },
  "a consent that is not complete": {
    renewal: (unit) => ({ payment_method: debit(unit), mandate_data: { customer_acceptance: {} } }),
    outcome: "refused",
    says: /Missing required param: mandate_data/,
  },
  "more than a debit can be": {
    amount: 1_000_001,
    renewal: (unit) => ({ payment_method: debit(unit), ...consent }),
    outcome: "refused",
    says: /no more than/,
  },
  "a way back that leads nowhere": {
    renewal: (unit, customer) => ({ return_url: "nowhere", ...withCard("pm_card_visa")(unit, customer) }),
    outcome: "refused",
    says: /Invalid URL/,
  },
  "no way back, although the payer may have to leave": {
    intent: { automatic_payment_methods: { enabled: true } },
    renewal: withCard("pm_card_visa"),
    outcome: "refused",
    says: /return_url/,
  },
  "an intent that was canceled": {
    renewal(unit, customer, { id }) {
      cancelIntent(unit, {}, id);
      return withCard("pm_card_visa")(unit, customer);
    },
    outcome: "refused",
    says: /status of canceled/,
  },
  "an intent that is paid": {
    renewal(unit, customer, intent) {
      const card = withCard("pm_card_visa")(unit, customer);
      payIntent(unit, intent, card);
      return card;
    },
    outcome: "refused",
    says: /already succeeded/,
    charges: 1,
  },
};

function open(unit: Unit, customer: string, more: Params = {}): PaymentIntent {
  const chosen = { automatic_payment_methods: { enabled: true, allow_redirects: "never" } };
  return createIntent(unit, { amount: 2_000, currency: "eur", customer, ...chosen, ...more });
}

async function renew({ intent = {}, amount = 2_000, renewal }: Case) {
  const log: string[] = [];
  const ports = testPorts({ seed: 7, write: (line) => log.push(line) });
  const { world } = createParts(ports, () => "http://sandbox");
  const account = accountOfKey(world.accounts, "sk_test_renewal");
  const before = tickUnit(world, account);
  const customer = createCustomer(before, {}).id;
  const { id } = open(before, customer, { ...intent, amount });
  const params = renewal(before, customer, mustFind(before, id));
  const payments: Payment[] = [];
  later(before, 1_000, (tick) => void payments.push(payIntent(tick, mustFind(tick, id), params)));
  commit(before);
  const running = ports.run("time", world.timelines.world.loop);
  await ports.clock.advance(1_500);
  running.stop();
  await running.stopped;
  const after = tickUnit(world, account);
  return {
    payment: payments[0],
    log,
    intent: mustFind(after, id),
    charges: among(after, charges, "payment_intent", id),
  };
}

function mustFind(unit: Unit, id: string): PaymentIntent {
  const intent = read(unit, paymentIntents, id);
  assert.ok(intent);
  return intent;
}

suite("a tick that pays", () => {
  for (const [what, one] of Object.entries(cases)) {
    test(`${what}: ${one.outcome}`, async () => {
      const { payment, log, intent, charges: made } = await renew(one);
      assert.deepEqual(
        log.filter((line) => line.includes("sandbox.bug")),
        [],
      );
      assert.equal(payment?.outcome, one.outcome);
      if (payment?.outcome === "refused") assert.match(payment.error.message, one.says ?? /^$/);
      assert.deepEqual(payment?.intent, intent, "the unit was kept, with the intent as it was answered");
      assert.equal(made.length, one.charges ?? 0);
    });
  }
});
