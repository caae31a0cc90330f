// READ FIRST. A clock of one's own: what hangs on it lives in its time, which stands still until it is advanced.
// https://docs.stripe.com/api/test_clocks
import type Stripe from "stripe";
import { defineMachine } from "../../kernel/state/machine.ts";
import { defineNoun, type Stored } from "../../kernel/state/noun.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { rows } from "./refusals.table.ts";

export type TestClock = Stored<
  Omit<Stripe.TestHelpers.TestClock, "deleted">,
  "advancing" | "internal_failure" | "ready"
>;

export const testClocks = defineNoun<TestClock, "delete">({
  object: "test_helpers.test_clock",
  prefixes: ["clock"],
  clock: "id",
  label: "test clock",
  signals: ["delete"],
});

export const testClockMachine = defineMachine(testClocks, ({ id, status }) =>
  refusal(status === "internal_failure" ? rows.clockFailed : rows.clockBusy, { clock: id }),
)({
  create: { from: ["new"], to: { ready: "test_helpers.test_clock.created" } },
  advance: { from: ["ready"], to: { advancing: "test_helpers.test_clock.advancing" } },
  arrive: { from: ["advancing"], to: { ready: "test_helpers.test_clock.ready" } },
  /** At Stripe by a fault of its own, here by one that was asked for. It can be deleted only. */
  fail: { from: ["advancing"], to: { internal_failure: "test_helpers.test_clock.internal_failure" } },
});

export interface DeletedTestClock {
  readonly id: string;
  readonly object: "test_helpers.test_clock";
  readonly deleted: true;
}
