// The page of a redirect method without a browser: what it shows, and where its buttons lead.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startWorld } from "../testing.ts";

for (const [type, name] of [
  ["ideal", "iDEAL"],
  ["bancontact", "Bancontact"],
]) {
  test(`${name}'s page authorizes, or fails, and leads back to the shop`, async () => {
    for (const outcome of ["succeeded", "failed"]) {
      const world = startWorld();
      const intent = await world.stripe.paymentIntents.create({
        amount: 2000,
        currency: "eur",
        confirm: true,
        payment_method_data: { type: type as "ideal", billing_details: { name: "Jenny" } },
        return_url: "https://shop.test/back?order=1",
      });
      const url = intent.next_action?.redirect_to_url?.url ?? "";
      const shown = await (await world.sandbox.fetch(new Request(url))).text();
      assert.match(shown, new RegExp(`<h1>${name} test payment page</h1>`));
      assert.match(shown, /Authorize test payment[\s\S]*Fail test payment/);
      const body = new URLSearchParams({ outcome });
      const answer = await world.sandbox.fetch(new Request(url, { method: "POST", body }));
      assert.equal(answer.status, 303);
      const back = new URL(answer.headers.get("location") ?? "");
      assert.equal(back.searchParams.get("order"), "1");
      assert.equal(back.searchParams.get("redirect_status"), outcome);
      const after = await world.stripe.paymentIntents.retrieve(intent.id);
      assert.equal(after.status, outcome === "succeeded" ? "succeeded" : "requires_payment_method");
    }
  });
}
