// What Stripe was seen to bill, and to say of it, is billed and said here too: to the cent and to the second.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { suite, test } from "node:test";
import { plays } from "./billing_observed/all.ts";
import { counted, sumOf } from "./billing_observed/count.ts";
import { play } from "./billing_observed/run.ts";

suite("what Stripe was seen to bill", () => {
  for (const one of plays) test(one.why, async () => void (await play(one)));

  test("each play has a name of its own", () => {
    assert.equal(new Set(plays.map(({ why }) => why)).size, plays.length);
  });

  test("each observation is played, held by another test, or waits for something that is named", () => {
    const known = new Set(counted().map(({ name }) => name));
    for (const { seen, why } of plays)
      assert.ok(
        Object.keys(seen).every((kind) => known.has(kind)),
        why,
      );
    for (const { name, seen, played, elsewhere, waits, otherwise } of counted()) {
      assert.equal(played + sumOf(elsewhere) + sumOf(waits) + sumOf(otherwise), seen, name);
      for (const file of Object.keys(elsewhere ?? {})) assert.ok(existsSync(file), file);
    }
  });
});
