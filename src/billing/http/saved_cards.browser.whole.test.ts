// Saved cards and accounts at the hosted checkout, in a real browser: who sees them, how they pay, and how a new card
// is saved.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertGoodAtBothWidths, challengeOf, fieldsOf, fillCard, noBrowser } from "#kit/browser/testing.ts";
import { cards, look, type PageWorld, startPages } from "./pages/testing.ts";

const skip = noBrowser;
let world: PageWorld;

before(async () => {
  if (!skip) world = await startPages();
});
after(async () => {
  await world?.close();
});

test("a saved card pays by keyboard alone, on a phone and on a desk, by day and by night", { skip }, async (t) => {
  for (const [width, isDark] of [[390, false] as const, [1280, true] as const]) {
    const customerId = await world.customerWith("pm_card_mastercard", "pm_card_visa");
    const { page, id } = await world.open(t, { width, isDark, customerId, savedMethods: true });
    const texts = await page.locator(".choice:has(input[type=radio])").allInnerTexts();
    assert.deepEqual(texts.map((text) => text.replace(/\s+/g, " ").replace(/\d\d\/20\d\d/, "12/2034")).sort(), [
      "Another way to pay",
      "Mastercard ending in 4444 Expires 12/2034",
      "Visa ending in 4242 Expires 12/2034",
    ]);
    assert.equal(await page.getByRole("group", { name: "Your saved cards" }).count(), 1);
    await look(page, `saved-${width}${isDark ? "-dark" : ""}`);
    await page.keyboard.press("Tab");
    assert.equal(await page.getByRole("radio").nth(0).isChecked(), true);
    await page.keyboard.press("ArrowDown");
    assert.equal(await page.getByRole("radio").nth(1).isChecked(), true);
    assert.equal(await page.locator("#new-method").isVisible(), false);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate("document.activeElement.id"), "pay");
    await page.keyboard.press("Enter");
    await page.waitForURL(`${world.shopUrl}/thanks`);
    await world.assertStatus(id, "paid");
    const [charge] = await world.chargesOf(id);
    assert.ok(texts[1]?.includes(`ending in ${charge?.payment_method_details.card?.last4}`), "the second of them paid");
  }
});

test("a saved card whose bank asks is confirmed there, and one that is declined leaves the others", {
  skip,
}, async (t) => {
  const customerId = await world.customerWith("pm_card_authenticationRequired", "pm_card_chargeCustomerFail");
  const { page, id } = await world.open(t, { width: 390, customerId, savedMethods: true });
  await page.getByRole("radio", { name: /0341/ }).check();
  await page.click("#pay");
  await page.getByText("Your bank declined this card.").waitFor();
  await page.getByRole("radio", { name: /3184/ }).check();
  await page.click("#pay");
  await challengeOf(page).getByRole("button", { name: "Complete" }).click();
  await page.waitForURL(`${world.shopUrl}/thanks`);
  await world.assertStatus(id, "paid");
});

test("a saved account pays under its mandate, and only what an account can pay", { skip }, async (t) => {
  const customerId = await world.customerWith("pm_card_mastercard");
  const last4 = await world.saveAccount(customerId);
  const visit = { width: 390, customerId, savedMethods: true };
  const { page, id } = await world.open(t, visit);
  assert.equal(await page.getByRole("group", { name: "Your saved cards and accounts" }).count(), 1);
  await look(page, "saved-account");
  await page.getByRole("radio", { name: new RegExp(`Bank account ending in ${last4}`) }).check();
  await page.click("#pay");
  await page.getByRole("heading", { name: "Your payment is being processed" }).waitFor();
  await world.assertStatus(id, "processing");
  for (const order of [{ currency: "usd" }, { capture: "manual" }] as const) {
    const { page: other } = await world.open(t, { ...visit, order });
    assert.equal(await other.getByRole("radio").count(), 2, "the card, and another way to pay");
    assert.equal(await other.getByText("Bank account ending").count(), 0);
  }
});

test("a new card is saved where its payer ticks so, and only then", { skip }, async (t) => {
  for (const [isTicked, width] of [[true, 390] as const, [false, 1280] as const]) {
    const customerId = await world.customerWith("pm_card_mastercard");
    const { page, id } = await world.open(t, { width, isDark: isTicked, customerId, savedMethods: true });
    await page.getByRole("radio", { name: "Another way to pay" }).check();
    const tick = page.getByRole("checkbox", { name: /Save this card for later/ });
    assert.equal(await tick.isChecked(), false);
    await fillCard(page, cards.good);
    await fieldsOf(page).getByText("SEPA Debit").click();
    await tick.waitFor({ state: "hidden" });
    await fieldsOf(page).getByText("Card", { exact: true }).click();
    await tick.waitFor();
    if (isTicked) await tick.check();
    await look(page, `save-${width}${isTicked ? "-dark" : ""}`);
    await fillCard(page, cards.good);
    await page.click("#pay");
    await page.waitForURL(`${world.shopUrl}/thanks`);
    await world.assertStatus(id, "paid");
    assert.deepEqual((await world.cardsOf(customerId)).toSorted(), isTicked ? ["4242", "4444"] : ["4444"]);
  }
});

test("without the host's word, and for an order of nobody, no card is shown and none is saved", { skip }, async (t) => {
  const customerId = await world.customerWith("pm_card_visa");
  for (const options of [{ customerId }, { savedMethods: true }]) {
    const { page, id } = await world.open(t, { width: 390, ...options });
    const text = await page.content();
    assert.doesNotMatch(text, /pm_\w{20}|4242|saved cards/);
    assert.equal(await page.locator("#save").count(), 0);
    await fillCard(page, cards.good);
    await page.click("#pay");
    await page.waitForURL(`${world.shopUrl}/thanks`);
    await world.assertStatus(id, "paid");
  }
  assert.deepEqual(await world.cardsOf(customerId), ["4242"]);
});

test("a charge while the payer pays in the page takes once, and the page shows it", { skip }, async (t) => {
  const customerId = await world.customerWith("pm_card_visa");
  const { page, id } = await world.open(t, { width: 1280, customerId, savedMethods: true });
  const [method] = await world.billing.methods.list(customerId);
  const charging = world.billing.orders.charge(id, { method: method?.id as string }).catch((error: unknown) => error);
  await page.click("#pay");
  await page.waitForURL(`${world.shopUrl}/thanks`);
  await charging;
  await world.assertStatus(id, "paid");
  assert.equal((await world.chargesOf(id)).filter(({ paid }) => paid).length, 1);
});

test("a charge whose bank wants to hear the payer leads them to a page for the same payment", { skip }, async (t) => {
  const customerId = await world.customerWith("pm_card_authenticationRequired");
  const { page, id } = await world.open(t, { width: 390, customerId, savedMethods: true });
  const [method] = await world.billing.methods.list(customerId);
  const asked = await world.billing.orders.charge(id, { method: method?.id as string });
  assert.ok(asked.outcome === "action_required");
  await page.goto(asked.url);
  await page.getByText("Your bank wants you to confirm this payment.").waitFor();
  await fillCard(page, cards.challenge);
  await page.click("#pay");
  await challengeOf(page).getByRole("button", { name: "Complete" }).click();
  await page.getByRole("heading", { name: "Paid 128.00 EUR" }).waitFor();
  await world.assertStatus(id, "paid");
  await page.goto(`${world.billingUrl}/pay/returned?payment_intent_client_secret=pi_1_secret_2`);
  await page.getByRole("heading", { name: "You are back from your bank" }).waitFor();
  assert.equal(new URL(page.url()).search, "");
  await assertGoodAtBothWidths(page, "checkout-returned");
});
