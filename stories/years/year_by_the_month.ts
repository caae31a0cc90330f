// A story: a year by the month, with an upgrade and a card that stops working.
import assert from "node:assert/strict";
import type { Story } from "../stage/stage.ts";
import { live, payWith, tellAccess, tellEqual, tellInvoices } from "./life.ts";

export const monthlyYear: Story = {
  name: "year_by_the_month",
  room: "years",
  title: "A year by the month",
  proves:
    "What a customer may use follows what is paid through a year: an upgrade costs what its preview showed, a card " +
    "that stops working costs days of grace and not the plan, and each thing is told once.",
  seed: 21,
  isToldByHost: true,
  async play(stage) {
    const { billing, say } = stage;
    const ada = await live(stage, "ada");
    await payWith(ada, "pm_card_visa");
    say("Ada starts the basic plan, 9.00 EUR a month.");
    const begun = await billing.subscriptions.start({ id: "ada_1", customerId: "ada", plan: "basic", every: "month" });
    const id = begun.value.subscription?.id ?? "";
    await ada.pass(1);
    await tellAccess(ada);
    await ada.pass(104);
    say("In the middle of her fourth month she wants the pro plan, and is shown what the rest of the month costs.");
    const { token, due } = await billing.subscriptions.preview(id, { plan: "pro" });
    say(`Now: ${due.amount} ${due.currency}. She agrees.`);
    await billing.subscriptions.change(id, { token });
    await ada.pass(1);
    await tellAccess(ada);
    say("Months later her bank declines the card.");
    await ada.pass(60);
    const bad = await payWith(ada, "pm_card_chargeCustomerFail");
    await billing.subscriptions.setMethod(id, { id: "ada_bad", method: bad });
    await ada.pass(18);
    await tellAccess(ada);
    say("Her days of grace go by.");
    await ada.pass(5);
    await tellAccess(ada);
    say("She comes back with another card, and pays what is open.");
    const card = await payWith(ada, "pm_card_mastercard");
    const [open] = (await billing.invoices.list({ customerId: "ada", status: "open" })).data;
    assert.ok(open);
    await billing.invoices.pay(open.id, { id: "ada_again", method: card });
    await billing.subscriptions.setMethod(id, { id: "ada_good", method: card });
    await ada.pass(1);
    await tellAccess(ada);
    say("The rest of the year goes by by itself.");
    await ada.pass(174);
    await tellAccess(ada);
    await tellInvoices(ada);
    await tellEqual(ada);
  },
};
