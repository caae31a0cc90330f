// Test clocks, as Stripe's documentation prints them.
import type { Making, RealBody } from "./shape.ts";

const path = "/v1/test_helpers/test_clocks";
const made: Making = ({ call }) => call("POST", path, "frozen_time=1577836800");

export const testClockBodies: readonly RealBody[] = [
  {
    name: "test_helpers.test_clock.ready.docs-sample-2026-04",
    shape: {
      string: "id object status",
      number: "created deletes_after frozen_time",
      boolean: "livemode",
      null: "name",
    },
    make: made,
  },
  {
    name: "test_helpers.test_clock.advancing.docs-sample-2026-04",
    shape: {
      string: "id object status",
      number: "created deletes_after frozen_time",
      boolean: "livemode",
      null: "name",
    },
    make: async (maker) => {
      const { id } = await made(maker);
      return maker.call("POST", `${path}/${id}/advance`, "frozen_time=1577836900");
    },
  },
  {
    name: "test_helpers.test_clock.deleted.docs-sample-2026-04",
    shape: { string: "id object", boolean: "deleted" },
    make: async (maker) => {
      const { id } = await made(maker);
      return maker.call("DELETE", `${path}/${id}`);
    },
  },
];
