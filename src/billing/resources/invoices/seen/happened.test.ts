// What happened between two looks at an invoice.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type InvoiceAttempt, type InvoiceStatus, invoiceStatuses } from "../../../api/index.ts";
import { whatHappened } from "./happened.ts";
import { type InvoiceMirror, invoiceRow } from "./invoices.ts";

function invoice(more: Partial<InvoiceMirror> = {}): InvoiceMirror {
  const lines = { object: "list", data: [], has_more: false };
  const row = invoiceRow({ id: "in_1", object: "invoice", status: "open", currency: "eur", parent: null, lines });
  assert.ok(row);
  return { ...row, ...more };
}

function told(before: InvoiceMirror | null, after: InvoiceMirror): string {
  return whatHappened(before, after, "in_1@2")
    .map(({ type }) => type.replace("invoice.", ""))
    .join(" ");
}

const fresh = {
  open: "finalized",
  paid: "finalized paid",
  uncollectible: "finalized written_off",
  void: "finalized voided",
};
const closed = { paid: "paid", void: "voided" };
const table: Readonly<Record<InvoiceStatus | "unknown", Partial<Record<InvoiceStatus, string>>>> = {
  unknown: fresh,
  draft: fresh,
  open: { ...closed, uncollectible: "written_off" },
  uncollectible: closed,
  paid: { void: "voided", uncollectible: "written_off" },
  void: { paid: "paid", uncollectible: "written_off" },
};

test("from every status to every status what happened is told", () => {
  for (const [from, expected] of Object.entries(table)) {
    for (const status of invoiceStatuses) {
      const before = from === "unknown" ? null : invoice({ status: from as InvoiceStatus });
      const facts = from === status ? "" : (expected[status] ?? "");
      assert.equal(told(before, invoice({ status })), facts, `${from} to ${status}`);
    }
  }
});

const failure = { code: "card_declined", declineCode: null, message: "Your card was declined." };

function tried(more: Partial<InvoiceAttempt> = {}, attemptCount = 1): InvoiceMirror {
  const payment = { paymentIntent: "pi_1", status: "requires_payment_method", latestCharge: "ch_1", failure, ...more };
  return invoice({ attempted: true, attemptCount, payment });
}

test("each try that failed is told, and only those", () => {
  const first = tried();
  assert.equal(told(invoice(), first), "failed");
  assert.equal(told(first, first), "");
  assert.equal(told(first, { ...first, nextPaymentAttempt: 1_790_000_000 }), "", "when the next one comes");
  assert.equal(told(first, tried({ latestCharge: "ch_2" })), "failed", "by the customer: Stripe does not count it");
  assert.equal(told(first, tried({}, 2)), "failed");
  const code = "payment_intent_authentication_failure";
  assert.equal(told(first, tried({ failure: { ...failure, code } })), "failed", "an authentication makes no charge");
  assert.equal(told(invoice(), tried({ failure: null })), "failed", "nothing to pay with");
  assert.equal(told(invoice(), tried({ failure: null }, 0)), "", "nobody has tried yet");
  assert.equal(told(invoice(), tried({ status: "processing", failure: null })), "", "the bank takes a while");
  assert.equal(told(first, tried({ status: "processing" }, 2)), "");
  assert.equal(told(null, first), "finalized failed");
});

test("a confirmation that is asked for is told each time that it is", () => {
  const asked = tried({ status: "requires_action", failure: null });
  assert.equal(told(invoice(), asked), "action_required");
  assert.equal(told(asked, { ...asked, attemptCount: 2 }), "");
  assert.equal(told(tried(), asked), "action_required");
  assert.equal(told(asked, tried()), "failed");
});
