// A story: two years paid by debit, of which the second comes back; years ahead of our time.
import assert from "node:assert/strict";
import type { Story } from "../stage/stage.ts";
import { liveOnClock, payWith, tellAccess, tellEqual, tellInvoices } from "./life.ts";

export const debitedYear: Story = {
  name: "year_by_debit",
  room: "years",
  title: "A year by debit",
  proves:
    "A debit takes days and may come back: meanwhile the policy decides, afterwards grace does, and a year that was " +
    "paid is a year, on a test clock that is years ahead as well.",
  seed: 22,
  isToldByHost: true,
  async play(stage) {
    const { billing, say } = stage;
    say("Bob lives by a test clock of Stripe's, in March 2030.");
    const bob = await liveOnClock(stage, "bob", "2030-03-01T09:00:00Z");
    await payWith(bob, "pm_sepaDebit_success_de");
    say("He starts the pro plan for a year, 190.00 EUR, which his bank is asked for.");
    const begun = await billing.subscriptions.start({ id: "bob_1", customerId: "bob", plan: "pro", every: "year" });
    const id = begun.value.subscription?.id ?? "";
    await tellAccess(bob);
    await bob.pass(5);
    await tellAccess(bob);
    await bob.pass(180);
    await tellAccess(bob);
    say("His next bank will send the debit back.");
    const other = await payWith(bob, "pm_sepaDebit_failed_de");
    await billing.subscriptions.setMethod(id, { id: "bob_moves", method: other });
    await bob.pass(181);
    await bob.pass(1);
    await tellAccess(bob);
    await bob.pass(9);
    await tellAccess(bob);
    say("He pays the open year by card.");
    const card = await payWith(bob, "pm_card_visa");
    const [open] = (await billing.invoices.list({ customerId: "bob", status: "open" })).data;
    assert.ok(open);
    await billing.invoices.pay(open.id, { id: "bob_again", method: card });
    await stage.advance("10 minutes");
    await tellAccess(bob);
    await tellInvoices(bob);
    await tellEqual(bob);
  },
};
