// The page's road without a browser: link, cookie, page, return. What a payer sees in one is checkout.browser.test.ts.
import assert from "node:assert/strict";
import { onEachDoor } from "../testing.ts";

const lines = [{ description: "Hand grinder", quantity: 1, unitAmount: 8_900 }];

onEachDoor("a link leads to the page, the return asks Stripe, and what is paid is a receipt", async ({ world }) => {
  await world.billing.orders.create({ id: "order_1", currency: "eur", lines });
  const checkout = await world.billing.orders.checkout("order_1", { returnUrl: "https://shop.test/thanks" });
  const visit = async (path: string, cookie = "") => {
    const request = new Request(new URL(path, "http://127.0.0.1:8080"), { headers: { cookie } });
    const answer = await world.fetch(request);
    return {
      status: answer.status,
      location: answer.headers.get("location") ?? "",
      text: await answer.text(),
      answer,
    };
  };
  const opened = await visit(checkout.url);
  assert.equal(opened.status, 303);
  const setCookie = opened.answer.headers.get("set-cookie") ?? "";
  assert.match(setCookie, /; Path=\/pay\/page_[0-9A-Za-z]+; HttpOnly; SameSite=Lax$/);
  const cookie = setCookie.split(";")[0] ?? "";
  const page = opened.location;

  const form = await visit(page, cookie);
  assert.match(form.text, /data-mode="form"/);
  assert.ok(form.text.includes(checkout.clientSecret), "loading the page makes no second PaymentIntent");
  assert.match(form.text, /<a href="https:\/\/shop\.test\/thanks">Back to the shop/);
  const stranger = await visit(page);
  assert.equal(stranger.status, 410);
  assert.match(stranger.text, /href="https:\/\/shop\.test"/, "there is a way on for whoever has no session");
  const nowhere = await visit("/pay/opened/nothing");
  assert.equal(nowhere.status, 404);
  assert.match(nowhere.text, /<h1>This link is not complete/);

  const left = await visit("/pay/returned?payment_intent_client_secret=pi_1_secret_2");
  assert.deepEqual([left.status, left.location], [303, "/pay/returned"], "an address with a secret is left at once");
  assert.match((await visit(left.location)).text, /You are back from your bank/);

  world.cutStripe(true);
  const away = await visit(page, cookie);
  assert.equal(away.status, 502);
  assert.match(away.text, /please do not pay again/);
  world.cutStripe(false);

  await world.confirm(checkout.clientSecret, "pm_card_visa");
  const returned = await visit(`${page}/return?payment_intent_client_secret=${checkout.clientSecret}`, cookie);
  assert.deepEqual([returned.status, returned.location], [303, "https://shop.test/thanks"]);
  assert.match((await visit(page, cookie)).text, /Paid 89\.00 EUR/);
  assert.deepEqual(JSON.parse((await visit(`${page}/state`, cookie)).text), { status: "paid" });
});

onEachDoor("a manual order is reserved, a canceled one cannot be paid", async ({ world }) => {
  const pageOf = async (id: string) => {
    const { url: link, clientSecret } = await world.billing.orders.checkout(id);
    const opened = await world.fetch(new Request(link));
    const cookie = opened.headers.get("set-cookie")?.split(";")[0] ?? "";
    const page = new URL(opened.headers.get("location") ?? "", link);
    const load = async () => (await world.fetch(new Request(page, { headers: { cookie } }))).text();
    return { clientSecret, load };
  };
  await world.billing.orders.create({ id: "order_1", currency: "eur", lines, capture: "manual" });
  const manual = await pageOf("order_1");
  await world.confirm(manual.clientSecret, "pm_card_visa");
  assert.match(await manual.load(), /89\.00 EUR reserved/);
  await world.billing.orders.create({ id: "order_2", currency: "eur", lines });
  const canceled = await pageOf("order_2");
  await world.billing.orders.cancel("order_2");
  assert.match(await canceled.load(), /This order was canceled/);
});

onEachDoor("a link to save a card asks Stripe, says what was saved, and is nobody else's", async ({ world }) => {
  await world.billing.customers.ensure({ id: "user_1" });
  const made = await world.rest("POST /v1/customers/user_1/methods", {
    id: "card_1",
    returnUrl: "https://shop.test/cards",
    setAsDefault: true,
  });
  assert.deepEqual([made.status, made.body.status, made.body.methodId], [200, "open", null]);
  const opened = await world.fetch(new Request(made.body.url));
  const cookie = opened.headers.get("set-cookie")?.split(";")[0] ?? "";
  const page = new URL(opened.headers.get("location") ?? "", made.body.url);
  const visit = (path = "", headers: Record<string, string> = { cookie }) =>
    world.fetch(new Request(`${page}${path}`, { headers }));
  const form = await (await visit()).text();
  assert.match(form, /data-intent="setup"/);
  assert.ok(form.includes(made.body.clientSecret));
  assert.equal((await visit("", {})).status, 410);
  assert.deepEqual(await (await visit("/state")).json(), { status: "open" });
  await world.confirm(made.body.clientSecret, "pm_card_visa");
  const returned = await visit("/return");
  assert.deepEqual([returned.status, returned.headers.get("location")], [303, "https://shop.test/cards"]);
  assert.match(await (await visit()).text(), /<h1>Saved<\/h1>/);
  const again = await world.rest("POST /v1/customers/user_1/methods", { id: "card_1", setAsDefault: true });
  assert.equal(again.body.status, "succeeded");
  await world.billing.tick({ maxMs: 10_000 });
  const listed = await world.rest("GET /v1/customers/user_1/methods");
  const [method] = listed.body.data;
  assert.deepEqual([method.id, method.isDefault], [again.body.methodId, true]);
  const away = "https://elsewhere.test/";
  const refused = await world.rest("POST /v1/customers/user_1/methods", { id: "card_2", returnUrl: away });
  assert.deepEqual([refused.status, refused.body.error.field], [422, "returnUrl"]);
  const unnamed = await world.rest(`POST /v1/customers/user_1/methods/${method.id}/default`, {});
  assert.deepEqual([unnamed.status, unnamed.body.error.field], [400, "Idempotency-Key"]);
  const chosen = await world.rest(`POST /v1/customers/user_1/methods/${method.id}/default`, { id: "choice_1" });
  assert.deepEqual([chosen.status, chosen.body.outcome], [200, "done"]);
  const removed = await world.rest(`DELETE /v1/customers/user_1/methods/${method.id}`);
  assert.deepEqual([removed.status, removed.body.outcome, removed.body.value.isDefault], [200, "done", false]);
  const gone = await world.rest(`POST /v1/customers/user_1/methods/${method.id}/default`, { id: "choice_2" });
  assert.deepEqual([gone.status, gone.body.error.code], [409, "wrong_state"]);
  assert.match(gone.body.error.hint, /GET \/v1\/customers\/\{id\}\/methods/);
});
