// What becomes of an order at each status of its PaymentIntent, from each status that it had, and what is told.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { News } from "../../kernel/contract/reacting.ts";
import type { PaymentIntentMirror } from "../payments/index.ts";
import { isOver, orderAfter, orderFacts } from "./orders.ts";
import type { OrderRow } from "./tables.ts";

const order: OrderRow = {
  id: "order_1",
  status: "created",
  currency: "eur",
  total: 2500,
  lines: "[]",
  customer: null,
  capture: "automatic",
  multicapture: 0,
  incremental_authorization: 0,
  increment: null,
  metadata: "{}",
  params_hash: "",
  payment_intent: "pi_1",
  amount_paid: 0,
  paid_currency: null,
  amount_refunded: 0,
  last_failure: null,
  canceled_reason: null,
  cancel_requested: 0,
  charge_wished: null,
  version: 1,
  created_at: 0,
  paid_at: null,
};

const declined = { code: "card_declined", declineCode: "insufficient_funds", message: "Declined" };

function payment(status: PaymentIntentMirror["status"], more: Partial<PaymentIntentMirror> = {}): PaymentIntentMirror {
  return {
    id: "pi_1",
    customer: null,
    parent: null,
    instance: null,
    operation: null,
    isFinal: status === "succeeded" || status === "canceled",
    status,
    orderId: "order_1",
    amount: 2500,
    amountReceived: status === "succeeded" ? 2500 : 0,
    amountCapturable: status === "requires_capture" ? 2500 : 0,
    currency: "eur",
    latestCharge: null,
    failure: null,
    cancellationReason: null,
    ...more,
  };
}

/** The status of the order afterwards, and what is told of it. */
function step(before: OrderRow, data: PaymentIntentMirror): string[] {
  const news: News<"payment.changed"> = { type: "payment.changed", subject: data.id, transition: "pi_1@2", data };
  const after = orderAfter(before, data, 7);
  return [after.status, ...orderFacts(before, after, news).map(({ type }) => type)];
}

const payments = {
  "nothing tried": payment("requires_payment_method"),
  declined: payment("requires_payment_method", { failure: declined, latestCharge: "ch_1" }),
  confirming: payment("requires_confirmation"),
  "asked by the bank": payment("requires_action"),
  processing: payment("processing"),
  held: payment("requires_capture"),
  paid: payment("succeeded"),
  canceled: payment("canceled"),
};
type Column = keyof typeof payments;
const columns = Object.keys(payments) as Column[];

/** Of an order that is as it came. */
const fresh: Record<Column, readonly string[]> = {
  "nothing tried": ["created"],
  declined: ["failed", "order.failed"],
  confirming: ["created"],
  "asked by the bank": ["action_required", "order.action_required"],
  processing: ["processing", "order.processing"],
  held: ["authorized", "order.authorized"],
  paid: ["paid", "order.paid"],
  canceled: ["canceled", "order.canceled"],
};

for (const status of ["created", "failed", "action_required", "processing", "authorized"] as const) {
  test(`an order that is ${status} follows its payment, and what it was already is not told again`, () => {
    for (const column of columns) {
      const [after, ...told] = fresh[column];
      const expected = after === status && status !== "failed" ? [after] : [after, ...told];
      assert.deepEqual(step({ ...order, status }, payments[column]), expected, column);
    }
  });
}

test("an order that is paid is told once, and again only when another amount came", () => {
  const paid = { ...order, status: "paid", amount_paid: 2500, capture: "manual" } as const;
  assert.deepEqual(step(paid, payments.paid), ["paid"]);
  assert.deepEqual(step(paid, payment("succeeded", { amountReceived: 2400 })), ["paid", "order.paid"]);
});

test("an order that was canceled stays so, and money that comes nevertheless is told as that, once", () => {
  const canceled = { ...order, status: "canceled" } as const;
  for (const column of columns) {
    const told = column === "paid" ? ["order.paid_after_cancel"] : [];
    assert.deepEqual(step(canceled, payments[column]), ["canceled", ...told], column);
  }
  assert.deepEqual(step({ ...canceled, amount_paid: 2500 }, payments.paid), ["canceled"]);
});

test("a cancel holds from when it was wished: until then nothing is told, and then the cancel", () => {
  for (const status of ["created", "authorized"] as const) {
    const wished = { ...order, status, cancel_requested: 1 };
    for (const column of columns) {
      const ends: Partial<Record<Column, readonly string[]>> = {
        paid: ["canceled", "order.canceled", "order.paid_after_cancel"],
        canceled: ["canceled", "order.canceled"],
      };
      assert.deepEqual(step(wished, payments[column]), ends[column] ?? [status], column);
    }
  }
  const late = { ...order, status: "paid", amount_paid: 2500, cancel_requested: 1 } as const;
  assert.deepEqual(step(late, payments.paid), ["paid"], "what was paid before the wish is paid");
});

test("a failure is told once per charge, and once per fall where no charge was made", () => {
  const failed = { ...order, status: "failed" } as const;
  const unauthenticated = payment("requires_payment_method", { failure: declined });
  assert.deepEqual(step(failed, unauthenticated), ["failed"]);
  assert.deepEqual(step(order, unauthenticated), ["failed", "order.failed"]);
  assert.deepEqual(step(failed, payments.declined), ["failed", "order.failed"]);
  const transitionOf = (data: PaymentIntentMirror) => {
    const news: News<"payment.changed"> = { type: "payment.changed", subject: "pi_1", transition: "pi_1@2", data };
    return orderFacts(order, orderAfter(order, data, 7), news).map(({ transition }) => transition);
  };
  assert.deepEqual([transitionOf(unauthenticated), transitionOf(payments.declined)], [["pi_1@2"], ["ch_1"]]);
});

/** Held, and captured in part. */
function inParts(amountReceived: number, amountCapturable: number): PaymentIntentMirror {
  return payment("requires_capture", { amountReceived, amountCapturable });
}

const money: readonly (readonly [
  what: string,
  order: Partial<OrderRow>,
  payment: PaymentIntentMirror,
  status: string,
])[] = [
  ["all of it", {}, payment("succeeded"), "paid"],
  ["less", {}, payment("succeeded", { amountReceived: 2499 }), "mispaid"],
  ["more", {}, payment("succeeded", { amountReceived: 2501 }), "mispaid"],
  ["another amount was asked for", {}, payment("succeeded", { amount: 2499 }), "mispaid"],
  ["another currency", {}, payment("succeeded", { currency: "usd" }), "mispaid"],
  ["a part of what was held", { capture: "manual" }, payment("succeeded", { amountReceived: 1 }), "paid"],
  ["all that was held", { capture: "manual" }, payment("succeeded"), "paid"],
  ["more than was held", { capture: "manual" }, payment("succeeded", { amountReceived: 2501 }), "mispaid"],
  ["a part, and the rest is held", { capture: "manual" }, inParts(1000, 1500), "partially_captured"],
  ["all of it, and nobody said that it was the last", { capture: "manual" }, inParts(2500, 0), "paid"],
  ["a part, and less than the rest is held", { capture: "manual" }, inParts(1000, 1499), "mispaid"],
  ["a part of another sum", { capture: "manual" }, { ...inParts(1000, 1500), amount: 2501 }, "mispaid"],
  ["a part, in another currency", { capture: "manual" }, { ...inParts(1000, 1500), currency: "usd" }, "mispaid"],
  ["a part, and the rest was canceled", { capture: "manual" }, payment("canceled", { amountReceived: 1000 }), "paid"],
  ["all is held", { capture: "manual" }, payment("requires_capture"), "authorized"],
  ["less is held", { capture: "manual" }, payment("requires_capture", { amountCapturable: 2499 }), "mispaid"],
  ["held in another currency", { capture: "manual" }, payment("requires_capture", { currency: "usd" }), "mispaid"],
];

for (const [what, changes, came, status] of money) {
  test(`an order is paid by what it costs, and by nothing else: ${what}`, () => {
    assert.equal(orderAfter({ ...order, ...changes }, came, 7).status, status);
  });
}

test("what was mispaid says what came, what was expected, and whether it was taken or is held", () => {
  const told = (before: OrderRow, data: PaymentIntentMirror) => {
    const news: News<"payment.changed"> = { type: "payment.changed", subject: "pi_1", transition: "pi_1@2", data };
    return orderFacts(before, orderAfter(before, data, 7), news).map((fact) => [fact.transition, fact.data]);
  };
  const about = { orderId: "order_1", paymentIntentId: "pi_1", expected: { amount: 2500, currency: "eur" } };
  const held = payment("requires_capture", { amount: 300, amountCapturable: 300 });
  const mispaid = { ...order, status: "mispaid" } as const;
  const amount = { amount: 300, currency: "eur" };
  assert.deepEqual(told(order, held), [["pi_1:held", { ...about, amount, isCaptured: false }]]);
  assert.deepEqual(told(mispaid, held), []);
  const taken = payment("succeeded", { amount: 300, amountReceived: 300 });
  assert.deepEqual(told(mispaid, taken), [["pi_1:taken", { ...about, amount, isCaptured: true }]]);
  assert.deepEqual(told({ ...mispaid, amount_paid: 300 }, taken), []);
});

test("what is captured in parts says each time what was taken since, and at the end what was let go", () => {
  const told = (before: Partial<OrderRow>, data: PaymentIntentMirror) => {
    const news: News<"payment.changed"> = { type: "payment.changed", subject: "pi_1", transition: "pi_1@2", data };
    const held = { ...order, capture: "manual", multicapture: 1, ...before } as const;
    return orderFacts(held, orderAfter(held, data, 7), news).map(({ type, transition, data: about }) => {
      const money = "amount" in about ? about.amount : undefined;
      return [type, transition, typeof money === "object" ? money.amount : money];
    });
  };
  const part = { status: "partially_captured", amount_paid: 700, paid_currency: "eur" } as const;
  const first = ["order.captured", "pi_1:700", 700];
  assert.deepEqual(told({ status: "authorized" }, inParts(700, 1800)), [first]);
  assert.deepEqual(told({}, inParts(700, 1800)), [first], "that it was authorized was jumped over");
  assert.deepEqual(told(part, inParts(700, 1800)), []);
  assert.deepEqual(told(part, inParts(900, 1600)), [["order.captured", "pi_1:900", 200]]);
  const last = ["order.captured", "pi_1:2500", 1800];
  const paid = ["order.paid", "pi_1", 2500];
  assert.deepEqual(told(part, payment("succeeded")), [last, paid]);
  assert.deepEqual(told(part, inParts(2500, 0)), [last, paid]);
  assert.deepEqual(told({ ...part, status: "paid", amount_paid: 2500 }, payment("succeeded")), []);
  for (const status of ["succeeded", "canceled"] as const) {
    const rest = [
      ["order.released", "pi_1", 1800],
      ["order.paid", "pi_1", 700],
    ];
    assert.deepEqual(told(part, payment(status, { amountReceived: 700 })), rest, status);
  }
  const wished = { ...part, cancel_requested: 1 };
  assert.deepEqual(told(wished, inParts(900, 1600)), [["order.captured", "pi_1:900", 200]], "what was sent was sent");
  const canceled = { status: "authorized", cancel_requested: 1 } as const;
  assert.deepEqual(told(canceled, inParts(700, 1800)), [], "what is taken back is told when nothing more can come");
  assert.deepEqual(told(canceled, payment("succeeded", { amountReceived: 700 })), [
    ["order.canceled", "canceled", undefined],
    ["order.paid_after_cancel", "pi_1", 700],
  ]);
  assert.deepEqual(told({ ...part, multicapture: 0 }, payment("succeeded", { amountReceived: 900 })), [
    ["order.paid", "pi_1", 900],
  ]);
});

test("the order keeps of its payment what a person asks about later", () => {
  const paid = orderAfter({ ...order, last_failure: "{}" }, payment("succeeded"), 7);
  assert.deepEqual(
    [paid.payment_intent, paid.amount_paid, paid.paid_currency, paid.last_failure, paid.paid_at],
    ["pi_1", 2500, "eur", null, 7],
  );
  assert.equal(orderAfter({ ...order, paid_at: 3 }, payment("succeeded"), 7).paid_at, 3, "the first time counts");
  const failed = orderAfter(order, payments.declined, 7);
  assert.deepEqual([failed.last_failure, failed.amount_paid, failed.paid_at], [JSON.stringify(declined), 0, null]);
  assert.equal(orderAfter({ ...order, last_failure: "{}" }, payment("processing"), 7).last_failure, "{}");
  const abandoned = payment("canceled", { cancellationReason: "abandoned" });
  assert.equal(orderAfter(order, abandoned, 7).canceled_reason, "abandoned");
  assert.equal(orderAfter({ ...order, canceled_reason: "ours" }, abandoned, 7).canceled_reason, "ours");
  const open = payment("processing", { cancellationReason: "abandoned" });
  assert.equal(orderAfter(order, open, 7).canceled_reason, null, "it is not canceled");
});

test("an order is over when it was canceled, and when money came", () => {
  assert.equal(isOver({ status: "canceled", amount_paid: 0 }), true);
  assert.equal(isOver({ status: "paid", amount_paid: 1 }), true);
  assert.equal(isOver({ status: "authorized", amount_paid: 0 }), false);
  assert.equal(isOver({ status: "partially_captured", amount_paid: 1 }), false);
});
