import { test } from "node:test";
import { assertMoves } from "../../testing.ts";
import { sourceMachine } from "./source.ts";

test("a source in every status takes or refuses every action", () => {
  assertMoves(sourceMachine, {
    new: { create: "chargeable", spend: "refused", detach: "refused" },
    chargeable: { create: "refused", spend: "consumed", detach: "consumed" },
    consumed: { create: "refused", spend: "refused", detach: "refused" },
  });
});
