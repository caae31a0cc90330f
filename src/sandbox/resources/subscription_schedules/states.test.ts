import { test } from "node:test";
import { assertMoves } from "../../testing.ts";
import { scheduleMachine } from "./schedule.ts";

const none = {
  create: "refused",
  start: "refused",
  update: "refused",
  release: "refused",
  cancel: "refused",
  abort: "refused",
  complete: "refused",
};

const open = { ...none, update: "not_started | active", release: "released", cancel: "canceled", abort: "canceled" };

test("a schedule in every status takes or refuses every action", () => {
  assertMoves(scheduleMachine, {
    new: { ...none, create: "not_started | active" },
    not_started: { ...open, start: "active" },
    active: { ...open, complete: "completed" },
    completed: none,
    released: none,
    canceled: none,
  });
});
