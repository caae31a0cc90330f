// What is given by hand, and what may be asked for.
import assert from "node:assert/strict";
import { test } from "node:test";
import { dayMs } from "#kit/clock.ts";
import { isProblem } from "#kit/problems.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { type AccessApi, defineCatalog, type FeatureName } from "../../index.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { applied, listen, short } from "../../testing/access.ts";
import { startWorld } from "../../testing/index.ts";

const on = onEachDatabase<BillingTables>;

const refused = (code: string, says: RegExp) => (error: unknown) =>
  isProblem(error, code as "conflict") && says.test(`${error.message} ${error.hint}`);

on("a grant gives until its date, or until it is taken back, and is told", async ({ url }) => {
  const world = await startWorld({ url });
  const told = listen(world);
  const { billing, run } = world;
  await applied(world);
  await run(billing.customers.ensure({ id: "user_1" }));
  const until = new Date(world.ports.clock.now() + 5 * dayMs);
  const gift = { id: "gift_1", customerId: "user_1", feature: "projects", limit: 4, reason: "late", by: "ada" };
  const given = await run(billing.access.grant({ ...gift, until }));
  assert.deepEqual([given.until, given.limit, given.revoked], [until, 4, null]);
  assert.deepEqual(await run(billing.access.grant({ ...gift, until })), given, "the same again is the same");
  await assert.rejects(run(billing.access.grant(gift)), refused("conflict", /gift_1 was given before/));
  const answer = await run(billing.access.check("user_1", "projects"));
  assert.deepEqual([...short(answer), answer.until, answer.nextChangeAt], [true, "granted", 4, until, until]);
  await run(billing.access.grant({ ...gift, id: "gift_2", feature: "export", limit: undefined as never }));
  await world.advance(4 * dayMs);
  assert.deepEqual(told(), ["access.granted projects: none to granted", "access.granted export: none to granted"]);
  const back = await run(billing.access.revoke("gift_2", { reason: "a mistake", by: "ada" }));
  assert.equal(back.revoked?.reason, "a mistake");
  assert.deepEqual(await run(billing.access.revoke("gift_2", { reason: "again", by: "bob" })), back);
  await world.advance(2 * dayMs);
  assert.deepEqual(told(), ["access.revoked export: granted to none", "access.revoked projects: granted to none"]);
  assert.deepEqual((await run(billing.access.list("user_1"))).map(short), [
    [false, "none", null],
    [false, "none", 0],
    [false, "none", 0],
  ]);
  assert.deepEqual((await run(billing.access.grants("user_1"))).map(({ id }) => id).toSorted(), ["gift_1", "gift_2"]);
  await world.close();
});

on("a user who is not known has nothing; a feature that is not known is named", async ({ url }) => {
  const world = await startWorld({ url });
  const { billing, run } = world;
  await assert.rejects(
    run(billing.access.check("user_1", "export")),
    refused("invalid_params", /No catalog was applied/),
  );
  await applied(world);
  assert.deepEqual(short(await run(billing.access.check("user_1", "export"))), [false, "none", null]);
  await assert.rejects(run(billing.access.check("user_1", "exprot")), refused("invalid_params", /export/));
  await assert.rejects(run(billing.access.checkMany(["user_1"], "exprot")), refused("invalid_params", /export/));
  const grant = { id: "gift_1", customerId: "user_1", feature: "export", reason: "why", by: "ada" };
  await assert.rejects(run(billing.access.grant(grant)), refused("not_found", /customers.ensure/));
  await run(billing.customers.ensure({ id: "user_1" }));
  await assert.rejects(run(billing.access.grant({ ...grant, limit: 1 })), refused("invalid_params", /takes no limit/));
  await assert.rejects(
    run(billing.access.grant({ ...grant, feature: "seats", limit: "unlimited" })),
    refused("invalid_params", /integer/),
  );
  await assert.rejects(
    run(billing.access.revoke("gift_1", { reason: "why", by: "ada" })),
    refused("not_found", /gift_1/),
  );
  await run(billing.access.grant(grant));
  const many = await run(billing.access.checkMany(["user_2", "user_1", "user_2"], "export"));
  assert.deepEqual(
    many.map(({ customerId, allowed }) => [customerId, allowed]),
    [
      ["user_2", false],
      ["user_1", true],
      ["user_2", false],
    ],
  );
  await world.close();
});

test("the features of a catalog are checked by the compiler", () => {
  const shop = defineCatalog({
    features: { export: "boolean", projects: "number" },
    plans: { pro: { name: "Pro", prices: { month: { eur: 1900 } } } },
  });
  const ask = (access: AccessApi): (() => unknown)[] => {
    const typed: AccessApi<FeatureName<typeof shop>> = access;
    return [
      () => typed.check("user_1", "export"),
      // @ts-expect-error it is misspelt
      () => typed.check("user_1", "exprot"),
    ];
  };
  assert.equal(typeof ask, "function");
});
