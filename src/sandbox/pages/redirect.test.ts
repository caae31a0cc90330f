// The pages of the bank without a browser: what they show, and where their buttons lead.
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

test("what the bank refuses after the challenge leads back, and the intent says why", async () => {
  const world = startWorld();
  const intent = await world.stripe.paymentIntents.create({
    amount: 2000,
    currency: "eur",
    confirm: true,
    payment_method: "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds",
    return_url: "https://shop.test/back",
  });
  const url = intent.next_action?.redirect_to_url?.url ?? "";
  const body = new URLSearchParams({ outcome: "succeeded" });
  const answer = await world.sandbox.fetch(new Request(url, { method: "POST", body }));
  const back = new URL(answer.headers.get("location") ?? "");
  assert.deepEqual([answer.status, back.searchParams.get("redirect_status")], [303, "failed"]);
  const after = await world.stripe.paymentIntents.retrieve(intent.id);
  assert.deepEqual(
    [after.status, after.last_payment_error?.decline_code],
    ["requires_payment_method", "insufficient_funds"],
  );
});

for (const kind of ["payment_intent", "setup_intent"] as const) {
  test(`a page of a ${kind} that nobody may see shows why, and changes nothing`, async () => {
    const world = startWorld();
    const amount = kind === "payment_intent" ? "amount=2000&currency=eur&" : "";
    const card = "confirm=true&payment_method=pm_card_authenticationRequired&return_url=https://shop.test/back";
    const { json } = await world.call("POST", `/v1/${kind}s`, amount + card);
    const action = json.next_action as { redirect_to_url: { url: string } };
    const url = new URL(action.redirect_to_url.url);
    url.searchParams.set(`${kind}_client_secret`, `${json.id}_secret_guess`);
    const body = new URLSearchParams({ outcome: "succeeded" });
    for (const init of [{}, { method: "POST", body }]) {
      const answer = await world.sandbox.fetch(new Request(url, init));
      const shown = await answer.text();
      assert.equal(answer.status, 400);
      assert.match(shown, /role="alert">The client_secret provided does not match any associated/);
    }
    assert.equal((await world.call("GET", `/v1/${kind}s/${json.id}`)).json.status, "requires_action");
  });
}
