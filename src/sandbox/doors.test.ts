// Every refusal of every door, met by each who may open it: a route answers it, a browser's key is told it, and a tick
// of time gets it as a value. It is never a bug, and never leaves anything that it should not.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { testPorts } from "#kit/create_ports.ts";
import { createParts } from "./assemble.ts";
import { accountOfKey } from "./kernel/state/accounts.ts";
import { hidden } from "./kernel/state/noun.ts";
import type { Params } from "./kernel/state/resource.ts";
import { type Refused, tried } from "./kernel/state/tried.ts";
import { commit, tickUnit, type Unit } from "./kernel/state/unit.ts";
import { all, read } from "./kernel/state/writes.ts";
import { later } from "./kernel/time/later.ts";
import { fetchAnswer } from "./kernel/wire/http.ts";
import { common } from "./kernel/words/errors.table.ts";
import { StripeError } from "./kernel/words/errors.ts";
import type { Refusal } from "./kernel/words/refusals.ts";
import { addToBalance } from "./resources/balance_transactions/balance.ts";
import { updateSettings } from "./resources/balance_transactions/balance_settings.ts";
import { markDisputed } from "./resources/charges/index.ts";
import { createCharge } from "./resources/charges/legacy.ts";
import { createCoupon } from "./resources/coupons/actions.ts";
import { rows as couponRows } from "./resources/coupons/refusals.table.ts";
import { createCustomer } from "./resources/customers/actions.ts";
import { customers } from "./resources/customers/index.ts";
import { redeem } from "./resources/discounts/index.ts";
import { events } from "./resources/events/event.ts";
import { createIntent as createPayment } from "./resources/payment_intents/actions.ts";
import { intentRefusals, payIntent, paymentIntents } from "./resources/payment_intents/index.ts";
import { attach, detach, materialise } from "./resources/payment_methods/actions.ts";
import { payOut } from "./resources/payouts/index.ts";
import { payouts } from "./resources/payouts/payout.ts";
import { rows as payoutRows } from "./resources/payouts/refusals.table.ts";
import { planPayout } from "./resources/payouts/schedule.ts";
import { createPromotionCode } from "./resources/promotion_codes/actions.ts";
import { rows as codeRows } from "./resources/promotion_codes/refusals.table.ts";
import { refund } from "./resources/refunds/index.ts";
import { rows as refundRows } from "./resources/refunds/refusals.table.ts";
import { cancelIntent as cancelSetup, createIntent as createSetup } from "./resources/setup_intents/actions.ts";
import { setUp } from "./resources/setup_intents/index.ts";
import { rows as setupRows } from "./resources/setup_intents/refusals.table.ts";
import { setupIntents } from "./resources/setup_intents/setup_intent.ts";

/** What is asked for: of the API, and of the door by a tick. */
interface Asked {
  readonly path: string;
  readonly params: Params;
  readonly tick: (unit: Unit) => { readonly outcome: string };
  /** Of whose calls it is: the account's when absent. */
  readonly version?: string;
  /** Of an intent, so that a browser may ask too. */
  readonly clientSecret?: string | null;
}

interface Case {
  /** Makes what has to be there, and asks. */
  readonly ask: (unit: Unit) => Asked;
  readonly says: Refusal | RegExp;
  /** A decline: what happened is kept. */
  readonly isKept?: boolean;
  /** A browser is not asked for this. */
  readonly isForServers?: boolean;
}

type Cases = Readonly<Record<string, Case>>;

const never = { enabled: true, allow_redirects: "never" };
const method = (unit: Unit, name: string) => materialise(unit, name, { inPath: false, param: "payment_method" }).id;
const consent = { mandate_data: { customer_acceptance: { type: "offline" } } };
const found = <T>(object: T | undefined): T => {
  assert.ok(object);
  return object;
};

const confirmPayment =
  (params: (unit: Unit, id: string) => Params, made: Params = { automatic_payment_methods: never }) =>
  (unit: Unit): Asked => {
    const { id, client_secret: clientSecret } = createPayment(unit, { amount: 2_000, currency: "eur", ...made });
    const sent = params(unit, id);
    const tick = (later: Unit) => payIntent(later, found(read(later, paymentIntents, id)), sent);
    return { path: `/v1/payment_intents/${id}/confirm`, params: sent, tick, clientSecret };
  };

/** pay.test.ts has all of them in a tick. */
const payments: Cases = {
  "a decline": {
    ask: confirmPayment(() => ({ payment_method: "pm_card_chargeDeclined" })),
    says: /card was declined/,
    isKept: true,
  },
  "no method": { ask: confirmPayment(() => ({})), says: intentRefusals.intentWithoutMethod },
  "an intent that is paid": {
    ask: confirmPayment((unit, id) => {
      payIntent(unit, found(read(unit, paymentIntents, id)), { payment_method: "pm_card_visa" });
      return { payment_method: "pm_card_visa" };
    }),
    says: intentRefusals.intentAlreadySucceeded,
  },
};

const confirmSetup =
  (params: (unit: Unit, id: string) => Params, made: Params = { automatic_payment_methods: never }) =>
  (unit: Unit): Asked => {
    const { id, client_secret: clientSecret } = createSetup(unit, made);
    const sent = params(unit, id);
    const tick = (later: Unit) => setUp(later, found(read(later, setupIntents, id)), sent);
    return { path: `/v1/setup_intents/${id}/confirm`, params: sent, tick, clientSecret };
  };

const ofSomebody = (unit: Unit) =>
  attach(unit, { customer: createCustomer(unit, {}).id }, method(unit, "pm_card_visa")).id;

const setups: Cases = {
  "a decline": {
    ask: confirmSetup(() => ({ payment_method: "pm_card_chargeDeclined" })),
    says: /card was declined/,
    isKept: true,
  },
  "a card that has expired": {
    ask: confirmSetup(() => ({ payment_method: "pm_card_chargeDeclinedExpiredCard" })),
    says: /has expired/,
    isKept: true,
  },
  "no method": { ask: confirmSetup(() => ({})), says: setupRows.setupWithoutMethod },
  "a method that is gone": {
    ask: confirmSetup(() => ({ payment_method: "pm_gone" })),
    says: /No such PaymentMethod: 'pm_gone'/,
  },
  "a method that was detached": {
    ask: confirmSetup((unit) => {
      const id = ofSomebody(unit);
      detach(unit, {}, id);
      return { payment_method: id };
    }),
    says: /may not be used again/,
  },
  "somebody's method": {
    ask: confirmSetup((unit) => ({ payment_method: ofSomebody(unit) })),
    says: intentRefusals.setupMethodOfSomeCustomer,
  },
  "a type that the intent does not take": {
    ask: confirmSetup((unit) => ({ payment_method: method(unit, "pm_sepaDebit_success_de"), ...consent }), {
      payment_method_types: ["card"],
    }),
    says: intentRefusals.methodTypeNotAllowed,
  },
  "a debit without a mandate": {
    ask: confirmSetup((unit) => ({ payment_method: method(unit, "pm_sepaDebit_success_de") })),
    says: setupRows.setupNeedsMandate,
    isForServers: true,
  },
  "a consent that is not complete": {
    ask: confirmSetup((unit) => ({
      payment_method: method(unit, "pm_sepaDebit_success_de"),
      mandate_data: { customer_acceptance: { type: "online" } },
    })),
    says: /Missing required param: mandate_data/,
    isForServers: true,
  },
  "a way back that leads nowhere": {
    ask: confirmSetup(() => ({ payment_method: "pm_card_visa", return_url: "nowhere" })),
    says: common.urlInvalid,
  },
  "no way back, although the payer may have to leave": {
    ask: confirmSetup(() => ({ payment_method: "pm_card_visa" }), { automatic_payment_methods: { enabled: true } }),
    says: intentRefusals.intentNeedsReturnUrl,
    isForServers: true,
  },
  "a redirect without a way back": {
    ask: confirmSetup(() => ({ payment_method_data: { type: "ideal" }, use_stripe_sdk: true, ...consent }), {
      payment_method_types: ["ideal"],
    }),
    says: intentRefusals.redirectNeedsReturnUrl,
    isForServers: true,
  },
  "an intent that was canceled": {
    ask: confirmSetup((unit, id) => {
      cancelSetup(unit, {}, id);
      return { payment_method: "pm_card_visa" };
    }),
    says: setupRows.setupCanceled,
  },
  "an intent that has succeeded": {
    ask: confirmSetup((unit, id) => {
      setUp(unit, found(read(unit, setupIntents, id)), { payment_method: "pm_card_visa" });
      return { payment_method: "pm_card_visa" };
    }),
    says: setupRows.setupSucceeded,
  },
};

const giveBack =
  (params: (unit: Unit) => Params) =>
  (unit: Unit): Asked => {
    const sent = params(unit);
    return { path: "/v1/refunds", params: sent, tick: (later) => refund(later, sent) };
  };

function paid(unit: Unit, more: Params = {}): { readonly charge: string } {
  const intent = createPayment(unit, { amount: 2_000, currency: "eur", automatic_payment_methods: never, ...more });
  payIntent(unit, intent, { payment_method: "pm_card_visa" });
  return { charge: String(read(unit, paymentIntents, intent.id)?.latest_charge) };
}

const money = { amount: 900, currency: "eur" };
const held = (unit: Unit) => createCharge(unit, { ...money, source: "tok_visa", capture: false }).id;

const refunds: Cases = {
  "nothing to give back": { ask: giveBack(() => ({})), says: refundRows.refundOfNothing },
  "a charge that is gone": { ask: giveBack(() => ({ charge: "ch_gone" })), says: /No such charge: 'ch_gone'/ },
  "an intent that is gone": {
    ask: giveBack(() => ({ payment_intent: "pi_gone" })),
    says: /No such payment_intent: 'pi_gone'/,
  },
  "a charge and an intent": {
    ask: giveBack((unit) => ({ ...paid(unit), payment_intent: "pi_1" })),
    says: common.parametersExclusive,
  },
  "a customer's cash": {
    ask: giveBack(() => ({ origin: "customer_balance", customer: "cus_1", amount: 1, currency: "eur" })),
    says: refundRows.refundOfCashBalance,
  },
  "an intent that nobody paid": {
    ask: giveBack((unit) => ({ payment_intent: createPayment(unit, { amount: 2_000, currency: "eur" }).id })),
    says: refundRows.refundOfUnpaid,
  },
  "a charge whose hold was let go": {
    ask: giveBack((unit) => {
      const charge = held(unit);
      refund(unit, { charge });
      return { charge };
    }),
    says: refundRows.chargeAlreadyRefunded,
  },
  "a hold in part": {
    ask: giveBack((unit) => ({ charge: held(unit), amount: 100 })),
    says: refundRows.refundOfHoldInPart,
  },
  "the hold of an intent": {
    ask: giveBack((unit) => paid(unit, { capture_method: "manual" })),
    says: refundRows.refundOfHold,
  },
  "an application's fee": {
    ask: giveBack((unit) => ({ ...paid(unit), refund_application_fee: true })),
    says: refundRows.refundOfNoFee,
  },
  "a transfer": {
    ask: giveBack((unit) => ({ ...paid(unit), reverse_transfer: true })),
    says: refundRows.refundOfNoTransfer,
  },
  "a charge that failed": {
    ask: giveBack((unit) => {
      const declined = tried(unit, () => createCharge(unit, { ...money, source: "tok_chargeDeclined" }));
      return { charge: declined instanceof StripeError ? declined.fields.charge : undefined };
    }),
    says: refundRows.refundOfFailedCharge,
  },
  "a charge that the bank has taken back": {
    ask: giveBack((unit) => {
      const { id } = markDisputed(unit, createCharge(unit, { ...money, source: "tok_visa" }), true);
      return { charge: id };
    }),
    says: refundRows.chargeDisputed,
  },
  "nothing at all": { ask: giveBack((unit) => ({ ...paid(unit), amount: 0 })), says: common.belowMinimum },
  "a part of a coin": {
    ask: giveBack((unit) => ({ ...paid(unit, { currency: "kwd" }), amount: 5 })),
    says: common.amountNotOfTens,
  },
  "more than was paid": {
    ask: giveBack((unit) => ({ ...paid(unit), amount: 2_001 })),
    says: refundRows.refundOverCharge,
  },
  "more than is left": {
    ask: giveBack((unit) => {
      const charge = paid(unit);
      refund(unit, { ...charge, amount: 500 });
      return { ...charge, amount: 1_501 };
    }),
    says: refundRows.refundOverAmount,
  },
};

type PayoutWish = {
  readonly amount: number;
  readonly currency: string;
  readonly destination?: string;
  readonly method?: string;
};

const payOutSome = (params: Params) => (): Asked => {
  const { amount, currency, destination, method } = params as PayoutWish;
  const rest = { description: null, isAutomatic: false, metadata: {}, statementDescriptor: null };
  const isInstant = method === "instant";
  const draft = { amount, currency, isInstant, ...(destination ? { destination } : {}), ...rest };
  return { path: "/v1/payouts", params, tick: (later) => payOut(later, draft) };
};

const outgoing: Cases = {
  "more than there is": {
    ask: payOutSome({ amount: 100, currency: "eur" }),
    says: payoutRows.balanceInsufficient,
  },
  "nothing at all": { ask: payOutSome({ amount: 0, currency: "eur" }), says: common.belowMinimum },
  "more than an Instant Payout can be": {
    ask: payOutSome({ amount: 1_000_000, currency: "usd", method: "instant" }),
    says: payoutRows.payoutTooLargeForInstant,
  },
  "a part of a coin": { ask: payOutSome({ amount: 5_124, currency: "kwd" }), says: common.amountNotOfTens },
  "decimals that no bank has": {
    ask: payOutSome({ amount: 10_045, currency: "huf" }),
    says: payoutRows.payoutNotWhole,
  },
  "a bank that is not there": {
    ask: payOutSome({ amount: 100, currency: "eur", destination: "ba_elsewhere" }),
    says: /No such external account: 'ba_elsewhere'/,
  },
};

/** A coupon or a code that somebody redeems, under a version that takes it. */
const redeemed =
  (wish: (unit: Unit, customer: string) => { readonly coupon?: string; readonly promotion_code?: string }) =>
  (unit: Unit): Asked => {
    const { id: customer } = createCustomer(unit, {});
    const params = wish(unit, customer);
    const isNew = read(unit, customers, customer)?.[hidden]?.hasTransacted !== true;
    const { coupon, promotion_code: promotionCode } = params;
    const tick = (later: Unit) => redeem(later, { buyer: { customer, isNew }, coupon, promotionCode });
    return { path: `/v1/customers/${customer}`, params, tick, version: "2024-06-20" };
  };

const codeOf = (unit: Unit, more: Params = {}) =>
  createPromotionCode(unit, { coupon: createCoupon(unit, { percent_off: 5 }).id, ...more });

const redemptions: Cases = {
  "a coupon that is not there": { ask: redeemed(() => ({ coupon: "NOPE" })), says: /No such coupon: 'NOPE'/ },
  "a coupon that is used up": {
    ask: redeemed((unit, customer) => {
      const { id: coupon } = createCoupon(unit, { percent_off: 5, max_redemptions: 1 });
      redeem(unit, { buyer: { customer, isNew: true }, coupon });
      return { coupon };
    }),
    says: couponRows.couponExpired,
  },
  "a code that is not there": {
    ask: redeemed(() => ({ promotion_code: "promo_nope" })),
    says: /No such promotion code: 'promo_nope'/,
  },
  "a code that is switched off": {
    ask: redeemed((unit) => ({ promotion_code: codeOf(unit, { active: false }).id })),
    says: codeRows.codeInactive,
  },
  "somebody else's code": {
    ask: redeemed((unit) => ({ promotion_code: codeOf(unit, { customer: createCustomer(unit, {}).id }).id })),
    says: codeRows.codeOfOther,
  },
  "a code for the first time, late": {
    ask: redeemed((unit, customer) => {
      createPayment(unit, { ...money, customer });
      return { promotion_code: codeOf(unit, { restrictions: { first_time_transaction: true } }).id };
    }),
    says: codeRows.codeForFirstTime,
  },
};

function begin() {
  const log: string[] = [];
  const told: string[] = [];
  const ports = testPorts({ seed: 7, write: (line) => log.push(line) });
  const { world, http } = createParts({ ...ports, onLine: ({ text }) => told.push(text) }, () => "http://sandbox");
  const account = accountOfKey(world.accounts, "sk_test_doors");
  const open = () => tickUnit(world, account);
  const pass = async (ms: number) => {
    const running = ports.run("time", world.timelines.world.loop);
    await ports.clock.advance(ms);
    running.stop();
    await running.stopped;
  };
  const call = async (key: string, { path, version }: Asked, params: Params) => {
    const headers = { authorization: `Bearer ${key}`, ...(version && { "stripe-version": version }) };
    const init = { method: "POST", headers, body: formOf(params).toString() };
    const response = await fetchAnswer(http, new Request(`http://sandbox${path}`, init));
    const { error } = (await response.json()) as { error?: { message: string } };
    return { status: response.status, message: error?.message };
  };
  const bugs = () => log.filter((line) => line.includes("sandbox.bug"));
  return { open, pass, call, bugs, told };
}

function formOf(params: Params, at = "", form = new URLSearchParams()): URLSearchParams {
  for (const [name, value] of Object.entries(params)) {
    const path = at === "" ? name : `${at}[${name}]`;
    if (typeof value === "object" && value !== null) formOf(value as Params, path, form);
    else form.set(path, String(value));
  }
  return form;
}

function wordsOf(says: Refusal | RegExp): RegExp {
  if (says instanceof RegExp) return says;
  const escaped = says.message.replace(/[.*+?^$()[\]\\|]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/\{\w+\}/g, ".*")}$`);
}

/** Every unit that asks is of a world of its own, so that nothing is left of the one before. */
function ready(one: Case) {
  const world = begin();
  const unit = world.open();
  const asked = one.ask(unit);
  commit(unit);
  const happened = () => all(world.open(), events).length;
  return { ...world, asked, happened, before: happened() };
}

async function byRoute(one: Case, key: string, more: (asked: Asked) => Params = () => ({})): Promise<string> {
  const { call, asked, happened, before, bugs } = ready(one);
  const { status, message = "" } = await call(key, asked, { ...asked.params, ...more(asked) });
  assert.match(message, wordsOf(one.says));
  assert.equal(status >= 400 && status < 500, true, String(status));
  assert.deepEqual([happened() > before, bugs()], [one.isKept === true, []]);
  return message;
}

async function byTick(one: Case): Promise<string> {
  const { open, pass, asked, happened, before, bugs } = ready(one);
  const came: { readonly outcome: string }[] = [];
  const unit = open();
  later(unit, 1_000, (tick) => void came.push(asked.tick(tick)));
  commit(unit);
  await pass(1_500);
  assert.deepEqual([came[0]?.outcome, happened() > before, bugs()], ["refused", one.isKept === true, []]);
  return (came[0] as Refused).error.message;
}

const doors: Readonly<Record<string, { cases: Cases; isForBrowsers: boolean }>> = {
  payIntent: { cases: payments, isForBrowsers: true },
  setUp: { cases: setups, isForBrowsers: true },
  refund: { cases: refunds, isForBrowsers: false },
  payOut: { cases: outgoing, isForBrowsers: false },
  redeem: { cases: redemptions, isForBrowsers: false },
};

/** An id differs from world to world. */
const withoutIds = (text: string) => text.replace(/\b[a-z]+_\w{8,}/g, "…");

for (const [door, { cases, isForBrowsers }] of Object.entries(doors)) {
  suite(`the door ${door}`, () => {
    for (const [what, one] of Object.entries(cases)) {
      test(`${what}: a route answers it, a tick gets it as a value`, async () => {
        const told = await byRoute(one, "sk_test_doors");
        assert.equal(withoutIds(await byTick(one)), withoutIds(told));
      });
      if (!isForBrowsers || one.isForServers) continue;
      test(`${what}: a browser is told it`, async () => {
        await byRoute(one, "pk_test_doors", ({ clientSecret }) => ({ client_secret: clientSecret }));
      });
    }
  });
}

suite("the refusals of the doors", () => {
  test("each row of their tables is met, but for those of other actions", () => {
    const met = new Set(Object.values(doors).flatMap(({ cases }) => Object.values(cases).map(({ says }) => says)));
    const unmet = Object.entries({ ...setupRows, ...refundRows, ...payoutRows }).filter(([, row]) => !met.has(row));
    assert.deepEqual(unmet.map(([name]) => name).sort(), [
      "payoutAutomatic",
      "payoutIrreversible",
      "payoutNotCancelable",
      "payoutReversalTooLate",
      "payoutReversed",
      "payoutUnmovable",
      "refundNotCancelable",
      "setupAlreadyCanceled",
      "setupNotCancelable",
      "setupWaitsForNobody",
      "setupWithoutDeposits",
    ]);
  });

  test("a payout day whose payout is refused says so, and the money stays for the next", async () => {
    const { open, pass, bugs, told } = begin();
    const unit = open();
    updateSettings(unit, { payments: { payouts: { schedule: { interval: "daily" } } } });
    createCharge(unit, { ...money, source: "tok_bypassPending" });
    // No road leads here today: the sum of what is unpaid is what is available.
    addToBalance(unit, "eur", { available: -900 });
    planPayout(unit, unit.now);
    commit(unit);
    await pass(86_400_000);
    assert.deepEqual([bugs(), all(open(), payouts)], [[], []]);
    assert.equal(told.filter((line) => /nothing is paid out in eur: You have insufficient/.test(line)).length, 1);
  });
});
