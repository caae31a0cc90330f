import { test } from "node:test";
import { assertMoves } from "../../testing.ts";
import { setupAttemptMachine } from "./setup_attempt.ts";

test("a setup attempt in every status takes or refuses every action", () => {
  assertMoves(setupAttemptMachine, {
    new: { create: "requires_action | succeeded | failed", finish: "refused" },
    requires_action: { create: "refused", finish: "succeeded | failed | abandoned" },
    succeeded: { create: "refused", finish: "refused" },
    failed: { create: "refused", finish: "refused" },
    abandoned: { create: "refused", finish: "refused" },
  });
});
