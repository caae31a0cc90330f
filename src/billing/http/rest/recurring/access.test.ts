// Access over REST: what may be used is asked for, one or many, given by hand and taken back, and that is audited.
import assert from "node:assert/strict";
import { onEachDoor } from "../../testing.ts";

const pro = { name: "Pro", prices: { month: { eur: 1900 } }, features: { export: true, projects: 10 } };
const catalog = { features: { export: "boolean", projects: "number" }, plans: { pro } };
const until = "2099-01-01T00:00:00.000Z";

onEachDoor("a feature is granted, asked for and taken back over REST", async ({ world }) => {
  await world.rest("POST /v1/catalog/apply", catalog);
  await world.rest("POST /v1/customers", { id: "user_1" });
  const nobody = await world.rest("GET /v1/customers/user_9/access/projects");
  assert.deepEqual([nobody.status, nobody.body.allowed, nobody.body.reason], [200, false, "none"]);
  const wrong = await world.rest("GET /v1/customers/user_1/access/project");
  assert.deepEqual([wrong.status, wrong.body.error.code, wrong.body.error.field], [422, "invalid_params", "feature"]);
  assert.match(wrong.body.error.hint, /projects/);
  const grant = { customerId: "user_1", feature: "projects", limit: 4, until, reason: "late", by: "ada" };
  const nameless = await world.rest("POST /v1/access/grants", grant);
  assert.deepEqual([nameless.status, nameless.body.error.field], [400, "Idempotency-Key"]);
  const given = await world.rest("POST /v1/access/grants", { ...grant, id: "gift_1" });
  assert.deepEqual([given.status, given.body.until, given.body.revoked], [200, until, null]);
  const answer = await world.rest("GET /v1/customers/user_1/access/projects");
  assert.deepEqual(answer.body, {
    customerId: "user_1",
    feature: "projects",
    allowed: true,
    reason: "granted",
    limit: 4,
    until,
    nextChangeAt: until,
  });
  const many = await world.rest("POST /v1/access/check", { customerIds: ["user_9", "user_1"], feature: "projects" });
  const allowed = many.body.data.map((one: { allowed: boolean }) => one.allowed);
  assert.deepEqual([many.status, allowed], [200, [false, true]]);
  const revoked = await world.rest("POST /v1/access/grants/gift_1/revoke", { reason: "done", by: "ada" });
  assert.deepEqual([revoked.status, revoked.body.revoked.reason], [200, "done"]);
  const all = await world.rest("GET /v1/customers/user_1/access");
  const reasons = all.body.data.map((one: { feature: string; reason: string }) => `${one.feature} ${one.reason}`);
  assert.deepEqual(reasons, ["export none", "projects none"]);
  const grants = await world.rest("GET /v1/customers/user_1/access_grants");
  assert.deepEqual(grants.body.data, [revoked.body]);
  const audit = await world.rest("GET /v1/audit?limit=2");
  const verbs = audit.body.data.map((one: { verb: string; subject: string }) => `${one.verb} ${one.subject}`);
  assert.deepEqual(verbs, ["access.revoke gift_1", "access.grant user_1"]);
});

onEachDoor("asking needs the scope read, and giving the scope write", async ({ world }) => {
  await world.rest("POST /v1/catalog/apply", catalog);
  const { key } = (await world.rest("POST /v1/keys", { name: "shop", scopes: ["read"] })).body;
  const check = { customerIds: ["user_1"], feature: "export" };
  assert.equal((await world.rest("POST /v1/access/check", check, { key })).status, 200);
  const grant = { id: "gift_1", customerId: "user_1", feature: "export", reason: "late", by: "ada" };
  assert.equal((await world.rest("POST /v1/access/grants", grant, { key })).status, 403);
});
