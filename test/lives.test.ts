// Lives of customers, drawn by chance, in which the laws of billing hold after each step.
import { suite, test } from "node:test";
import fc from "fast-check";
import { cases } from "#kit/testing.ts";
import { plans, playLife } from "./lives/play.ts";

suite("in any life of a customer", () => {
  test("no law of billing is ever broken", async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => void (await playLife(plan))),
      { numRuns: cases(40, 2_500), seed: 12 },
    );
  });
});
