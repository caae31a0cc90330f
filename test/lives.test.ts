// Lives of customers, drawn by chance, in which the laws of billing hold after each step.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { draws } from "#kit/testing.ts";
import { digestOf } from "./lives/digest.ts";
import { plans, playLife } from "./lives/play.ts";

suite("in any life of a customer", () => {
  test("no law of billing is ever broken", async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => void (await playLife(plan))),
      { numRuns: draws(15, 2_500), seed: 12 },
    );
  });

  test("it is one whether time goes in one step or in many", async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const [one, many] = [await playLife(plan, 1), await playLife(plan, 4)];
        assert.deepEqual(digestOf(one), digestOf(many), one.told.join("\n"));
      }),
      { numRuns: draws(6, 1_000), seed: 12 },
    );
  });
});
