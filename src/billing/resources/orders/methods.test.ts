import assert from "node:assert/strict";
import { createTestbed } from "bursar/testing";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";

const payer = { name: "Ada", email: "ada@shop.test" };
const methods = {
  sepa_debit: { sepa_debit: { iban: "AT611904300234573201" } },
  ideal: { ideal: {} },
  bancontact: { bancontact: {} },
} as const;

onEachDatabase<BillingTables>(
  "SEPA debit, iDEAL and Bancontact pay an order; a debit is processing until the bank has paid",
  async ({ url, t }) => {
    const told: string[] = [];
    const testbed = await createTestbed({
      seed: 3,
      database: url,
      handlers: ({ on }) => {
        for (const type of ["order.processing", "order.paid"] as const) {
          on(type, ({ data }) => void told.push(`${data.orderId} ${type}`), { id: "shop" });
        }
      },
    });
    t.after(() => testbed.close());
    const { billing, browser } = testbed;
    for (const [type, details] of Object.entries(methods)) {
      await billing.orders.create({
        id: type,
        currency: "eur",
        lines: [{ description: "Mug", quantity: 1, unitAmount: 1800 }],
      });
      const { clientSecret } = await billing.orders.checkout(type);
      const params = {
        client_secret: clientSecret,
        payment_method_data: { type: type as keyof typeof methods, billing_details: payer, ...details },
        return_url: "https://shop.test/back",
      };
      const [id = ""] = clientSecret.split("_secret_");
      const confirmed = await testbed.settle(browser.paymentIntents.confirm(id, params));
      const bank = confirmed.next_action?.redirect_to_url?.url;
      if (bank) {
        const agreed = { method: "POST", body: new URLSearchParams({ outcome: "succeeded" }) };
        await testbed.settle(testbed.fetchAs("browser")(bank, { ...agreed, redirect: "manual" }));
      }
      await testbed.advance("1 minute");
      assert.equal((await billing.orders.get(type)).status, "paid", type);
    }
    assert.deepEqual(told, [
      "sepa_debit order.processing",
      "sepa_debit order.paid",
      "ideal order.paid",
      "bancontact order.paid",
    ]);
  },
);
