import { test } from "node:test";
import { assertMoves } from "../../testing.ts";
import { mandateMachine } from "./mandate.ts";

test("a mandate in every status takes or refuses every action", () => {
  assertMoves(mandateMachine, {
    new: { create: "active", end: "refused" },
    active: { create: "refused", end: "inactive" },
    inactive: { create: "refused", end: "refused" },
  });
});
