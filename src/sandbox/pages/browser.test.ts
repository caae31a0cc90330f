// The unmodified @stripe/stripe-js and @stripe/react-stripe-js against the sandbox, in a real browser.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { keepPicture, noBrowser, seriousFindings, untilPageSays, widths } from "#kit/browser/testing.ts";
import { type BrowserWorld, challengeOf, fieldsOf, fillPayment, saidBy, startBrowserWorld } from "./testing/browser.ts";
import { browserPages } from "./testing/pages.ts";

const skip = noBrowser;

const declined = "card_error generic_decline: Your card was declined.";
const notAuthenticated =
  "We are unable to authenticate your payment method. Please choose a different payment method and try again.";

describe("Stripe.js in a browser", { skip }, () => {
  let world: BrowserWorld;

  before(async () => {
    world = await startBrowserWorld(browserPages);
  });
  after(async () => {
    await world.close();
  });

  async function statusOf(intentId: string): Promise<unknown> {
    return (await world.stripe(`/v1/payment_intents/${intentId}`)).status;
  }

  test("a declined card is said so, and another card then pays", async () => {
    const { page, intentId } = await world.openCheckout("plain");
    await fillPayment(page, "4000000000000002");
    await page.getByRole("button", { name: "Pay" }).click();
    assert.equal(await saidBy(page), declined);
    assert.equal(await statusOf(intentId), "requires_payment_method");
    await fillPayment(page, "4242424242424242");
    await page.getByRole("button", { name: "Pay" }).click();
    assert.equal(await saidBy(page), "succeeded");
    assert.equal(await statusOf(intentId), "succeeded");
    const found = await page.evaluate(
      "stripe.retrievePaymentIntent(secret).then((found) => found.paymentIntent.status)",
    );
    assert.equal(found, "succeeded");
    await page.close();
  });

  test("3-D Secure can be failed and passed in a frame over the page", async () => {
    const { page, intentId } = await world.openCheckout("react");
    await fillPayment(page, "4000002500003155");
    await page.getByRole("button", { name: "Pay" }).click();
    await challengeOf(page).getByText("49.00 EUR").waitFor();
    await challengeOf(page).getByRole("button", { name: "Fail authentication" }).click();
    assert.ok((await saidBy(page)).endsWith(`payment_intent_authentication_failure: ${notAuthenticated}`));
    assert.equal(await statusOf(intentId), "requires_payment_method");
    await page.getByRole("button", { name: "Pay" }).click();
    await challengeOf(page).getByRole("button", { name: "Complete authentication" }).click();
    assert.equal(await saidBy(page), "succeeded");
    assert.equal(await statusOf(intentId), "succeeded");
    await page.close();
  });

  test("without redirect: if_required the page ends on the return URL with Stripe's parameters", async () => {
    const { page, intentId } = await world.openCheckout("react", { query: "&redirect=always" });
    await fillPayment(page, "4242424242424242");
    await page.getByRole("button", { name: "Pay" }).click();
    await page.waitForURL("**/thanks?**");
    const { searchParams } = new URL(page.url());
    assert.equal(searchParams.get("order"), "9001");
    assert.equal(searchParams.get("payment_intent"), intentId);
    assert.match(searchParams.get("payment_intent_client_secret") ?? "", /_secret_/);
    assert.equal(searchParams.get("redirect_status"), "succeeded");
    await page.close();
  });

  test("a server's confirm leads to the hosted page and back", async () => {
    for (const [button, redirectStatus] of [
      ["Complete authentication", "succeeded"],
      ["Fail authentication", "failed"],
    ] as const) {
      const intent = await world.stripe("/v1/payment_intents", {
        amount: "2000",
        currency: "jpy",
        payment_method: "pm_card_threeDSecure2Required",
        confirm: "true",
        return_url: `${world.shopUrl}/thanks`,
      });
      const action = intent.next_action as { redirect_to_url: { url: string } };
      const page = await world.browser.openPage();
      await page.goto(action.redirect_to_url.url);
      await page.getByText("2000 JPY").waitFor();
      assert.deepEqual(await seriousFindings(page), []);
      await page.getByRole("button", { name: button }).click();
      await page.waitForURL("**/thanks?**");
      assert.equal(new URL(page.url()).searchParams.get("redirect_status"), redirectStatus);
      await page.close();
    }
  });

  test("Tab, Enter and Escape are enough", async () => {
    const { page } = await world.openCheckout("plain");
    const keys = page.keyboard;
    await fieldsOf(page).getByLabel("Card number").waitFor();
    // The first stop is the choice between card and debit.
    await keys.press("Tab");
    await keys.press("Tab");
    for (const text of ["4000002500003155", "1234", "123"]) {
      await keys.type(text);
      await keys.press("Tab");
    }
    await keys.press("Tab");
    await keys.type("94107");
    await keys.press("Enter");
    await challengeOf(page).getByRole("button", { name: "Complete authentication" }).waitFor();
    await keys.press("Tab");
    await keys.press("Escape");
    assert.match(await saidBy(page), /payment_intent_authentication_failure/);
    // The focus is back where it was: in the postal code.
    await keys.press("Tab");
    await keys.press("Enter");
    await challengeOf(page).getByRole("button", { name: "Complete authentication" }).waitFor();
    await keys.press("Tab");
    await keys.press("Enter");
    assert.equal(await saidBy(page), "succeeded");
    await page.close();
  });

  test("what is wrong stands beside its field, for eyes and for screen readers", async () => {
    const { page, intentId } = await world.openCheckout("plain");
    await page.getByRole("button", { name: "Pay" }).click();
    assert.equal(await saidBy(page), "validation_error incomplete_number: Your card number is incomplete.");
    const number = fieldsOf(page).getByLabel("Card number");
    assert.equal(await number.getAttribute("aria-invalid"), "true");
    const described = (await number.getAttribute("aria-describedby")) ?? "";
    assert.equal(await fieldsOf(page).locator(`#${described}`).textContent(), "Your card number is incomplete.");
    assert.equal(await fieldsOf(page).locator("*:focus").getAttribute("name"), "number");
    assert.equal(await statusOf(intentId), "requires_payment_method");
    await page.close();
  });

  test("the Card Element moves on while typing, pays and reports its changes", async () => {
    const { page, intentId } = await world.openCheckout("card", { width: 390 });
    await fieldsOf(page).getByPlaceholder("Card number").click();
    await page.keyboard.type("4242424242424241");
    await page.getByRole("alert").getByText("Your card number is invalid.").waitFor();
    await page.keyboard.press("Backspace");
    await page.keyboard.type("2" + "1234" + "123" + "94107");
    await page.locator(".StripeElement--complete").waitFor();
    assert.deepEqual(await seriousFindings(page), []);
    await keepPicture(page, "card-390");
    await page.keyboard.press("Enter");
    assert.equal(await saidBy(page), "succeeded");
    const intent = await world.stripe(`/v1/payment_intents/${intentId}?expand[]=payment_method`);
    const method = intent.payment_method as { billing_details: { name: string; address: { postal_code: string } } };
    assert.equal(method.billing_details.name, "Ada");
    assert.equal(method.billing_details.address.postal_code, "94107");
    await page.close();
  });

  test("number, expiry and code in three places are one card", async () => {
    const { page } = await world.openCheckout("split");
    await page.frameLocator('iframe[title="Secure card number input frame"]').locator("input").fill("378282246310005");
    await page.frameLocator('iframe[title="Secure expiration date input frame"]').locator("input").fill("1234");
    await page.frameLocator('iframe[title="Secure CVC input frame"]').locator("input").fill("1234");
    await page.getByRole("button", { name: "Pay" }).click();
    assert.equal(await saidBy(page), "succeeded");
    await page.close();
  });

  test("what the server confirmed is carried on by handleNextAction, and nothing else is", async () => {
    const { page } = await world.openCheckout("plain");
    const intent = await world.stripe("/v1/payment_intents", {
      amount: "2000",
      currency: "eur",
      payment_method: "pm_card_threeDSecure2Required",
      confirm: "true",
      use_stripe_sdk: "true",
    });
    assert.equal(intent.status, "requires_action");
    const handle = `stripe.handleNextAction({ clientSecret: "${intent.client_secret}" })`;
    const handled = page.evaluate(`${handle}.then((result) => result.paymentIntent.status)`);
    await challengeOf(page).getByRole("button", { name: "Complete authentication" }).click();
    assert.equal(await handled, "succeeded");
    const again = await page.evaluate(`${handle}.then((result) => result.error.code)`);
    assert.equal(again, "payment_intent_unexpected_state");
    await page.close();
  });

  test("createPaymentMethod takes an element or its group, with billing details over the fields' own", async () => {
    const { page } = await world.openCheckout("plain");
    await fillPayment(page, "5555555555554444");
    const params = "{ billing_details: { name: 'Ada', address: { city: 'Berlin' } } }";
    for (const source of ["elements", "element: payment"]) {
      const call = `stripe.createPaymentMethod({ ${source}, params: ${params} }).then((made) => made.paymentMethod)`;
      const method = (await page.evaluate(call)) as {
        card: { brand: string; last4: string };
        billing_details: { name: string; address: Record<string, string | null> };
      };
      assert.equal(method.card.brand, "mastercard");
      assert.equal(method.card.last4, "4444");
      assert.equal(method.billing_details.name, "Ada");
      assert.equal(method.billing_details.address.city, "Berlin");
      assert.equal(method.billing_details.address.postal_code, "94107");
    }
    await page.close();
  });

  test("an element tells its life: ready, focus, change, blur, escape", async () => {
    const { page } = await world.openCheckout("plain");
    await fieldsOf(page).getByLabel("Card number").fill("42");
    await fieldsOf(page).getByLabel("Expiration date").focus();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Pay" }).focus();
    await untilPageSays(page, "heard.some(([name]) => name === 'blur')");
    const heard = await page.evaluate("heard.map(([name]) => name)");
    assert.deepEqual(heard, ["ready", "focus", "change", "escape", "blur"]);
    await page.close();
  });

  test("the wrapper finds the version it expects, and keys that do not belong are refused", async () => {
    const { page } = await world.openCheckout("split");
    assert.equal(await page.evaluate("Stripe.version"), "endive");
    const refusal = (key: string) =>
      page.evaluate(`(() => { try { Stripe("${key}"); } catch (e) { return e.message; } })()`);
    assert.match(String(await refusal("pk_live_x")), /refuses live keys/);
    assert.match(String(await refusal("sk_test_x")), /should not use your secret key/);
    assert.equal(await page.evaluate('Stripe("pk_test_x").paymentRequest({}).canMakePayment()'), null);
    const wrong = await page.evaluate(
      'Stripe("pk_test_x").retrievePaymentIntent("pi_none_secret_x").then((r) => r.error.type)',
    );
    assert.equal(wrong, "invalid_request_error");
    await page.close();
  });

  for (const width of widths) {
    test(`at ${width} pixels nothing serious is found`, async () => {
      const { page } = await world.openCheckout("plain", { width });
      await fieldsOf(page).getByLabel("Card number").waitFor();
      await keepPicture(page, `payment-empty-${width}`);
      await page.getByRole("button", { name: "Pay" }).click();
      await saidBy(page);
      await keepPicture(page, `payment-errors-${width}`);
      assert.deepEqual(await seriousFindings(page), []);
      await fillPayment(page, "4000002500003155");
      await page.getByRole("button", { name: "Pay" }).click();
      await challengeOf(page).getByRole("button", { name: "Complete authentication" }).waitFor();
      await keepPicture(page, `challenge-${width}`);
      assert.deepEqual(await seriousFindings(page), []);
      await page.close();
    });
  }
});
