// A plan is changed over REST: previewed, made by its token or under the Idempotency-Key, planned and taken back.
import assert from "node:assert/strict";
import { type HttpWorld, onEachDoor } from "../../testing.ts";

const catalog = {
  plans: {
    basic: { name: "Basic", prices: { month: { eur: 900 } } },
    pro: { name: "Pro", prices: { month: { eur: 1900 } } },
  },
};

async function subscribed(world: HttpWorld): Promise<string> {
  await world.rest("POST /v1/catalog/apply", catalog);
  const { body } = await world.rest("GET /v1/catalog");
  const { body: made } = await world.rest("POST /v1/customers", { id: "user_42" });
  const customer = made.stripeCustomerId;
  const { id: method } = await world.atStripe("payment_methods/pm_card_visa/attach", { customer });
  await world.atStripe(`customers/${customer}`, { "invoice_settings[default_payment_method]": method });
  const price = body.prices["bursar-basic-month-eur"];
  const { id } = await world.atStripe("subscriptions", { customer, "items[0][price]": price });
  await world.rest("GET /v1/subscriptions?customerId=user_42"); // What it had before is read from Stripe once.
  return id;
}

onEachDoor("a change is previewed, and made by its token", async ({ world }) => {
  const id = await subscribed(world);
  const preview = await world.rest(`POST /v1/subscriptions/${id}/preview`, { plan: "pro", quantity: 2 });
  assert.equal(preview.status, 200);
  assert.deepEqual(preview.body.next.total, { amount: 3800, currency: "eur" });
  assert.ok(preview.body.lines.every(({ isProration }: { isProration: boolean }) => isProration));
  const { token, due } = preview.body;
  const beside = await world.rest(`POST /v1/subscriptions/${id}/change`, { token, plan: "pro" });
  assert.deepEqual([beside.status, beside.body.error.code], [422, "invalid_params"]);
  for (let nth = 0; nth < 2; nth++) {
    const { status, body } = await world.rest(`POST /v1/subscriptions/${id}/change`, { token });
    assert.deepEqual([status, body.outcome, body.value.items[0].quantity], [200, "done", 2]);
    const { body: invoice } = await world.rest(`GET /v1/invoices/${body.value.latestInvoiceId}`);
    assert.equal(invoice.amounts.due, due.amount);
  }
  const audit = await world.rest("GET /v1/audit?limit=1");
  assert.deepEqual([audit.body.data[0].verb, audit.body.data[0].subject], ["subscriptions.change", id]);
});

onEachDoor(
  "a wish is named by the body or by its Idempotency-Key, and what is planned is taken back",
  async ({ world }) => {
    const id = await subscribed(world);
    const unnamed = await world.rest(`POST /v1/subscriptions/${id}/change`, { plan: "pro" });
    assert.deepEqual([unnamed.status, unnamed.body.error.field], [400, "Idempotency-Key"]);
    const headers = { "idempotency-key": "later_1" };
    const later = { plan: "pro", when: "period_end" };
    const planned = await world.rest(`POST /v1/subscriptions/${id}/change`, later, { headers });
    assert.deepEqual([planned.body.outcome, planned.body.value.scheduledChange.items[0].quantity], ["done", 1]);
    const undone = await world.rest(`POST /v1/subscriptions/${id}/undo_change`, { id: "undo_1" });
    assert.deepEqual([undone.body.outcome, undone.body.value.scheduledChange], ["done", null]);
    const nothing = await world.rest(`POST /v1/subscriptions/${id}/undo_change`, { id: "undo_2" });
    assert.deepEqual([nothing.status, nothing.body.error.code], [409, "wrong_state"]);
    const unknown = await world.rest(`POST /v1/subscriptions/${id}/preview`, { plan: "gold" });
    assert.deepEqual([unknown.status, unknown.body.error.field], [422, "plan"]);
  },
);
