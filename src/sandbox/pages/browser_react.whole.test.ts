// The unmodified @stripe/react-stripe-js with every element that can be typed into: it mounts, updates and takes away.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { noBrowser } from "#kit/browser/testing.ts";
import { type BrowserWorld, fillPayment, startBrowserWorld } from "./testing/browser.ts";
import { reactElementsPage } from "./testing/pages.ts";

const skip = noBrowser;

const framesMax = 600; // Ten seconds of a screen's pace.

/** Asks at every frame: the page's policy forbids Playwright's own waiting for a function. */
async function until(page: Page, expression: string): Promise<void> {
  for (let frame = 0; frame < framesMax; frame += 1) {
    if (await page.evaluate(expression)) return;
    await page.evaluate("new Promise(requestAnimationFrame)");
  }
  assert.fail(`The page never came to ${expression}`);
}

describe("React's elements", { skip }, () => {
  let world: BrowserWorld;
  before(async () => {
    world = await startBrowserWorld({ elements: reactElementsPage });
  });
  after(async () => {
    await world.close();
  });

  test("every element is ready, hears its customer, follows its options and pays", async () => {
    const { page, intentId } = await world.openCheckout("elements");
    await until(page, "window.ready.length >= 8");
    const names = [
      "address",
      "cardCvc",
      "cardExpiry",
      "cardNumber",
      "iban",
      "linkAuthentication",
      "payment",
      "undefined",
    ];
    assert.deepEqual(await page.evaluate("[...ready].sort()"), names);

    const inputs = (title: string) => page.frameLocator(`iframe[title="${title}"]`);
    await inputs("Secure IBAN input frame").getByLabel("IBAN").fill("DE89370400440532013000");
    await inputs("Secure card number input frame").getByLabel("Card number").fill("4242424242424242");
    await inputs("Secure expiration date input frame").getByLabel("Expiration date").fill("12/34");
    await inputs("Secure CVC input frame").getByLabel("Security code").fill("123");
    await inputs("Secure email input frame").getByLabel("Email").fill("ada@example.com");
    const address = inputs("Secure address input frame");
    await address.getByLabel("Country").selectOption("DE");
    for (const [label, text] of [
      ["Full name", "Ada Lovelace"],
      ["Address", "Hauptstrasse 1"],
      ["Postal code", "10115"],
      ["City", "Berlin"],
    ] as const) {
      await address.getByLabel(label).fill(text);
    }
    await fillPayment(page, "4242424242424242");
    const complete = "[...new Set(changed)].sort()";
    assert.deepEqual(await page.evaluate(complete), names.slice(0, -1));

    await page.evaluate("turnOff(true)");
    await until(
      page,
      `document.querySelector('iframe[title="Secure card number input frame"]').contentDocument
        .querySelector('input').disabled`,
    );
    await page.evaluate('setAppearance({ theme: "night" })');
    await until(
      page,
      `getComputedStyle(document.querySelector('iframe[title="Secure payment input frame"]').contentDocument
        .querySelector('input[name="number"]')).color === "rgb(255, 255, 255)"`,
    );

    const paid = `elements.submit().then(() => stripe.confirmPayment({ elements, redirect: "if_required" }))
      .then(({ error, paymentIntent }) => error?.message ?? paymentIntent.status)`;
    assert.equal(await page.evaluate(paid), "succeeded");
    const intent = await world.stripe(`/v1/payment_intents/${intentId}?expand[]=payment_method`);
    assert.equal((intent.shipping as { name: string }).name, "Ada Lovelace");
    const method = intent.payment_method as { billing_details: { email: string } };
    assert.equal(method.billing_details.email, "ada@example.com");

    await page.evaluate("show(false)");
    await until(page, 'elements.getElement("payment") === null');
    assert.equal(await page.locator('iframe[title="Secure payment input frame"]').count(), 0);
    await page.evaluate("show(true)");
    await inputs("Secure payment input frame").getByLabel("Card number").waitFor();
    await page.close();
  });
});
