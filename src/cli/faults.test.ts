import assert from "node:assert/strict";
import { test } from "node:test";
import { collectFault } from "./faults.ts";

test("a fault is read from the command line, one after the other", () => {
  const first = collectFault("slow,path=/v1/refunds/:id,ms=500,times=3", undefined);
  assert.deepEqual(collectFault("delivery_dropped, type=charge.*, chance=0.1", first), [
    { kind: "slow", path: "/v1/refunds/:id", ms: 500, times: 3 },
    { kind: "delivery_dropped", type: "charge.*", chance: 0.1 },
  ]);
});

test("what is no part of a fault is refused", () => {
  for (const wrong of ["slow,ms=soon", "slow,colour=red", "slow,path"]) {
    assert.throws(() => collectFault(wrong, undefined), /is none of method=/);
  }
});
