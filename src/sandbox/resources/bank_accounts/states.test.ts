import { test } from "node:test";
import { assertMoves } from "../../testing.ts";
import { bankAccountMachine } from "./bank_account.ts";

test("a bank account in every status takes or refuses every action", () => {
  assertMoves(bankAccountMachine, {
    new: { create: "new | verified", verify: "verified", fail: "verification_failed" },
    verified: { create: "refused", verify: "refused", fail: "refused" },
    verification_failed: { create: "refused", verify: "refused", fail: "refused" },
  });
});
