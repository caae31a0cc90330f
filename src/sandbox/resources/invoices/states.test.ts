import { test } from "node:test";
import { assertMoves } from "../../testing.ts";
import { invoiceMachine } from "./invoice.ts";

test("an invoice in every status takes or refuses every action", () => {
  const refused = {
    create: "refused",
    finalize: "refused",
    pay: "refused",
    void: "refused",
    mark_uncollectible: "refused",
  };
  assertMoves(invoiceMachine, {
    new: { ...refused, create: "draft" },
    draft: { ...refused, finalize: "open" },
    open: { ...refused, pay: "paid", void: "void", mark_uncollectible: "uncollectible" },
    uncollectible: { ...refused, pay: "paid", void: "void" },
    paid: refused,
    void: refused,
  });
});
