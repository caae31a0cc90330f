import assert from "node:assert/strict";
import { onEachDoor } from "../testing.ts";

const pro = { name: "Pro", prices: { month: { eur: 1900, usd: 2100 } }, features: { export: true } };
const catalog = { features: { export: "boolean" }, plans: { pro } };

onEachDoor("a catalog is planned, applied and read over REST", async ({ world }) => {
  const before = await world.rest("GET /v1/catalog");
  assert.deepEqual([before.status, before.body.error.code], [404, "not_found"]);
  assert.match(before.body.error.hint, /POST \/v1\/catalog\/apply/);
  const plan = await world.rest("POST /v1/catalog/plan", catalog);
  assert.equal(plan.status, 200);
  assert.deepEqual(
    plan.body.changes.map(({ action, name }: { action: string; name: string }) => `${action} ${name}`),
    ["create bursar-pro", "create bursar-pro-month-eur", "create bursar-pro-month-usd"],
  );
  const other = await world.rest("POST /v1/catalog/apply?ifPlan=another", catalog);
  assert.deepEqual([other.status, other.body.error.code, other.body.error.field], [409, "conflict", "ifPlan"]);
  assert.match(other.body.error.hint, /POST \/v1\/catalog\/plan/);
  const applied = await world.rest(`POST /v1/catalog/apply?ifPlan=${plan.body.digest}`, catalog);
  assert.deepEqual([applied.status, applied.body.outcome, applied.body.value.changes.length], [200, "done", 3]);
  const again = await world.rest("POST /v1/catalog/apply", catalog);
  assert.deepEqual([again.body.outcome, again.body.value.changes], ["done", []]);
  const { status, body } = await world.rest("GET /v1/catalog?namespace=bursar");
  assert.deepEqual([status, body.catalog], [200, catalog]);
  assert.deepEqual(Object.keys(body.prices), ["bursar-pro-month-eur", "bursar-pro-month-usd"]);
  const audit = await world.rest("GET /v1/audit?limit=1");
  assert.deepEqual([audit.body.data[0].verb, audit.body.data[0].subject], ["catalog.apply", "bursar"]);
});

onEachDoor("what is not acceptable in a catalog is named with its place", async ({ world }) => {
  const of = (plan: object) => ({ plans: { pro: { ...pro, features: {}, ...plan } } });
  const rows: readonly (readonly [body: object, field: string, code?: string])[] = [
    [{}, "plans"],
    [{ plans: {} }, "plans"],
    [{ ...catalog, plan: {} }, "plan"],
    [{ ...catalog, namespace: "my-shop" }, "namespace"],
    [of({ prices: { mont: { eur: 1 } } }), "plans.pro.prices.mont"],
    [of({ prices: { month: { eur: 1.5 } } }), "plans.pro.prices.month.eur", "invalid_amount"],
    [of({ prices: { month: { euro: 1 } } }), "plans.pro.prices.month.euro", "unknown_currency"],
  ];
  for (const verb of ["plan", "apply"] as const) {
    for (const [body, field, code = "invalid_params"] of rows) {
      const { status, body: answer } = await world.rest(`POST /v1/catalog/${verb}`, body);
      assert.deepEqual([status, answer.error.code, answer.error.field], [422, code, field]);
    }
  }
});

onEachDoor("showing needs the scope read, and applying admin", async ({ world }) => {
  const { key } = (await world.rest("POST /v1/keys", { name: "shop", scopes: ["read", "write"] })).body;
  assert.equal((await world.rest("POST /v1/catalog/plan", catalog, { key })).status, 200);
  assert.equal((await world.rest("POST /v1/catalog/apply", catalog, { key })).status, 403);
});
