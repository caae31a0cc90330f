// Debits and sent invoices bring their money days later: changed at once, and put back when it does not come.
import assert from "node:assert/strict";
import { dayMs, minuteMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../../kernel/store/tables.ts";
import { having, held, paidBy, type Selling, startSelling, told } from "../../../testing/changes.ts";
import type { World } from "../../../testing/index.ts";

const on = onEachDatabase<BillingTables>;
const basic = { "bursar-basic-month-eur": 1 };
const pro = { "bursar-pro-month-eur": 1 };

async function debit({ stripe, run }: World, customer: string, bank: "success" | "failed"): Promise<void> {
  const { payment_method } = await run(
    stripe.setupIntents
      .create({
        customer,
        confirm: true,
        payment_method: `pm_sepaDebit_${bank}_de`,
        mandate_data: { customer_acceptance: { type: "offline" } },
        automatic_payment_methods: { enabled: true, allow_redirects: "never" },
      })
      .then((made) => made),
  );
  const invoice_settings = { default_payment_method: String(payment_method) };
  await run(stripe.customers.update(customer, { invoice_settings }).then((made) => made));
}

async function debited(selling: Selling, bank: "success" | "failed") {
  const having_ = await having(selling, [selling.price("basic")]);
  await debit(selling.world, having_.customer, bank);
  await selling.world.advance(dayMs);
  return having_;
}

on("a change that is debited must say what becomes of it when the bank says no", async ({ url }) => {
  const selling = await startSelling({ url });
  const { id } = await debited(selling, "success");
  const { world } = selling;
  const { subscriptions } = world.billing;
  await assert.rejects(world.run(subscriptions.change(id, { id: "up", plan: "pro" })), {
    code: "wrong_state",
    message: /is paid by sepa_debit, and cannot wait/,
    hint: /ifUnpaid: "revert".*period_end/,
  });
  const { outcome } = await world.run(subscriptions.change(id, { id: "up", plan: "pro", prorate: false }));
  assert.equal(outcome, "done", "what is not billed now needs no bank");
  await world.close();
});

on("a debit that is paid leaves it changed, and what comes off follows", async ({ url }) => {
  const selling = await startSelling({ url });
  const { customer, id } = await debited(selling, "success");
  const { world } = selling;
  const { subscriptions } = world.billing;
  const wish = { id: "up", plan: "pro", ifUnpaid: "revert", coupon: "launch" } as const;
  const first = await world.run(subscriptions.change(id, wish));
  assert.ok(first.outcome === "processing" || first.outcome === "done");
  assert.deepEqual(await held(world, id), pro);
  await world.advance(12 * dayMs);
  const { outcome } = await world.run(subscriptions.change(id, wish));
  assert.equal(outcome, "done");
  assert.ok((await paidBy(world, customer)) > 2900);
  const { discounts } = await world.run(world.stripe.subscriptions.retrieve(id).then((one) => one));
  assert.equal(discounts.length, 1);
  assert.deepEqual(told(world), ["changed"]);
  await world.close();
});

on("a debit that comes back puts it back, voids the invoice, and charges nothing for it", async ({ url }) => {
  const selling = await startSelling({ url });
  const { customer, id } = await debited(selling, "failed");
  const { world } = selling;
  const { subscriptions } = world.billing;
  const wish = { id: "up", plan: "pro", ifUnpaid: "revert", addOns: { storage: 1 } } as const;
  const first = await world.run(subscriptions.change(id, wish));
  assert.ok(["processing", "declined"].includes(first.outcome));
  await world.advance(14 * dayMs);
  const after = await world.run(subscriptions.change(id, wish));
  assert.equal(after.outcome, "declined");
  assert.deepEqual([await held(world, id), await paidBy(world, customer)], [basic, 1000]);
  const { status, latestInvoiceId } = await world.run(subscriptions.get(id));
  assert.equal(status, "active");
  const { status: bill } = await world.run(world.billing.invoices.get(latestInvoiceId ?? ""));
  assert.equal(bill, "void");
  assert.deepEqual(told(world).toSorted(), ["change_reverted", "changed", "changed"]);
  assert.deepEqual((await world.run(world.billing.flags.list())).data, []);
  await world.close();
});

on("an invoice that was sent and is not paid by its due date takes the change back", async ({ url }) => {
  const selling = await startSelling({ url });
  const { world, price } = selling;
  const { customer, id } = await having(selling, [price("basic")], {
    collection_method: "send_invoice",
    days_until_due: 7,
  });
  const { subscriptions } = world.billing;
  await assert.rejects(world.run(subscriptions.change(id, { id: "up", plan: "pro" })), {
    code: "wrong_state",
    message: /by invoices that are sent/,
  });
  const { latestInvoiceId: own } = await world.run(subscriptions.get(id));
  await world.advance(2 * 60 * minuteMs);
  await world.run(world.stripe.invoices.pay(own ?? "", { paid_out_of_band: true }).then((paid) => paid));
  const wish = { id: "up", plan: "pro", ifUnpaid: "revert" } as const;
  const first = await world.run(subscriptions.change(id, wish));
  assert.equal(first.outcome, "processing");
  assert.deepEqual(await held(world, id), pro);
  await world.advance(9 * dayMs);
  assert.deepEqual(await held(world, id), basic);
  assert.equal((await world.run(subscriptions.change(id, wish))).outcome, "declined");
  assert.deepEqual(
    [told(world).toSorted(), await paidBy(world, customer)],
    [["change_reverted", "changed", "changed"], 0],
  );
  await world.close();
});

on("a card too may be changed first, and is put back at once when it is declined", async ({ url }) => {
  const selling = await startSelling({ url });
  const { world, price } = selling;
  const { customer, id } = await having(selling, [price("basic")], { card: "pm_card_visa" });
  const { id: card } = await world.run(
    world.stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer }).then((made) => made),
  );
  const invoice_settings = { default_payment_method: card };
  await world.run(world.stripe.customers.update(customer, { invoice_settings }).then((made) => made));
  const wish = { id: "up", plan: "pro", ifUnpaid: "revert" } as const;
  const { outcome } = await world.run(world.billing.subscriptions.change(id, wish));
  assert.equal(outcome, "declined");
  await world.advance(minuteMs);
  assert.deepEqual([await held(world, id), await paidBy(world, customer)], [basic, 1000]);
  await world.close();
});
