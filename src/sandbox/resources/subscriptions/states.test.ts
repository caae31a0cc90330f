import { test } from "node:test";
import { assertMoves } from "../../testing.ts";
import { subscriptionMachine } from "./subscription.ts";

const none = {
  create: "refused",
  activate: "refused",
  expire: "refused",
  end_trial: "refused",
  begin_trial: "refused",
  fall_due: "refused",
  give_up: "refused",
  pause: "refused",
  resume: "refused",
  cancel: "refused",
};

test("a subscription in every status takes or refuses every action", () => {
  assertMoves(subscriptionMachine, {
    new: { ...none, create: "incomplete | active | trialing" },
    incomplete: { ...none, activate: "active", expire: "incomplete_expired", cancel: "canceled" },
    incomplete_expired: none,
    trialing: {
      ...none,
      end_trial: "active | paused",
      begin_trial: "trialing",
      fall_due: "past_due",
      cancel: "canceled",
    },
    active: { ...none, begin_trial: "trialing", fall_due: "past_due", pause: "paused", cancel: "canceled" },
    past_due: {
      ...none,
      activate: "active",
      begin_trial: "trialing",
      give_up: "unpaid",
      pause: "paused",
      cancel: "canceled",
    },
    unpaid: { ...none, activate: "active", pause: "paused", cancel: "canceled" },
    paused: { ...none, resume: "active | past_due", cancel: "canceled" },
    canceled: none,
  });
});
