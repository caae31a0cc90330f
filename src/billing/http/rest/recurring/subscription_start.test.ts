// POST /v1/subscriptions: a start over REST, as a system in another language gives it.
import assert from "node:assert/strict";
import { onEachDoor } from "../../testing.ts";
import { catalogExample } from "../catalog_schema.ts";

onEachDoor("a plan is started by its name, and the key of the request is the start's id", async ({ world }) => {
  await world.rest("POST /v1/catalog/apply", catalogExample);
  await world.rest("POST /v1/customers", { id: "user_42" });
  const wish = { customerId: "user_42", plan: "pro", every: "month", currency: "eur", trial: true };
  const call = "POST /v1/subscriptions";
  const start = (body: object) => world.rest(call, body, { headers: { "Idempotency-Key": "signup_77" } });
  const { status, body } = await start(wish);
  assert.deepEqual([status, body.outcome, body.value.id], [200, "done", "signup_77"]);
  const { subscription } = body.value;
  assert.deepEqual([subscription.status, subscription.startId], ["trialing", "signup_77"]);
  assert.deepEqual(subscription.items[0].sold, { namespace: "bursar", kind: "plan", name: "pro", every: "month" });
  const again = await start(wish);
  assert.equal(again.body.value.subscription.id, subscription.id);
  assert.equal((await start({ ...wish, plan: "basic" })).status, 409);
  const list = await world.rest("GET /v1/subscriptions?startId=signup_77");
  assert.deepEqual(
    list.body.data.map(({ id }: { id: string }) => id),
    [subscription.id],
  );
  const second = await world.rest(call, { ...wish, id: "signup_78" });
  assert.deepEqual([second.status, second.body.error.code], [409, "wrong_state"]);
  for (const [more, field] of [
    [{ plan: "por" }, "plan"],
    [{ every: "fortnight" }, "every"],
    [{ every: "week" }, "every"],
    [{ trial: { days: 0 } }, "trial"],
    [{ returnUrl: "https://elsewhere.test/" }, "returnUrl"],
  ] as const) {
    const { status, body } = await world.rest(call, { ...wish, id: "other", ...more });
    assert.equal(status, 422, JSON.stringify(body));
    assert.ok(body.error.field.startsWith(field), JSON.stringify(body));
  }
  const nobody = await world.rest(call, wish);
  assert.deepEqual([nobody.status, nobody.body.error.field], [400, "Idempotency-Key"]);
});
