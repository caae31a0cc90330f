import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { factTypes } from "../../billing/index.ts";
import { renderLine, renderShort } from "./all.ts";
import { type Detail, terminalLog } from "./index.ts";
import { stepLine } from "./steps.ts";

type Entry = Record<string, unknown>;
const time = "2026-11-02T09:00:00.123Z";
const line = (entry: Entry) => stripVTControlCharacters(renderLine({ time, ...entry }));
const shortLine = (entry: Entry) => stripVTControlCharacters(renderShort({ time, ...entry }, 80));
const step = (entry: Entry) =>
  stripVTControlCharacters(stepLine({ time, ...entry }, 80) ?? "").slice("09:00:00  ".length);

/** All that a log of this detail writes of these entries, on a terminal of 80 columns. */
function written(detail: Detail, entries: readonly (readonly ["info" | "warn" | "error", string, Entry])[]): string {
  let text = "";
  const write = (more: string) => {
    text += more;
  };
  const log = terminalLog({ style: "lines", detail, write, columns: () => 80 });
  for (const [level, event, fields] of entries) log[level](event, fields);
  return stripVTControlCharacters(text);
}

test("every kind of thing that happens is one line, in the same columns", () => {
  const lines = [
    line({ half: "sandbox", event: "sandbox.move", object: "pi_1", text: "requires_action → succeeded (confirm)" }),
    line({ half: "sandbox", event: "sandbox.event", object: "pi_1", text: "payment_intent.succeeded" }),
    line({ half: "billing", event: "inbox.done", object: "pi_1", type: "charge.updated", by: "look" }),
    line({ half: "billing", event: "fact", subject: "order_1", type: "order.paid" }),
    line({
      half: "billing",
      event: "outbox.delivered",
      subject: "order_1",
      type: "order.paid",
      handler: "shop.fulfil",
    }),
    line({
      half: "billing",
      event: "stripe.call",
      stripeId: "pi_1",
      method: "GET",
      path: "/v1/x",
      status: 200,
      tookMs: 3,
    }),
    line({ half: "shop", event: "shop.packed", orderId: "order_1" }),
  ];
  assert.deepEqual(
    lines.map((one) => one.slice("09:00:00.123".length)),
    [
      "  sandbox  move      pi_1                            requires_action → succeeded (confirm)",
      "  sandbox  event     pi_1                            payment_intent.succeeded",
      "  billing  receipt   pi_1                            charge.updated done by look",
      "  billing  fact      order_1                         order.paid",
      "  billing  handler   order_1                         order.paid → shop.fulfil",
      "  billing  call      pi_1                            GET /v1/x 200 in 3 ms",
      "  shop     shop      order_1                         the parcel is packed",
    ],
  );
});

test("warnings and errors are seen whatever they are about, with the error's message", () => {
  assert.match(line({ level: "warn", event: "outbox.failed", subject: "order_1" }), / WARN {6}order_1 /);
  assert.match(
    line({ level: "error", event: "run.failed", error: { message: "no disk" } }),
    / ERROR .*error="no disk"/,
  );
});

test("in a terminal a line ends at its edge, with ids that can be told apart", () => {
  const moved = { event: "sandbox.move", object: "pi_39G0MmB7Iynt4M29dkqK4tlu", text: "requires_action → succeeded" };
  assert.equal(shortLine(moved).slice("09:00:00".length), "  move      pi_…qK4tlu        requires_action → succeeded");
  const long = shortLine({ event: "inbox.done", object: "o".repeat(60), type: "t".repeat(90), by: "look" });
  assert.equal(long.length, 80);
  assert.match(long, /o…o.*t…$/);
});

test("what is wrong is said whole, on as many lines as it takes", () => {
  const error = "The shop does not answer, and has not for a while, which is said here at some length";
  const text = written("steps", [["warn", "outbox.failed", { subject: "order_1", handler: "shop.fulfil", error }]]);
  const lines = text.trimEnd().split("\n");
  assert.ok(lines.length > 1 && lines.every((one) => one.length <= 80), text);
  assert.match(text.replace(/\n */g, " "), /WARN {2}order_1 {2}outbox\.failed handler=shop\.fulfil .*some length/);
  assert.match(written("steps", [["error", "x", { text: "w".repeat(190) }]]), /^(.{1,80}\n {10}){3}w+\n$/);
});

test("the steps of an order are who did what for how much; what follows inside is left to --verbose", () => {
  const amount = { amount: 1_800, currency: "eur" };
  const of = { orderId: "order_1004", amount };
  assert.equal(
    step({ event: "order.created", ...of, customerId: "user_42" }),
    "ordered     order_1004         18.00 EUR  user_42",
  );
  assert.equal(
    step({ event: "fact", type: "order.failed", ...of, code: "card_declined", declineCode: "insufficient_funds" }),
    "refused     order_1004         18.00 EUR  the bank: insufficient_funds",
  );
  assert.equal(step({ event: "fact", type: "order.paid", ...of }), "paid        order_1004         18.00 EUR  a guest");
  assert.equal(
    step({ event: "shop.packed", orderId: "order_1004" }),
    "packed      order_1004                    the shop",
  );
  assert.equal(
    step({ event: "fact", type: "refund.succeeded", ...of, refundId: "r1" }),
    "refunded    order_1004         18.00 EUR  refund r1",
  );
  assert.equal(
    stepLine({ time, event: "inbox.done", object: "pi_1", type: "charge.updated", by: "look" }, 80),
    undefined,
  );
  assert.equal(written("steps", [["info", "stripe.call", { orderId: "order_1", method: "GET" }]]), "");
});

const saidByAnother: readonly string[] = [
  ...["order.refunded", "subscription.change_applied", "subscription.change_replaced"],
];

test("each fact there is has a line that fits, whatever is in it, or another that says the same", () => {
  const amount = { amount: 99_999_999, currency: "usd" };
  const worst = {
    orderId: "o".repeat(100),
    customerId: "c".repeat(100),
    refundId: "r".repeat(100),
    reason: "w".repeat(200),
  };
  for (const type of factTypes) {
    const text = step({ event: "fact", type, amount, expected: amount, code: "c", declineCode: null, ...worst });
    assert.ok(text.length <= 70, text);
    assert.equal(text === "", saidByAnother.includes(type), type);
  }
});

test("a line never holds a key, and json is one object per line", () => {
  for (const style of ["lines", "json"] as const) {
    let said = "";
    const write = (text: string) => {
      said += text;
    };
    const log = terminalLog({ style, detail: "whole", write, columns: () => undefined });
    log.child({ half: "billing" }).info("inbox.done", { eventId: "evt_1", note: "sk_live_abcdefgh12345678" });
    assert.ok(!said.includes("abcdefgh"));
    assert.equal(said.split("\n").length, 2);
    if (style === "json") assert.equal(JSON.parse(said).eventId, "evt_1");
  }
});
