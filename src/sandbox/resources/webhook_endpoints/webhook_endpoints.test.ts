import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { startWorld } from "../../testing.ts";

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

  test("sixteen is the limit, whatever their status; a deleted one makes room", async () => {
    const { call } = startWorld();
    const path = "/v1/webhook_endpoints";
    const { json: first } = await call("POST", path, form);
    await call("POST", `${path}/${first.id}`, "disabled=true");
    for (let n = 1; n < 16; n++) assert.equal((await call("POST", path, form)).status, 200);
    const { status, error } = await call("POST", path, form);
    assert.deepEqual([status, error.message], [400, "You have reached the maximum of 16 test webhook endpoints."]);
    await call("DELETE", `${path}/${first.id}`);
    assert.equal((await call("POST", path, form)).status, 200);
  });

  const refusedAtCreate: readonly [form: string, code: string | undefined, param: string][] = [
    ["enabled_events[]=*", "parameter_missing", "url"],
    ["url=http://a.test", "parameter_missing", "enabled_events"],
    ["url=http://a.test&enabled_events=", "parameter_invalid_empty", "enabled_events"],
    ["url=http://a.test&enabled_events=*", undefined, "enabled_events"],
    ["url=a.test/hook&enabled_events[]=*", "url_invalid", "url"],
    ["url=ftp://a.test&enabled_events[]=*", "url_invalid", "url"],
    ["url=&enabled_events[]=*", "parameter_invalid_empty", "url"],
    ["url=http://a.test&enabled_events[]=customer.renamed", undefined, "enabled_events[0]"],
    ["url=http://a.test&enabled_events[]=*&enabled_events[]=charge.*", undefined, "enabled_events[1]"],
    ["url=http://a.test&enabled_events[]=*&api_version=2022-11-16", undefined, "api_version"],
    ["url=http://a.test&enabled_events[]=*&secret=whsec_mine", "parameter_unknown", "secret"],
    ["url=http://a.test&enabled_events[]=*&disabled=true", "parameter_unknown", "disabled"],
    ["url=http://a.test&enabled_events[]=*&connect=perhaps", undefined, "connect"],
  ];
  test("an endpoint that could not work is refused", async () => {
    const { call } = startWorld();
    for (const [form, code, param] of refusedAtCreate) {
      const { status, error } = await call("POST", "/v1/webhook_endpoints", form);
      assert.deepEqual([status, error.code, error.param], [400, code, param], form);
    }
    const { json } = await call("GET", "/v1/webhook_endpoints");
    assert.deepEqual(json.data, []);
  });

  test("neither the secret nor the version can be changed, and a description can be emptied", async () => {
    const { call } = startWorld();
    const { json } = await call("POST", "/v1/webhook_endpoints", `${form}&description=a&api_version=2024-06-20`);
    const path = `/v1/webhook_endpoints/${json.id}`;
    const refusedAtUpdate: readonly [form: string, code: string | undefined, param: string][] = [
      ["secret=whsec_mine", "parameter_unknown", "secret"],
      ["api_version=2022-11-15", "parameter_unknown", "api_version"],
      ["connect=true", "parameter_unknown", "connect"],
      ["url=nowhere", "url_invalid", "url"],
      ["url=", "parameter_invalid_empty", "url"],
      ["enabled_events[]=nothing.happened", undefined, "enabled_events[0]"],
      ["status=disabled", "parameter_unknown", "status"],
    ];
    for (const [change, code, param] of refusedAtUpdate) {
      const { status, error } = await call("POST", path, change);
      assert.deepEqual([status, error.code, error.param], [400, code, param], change);
    }
    assert.deepEqual((await call("GET", path)).json.api_version, "2024-06-20");
    assert.equal((await call("POST", path, "description=")).json.description, null);
    for (const method of ["GET", "POST", "DELETE"]) {
      const { status, error } = await call(method, "/v1/webhook_endpoints/we_none");
      assert.deepEqual([status, error.message], [404, "No such webhook_endpoint: 'we_none'"], method);
    }
  });
});
