// The hosted pages in a real browser, over a real billing and a real sandbox: what a payer does and sees.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  allFindings,
  assertGoodAtBothWidths,
  challengeOf,
  fieldsOf,
  fillCard,
  keepPicture,
  noBrowser,
  widths,
} from "#kit/browser/testing.ts";
import { isWholeRun } from "#kit/testing.ts";
import { cards, look, type PageWorld, startPages } from "./pages/testing.ts";

const skip = noBrowser;
/** What concerns one part of a page, or one more way to the same end. */
const skipFiner = skip || (!isWholeRun && "npm test plays the main ways in the browser, npm run test:all each");
let world: PageWorld;

before(async () => {
  if (!skip) world = await startPages();
});
after(async () => {
  await world?.close();
});

test("a card pays by Tab and Enter alone, and the payer lands in the shop", { skip }, async (t) => {
  const { page, id } = await world.open(t, { width: 390 });
  await look(page, "pay-390");
  await page.keyboard.press("Tab"); // the tabs: card or debit
  await page.keyboard.press("Tab");
  for (const text of [cards.good, "1234", "123"]) {
    await page.keyboard.type(text);
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Tab");
  await page.keyboard.type("94107");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate("document.activeElement.id"), "pay");
  await page.keyboard.press("Enter");
  await page.waitForURL(`${world.shopUrl}/thanks`);
  await world.assertStatus(id, "paid");
});

test("a paid order loaded again is a receipt, and cannot be paid twice", { skip }, async (t) => {
  for (const width of widths) {
    const { page, id, pageUrl } = await world.open(t, { width });
    await fillCard(page, cards.good);
    await page.click("#pay");
    await page.waitForURL(`${world.shopUrl}/thanks`);
    await page.goto(pageUrl);
    await page.getByRole("heading", { name: "Paid 128.00 EUR" }).waitFor();
    assert.equal(await page.locator("#form").count(), 0);
    await look(page, `paid-${width}`);
    assert.equal((await world.chargesOf(id)).length, 1);
  }
});

test("a double click pays once", { skip }, async (t) => {
  const { page, id } = await world.open(t, { width: 1280 });
  await look(page, "pay-1280");
  let confirms = 0;
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/confirm")) confirms += 1;
  });
  await fillCard(page, cards.good);
  await page.evaluate("for (let i = 0; i < 3; i++) document.getElementById('form').requestSubmit()");
  await page.waitForURL(`${world.shopUrl}/thanks`);
  assert.equal(confirms, 1);
  assert.equal((await world.chargesOf(id)).length, 1);
});

test("a declined card says what to do next, also after a reload, and another card then pays", { skip }, async (t) => {
  for (const width of widths) {
    const { page, id } = await world.open(t, { width });
    await fillCard(page, cards.declined);
    await page.click("#pay");
    const message = page.locator("#message:not([hidden])");
    await message.waitFor();
    assert.match((await message.textContent()) ?? "", /declined this card.*Use another card/);
    assert.equal(await page.evaluate("document.activeElement.id"), "message", "the message is read out at once");
    await look(page, `declined-${width}`);
    await page.reload();
    assert.match((await page.locator("#message").textContent()) ?? "", /declined this card/);
    await world.assertStatus(id, "failed");
    await fillCard(page, cards.good);
    await page.click("#pay");
    await page.waitForURL(`${world.shopUrl}/thanks`);
    await world.assertStatus(id, "paid");
  }
});

test("too little money on the card is said in those words", { skip: skipFiner }, async (t) => {
  const { page } = await world.open(t, { width: 1280 });
  await fillCard(page, cards.poor);
  await page.click("#pay");
  await page.getByText("There is not enough money available on this card.").waitFor();
});

test("3-D Secure passed pays", { skip }, async (t) => {
  const { page, id } = await world.open(t, { width: 1280 });
  await fillCard(page, cards.challenge);
  await page.click("#pay");
  await challengeOf(page).getByRole("button", { name: "Complete" }).waitFor();
  await keepPicture(page, "checkout-challenge-1280");
  await challengeOf(page).getByRole("button", { name: "Complete" }).click();
  await page.waitForURL(`${world.shopUrl}/thanks`);
  await world.assertStatus(id, "paid");
});

test("3-D Secure failed takes nothing and lets another card pay", { skip: skipFiner }, async (t) => {
  const { page, id } = await world.open(t, { width: 390 });
  await fillCard(page, cards.challenge);
  await page.click("#pay");
  await challengeOf(page).getByRole("button", { name: "Fail" }).click();
  await page.getByText("Your bank could not confirm that it is you.").waitFor();
  assert.equal((await world.chargesOf(id)).filter((charge) => charge.paid).length, 0);
  await fillCard(page, cards.good);
  await page.click("#pay");
  await page.waitForURL(`${world.shopUrl}/thanks`);
  await world.assertStatus(id, "paid");
});

test("a page reloaded during the bank's question leads back to the bank", { skip: skipFiner }, async (t) => {
  const { page, id } = await world.open(t, { width: 390 });
  await fillCard(page, cards.challenge);
  await page.click("#pay");
  await challengeOf(page).getByRole("button", { name: "Complete" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Confirm with your bank" }).waitFor();
  await look(page, "action-390");
  await page.click("#pay");
  await challengeOf(page).getByRole("button", { name: "Complete" }).click();
  await page.waitForURL(`${world.shopUrl}/thanks`);
  await world.assertStatus(id, "paid");
});

test("when the answer to a confirm is lost, the page checks instead of paying again", { skip }, async (t) => {
  const { page, id } = await world.open(t, { width: 390 });
  await page.route("**/confirm", async (route) => {
    await route.fetch();
    await route.abort();
  });
  await fillCard(page, cards.good);
  await page.click("#pay");
  await page.getByText("The payment may have gone through all the same.").waitFor();
  await keepPicture(page, "checkout-uncertain-390");
  await page.getByRole("button", { name: "Check the payment" }).click();
  await page.waitForURL(`${world.shopUrl}/thanks`);
  assert.equal((await world.chargesOf(id)).length, 1);
  await world.assertStatus(id, "paid");
});

test("what is missing is said beside its field and nowhere twice", { skip: skipFiner }, async (t) => {
  const { page } = await world.open(t, { width: 390 });
  await page.click("#pay");
  await fieldsOf(page).getByText("Your card number is incomplete.").waitFor();
  assert.equal(await page.locator("#message").isVisible(), false);
  assert.equal(await fieldsOf(page).locator("*:focus").getAttribute("name"), "number");
  assert.equal(await page.locator("#pay").isEnabled(), true);
  await assertGoodAtBothWidths(page, "checkout-missing");
});

test("a debit is on its way: the page waits, says so and lets go", { skip }, async (t) => {
  const { page, id } = await world.open(t, { width: 390 });
  await fieldsOf(page).getByText("SEPA Debit").click();
  await fieldsOf(page).getByLabel("IBAN").fill("DE89370400440532013000");
  await fieldsOf(page).getByLabel("Full name").fill("Ada Lovelace");
  await fieldsOf(page).getByLabel("Email").fill("ada@example.com");
  await assertGoodAtBothWidths(page, "checkout-debit");
  await page.click("#pay");
  await page.getByRole("heading", { name: "Your payment is being processed" }).waitFor();
  await world.assertStatus(id, "processing");
  assert.equal(
    await page.getByRole("link", { name: "Back to the shop" }).getAttribute("href"),
    `${world.shopUrl}/thanks`,
  );
  await assertGoodAtBothWidths(page, "checkout-waiting");
});

test("a bank is visited: its no leads back to the page, its yes to the shop", { skip }, async (t) => {
  const { page, id } = await world.open(t, { width: 390 });
  await fieldsOf(page).getByText("iDEAL", { exact: true }).click();
  await assertGoodAtBothWidths(page, "checkout-visit");
  await page.click("#pay");
  await page.getByRole("button", { name: "Fail test payment" }).click();
  await page.getByText("Your bank could not confirm that it is you.").waitFor();
  await fieldsOf(page).getByText("iDEAL", { exact: true }).click();
  await page.click("#pay");
  await page.getByRole("button", { name: "Authorize test payment" }).click();
  await page.waitForURL(`${world.shopUrl}/thanks`);
  await world.assertStatus(id, "paid");
});

test("a canceled order says so and leads back to the shop", { skip }, async (t) => {
  const { page, id } = await world.open(t, { width: 1280 });
  await world.billing.orders.cancel(id);
  await page.reload();
  await page.getByRole("heading", { name: "This order was canceled" }).waitFor();
  await assertGoodAtBothWidths(page, "checkout-canceled");
  await page.getByRole("link", { name: "Back to the shop" }).click();
  await page.waitForURL(`${world.shopUrl}/thanks`);
});

test("the way back, before paying to the shop and after paying to the receipt", { skip: skipFiner }, async (t) => {
  const { page, id } = await world.open(t, { width: 390 });
  await page.getByRole("link", { name: "Back to the shop" }).click();
  await page.waitForURL(`${world.shopUrl}/thanks`);
  await page.goBack();
  await fillCard(page, cards.good);
  await page.click("#pay");
  await page.waitForURL(`${world.shopUrl}/thanks`);
  await page.goBack();
  await page.getByRole("heading", { name: "Paid 128.00 EUR" }).waitFor();
  assert.equal((await world.chargesOf(id)).length, 1);
});

test("two tabs pay once: the second finds the order paid", { skip: skipFiner }, async (t) => {
  const { page, id, pageUrl } = await world.open(t, { width: 390 });
  const second = await page.context().newPage();
  t.after(() => second.close());
  await second.goto(pageUrl);
  await fillCard(second, cards.good);
  await fillCard(page, cards.good);
  await page.click("#pay");
  await page.waitForURL(`${world.shopUrl}/thanks`);
  await second.click("#pay");
  await second.waitForURL(`${world.shopUrl}/thanks`);
  assert.equal((await world.chargesOf(id)).length, 1);
});

test("without the link's cookie, or with an order's id alone, there is nothing to see", { skip }, async (t) => {
  const { pageUrl, id } = await world.open(t, { width: 390 });
  const stranger = await world.browser.openWindow();
  t.after(() => stranger.close());
  const page = await stranger.newPage();
  for (const url of [pageUrl, `${world.billingUrl}/pay/open/${id}`]) {
    assert.equal((await page.goto(url))?.status(), 410);
    await page.getByRole("heading", { name: "no longer open" }).waitFor();
  }
  await assertGoodAtBothWidths(page, "checkout-over");
  assert.equal((await page.goto(`${world.billingUrl}/pay/opened/nothing`))?.status(), 404);
  await page.getByRole("heading", { name: "This link is not complete" }).waitFor();
  await assertGoodAtBothWidths(page, "checkout-nowhere");
  assert.equal(await page.getByRole("link", { name: "Back to the shop" }).getAttribute("href"), world.shopUrl);
});

test("the page of REST fits a phone and a desk, and axe-core finds nothing at all in it", { skip }, async (t) => {
  const page = await world.browser.openPage();
  t.after(() => page.close());
  await page.goto(`${world.billingUrl}/v1/docs`);
  await assertGoodAtBothWidths(page, "rest-docs");
  // It is our longest page by far: axe-core takes as long for it as for all others together.
  if (isWholeRun) assert.deepEqual(await allFindings(page), []);
  await page.getByRole("navigation").getByRole("link", { name: "refunds" }).click();
  await page.getByText("curl -X POST").first().waitFor();
  assert.equal(new URL(page.url()).hash, "#refunds");
});

test("the page may not be framed, stored or referred to, and its address carries no secret", { skip }, async (t) => {
  const { page, pageUrl } = await world.open(t, { width: 1280 });
  const answer = await page.goto(pageUrl);
  const headers = answer?.headers() ?? {};
  assert.match(headers["content-security-policy"] ?? "", /default-src 'none'.*frame-ancestors 'none'/);
  assert.equal(headers["cache-control"], "no-store");
  assert.equal(headers["referrer-policy"], "no-referrer");
  assert.match(new URL(page.url()).pathname, /^\/pay\/page_[0-9A-Za-z]+$/);
  const [cookie] = await page.context().cookies(pageUrl);
  assert.deepEqual([cookie?.httpOnly, cookie?.sameSite, cookie?.path], [true, "Lax", new URL(pageUrl).pathname]);
});

test("a declined card is not saved, another one is, and the page is then a receipt", { skip }, async (t) => {
  const { page, id, pageUrl } = await world.openSetup(t, { width: 390 });
  await assertGoodAtBothWidths(page, "setup-form");
  await page.click("#pay");
  await fieldsOf(page).getByText("Your card number is incomplete.").waitFor();
  assert.equal(await page.locator("#message").isVisible(), false, "it is said beside its field");
  await fillCard(page, cards.declined);
  await page.click("#pay");
  await page.getByText("declined this card").waitFor();
  await page.reload();
  await page.getByText("declined this card").waitFor();
  await assertGoodAtBothWidths(page, "setup-declined");
  await fillCard(page, cards.good);
  await page.click("#pay");
  await page.waitForURL(`${world.shopUrl}/thanks`);
  await page.goto(pageUrl);
  await page.getByRole("heading", { name: "Saved" }).waitFor();
  await assertGoodAtBothWidths(page, "setup-saved");
  await world.assertSaved(id, [["card", "4242", true]]);
});

test("3-D Secure failed saves nothing, and passed saves the card", { skip: skipFiner }, async (t) => {
  const { page, id } = await world.openSetup(t, { width: 390 });
  await fillCard(page, cards.challenge);
  await page.click("#pay");
  await challengeOf(page).getByRole("button", { name: "Fail" }).click();
  await page.getByText("Your bank could not confirm that it is you.").waitFor();
  await world.assertSaved(id, []);
  await fillCard(page, cards.challenge);
  await page.click("#pay");
  await challengeOf(page).getByRole("button", { name: "Complete" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Confirm with your bank" }).waitFor();
  await page.click("#pay");
  await challengeOf(page).getByRole("button", { name: "Complete" }).click();
  await page.waitForURL(`${world.shopUrl}/thanks`);
  await world.assertSaved(id, [["card", "3155", true]]);
});

test("an account is saved under its mandate, and what was canceled says so", { skip: skipFiner }, async (t) => {
  const { page, id } = await world.openSetup(t, { width: 1280 });
  await fieldsOf(page).getByText("SEPA Debit").click();
  await fieldsOf(page).getByLabel("IBAN").fill("DE89370400440532013000");
  await fieldsOf(page).getByLabel("Full name").fill("Ada Lovelace");
  await fieldsOf(page).getByLabel("Email").fill("ada@example.com");
  await fieldsOf(page)
    .getByText(/you allow .* and Stripe.*refund from your bank/)
    .waitFor();
  await assertGoodAtBothWidths(page, "setup-debit");
  await page.click("#pay");
  await page.waitForURL(`${world.shopUrl}/thanks`);
  await world.assertSaved(id, [["sepa_debit", "3000", true]]);
  const over = await world.openSetup(t, { width: 390 });
  await fetch(`${world.sandboxUrl}/v1/setup_intents/${over.setupIntentId}/cancel`, {
    method: "POST",
    headers: { authorization: "Bearer sk_test_page" },
  });
  await over.page.reload();
  await over.page.getByRole("heading", { name: "There is nothing to save here any more" }).waitFor();
  await assertGoodAtBothWidths(over.page, "setup-canceled");
});
