// Test clocks: time of one's own. The folder's only door. How far one goes at once depends on the subscriptions that
// hang on it, so the route that advances it is theirs.
import { list } from "../../kernel/answer/lists.ts";
import { defineResource } from "../../kernel/state/resource.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { arrive, createTestClock, deleteTestClock, expireTestClock, failAdvance } from "./actions.ts";
import { testClockDefaults } from "./defaults.table.ts";
import { rows } from "./refusals.table.ts";
import { type TestClock, testClockMachine, testClocks } from "./test_clock.ts";

export { advanceTestClock } from "./actions.ts";
export { type TestClock, testClockMachine, testClocks } from "./test_clock.ts";

const path = "/v1/test_helpers/test_clocks";

export const testClockResource = defineResource<TestClock>({
  noun: testClocks,
  machine: testClockMachine,
  defaults: testClockDefaults,
  refusals: rows,
  jobs: {
    arrive: { run: arrive, says: "arrives" },
    expireTestClock: { run: expireTestClock, says: "is deleted" },
    failAdvance: { run: failAdvance, says: "fails" },
  },
  routes: [
    { method: "POST", path, run: createTestClock },
    { method: "GET", path, run: (unit, params) => list(unit, testClocks, params, { url: path }) },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, testClocks, id, "test_clock") },
    { method: "DELETE", path: `${path}/:id`, run: deleteTestClock },
  ],
});
