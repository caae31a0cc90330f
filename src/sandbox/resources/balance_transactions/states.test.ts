import { test } from "node:test";
import { assertMoves } from "../../testing.ts";
import { balanceTransactionMachine } from "./balance_transaction.ts";

test("a balance transaction in every status takes or refuses every action", () => {
  assertMoves(balanceTransactionMachine, {
    new: { create: "pending | available", mature: "refused" },
    pending: { create: "refused", mature: "available" },
    available: { create: "refused", mature: "refused" },
  });
});
