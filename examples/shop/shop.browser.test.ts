// The shop in a real browser, with a real billing and a real sandbox behind it, and not one webhook: as when they are
// late. Used by the keyboard, looked at as on a phone and as on a desk.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { assertGoodAtBothWidths, fillCard, noBrowser } from "#kit/browser/testing.ts";
import { until } from "#kit/testing.ts";
import { keys, type ShopWorld, startShop } from "./testing.ts";

const skip = noBrowser;
const cards = { good: "4242424242424242", declined: "4000000000000002" };
let world: ShopWorld;

before(async () => {
  if (!skip) world = await startShop();
});
after(async () => {
  await world?.close();
});

async function assertGoodInTheShop(page: Page): Promise<void> {
  await assertGoodAtBothWidths(page);
  assert.match(await page.title(), /. · Corner Shop/);
}

/** Puts a mug in the cart and goes to the page where it is paid; answers the order's id. */
async function orderMug(page: Page): Promise<string> {
  await page.goto(world.shopUrl);
  await page.getByRole("button", { name: "Add to cart: Enamel mug" }).click();
  await page.getByRole("button", { name: "Order and pay" }).click();
  await page.waitForURL("**/pay/page_*");
  const { data } = await world.billing.orders.list({ limit: 1 });
  return data[0]?.id ?? "";
}

async function chargesOf(orderId: string): Promise<string[]> {
  const { stripe } = await world.billing.orders.get(orderId);
  const headers = { authorization: `Bearer ${keys.secretKey}` };
  const answer = await fetch(`${world.stripeUrl}/v1/charges?payment_intent=${stripe.paymentIntentId}`, { headers });
  const { data } = (await answer.json()) as { data: { status: string }[] };
  return data.map(({ status }) => status).sort();
}

test("a customer buys by the keyboard, and every page is good to look at", { skip }, async () => {
  const page = await world.browser.openPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (line) => {
    if (line.type() === "error") complaints.push(line.text());
  });

  for (const path of ["/cart", "/orders", "/"]) {
    await page.goto(world.shopUrl + path);
    await assertGoodInTheShop(page);
  }
  await page.getByRole("button", { name: "Add to cart: Enamel mug" }).focus();
  await page.keyboard.press("Enter");
  await page.getByLabel("Pieces of Enamel mug").fill("3");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Order and pay €\u00a054.00" }).waitFor();
  await page.goto(world.shopUrl);
  await page.getByRole("button", { name: "Add to cart: Hand grinder" }).click();
  await assertGoodInTheShop(page);
  await page.getByRole("button", { name: "Remove Hand grinder" }).click();
  await page.getByRole("button", { name: "Order and pay €\u00a054.00" }).click();

  await page.getByRole("link", { name: "Back to the shop" }).click();
  await page.getByText("Not paid yet.").waitFor();
  await assertGoodInTheShop(page);
  await page.getByRole("button", { name: "Pay €\u00a054.00" }).click();
  await fillCard(page, cards.good);
  await page.click("#pay");
  await page.getByText("Paid. Your parcel is packed.").waitFor();
  await assertGoodInTheShop(page);
  await page.getByRole("link", { name: "see all your orders" }).click();
  await page.getByRole("cell", { name: "paid, packed" }).waitFor();
  await assertGoodInTheShop(page);
  assert.deepEqual(complaints, []);

  for (const [path, way] of [
    ["/nowhere", "To the shop"],
    ["/orders/order_9", "To your orders"],
  ] as const) {
    await page.goto(world.shopUrl + path);
    await page.getByRole("link", { name: way }).waitFor();
    await assertGoodInTheShop(page);
  }
  await page.close();
});

test("a card that was saved with one order pays the next, and nobody else's", { skip }, async () => {
  const page = await world.browser.openPage({ width: 390 });
  const first = await orderMug(page);
  await fillCard(page, cards.good);
  await page.getByRole("checkbox", { name: /Save this card for later/ }).check();
  await page.click("#pay");
  await page.getByText("Paid. Your parcel is packed.").waitFor();
  const { customerId } = await world.billing.orders.get(first);
  await world.billing.inbox.catchUp(); // What a webhook would have told by now.
  await until("the card", async () => (await world.billing.methods.list(String(customerId))).length === 1);
  const second = await orderMug(page);
  assert.equal(await page.getByRole("radio", { name: /Visa ending in 4242/ }).isChecked(), true);
  await assertGoodAtBothWidths(page);
  await page.click("#pay");
  await page.getByText("Paid. Your parcel is packed.").waitFor();
  assert.notEqual(second, first);
  assert.deepEqual([await chargesOf(first), await chargesOf(second)], [["succeeded"], ["succeeded"]]);
  await page.close();
  const other = await world.browser.openPage({ width: 390 }); // Without the cookies of the one before.
  await orderMug(other);
  await other.getByRole("button", { name: /^Pay/ }).waitFor();
  assert.equal(await other.getByRole("radio").count(), 0);
  await other.close();
});

test("who has paid is not asked to pay again while nobody knows, and sees it when it is known", { skip }, async () => {
  const page = await world.browser.openPage({ width: 390 });
  const id = await orderMug(page);
  await fillCard(page, cards.good);
  const away = world.sandbox.faults.add({
    kind: "rate_limit",
    method: "GET",
    path: "/v1/payment_intents/:id",
    times: 1_000,
  });
  await page.click("#pay");
  await page.getByText("please do not pay again").waitFor();
  await page.goto(`${world.shopUrl}/orders/${id}`);
  await page.getByText("We are checking your payment…").waitFor();
  assert.equal(await page.getByRole("button", { name: /Pay/ }).count(), 0);
  await assertGoodInTheShop(page);
  world.sandbox.faults.remove(away.id);
  await page.getByText("Paid. Your parcel is packed.").waitFor();
  assert.deepEqual(await chargesOf(id), ["succeeded"]);
  await page.close();
});

test("after a declined card another one pays, and a payment of others changes nothing", { skip }, async () => {
  const { billing, stripeUrl } = world;
  await billing.orders.create({
    id: "invoice_7",
    currency: "eur",
    lines: [{ description: "Tea", quantity: 1, unitAmount: 900 }],
  });
  const { clientSecret } = await billing.orders.checkout("invoice_7");
  const headers = { authorization: `Bearer ${keys.secretKey}` };
  const body = new URLSearchParams({ payment_method: "pm_card_visa", return_url: world.shopUrl });
  const intent = clientSecret.split("_secret_")[0];
  await fetch(`${stripeUrl}/v1/payment_intents/${intent}/confirm`, { method: "POST", headers, body });
  assert.equal((await billing.orders.settled("invoice_7")).status, "paid");

  const page = await world.browser.openPage({ width: 390 });
  const id = await orderMug(page);
  await fillCard(page, cards.declined);
  await page.click("#pay");
  await page.getByText("declined this card").waitFor();
  await page.getByRole("link", { name: "Back to the shop" }).click();
  await page.getByText("Your payment was declined.").waitFor();
  await assertGoodInTheShop(page);
  await page.getByRole("button", { name: "Pay by another card" }).click();
  await fillCard(page, cards.good);
  await page.click("#pay");
  await page.getByText("Paid. Your parcel is packed.").waitFor();
  assert.deepEqual(await chargesOf(id), ["failed", "succeeded"]);
  await billing.drain();
  const { data: waiting } = await billing.deliveries.list({ state: "open" });
  assert.deepEqual(waiting, [], "the shop has let the foreign order pass");
  await page.close();
});
