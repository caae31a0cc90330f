// What the sandbox answers has the keys and the types of what Stripe was recorded to answer, state by state.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { differencesBetween, type Paths, shapeOf } from "../src/calibration/index.ts";
import { resources } from "../src/sandbox/resources/index.ts";
import { startWorld } from "../src/sandbox/testing.ts";
import { realBodies } from "./shapes/all.ts";
import { knownDifferences } from "./shapes/differences.table.ts";
import type { KnownDifference, Maker, RealBody } from "./shapes/shape.ts";
import { waitingBodies } from "./shapes/waiting.table.ts";

/** Recorded with a masked version, and printed in documentation: at this time. */
const versionsOfTimes: Readonly<Record<string, string>> = {
  "masked-2025-12": "2025-11-17.clover",
  "masked-2026-05": "2026-04-22.dahlia",
  "docs-sample-2026-04": "2026-03-25.dahlia",
};

suite("bodies as Stripe was recorded to answer them", () => {
  for (const body of realBodies) {
    test(body.name, async () => {
      const made = await body.make(makerOf(versionOf(body.name)));
      const differences = differencesBetween(pathsOf(body.shape), shapeOf(made));
      const found = differences.map(({ path, expected, actual }) => ({ path, stripe: expected, sandbox: actual }));
      assert.deepEqual(inOrder(found), inOrder(knownDifferences.filter(({ body: name }) => name === body.name)));
    });
  }

  test("each difference is one of a body, and says why", () => {
    const names = realBodies.map(({ name }) => name);
    for (const { body, why } of knownDifferences) assert.ok(names.includes(body) && why.length > 20, `${body}: ${why}`);
  });

  test(`${realBodies.length} of 128 bodies are made; the others wait for what is not built`, () => {
    const built = new Set<string>(resources.map(({ noun }) => noun.object));
    const awaited = Object.keys(waitingBodies);
    assert.deepEqual(
      awaited.filter((noun) => built.has(noun)),
      [],
      "these nouns are built: give their bodies rows",
    );
    const all = [...realBodies.map(({ name }) => name), ...Object.values(waitingBodies).flat()];
    assert.equal(new Set(all).size, 128);
    assert.equal(all.length, 128);
  });
});

function versionOf(name: string): string {
  const time = Object.keys(versionsOfTimes).find((one) => name.endsWith(`.${one}`));
  return time === undefined ? /\d{4}-\d\d-\d\d(?:\.[a-z]+)?$/.exec(name)![0] : versionsOfTimes[time]!;
}

function makerOf(version: string): Maker {
  const { call, clock } = startWorld({ defaultVersion: version });
  let posts = 0;
  const asked: Maker["call"] = async (method, path, form = "") => {
    // As the SDKs do, by which the bodies were recorded.
    const headers: Record<string, string> = { "stripe-version": version };
    if (method === "POST") headers["idempotency-key"] = `post-${++posts}`;
    const { status, json } = await call(method, path, { form, headers });
    assert.equal(status, 200, `${method} ${path}: ${JSON.stringify(json)}`);
    return json;
  };
  const event: Maker["event"] = async (type) => {
    const { data } = await asked("GET", "/v1/events", `type=${type}&limit=1`);
    return (data as unknown[])[0];
  };
  return { clock, call: asked, event };
}

function pathsOf(shape: RealBody["shape"]): Paths {
  const types = Object.entries(shape);
  return new Map(
    types.flatMap(([type, paths]) =>
      paths
        .trim()
        .split(/\s+/)
        .map((path) => [path, type] as const),
    ),
  );
}

function inOrder(differences: readonly Omit<KnownDifference, "body" | "why">[]): string[] {
  return differences.map(({ path, stripe, sandbox }) => `${path}: ${stripe} at Stripe, ${sandbox} here`).sort();
}
