// Money that comes back after an invoice was paid: the invoice stays paid, whoever takes it back. What is still owed
// for it is for a credit note to say. https://docs.stripe.com/invoicing/integration/programmatic-credit-notes
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type SandboxWorld, startWorld } from "../../../testing.ts";
import { billedCustomer, draftOf } from "../testing.ts";

/** An invoice that a card has paid, and what has paid it. */
async function paid(world: SandboxWorld, card = "pm_card_visa") {
  const { customer } = await billedCustomer(world, card);
  const { id } = await draftOf(world, customer, 3500);
  const before = await world.stripe.invoices.pay(id, { expand: ["payments.data.payment.payment_intent"] });
  const intent = before.payments?.data[0]?.payment.payment_intent;
  assert.ok(typeof intent === "object");
  return { id, intent: intent.id, charge: String(intent.latest_charge) };
}

/** What of an invoice and its payment says that it is paid. */
async function standing({ stripe }: SandboxWorld, id: string) {
  const invoice = await stripe.invoices.retrieve(id, { expand: ["payments"] });
  const { status, amount_due, amount_paid, amount_remaining, post_payment_credit_notes_amount: credited } = invoice;
  const payments = invoice.payments?.data.map((one) => [one.status, one.amount_paid]);
  return { status, amount_due, amount_paid, amount_remaining, credited, payments };
}

const asPaid = {
  status: "paid",
  amount_due: 3500,
  amount_paid: 3500,
  amount_remaining: 0,
  credited: 0,
  payments: [["paid", 3500]],
};

suite("a paid invoice", () => {
  for (const [what, amount] of [
    ["in part", 1000],
    ["whole", 3500],
  ] as const) {
    test(`stays paid when its payment is refunded ${what}: the charge says so, the invoice nothing`, async () => {
      const world = startWorld();
      const { id, intent, charge } = await paid(world);
      const before = await world.eventTypes();
      await world.stripe.refunds.create({ payment_intent: intent, amount });
      assert.deepEqual(await standing(world, id), asPaid);
      const { amount_refunded, refunded } = await world.stripe.charges.retrieve(charge);
      assert.deepEqual([amount_refunded, refunded], [amount, amount === 3500]);
      assert.deepEqual((await world.eventTypes()).slice(before.length), [
        ...["refund.created", "charge.refunded", "refund.updated", "charge.refund.updated"],
      ]);
    });
  }

  test("stays paid when its payment is disputed, and when the dispute is lost", async () => {
    const world = startWorld();
    const { id, charge } = await paid(world, "pm_card_createDispute");
    const [dispute] = (await world.stripe.disputes.list({ charge })).data;
    assert.deepEqual([dispute?.status, dispute?.amount], ["needs_response", 3500]);
    assert.deepEqual(await standing(world, id), asPaid);
    const before = await world.eventTypes();
    await world.stripe.disputes.close(String(dispute?.id));
    assert.deepEqual(await standing(world, id), asPaid);
    assert.deepEqual((await world.eventTypes()).slice(before.length), ["charge.dispute.closed"]);
  });

  test("is named by the charge that was refunded in versions that name it", async () => {
    const headers = { "stripe-version": "2024-06-20" };
    const world = startWorld({ defaultVersion: headers["stripe-version"] });
    const { id, charge } = await paid(world);
    await world.stripe.refunds.create({ charge });
    const { json } = await world.call("GET", "/v1/events", { form: "type=charge.refunded", headers });
    const [event] = json.data as { data: { object: Record<string, unknown> } }[];
    assert.deepEqual([event?.data.object.invoice, event?.data.object.refunded], [id, true]);
    const { json: invoice } = await world.call("GET", `/v1/invoices/${id}`, { headers });
    assert.deepEqual([invoice.charge, invoice.paid, invoice.amount_paid], [charge, true, 3500]);
  });
});
