// The club in a real browser, with a real billing and a real sandbox behind it: joined, upgraded, a renewal that fails,
// paid all the same, left, taken up again.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { assertGoodAtBothWidths, challengeOf, fillCard, keepPicture, noBrowser } from "#kit/browser/testing.ts";
import { isWholeRun, until } from "#kit/testing.ts";
import { type ShopWorld, startShop } from "../testing.ts";

const skip = noBrowser;
const cards = {
  good: "4242424242424242",
  challenge: "4000002500003155",
  declined: "4000000000000002",
  /** It is saved, and declined whenever it is charged. */
  failing: "4000000000000341",
};
let world: ShopWorld;

before(async () => {
  if (!skip) world = await startShop({ hasWebhooks: true });
});
after(async () => {
  await world?.close();
});

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });

async function says(page: Page, standing: string): Promise<void> {
  await page.getByText(standing).waitFor();
}

/** What the shop answers to: may they use the Pro features? */
async function assertPro(page: Page, answer: RegExp): Promise<void> {
  assert.match(await page.getByRole("definition").last().innerText(), answer);
}

/** Enters a card in billing's page, by the keyboard. */
async function enter(page: Page, card: string): Promise<void> {
  await fillCard(page, card);
  await page.locator("#pay").focus();
  await page.keyboard.press("Enter");
}

async function giveCard(page: Page, card: string): Promise<void> {
  await button(page, "Use another card").click();
  await enter(page, card);
  await page.waitForURL(/\/club\?said=|\/club$/);
}

/** As a person does it: in the sandbox, by its own page. What that brings the shop hears of a moment later. */
async function aMonthLater(page: Page, standing: string): Promise<void> {
  await page.goto(`${world.stripeUrl}/-/time`);
  for (const step of ["A month on", "A day on"]) {
    await button(page, step).click();
    await page.waitForLoadState();
  }
  const isSaid = async () => {
    await page.goto(`${world.shopUrl}/club`);
    return page.getByText(standing).isVisible();
  };
  await until(`the club says: ${standing}`, isSaid, { pauseMs: 100 });
}

test("a member joins, upgrades, fails to pay, pays, and leaves", { skip }, async () => {
  const page = await world.browser.openPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));

  await page.goto(world.shopUrl);
  await page.getByRole("link", { name: "Club" }).click();
  await assertGoodAtBothWidths(page, "club-1-join");
  await button(page, /Join Basic/).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Pay 9.00 EUR" }).waitFor();
  await keepPicture(page, "club-2-pay");
  await page.getByRole("link", { name: "Back to the shop" }).click();
  await says(page, "Not paid yet.");
  await assertPro(page, /^No$/);
  await keepPicture(page, "club-3-unpaid");
  await button(page, "Pay now").click();
  await enter(page, cards.declined);
  await page.getByText("Your bank declined this card.").waitFor();
  await enter(page, cards.challenge);
  await challengeOf(page).getByRole("button", { name: "Complete" }).click();
  await says(page, "You are a member: Basic.");
  await assertPro(page, /^No$/);
  await keepPicture(page, "club-4-basic");

  await giveCard(page, cards.failing);
  await says(page, "Visa ending in 0341");
  await page.getByRole("link", { name: "Upgrade to Pro" }).click();
  await assertGoodAtBothWidths(page, "club-5-upgrade");
  await button(page, /Upgrade and pay/).click();
  await says(page, "The bank declined the card");
  await says(page, "Your upgrade waits for its payment.");
  await assertPro(page, /^No$/);
  await keepPicture(page, "club-5-upgrading");
  await button(page, "Pay now").click();
  await keepPicture(page, "club-5-upgrading-pay");
  await enter(page, cards.good);
  await says(page, "You are a member: Pro.");
  await assertPro(page, /^Yes/);
  await says(page, "This month's recipe");

  await page.emulateMedia({ colorScheme: "dark" });
  await assertGoodAtBothWidths(page, "club-6-pro-dark");
  await giveCard(page, cards.failing);
  await aMonthLater(page, "Your last payment failed.");
  await assertPro(page, /^Yes, until .+, while we wait for your payment$/);
  await assertGoodAtBothWidths(page, "club-7-late-dark");
  await button(page, "Pay now").click();
  await keepPicture(page, "club-8-pay-dark");
  await enter(page, cards.good);
  await says(page, "You are a member: Pro.");

  await page.emulateMedia({ colorScheme: "light" });
  if (isWholeRun) {
    await giveCard(page, cards.failing);
    await aMonthLater(page, "Your last payment failed.");
    await giveCard(page, cards.good); // Which pays what is open, too.
    await says(page, "You are a member: Pro.");
    await assertPro(page, /^Yes/);
  }

  await button(page, "Cancel at the end of the month").click();
  await says(page, "Your membership ends on");
  await assertPro(page, /^Yes, until \d/);
  await assertGoodAtBothWidths(page, "club-9-ending");
  await button(page, "Stay a member").click();
  await says(page, "You are a member: Pro.");
  await button(page, "Cancel now").click();
  await button(page, /Join Pro/).waitFor();
  await page.getByText(/You have left\. .+ Pro features: Yes, until \d/).waitFor();
  await page.goto(`${world.shopUrl}/club/card/00000000-0000-4000-8000-000000000001`);
  await says(page, "Something had changed meanwhile.");
  assert.deepEqual(complaints, []);
  await page.close();
});
