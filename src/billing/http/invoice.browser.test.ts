// The page on which a customer pays an invoice, in a real browser: by card, by a bank that asks, by a debit that takes
// days, and what it says of an invoice that is over.
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

const statusOf = async (id: string) => (await world.billing.invoices.get(id)).status;

test("an invoice is shown with its lines and paid by card, on a phone and on a desk", { skip }, async (t) => {
  for (const [width, isDark] of [[390, false] as const, [1280, true] as const]) {
    const { page, id, pageUrl } = await world.openInvoice(t, { width, isDark });
    await page.getByRole("heading", { name: "Pay 360.00 EUR" }).waitFor();
    const text = await page.locator("main").innerText();
    assert.match(text, /Consulting, November/);
    assert.match(text, /Quantity 3/);
    await look(page, `invoice-${width}${isDark ? "-dark" : ""}`);
    await fillCard(page, cards.declined);
    await page.click("#pay");
    await page.getByText("Your bank declined this card.").waitFor();
    assert.equal(await statusOf(id), "open");
    await fillCard(page, cards.good);
    await page.click("#pay");
    await page.waitForURL(`${world.shopUrl}/thanks`);
    assert.equal(await statusOf(id), "paid");
    await page.goto(pageUrl);
    await page.getByRole("heading", { name: "Paid 360.00 EUR" }).waitFor();
    await assertGoodAtBothWidths(page, `invoice-paid-${width}`);
  }
});

test("a bank that asks is answered in the page, also of a charge that was asked elsewhere", { skip }, async (t) => {
  const { page, id, customerId } = await world.openInvoice(t, { width: 390 });
  const { stripeCustomerId } = await world.billing.customers.get(customerId);
  assert.ok(stripeCustomerId);
  const method = await world.saveCard(customerId, "pm_card_authenticationRequired");
  const asked = await world.billing.invoices.pay(id, { id: "try_1", method, offSession: false });
  assert.ok(asked.outcome === "action_required");
  await page.goto(asked.url);
  await page.getByRole("heading", { name: "Confirm with your bank" }).waitFor();
  await page.click("#pay");
  await challengeOf(page).getByRole("button", { name: "Complete" }).click();
  await page.getByRole("heading", { name: "Paid 360.00 EUR" }).waitFor();
  assert.equal(await statusOf(id), "paid");
});

test("a debit waits for its bank, and what was voided cannot be paid any more", { skip }, async (t) => {
  const { page } = await world.openInvoice(t, { width: 1280 });
  await fieldsOf(page).getByText("SEPA Debit").click();
  await fieldsOf(page).getByLabel("IBAN").fill("DE89370400440532013000");
  await fieldsOf(page).getByLabel("Full name").fill("Ada Lovelace");
  await fieldsOf(page).getByLabel("Email").fill("ada@example.com");
  await page.click("#pay");
  await page.getByRole("heading", { name: "Your payment is being processed" }).waitFor();
  const over = await world.openInvoice(t, { width: 390 });
  await world.billing.invoices.void(over.id);
  await over.page.reload();
  await over.page.getByRole("heading", { name: "This invoice was taken back" }).waitFor();
  await assertGoodAtBothWidths(over.page, "invoice-voided");
});
