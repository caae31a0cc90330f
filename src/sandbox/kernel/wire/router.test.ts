import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { paramChecker, resources } from "../../resources/index.ts";
import type { Route } from "../state/resource.ts";
import { createRouter, findRoute } from "./router.ts";

const route = (path: string, more: Partial<Route> = {}): Route => ({ method: "POST", path, run: () => ({}), ...more });

suite("router", () => {
  test("a route of which nobody says what it takes is refused, not met by its first caller", () => {
    assert.throws(
      () => createRouter([route("/v1/lamps")], paramChecker),
      /POST \/v1\/lamps has no schema: npm run generate:schema/,
    );
    createRouter([route("/v1/customers")], paramChecker);
  });

  test("an undeclared route says why, and takes its own parameters and nothing else", () => {
    const takes = { object: { watts: "integer", "colour?": "string" } } as const;
    const undeclared = { why: "only here", params: takes, evidence: "own" } as const;
    const found = findRoute(
      createRouter([route("/v1/lamps/:id", { undeclared })], paramChecker),
      "POST",
      "/v1/lamps/lamp_1",
    );
    assert.deepEqual(found?.ids, ["lamp_1"]);
    const check = found.mounted.check;
    assert.deepEqual(check({ watts: "60" }, "endive"), { watts: 60 });
    assert.throws(() => check({ watts: "60", volts: "230" }, "endive"), /Received unknown parameter: volts/);
    assert.throws(() => check({}, "2020-08-27"), /Missing required param: watts/);
  });

  test("a route stands once", () => {
    assert.throws(() => createRouter([route("/v1/customers"), route("/v1/customers")], paramChecker), /stands twice/);
  });

  test("every route of the resources has a schema or a reason", () => {
    createRouter(
      resources.flatMap(({ routes }) => routes),
      paramChecker,
    );
  });
});
