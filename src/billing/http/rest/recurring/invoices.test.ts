// Invoices over REST: made, linked to, paid, credited and moved, with the id of a wish in the body or as the key.
import assert from "node:assert/strict";
import { onEachDoor } from "../../testing.ts";

const wish = {
  id: "invoice_1",
  customerId: "user_1",
  currency: "eur",
  lines: [{ description: "Tea", quantity: 2, unitAmount: 1_250 }],
  collection: "send",
  daysUntilDue: 14,
};

onEachDoor("an invoice is made, linked to, paid and credited over REST", async ({ world }) => {
  await world.billing.customers.ensure({ id: "user_1", email: "ada@example.test" });
  const made = await world.rest("POST /v1/invoices", wish);
  const { invoice } = made.body.value;
  assert.deepEqual([made.status, made.body.outcome, invoice.ownId, invoice.status], [200, "done", "invoice_1", "open"]);
  assert.equal((await world.rest("POST /v1/invoices", wish)).body.value.invoice.id, invoice.id);
  assert.equal((await world.rest("POST /v1/invoices", { ...wish, memo: "Other" })).status, 409);
  const at = `/v1/invoices/${invoice.id}`;
  const away = await world.rest(`POST ${at}/link`, { returnUrl: "https://elsewhere.test/" });
  assert.deepEqual([away.status, away.body.error.field], [422, "returnUrl"]);
  const link = await world.rest(`POST ${at}/link`, { returnUrl: "https://shop.test/thanks" });
  assert.equal(link.status, 200);
  const opened = await world.fetch(new Request(link.body.url));
  const cookie = opened.headers.get("set-cookie")?.split(";")[0] ?? "";
  const page = new URL(opened.headers.get("location") ?? "", link.body.url);
  const visit = (path = "", headers: Record<string, string> = { cookie }) =>
    world.fetch(new Request(`${page}${path}`, { headers }));
  const form = await (await visit()).text();
  assert.ok(form.includes(link.body.clientSecret) && form.includes("Pay 25.00 EUR"));
  assert.equal((await visit("", {})).status, 410, "an invoice's id grants nothing");
  assert.deepEqual(await (await visit("/state")).json(), { status: "open" });
  await world.confirm(link.body.clientSecret, "pm_card_visa");
  const returned = await visit("/return");
  assert.deepEqual([returned.status, returned.headers.get("location")], [303, "https://shop.test/thanks"]);
  assert.match(await (await visit()).text(), /Paid 25\.00 EUR/);
  const late = await world.rest(`POST ${at}/pay`, { id: "try_1" });
  assert.deepEqual([late.status, late.body.error.code], [409, "wrong_state"]);
  const nameless = await world.rest(`POST ${at}/pay`, {});
  assert.deepEqual([nameless.status, nameless.body.error.field], [400, "Idempotency-Key"]);
  const key = { headers: { "idempotency-key": "credit_1" } };
  const credited = await world.rest(`POST ${at}/credit`, { amount: 500, to: "refund" }, key);
  assert.deepEqual([credited.status, credited.body.outcome, credited.body.value.id], [200, "done", "credit_1"]);
  const listed = await world.rest(`GET ${at}/credits`);
  assert.deepEqual([listed.body.data.length, listed.body.data[0].amount.amount], [1, 500]);
  const refund = { id: "refund_1", invoiceId: invoice.id, amount: 700 };
  const refunded = await world.rest("POST /v1/refunds", refund);
  const { invoiceId, orderId } = refunded.body.value;
  assert.deepEqual([refunded.status, refunded.body.outcome, invoiceId, orderId], [200, "done", invoice.id, null]);
  assert.equal((await world.rest(`GET /v1/refunds?invoiceId=${invoice.id}&amount=700`)).body.data[0].id, "refund_1");
  const both = await world.rest("POST /v1/refunds", { ...refund, orderId: "order_1" });
  assert.deepEqual([both.status, both.body.error.field], [422, "invoiceId"]);
  const none = await world.rest("POST /v1/refunds", { id: "refund_2", amount: 700 });
  assert.deepEqual([none.status, none.body.error.field], [422, "orderId"]);
  const much = await world.rest("POST /v1/refunds", { ...refund, id: "refund_2", amount: 1_301 });
  assert.deepEqual([much.status, much.body.error.code], [422, "invalid_amount"]);
  assert.match(much.body.error.message, /more than the 13\.00 EUR that are left of invoice in_/);
});

onEachDoor("a draft is finalized, sent, written off, voided or deleted over REST", async ({ world }) => {
  await world.billing.customers.ensure({ id: "user_1", email: "ada@example.test" });
  const draft = async (id: string) =>
    (await world.rest("POST /v1/invoices", { ...wish, id, finalize: false })).body.value.invoice.id as string;
  const at = `/v1/invoices/${await draft("a")}`;
  const early = await world.rest(`POST ${at}/void`);
  assert.deepEqual([early.status, early.body.error.code], [409, "wrong_state"]);
  for (const [move, body, status] of [
    ["finalize", undefined, "open"],
    ["send", { id: "mail_1" }, "open"],
    ["write_off", {}, "uncollectible"],
    ["void", undefined, "void"],
  ] as const) {
    const moved = await world.rest(`POST ${at}/${move}`, body);
    assert.deepEqual([moved.status, moved.body.outcome, moved.body.value?.status], [200, "done", status], move);
  }
  const gone = await world.rest(`DELETE /v1/invoices/${await draft("b")}`);
  assert.deepEqual([gone.status, gone.body.outcome], [200, "done"]);
  const dueAt = "2031-01-02T03:04:05.000Z";
  const due = await world.rest("POST /v1/invoices", { ...wish, id: "c", daysUntilDue: undefined, dueAt });
  assert.equal(due.body.value.invoice.dueAt, dueAt);
});
