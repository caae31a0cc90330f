import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { secretKey, startWorld } from "../../testing.ts";
import { jsonText } from "./json_text.ts";

suite("numbers on the wire", () => {
  test("what may be a fraction is written as one, wherever it stands, and is the same number", () => {
    const body = { percent_off: 10, created: 10, coupon: { percent_off: 22.5, height: 1 }, rate: { percentage: 0 } };
    const text = jsonText(body);
    assert.match(text, /"percent_off": 10\.0,\n {2}"created": 10,/);
    assert.match(text, /"percent_off": 22\.5,\n {4}"height": 1\.0\n/);
    assert.match(text, /"percentage": 0\.0\n/);
    assert.deepEqual(JSON.parse(text), body);
  });

  test("a text that looks like one stays as it is", () => {
    const body = { name: '"percent_off": 10,\n', metadata: { percent_off: "10" } };
    assert.deepEqual(JSON.parse(jsonText(body)), body);
    assert.ok(!jsonText(body).includes("10.0"));
  });

  test("answers and events have it", async () => {
    const bodies: string[] = [];
    const { sandbox, stripe, clock } = startWorld({
      fetch: async (input, init) => {
        bodies.push(await new Request(input, init).text());
        return new Response("");
      },
    });
    await stripe.webhookEndpoints.create({ url: "http://127.0.0.1:8080/", enabled_events: ["coupon.created"] });
    await stripe.coupons.create({ id: "TEN", percent_off: 10 });
    await clock.advance(1000);
    const headers = { authorization: `Bearer ${secretKey}` };
    const answer = await sandbox.fetch(new Request("http://sandbox/v1/coupons/TEN", { headers }));
    for (const text of [await answer.text(), bodies[0]]) assert.match(String(text), /"percent_off": 10\.0,\n/);
  });
});
