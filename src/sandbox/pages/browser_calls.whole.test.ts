// The calls of Stripe.js around a payment: tokens, confirmation tokens, setups, and the intent that comes last.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { noBrowser } from "#kit/browser/testing.ts";
import { type BrowserWorld, challengeOf, fieldsOf, fillPayment, saidBy, startBrowserWorld } from "./testing/browser.ts";
import { barePage } from "./testing/pages.ts";

const skip = noBrowser;
const challengedCard = "4000002500003155";

describe("Stripe.js, call by call", { skip }, () => {
  let world: BrowserWorld;
  before(async () => {
    world = await startBrowserWorld({ bare: barePage });
  });
  after(async () => {
    await world.close();
  });

  /** The bare page with one element of a new group in it. */
  async function openElement(type: string, options: string): Promise<Page> {
    const { page } = await world.openCheckout("bare");
    await saidBy(page);
    await page.evaluate(`{
      window.elements = stripe.elements(${options});
      window.element = listenTo(elements.create("${type}", { layout: "tabs" }));
      element.mount("#one");
    }`);
    await fieldsOf(page).locator("input").first().waitFor();
    return page;
  }

  async function fillCard(page: Page, number: string): Promise<void> {
    await fieldsOf(page).getByPlaceholder("Card number").fill(number);
    await fieldsOf(page).getByPlaceholder("MM / YY").fill("12/34");
    await fieldsOf(page).getByPlaceholder("CVC").fill("123");
    await fieldsOf(page).getByPlaceholder("ZIP").fill("94107");
  }

  async function setupOf(id: unknown): Promise<Record<string, unknown>> {
    return world.stripe(`/v1/setup_intents/${id}?expand[]=payment_method`);
  }

  test("createToken makes a token of a Card Element, once the card is complete", async () => {
    const page = await openElement("card", "{}");
    const early = await page.evaluate("stripe.createToken(element).then(({ error }) => error.code)");
    assert.equal(early, "incomplete_number");
    await fillCard(page, "4242424242424242");
    const token = (await page.evaluate(
      "stripe.createToken(element, { name: 'Ada', address_city: 'Berlin' }).then(({ token }) => token)",
    )) as { id: string; type: string; card: Record<string, unknown> };
    assert.match(token.id, /^tok_/);
    assert.equal(token.type, "card");
    const { last4, name, address_city, address_zip } = token.card;
    assert.deepEqual(
      { last4, name, address_city, address_zip },
      {
        last4: "4242",
        name: "Ada",
        address_city: "Berlin",
        address_zip: "94107",
      },
    );
    const charge = await world.stripe("/v1/charges", { amount: "500", currency: "eur", source: token.id });
    assert.equal(charge.status, "succeeded");
    await page.close();
  });

  test("createToken makes a token of an IBAN Element, and of a bank account as the page knows it", async () => {
    const page = await openElement("iban", "{}");
    const wish = "{ currency: 'eur', account_holder_name: 'Ada', account_holder_type: 'individual' }";
    const make = `stripe.createToken(element, ${wish}).then(({ error, token }) => error?.code ?? token.bank_account)`;
    assert.equal(await page.evaluate(make), "incomplete_iban");
    await fieldsOf(page).getByLabel("IBAN").fill("DE89370400440532013000");
    const ofIban = (await page.evaluate(make)) as Record<string, unknown>;
    assert.deepEqual([ofIban.country, ofIban.currency, ofIban.last4], ["DE", "eur", "3000"]);
    const known = `{ country: "US", currency: "usd", routing_number: "110000000", account_number: "000123456789",
      account_holder_name: "Ada", account_holder_type: "individual" }`;
    const token = (await page.evaluate(
      `stripe.createToken("bank_account", ${known}).then(({ error, token }) => error ?? token)`,
    )) as { id: string; type: string; bank_account: Record<string, unknown> };
    assert.match(token.id, /^btok_/);
    assert.deepEqual([token.type, token.bank_account.last4], ["bank_account", "6789"]);
    await page.close();
  });

  test("confirmSetup saves the card of a Payment Element, through a challenge", async () => {
    const intent = await world.stripe("/v1/setup_intents", { "allowed_payment_method_types[]": "card" });
    const page = await openElement("payment", `{ clientSecret: "${intent.client_secret}" }`);
    await fillPayment(page, challengedCard);
    const confirmed = page.evaluate(
      "stripe.confirmSetup({ elements, redirect: 'if_required' }).then(({ setupIntent }) => setupIntent.status)",
    );
    await challengeOf(page).getByRole("button", { name: "Complete authentication" }).click();
    assert.equal(await confirmed, "succeeded");
    const saved = (await setupOf(intent.id)).payment_method as { card: { last4: string } };
    assert.equal(saved.card.last4, "3155");
    const found = await page.evaluate(
      `stripe.retrieveSetupIntent("${intent.client_secret}").then(({ setupIntent }) => setupIntent.id)`,
    );
    assert.equal(found, intent.id);
    await page.close();
  });

  test("confirmSetup leaves for the return URL with the setup's parameters", async () => {
    const intent = await world.stripe("/v1/setup_intents", { "allowed_payment_method_types[]": "card" });
    const page = await openElement("payment", `{ clientSecret: "${intent.client_secret}" }`);
    await fillPayment(page, "4242424242424242");
    await page.evaluate("void stripe.confirmSetup({ elements, confirmParams: { return_url: returnUrl } })");
    await page.waitForURL("**/thanks?**");
    const { searchParams } = new URL(page.url());
    assert.equal(searchParams.get("setup_intent"), intent.id);
    assert.equal(searchParams.get("setup_intent_client_secret"), intent.client_secret);
    assert.equal(searchParams.get("redirect_status"), "succeeded");
    await page.close();
  });

  test("confirmCardSetup says declines and failed challenges, then saves", async () => {
    const intent = await world.stripe("/v1/setup_intents", { "allowed_payment_method_types[]": "card" });
    const page = await openElement("card", "{}");
    const confirm = `stripe.confirmCardSetup("${intent.client_secret}", { payment_method: { card: element } })
      .then(({ error, setupIntent }) => error ? error.decline_code ?? error.code : setupIntent.status)`;
    await fillCard(page, "4000000000000002");
    assert.equal(await page.evaluate(confirm), "generic_decline");
    await fillCard(page, challengedCard);
    const failed = page.evaluate(confirm);
    await challengeOf(page).getByRole("button", { name: "Fail authentication" }).click();
    assert.equal(await failed, "setup_intent_authentication_failure");
    assert.equal((await setupOf(intent.id)).status, "requires_payment_method");
    const passed = page.evaluate(confirm);
    await challengeOf(page).getByRole("button", { name: "Complete authentication" }).click();
    assert.equal(await passed, "succeeded");
    await page.close();
  });

  test("handleCardAction hands a manual confirmation back to the server", async () => {
    const page = await openElement("card", "{}");
    const intent = await world.stripe("/v1/payment_intents", {
      amount: "2000",
      currency: "eur",
      payment_method: "pm_card_threeDSecure2Required",
      "automatic_payment_methods[enabled]": "true",
      "automatic_payment_methods[allow_redirects]": "never",
      confirmation_method: "manual",
      confirm: "true",
      use_stripe_sdk: "true",
    });
    const handled = page.evaluate(
      `stripe.handleCardAction("${intent.client_secret}").then(({ paymentIntent }) => paymentIntent.status)`,
    );
    await challengeOf(page).getByRole("button", { name: "Complete authentication" }).click();
    assert.equal(await handled, "requires_confirmation");
    const paid = await world.stripe(`/v1/payment_intents/${intent.id}/confirm`, {});
    assert.equal(paid.status, "succeeded");
    await page.close();
  });

  test("without an intent, elements.submit comes first and the confirmation token pays on the server", async () => {
    const page = await openElement("payment", '{ mode: "payment", amount: 4900, currency: "eur" }');
    const early = await page.evaluate("refusalOf(() => stripe.createConfirmationToken({ elements }))");
    assert.match(String(early), /elements\.submit\(\) must be called before stripe\.createConfirmationToken/);
    assert.equal(await page.evaluate("elements.submit().then(({ error }) => error.code)"), "incomplete_number");
    await fillPayment(page, challengedCard);
    assert.deepEqual(await page.evaluate("elements.submit()"), { selectedPaymentMethod: "card" });
    const token = (await page.evaluate(`stripe.createConfirmationToken({ elements, params: {
      return_url: returnUrl,
      payment_method_data: { billing_details: { name: "Ada" } },
      shipping: { name: "Ada", address: { line1: "Main 1", city: "Berlin", country: "DE", postal_code: "10115" } },
    } }).then(({ error, confirmationToken }) => error ?? confirmationToken)`)) as Record<string, unknown>;
    assert.match(String(token.id), /^ctoken_/);
    const preview = token.payment_method_preview as { card: { last4: string }; billing_details: { name: string } };
    assert.equal(preview.card.last4, "3155");
    assert.equal(preview.billing_details.name, "Ada");
    assert.equal((token.shipping as { address: { city: string } }).address.city, "Berlin");
    const intent = await world.stripe("/v1/payment_intents", {
      amount: "4900",
      currency: "eur",
      confirm: "true",
      confirmation_token: String(token.id),
      use_stripe_sdk: "true",
    });
    assert.equal(intent.status, "requires_action");
    const handled = page.evaluate(
      `stripe.handleNextAction({ clientSecret: "${intent.client_secret}" }).then((done) => done.paymentIntent.status)`,
    );
    await challengeOf(page).getByRole("button", { name: "Complete authentication" }).click();
    assert.equal(await handled, "succeeded");
    await page.close();
  });

  test("without an intent, confirmPayment wants the submit and then the secret", async () => {
    const page = await openElement("payment", '{ mode: "payment", amount: 4900, currency: "eur" }');
    const confirm = "stripe.confirmPayment({ elements, clientSecret: secret, redirect: 'if_required' })";
    const early = await page.evaluate(`refusalOf(() => ${confirm})`);
    assert.match(String(early), /elements\.submit\(\) must be called before stripe\.confirmPayment/);
    const bare = await page.evaluate("refusalOf(() => stripe.confirmPayment({ elements, redirect: 'if_required' }))");
    assert.match(String(bare), /clientSecret/);
    await fillPayment(page, "4242424242424242");
    await page.evaluate("elements.update({ amount: 5000 }).then(() => elements.submit())");
    assert.equal(await page.evaluate(`${confirm}.then(({ paymentIntent }) => paymentIntent.status)`), "succeeded");
    await page.close();
  });

  test("a group refuses a mode, an amount or a currency that cannot be", async () => {
    const page = await openElement("card", "{}");
    for (const [options, word] of [
      ["{ mode: 'loan', amount: 1, currency: 'eur' }", /mode should be one of/],
      ["{ mode: 'payment', amount: 1.5, currency: 'eur' }", /amount should be an integer/],
      ["{ mode: 'payment', amount: 1, currency: 'EUR' }", /currency should be/],
      ["{ mode: 'payment', amount: 1, currency: 'eur', clientSecret: secret }", /either clientSecret or mode/],
      ["{ clientSecret: 'nonsense' }", /clientSecret should be/],
    ] as const) {
      assert.match(String(await page.evaluate(`refusalOf(() => stripe.elements(${options}))`)), word);
    }
    await page.close();
  });
});
