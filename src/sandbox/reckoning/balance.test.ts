import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { draws } from "#kit/testing.ts";
import { type Settling, settle } from "./balance.ts";

const usd = (total: number, startingBalance: number): Settling => ({ total, startingBalance, minimum: 50 });

suite("what is due after the balance", () => {
  const rows: readonly (readonly [why: string, given: Settling, due: number, ending: number, moved: unknown[]])[] = [
    ["without a balance all of it", usd(1000, 0), 1000, 0, []],
    ["a total below zero is credited", usd(-334, 0), 0, -334, [["applied_to_invoice", -334, -334]]],
    ["a credit is taken off", usd(1000, -334), 666, 0, [["applied_to_invoice", 334, 0]]],
    ["a credit may outlast the invoice", usd(1000, -2500), 0, -1500, [["applied_to_invoice", 1000, -1500]]],
    ["what is owed comes on top", usd(1000, 1), 1001, 0, [["applied_to_invoice", -1, 0]]],
    ["too little to be charged waits in the balance", usd(1, 0), 0, 1, [["invoice_too_small", 1, 1]]],
    [
      "the same after a credit",
      usd(310, -300),
      0,
      10,
      [
        ["applied_to_invoice", 300, 0],
        ["invoice_too_small", 10, 10],
      ],
    ],
    ["nothing is nothing", usd(0, 0), 0, 0, []],
  ];
  for (const [why, given, due, ending, moved] of rows) {
    test(why, () => {
      const settled = settle(given);
      const movements = settled.movements.map(({ type, amount, endingBalance }) => [type, amount, endingBalance]);
      assert.deepEqual([settled.amountDue, settled.endingBalance, movements], [due, ending, moved]);
    });
  }

  test("nothing is lost: what is due and what the balance becomes are the total and what the balance was", () => {
    const amount = fc.integer({ min: -5000, max: 5000 });
    fc.assert(
      fc.property(amount, amount, (total, startingBalance) => {
        const { amountDue, endingBalance, movements } = settle(usd(total, startingBalance));
        assert.equal(amountDue + endingBalance, total + startingBalance);
        assert.ok(amountDue === 0 || amountDue >= 50);
        let balance = startingBalance;
        for (const { amount: moved, endingBalance: shown } of movements) {
          balance += moved;
          assert.equal(shown, balance);
        }
        assert.equal(balance, endingBalance);
      }),
      { numRuns: draws(200, 10_000), seed: 12 },
    );
  });
});
