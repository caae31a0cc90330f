import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { startWorld } from "../../sandbox_world.test.ts";

const form = "url=http://localhost:9/hook&enabled_events[]=customer.created";

suite("webhook endpoints", () => {
  test("every status takes every action: enable, disable, change", async () => {
    const { stripe } = startWorld();
    const made = await stripe.webhookEndpoints.create({ url: "http://localhost:9/a", enabled_events: ["*"] });
    assert.equal(made.status, "enabled");
    for (const disabled of [false, true, true, false]) {
      const after = await stripe.webhookEndpoints.update(made.id, { disabled });
      assert.equal(after.status, disabled ? "disabled" : "enabled");
    }
    const changed = await stripe.webhookEndpoints.update(made.id, {
      url: "http://localhost:9/b",
      enabled_events: ["charge.refunded"],
      metadata: { a: "1" },
    });
    assert.deepEqual([changed.url, changed.enabled_events], ["http://localhost:9/b", ["charge.refunded"]]);
    assert.deepEqual(await stripe.webhookEndpoints.del(made.id).then(({ deleted }) => deleted), true);
    await assert.rejects(stripe.webhookEndpoints.retrieve(made.id), { statusCode: 404 });
  });

  test("the secret is shown once", async () => {
    const world = startWorld();
    const { json } = await world.call("POST", "/v1/webhook_endpoints", form);
    assert.match(String(json.secret), /^whsec_/);
    const list = await world.call("GET", "/v1/webhook_endpoints");
    assert.ok(!JSON.stringify(list.json).includes("whsec_"));
    assert.deepEqual(await world.eventTypes(), [], "endpoints send no events of their own");
  });

  test("sixteen is the limit, and an address needs a scheme", async () => {
    const world = startWorld();
    assert.equal((await world.call("POST", "/v1/webhook_endpoints", form.replace("http://", ""))).error.param, "url");
    for (let n = 0; n < 16; n++) await world.call("POST", "/v1/webhook_endpoints", form);
    assert.equal((await world.call("POST", "/v1/webhook_endpoints", form)).status, 400);
  });
});
