import assert from "node:assert/strict";
import { test } from "node:test";
import type { Order } from "../../../api/index.ts";
import { declineWords, declineWordsDefault, wordsFor } from "../declines.table.ts";
import { contentSecurityPolicy, pageSources } from "../headers.ts";
import { payPage, receiptPage } from "./checkout_view.ts";

const order: Order = {
  id: "order_1",
  status: "created",
  total: { amount: 1_000, currency: "jpy" },
  lines: [{ description: '<script>alert("1")</script>', quantity: 2, unitAmount: 500 }],
  customerId: null,
  capture: "automatic",
  multicapture: false,
  incrementalAuthorization: false,
  amountCapturable: 0,
  amountPaid: 0,
  paidCurrency: null,
  amountRefunded: 0,
  lastFailure: null,
  metadata: {},
  createdAt: new Date(0),
  paidAt: null,
  stripe: { paymentIntentId: "pi_1", paymentIntent: null },
};
const view = { base: "/billing", isTest: true, version: "1" };
const pay = {
  ...view,
  publishableKey: "pk_test_1",
  clientSecret: 'pi_1_secret_"><b>',
  stripeJsUrl: "https://js.stripe.com/endive/stripe.js",
  returnUrl: "https://pay.test/billing/pay/page_1/return",
  shopUrl: "https://shop.test/orders/1",
  saved: null,
};

test("what a shop or Stripe writes is shown, never run", async () => {
  const text = String(await payPage({ ...pay, order }));
  assert.ok(!text.includes("<script>alert"));
  assert.ok(!text.includes('_secret_"><b>'));
  assert.match(text, /&lt;script&gt;alert/);
});

test("amounts are written in the digits of their currency, and assets keep the mount's prefix", async () => {
  const text = String(await payPage({ ...pay, order }));
  assert.match(text, /Pay 1000 JPY/);
  assert.match(text, /2 × 500 JPY/);
  assert.match(text, /href="\/billing\/pay\/assets\/pages\.css/);
});

test("a failure is shown in our words, with what to do next, and a stolen card is only 'declined'", async () => {
  const lastFailure = { code: "card_declined", declineCode: "insufficient_funds", message: "raw words of the bank" };
  const text = String(await payPage({ ...pay, order: { ...order, status: "failed", lastFailure } }));
  assert.match(text, /not enough money available on this card/);
  assert.ok(!text.includes("raw words"));
  assert.equal(wordsFor({ code: "card_declined", declineCode: "stolen_card" }), declineWordsDefault);
  for (const [code, { what, next }] of Object.entries(declineWords)) assert.ok(what && next, code);
});

test("a receipt has no form and no script of Stripe's", async () => {
  const paid: Order = { ...order, status: "paid", amountPaid: 1_000, paidAt: new Date(0) };
  const text = String(await receiptPage({ ...view, order: paid, shopUrl: "https://shop.test/thanks" }));
  assert.ok(!text.includes("<form") && !text.includes("stripe.js"));
  assert.match(text, /Paid 1000 JPY/);
  assert.match(text, /href="https:\/\/shop\.test\/thanks"/);
});

test("the page's policy names Stripe or the sandbox, and nobody else", () => {
  const real = contentSecurityPolicy(pageSources({}));
  assert.match(real, /script-src 'self' https:\/\/js\.stripe\.com https:\/\/\*\.js\.stripe\.com;/);
  assert.match(real, /connect-src 'self' https:\/\/api\.stripe\.com https:\/\/js\.stripe\.com;/);
  assert.match(real, /frame-src [^;]*https:\/\/hooks\.stripe\.com;/);
  const sandbox = "http://127.0.0.1:12111";
  const local = contentSecurityPolicy(pageSources({ apiBase: sandbox, stripeJsUrl: `${sandbox}/v3/` }));
  assert.ok(!local.includes("stripe.com"));
  assert.match(local, /frame-src http:\/\/127\.0\.0\.1:12111;/);
});
