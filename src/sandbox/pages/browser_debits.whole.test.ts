// SEPA debits by Stripe.js: the IBAN Element and the Payment Element's second tab.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { noBrowser, seriousFindings } from "#kit/browser/testing.ts";
import { type BrowserWorld, fieldsOf, fillPayment, saidBy, startBrowserWorld } from "./testing/browser.ts";
import { barePage } from "./testing/pages.ts";

const skip = noBrowser;
const goodIban = "DE89370400440532013000";

describe("SEPA debits by Stripe.js", { skip }, () => {
  let world: BrowserWorld;
  before(async () => {
    world = await startBrowserWorld({ bare: barePage });
  });
  after(async () => {
    await world.close();
  });

  /** The bare page with one element of a new group in it; the page's own intent takes debits. */
  async function openElement(
    type: string,
    group: string,
    options = '{ layout: "tabs" }',
  ): Promise<{ page: Page; intentId: string }> {
    const { page, intentId } = await world.openCheckout("bare");
    await saidBy(page);
    await page.evaluate(`{
      window.elements = stripe.elements(${group});
      window.element = listenTo(elements.create("${type}", ${options}));
      element.mount("#one");
    }`);
    await fieldsOf(page).locator("input").first().waitFor();
    return { page, intentId };
  }

  const chooseDebit = (page: Page) => fieldsOf(page).getByText("SEPA Debit").click();

  test("the IBAN Element groups, judges and tells the country", async () => {
    const { page } = await openElement("iban", "{}", "{ supportedCountries: ['SEPA'], placeholderCountry: 'AT' }");
    const field = fieldsOf(page).getByLabel("IBAN");
    assert.equal(await field.getAttribute("placeholder"), "AT00 0000 0000 0000 0000");
    await field.pressSequentially("de8937040044053201300");
    assert.equal(await field.inputValue(), "DE89 3704 0044 0532 0130 0");
    await field.pressSequentially("1");
    const lastChange = "heard.findLast((event) => 'complete' in event)";
    const wrong = (await page.evaluate(lastChange)) as Record<string, unknown>;
    assert.deepEqual(wrong.error, {
      type: "validation_error",
      code: "invalid_iban",
      message: "The IBAN you entered is invalid.",
    });
    await field.press("Backspace");
    await field.pressSequentially("0");
    const right = (await page.evaluate(lastChange)) as Record<string, unknown>;
    assert.deepEqual(right, {
      elementType: "iban",
      empty: false,
      complete: true,
      country: "DE",
      bankName: "",
      error: undefined,
    });
    await page.locator("#one.StripeElement--complete").waitFor();
    await page.close();
  });

  test("confirmSepaDebitPayment takes the IBAN Element, and the money is on its way", async () => {
    const { page, intentId } = await openElement("iban", "{}");
    const confirm = `stripe.confirmSepaDebitPayment(secret, { payment_method: {
      sepa_debit: element, billing_details: { name: "Ada", email: "ada@example.com" },
    } }).then(({ error, paymentIntent }) => error ? error.code : paymentIntent.status)`;
    assert.equal(await page.evaluate(confirm), "incomplete_iban");
    await fieldsOf(page).getByLabel("IBAN").fill(goodIban);
    assert.equal(await page.evaluate(confirm), "processing");
    const intent = await world.stripe(`/v1/payment_intents/${intentId}?expand[]=payment_method`);
    const method = intent.payment_method as { sepa_debit: { last4: string; country: string } };
    assert.equal(method.sepa_debit.last4, "3000");
    assert.equal(method.sepa_debit.country, "DE");
    await page.close();
  });

  test("confirmSepaDebitSetup keeps the account and its mandate", async () => {
    const intent = await world.stripe("/v1/setup_intents", { "allowed_payment_method_types[]": "sepa_debit" });
    const { page } = await openElement("iban", "{}");
    await fieldsOf(page).getByLabel("IBAN").fill(goodIban);
    const status = await page.evaluate(`stripe.confirmSepaDebitSetup("${intent.client_secret}", { payment_method: {
      sepa_debit: element, billing_details: { name: "Ada", email: "ada@example.com" },
    } }).then(({ error, setupIntent }) => error ? error.message : setupIntent.status)`);
    assert.equal(status, "succeeded");
    assert.match(String((await world.stripe(`/v1/setup_intents/${intent.id}`)).mandate), /^mandate_/);
    await page.close();
  });

  test("the Payment Element's second tab asks for an account, a name and an e-mail address", async () => {
    const { page, intentId } = await openElement(
      "payment",
      "{ clientSecret: new URL(location).searchParams.get('secret') }",
    );
    const fields = fieldsOf(page);
    await chooseDebit(page);
    await fields.getByText(/debit your account/).waitFor();
    assert.deepEqual(await seriousFindings(page), []);
    assert.equal(await fields.getByLabel("Card number").isVisible(), false);
    assert.equal(await page.evaluate("elements.submit().then(({ error }) => error.code)"), "incomplete_iban");
    await fields.getByLabel("IBAN").fill(goodIban);
    await fields.getByLabel("Full name").fill("Ada Lovelace");
    await fields.getByLabel("Email").fill("ada");
    assert.equal(await page.evaluate("elements.submit().then(({ error }) => error.message)"), "Your email is invalid.");
    await fields.getByLabel("Email").fill("ada@example.com");
    assert.deepEqual(await page.evaluate("elements.submit()"), { selectedPaymentMethod: "sepa_debit" });
    const change = await page.evaluate("heard.findLast((event) => 'complete' in event)");
    assert.deepEqual((change as { value: unknown }).value, { type: "sepa_debit" });
    const status = await page.evaluate(
      "stripe.confirmPayment({ elements, redirect: 'if_required' }).then(({ paymentIntent }) => paymentIntent.status)",
    );
    assert.equal(status, "processing");
    const intent = await world.stripe(`/v1/payment_intents/${intentId}?expand[]=payment_method`);
    const method = intent.payment_method as { type: string; billing_details: { name: string } };
    assert.equal(method.type, "sepa_debit");
    assert.equal(method.billing_details.name, "Ada Lovelace");
    await page.close();
  });

  test("a Swiss account asks for the address too, and the way back to the card is open", async () => {
    const { page } = await openElement("payment", '{ mode: "payment", amount: 4900, currency: "eur" }');
    const fields = fieldsOf(page);
    await chooseDebit(page);
    await fields.getByLabel("IBAN").fill("CH9300762011623852957");
    await fields.getByLabel("Full name").fill("Ada Lovelace");
    await fields.getByLabel("Email").fill("ada@example.com");
    assert.equal(await page.evaluate("elements.submit().then(({ error }) => error.code)"), "incomplete_line1");
    await fields.getByLabel("Address").fill("Bahnhofstrasse 1");
    await fields.getByLabel("Postal code").fill("8001");
    await fields.getByLabel("City").fill("Zürich");
    await page.evaluate("elements.submit()");
    const made = (await page.evaluate(
      "stripe.createConfirmationToken({ elements }).then(({ error, confirmationToken }) => error ?? confirmationToken)",
    )) as { payment_method_preview: { sepa_debit: { country: string }; billing_details: { address: unknown } } };
    assert.equal(made.payment_method_preview.sepa_debit.country, "CH");
    await fields.getByText("Card", { exact: true }).click();
    await fillPayment(page, "4242424242424242");
    assert.deepEqual(await page.evaluate("elements.submit()"), { selectedPaymentMethod: "card" });
    await page.close();
  });

  test("no second tab where a debit cannot be", async () => {
    for (const options of [
      '{ mode: "payment", amount: 4900, currency: "usd" }',
      '{ mode: "payment", amount: 4900, currency: "eur", captureMethod: "manual" }',
      '{ mode: "payment", amount: 4900, currency: "eur", excludedPaymentMethodTypes: ["sepa_debit"] }',
    ]) {
      const { page } = await openElement("payment", options);
      assert.equal(await fieldsOf(page).getByText("SEPA Debit").count(), 0);
      await page.close();
    }
  });
});
