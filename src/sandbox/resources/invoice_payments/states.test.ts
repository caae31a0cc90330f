import { test } from "node:test";
import { assertMoves } from "../../testing.ts";
import { invoicePaymentMachine } from "./invoice_payment.ts";

test("a payment of an invoice in every status takes or refuses every action", () => {
  assertMoves(invoicePaymentMachine, {
    new: { create: "open", pay: "refused", cancel: "refused" },
    open: { create: "refused", pay: "paid", cancel: "canceled" },
    paid: { create: "refused", pay: "refused", cancel: "refused" },
    canceled: { create: "refused", pay: "refused", cancel: "refused" },
  });
});
