// A story: a trial that nobody pays for, and no second one; years before our time.
import assert from "node:assert/strict";
import type { Story } from "../stage/stage.ts";
import { liveOnClock, payWith, tellAccess, tellEqual, tellInvoices } from "./life.ts";

export const churnedYear: Story = {
  name: "year_of_a_trial",
  room: "years",
  title: "A year of somebody who tried",
  proves:
    "A trial is had once, ends when it was to, and opens nothing afterwards: on a test clock in the past as well.",
  seed: 23,
  isToldByHost: true,
  async play(stage) {
    const { billing, say } = stage;
    say("Cy lives by a test clock of Stripe's, in January 2020.");
    const cy = await liveOnClock(stage, "cy", "2020-01-10T09:00:00Z");
    await payWith(cy, "pm_card_visa");
    say("He tries the pro plan for fourteen days.");
    const begun = await billing.subscriptions.start({
      id: "cy_1",
      customerId: "cy",
      plan: "pro",
      every: "month",
      trial: true,
    });
    const id = begun.value.subscription?.id ?? "";
    await cy.pass(1);
    await tellAccess(cy);
    say("After nine days he has seen enough.");
    await cy.pass(8);
    await billing.subscriptions.cancel(id, { id: "cy_leaves", when: "period_end" });
    await cy.pass(1);
    await tellAccess(cy);
    await cy.pass(2);
    await cy.pass(3);
    await tellAccess(cy);
    say("In autumn he comes back, and would like another trial.");
    for (let month = 0; month < 8; month++) await cy.pass(30);
    await assert.rejects(
      billing.subscriptions.start({ id: "cy_2", customerId: "cy", plan: "pro", every: "month", trial: true }),
      (problem: Error) => {
        say(`${problem.message}.`);
        return true;
      },
    );
    for (let month = 0; month < 4; month++) await cy.pass(30);
    await tellAccess(cy);
    await tellInvoices(cy);
    await tellEqual(cy);
  },
};
