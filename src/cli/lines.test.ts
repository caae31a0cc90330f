import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { renderLine, terminalLog } from "./lines.ts";

const time = "2026-11-02T09:00:00.123Z";
const line = (entry: Record<string, unknown>) => stripVTControlCharacters(renderLine({ time, ...entry }));

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

test("a line never holds a key, and json is one object per line", () => {
  for (const style of ["lines", "json"] as const) {
    let written = "";
    const log = terminalLog(style, (text) => {
      written += text;
    });
    log.child({ half: "billing" }).info("inbox.done", { eventId: "evt_1", note: "sk_live_abcdefgh12345678" });
    assert.ok(!written.includes("abcdefgh"));
    assert.equal(written.split("\n").length, 2);
    if (style === "json") assert.equal(JSON.parse(written).eventId, "evt_1");
  }
});
