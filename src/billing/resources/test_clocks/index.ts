// Test clocks: the times of their own in which customers live in test mode. The folder's only door.
import type { Manifest } from "../../kernel/contract/manifest.ts";
import { testClockKind } from "./test_clocks.ts";

export { oweClocks, readClocks } from "./test_clocks.ts";

export const testClocksManifest: Manifest = {
  name: "test_clocks",
  tables: { migrations: [], columns: {} },
  facts: {},
  kinds: [testClockKind],
  events: [
    "test_helpers.test_clock.advancing",
    "test_helpers.test_clock.ready",
    "test_helpers.test_clock.internal_failure",
    "test_helpers.test_clock.deleted",
  ],
  verbs: [],
  reactions: [],
  timers: [],
};
