import { test } from "node:test";
import { assertMoves } from "../../testing.ts";
import { creditNoteMachine } from "./credit_note.ts";

test("a credit note in every status takes or refuses every action", () => {
  assertMoves(creditNoteMachine, {
    new: { create: "issued", void: "refused" },
    issued: { create: "refused", void: "void" },
    void: { create: "refused", void: "refused" },
  });
});
