// How the Payment Element and the Address Element stand on the page: accordion, labels, inputs, names in two fields,
// and what is left to the page.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { noBrowser, seriousFindings, untilPageSays } from "#kit/browser/testing.ts";
import { type BrowserWorld, fieldsOf, fillPayment, saidBy, startBrowserWorld } from "./testing/browser.ts";
import { barePage } from "./testing/pages.ts";

const skip = noBrowser;
const paying = '{ mode: "payment", amount: 4900, currency: "eur" }';

describe("the layout of elements", { skip }, () => {
  let world: BrowserWorld;
  before(async () => {
    world = await startBrowserWorld({ bare: barePage });
  });
  after(async () => {
    await world.close();
  });

  async function openElement(group: string, args: string, width = 390): Promise<{ page: Page; intentId: string }> {
    const { page, intentId } = await world.openCheckout("bare", { width });
    await saidBy(page);
    await page.evaluate(`{
      window.elements = stripe.elements(${group});
      window.element = listenTo(elements.create(${args}));
      element.mount("#one");
    }`);
    await fieldsOf(page).locator("input").first().waitFor({ state: "attached" });
    return { page, intentId };
  }

  const lastChange = "heard.findLast((event) => 'collapsed' in event)";

  test("several ways to pay are a closed accordion, and the chosen one opens", async () => {
    const { page } = await openElement("{ clientSecret: secret }", '"payment"');
    const fields = fieldsOf(page);
    assert.equal(await fields.getByLabel("Card number").isVisible(), false);
    assert.deepEqual(await seriousFindings(page), []);
    const early = await page.evaluate("elements.submit().then(({ error }) => error.type)");
    assert.equal(early, "validation_error");
    await fields.getByRole("alert").getByText("Please choose a payment method.").waitFor();
    await page.keyboard.press("Space"); // The submit put the focus on the first choice.
    await fields.getByLabel("Card number").waitFor();
    const opened = (await page.evaluate(lastChange)) as { collapsed: boolean; value: unknown };
    assert.deepEqual([opened.collapsed, opened.value], [false, { type: "card" }]);
    await fields.getByText("SEPA Debit").click();
    await fields.locator(".AccordionItem--selected").getByLabel("IBAN").waitFor();
    assert.deepEqual(await seriousFindings(page), []);
    await page.evaluate("element.collapse()");
    assert.equal(await fields.getByLabel("IBAN").isVisible(), false);
    assert.equal(((await page.evaluate(lastChange)) as { collapsed: boolean }).collapsed, true);
    await fillPayment(page, "4242424242424242");
    assert.deepEqual(await page.evaluate("elements.submit()"), { selectedPaymentMethod: "card" });
    await page.close();
  });

  test("one way to pay needs no choice, and a page may say what is open and what is first", async () => {
    const usd = '{ mode: "payment", amount: 4900, currency: "usd" }';
    const single = await openElement(usd, '"payment"');
    await fieldsOf(single.page).getByLabel("Card number").waitFor();
    assert.equal(await fieldsOf(single.page).getByRole("radio").count(), 0);
    await single.page.close();
    const layout = "{ type: 'accordion', defaultCollapsed: false, radios: 'never', spacedAccordionItems: true }";
    const { page } = await openElement(
      paying,
      `"payment", { layout: ${layout}, paymentMethodOrder: ["sepa_debit", "card"], business: { name: "Corner Shop" } }`,
    );
    await fieldsOf(page).getByText("you allow Corner Shop and Stripe").waitFor();
    assert.deepEqual(await fieldsOf(page).locator(".TabLabel").allTextContents(), [
      "SEPA Debit",
      "Card",
      "Bancontact",
      "iDEAL",
    ]);
    await fieldsOf(page).getByLabel("IBAN").fill("DE89");
    await page.evaluate("element.update({ layout: 'tabs', business: { name: 'Another' } })");
    await fieldsOf(page).locator(".Tab--selected").getByText("SEPA Debit").waitFor();
    await fieldsOf(page).getByText("you allow Another and Stripe").waitFor();
    assert.equal(await fieldsOf(page).getByLabel("IBAN").inputValue(), "DE89", "what was typed stays");
    await page.close();
  });

  test("a bank is visited and leads back, and a page that excludes it does not offer it", async () => {
    for (const [label, name] of [
      ["iDEAL", ""],
      ["Bancontact", "Ada Lovelace"],
    ] as const) {
      const { page, intentId } = await openElement("{ clientSecret: secret }", '"payment"');
      const fields = fieldsOf(page);
      await fields.getByText(label, { exact: true }).click();
      await fields.getByText("you will be redirected").waitFor();
      if (name) {
        assert.equal(await page.evaluate("elements.submit().then(({ error }) => error.code)"), "incomplete_name");
        await fields.getByLabel("Full name").fill(name);
      }
      assert.deepEqual(await seriousFindings(page), []);
      await page.evaluate("void stripe.confirmPayment({ elements, confirmParams: { return_url: returnUrl } })");
      await page.getByRole("button", { name: "Authorize test payment" }).click();
      await page.waitForURL("**/thanks?**");
      assert.equal(new URL(page.url()).searchParams.get("redirect_status"), "succeeded");
      assert.equal((await world.stripe(`/v1/payment_intents/${intentId}`)).status, "succeeded");
      await page.close();
    }
    const group = '{ mode: "payment", amount: 4900, currency: "eur", excludedPaymentMethodTypes: ["ideal"] }';
    const { page } = await openElement(group, '"payment"');
    assert.equal(await fieldsOf(page).getByText("iDEAL").count(), 0);
    await page.close();
  });

  test("floating labels rest in an empty field and rise above a filled one", async () => {
    const appearance = '{ inputs: "condensed", disableAnimations: true }';
    const { page } = await openElement(
      `{ mode: "payment", amount: 4900, currency: "usd", appearance: ${appearance} }`,
      '"payment"',
    );
    const label = fieldsOf(page).locator(".Field--number .Label");
    await fieldsOf(page).locator(".Field--number .Label--resting").waitFor();
    const resting = await label.boundingBox();
    await fieldsOf(page).getByLabel("Card number").fill("42");
    await fieldsOf(page).locator(".Field--number .Label--floating").waitFor();
    const floating = await label.boundingBox();
    assert.ok(resting && floating && floating.height < resting.height && floating.y < resting.y + 1);
    const [number, expiry] = [fieldsOf(page).locator('[name="number"]'), fieldsOf(page).locator('[name="expiry"]')];
    const [above, below] = [await number.boundingBox(), await expiry.boundingBox()];
    assert.ok(above && below && Math.abs(above.y + above.height - below.y) <= 1, "condensed fields touch");
    assert.deepEqual(await seriousFindings(page), []);
    await page.evaluate('elements.update({ appearance: { theme: "night", labels: "floating" } })');
    assert.deepEqual(await seriousFindings(page), []);
    await page.close();
  });

  test("variables with endive's names and their older ones reach what they name", async () => {
    const variables =
      '{ labelColorText: "rgb(1, 2, 3)", inputColorBorder: "rgb(4, 5, 6)", gridRowSpacing: "31px", fontSizeSm: "9px" }';
    const { page } = await openElement(
      `{ mode: "payment", amount: 4900, currency: "usd", appearance: { variables: ${variables} } }`,
      '"payment"',
    );
    const looksOf = (selector: string, name: string) =>
      fieldsOf(page)
        .locator(selector)
        .first()
        .evaluate((node, property) => {
          const view = (node as unknown as { ownerDocument: { defaultView: { getComputedStyle: CallableFunction } } })
            .ownerDocument.defaultView;
          return String(view.getComputedStyle(node).getPropertyValue(property));
        }, name);
    assert.equal(await looksOf(".Label", "color"), "rgb(1, 2, 3)");
    assert.equal(await looksOf(".Label", "font-size"), "9px");
    assert.equal(await looksOf(".Input", "border-top-color"), "rgb(4, 5, 6)");
    assert.equal(await looksOf(".Grid", "row-gap"), "31px");
    const older = '{ appearance: { variables: { spacingGridRow: "17px" } } }';
    await page.evaluate(`elements.update(${older})`);
    assert.equal(await looksOf(".Grid", "row-gap"), "17px");
    await page.close();
  });

  test("what the page keeps for itself it must say when it confirms", async () => {
    const never = "{ name: 'never', address: { country: 'never', postalCode: 'never' } }";
    const options = `{ layout: "tabs", fields: { billingDetails: ${never} } }`;
    const { page } = await openElement("{ clientSecret: secret }", `"payment", ${options}`);
    const fields = fieldsOf(page);
    await fields.getByLabel("Card number").fill("4242424242424242");
    await fields.getByLabel("Expiration date").fill("12/34");
    await fields.getByLabel("Security code").fill("123");
    assert.equal(await fields.getByLabel("Country").count(), 0);
    const confirm = (details: string) => `stripe.confirmPayment({ elements, redirect: "if_required",
      confirmParams: { payment_method_data: { billing_details: ${details} } } })`;
    const without = String(await page.evaluate(`refusalOf(() => ${confirm("{ name: 'Ada' }")})`));
    assert.match(without, /^You specified "never" for fields\.billing_details\.address\.country when creating/);
    const paid = `${confirm("{ name: 'Ada', address: { country: 'US', postal_code: '94107' } }")}
      .then(({ error, paymentIntent }) => error?.message ?? paymentIntent.status)`;
    assert.equal(await page.evaluate(paid), "succeeded");
    await page.close();
  });

  test("a name asked of every way to pay, and known values, go along with the card", async () => {
    const options = `{ layout: "tabs", fields: { billingDetails: { name: "always" } },
      defaultValues: { billingDetails: { name: "Ada Lovelace", address: { country: "DE" } } } }`;
    const { page, intentId } = await openElement("{ clientSecret: secret }", `"payment", ${options}`);
    const fields = fieldsOf(page);
    assert.equal(await fields.getByLabel("Full name").inputValue(), "Ada Lovelace");
    assert.equal(await fields.getByLabel("Postal code").isVisible(), false, "asked in the United States alone");
    await fields.getByLabel("Card number").fill("4242424242424242");
    await fields.getByLabel("Expiration date").fill("12/34");
    await fields.getByLabel("Security code").fill("123");
    const paid = `stripe.confirmPayment({ elements, redirect: "if_required" })
      .then(({ error, paymentIntent }) => error?.message ?? paymentIntent.status)`;
    assert.equal(await page.evaluate(paid), "succeeded");
    const intent = await world.stripe(`/v1/payment_intents/${intentId}?expand[]=payment_method`);
    const details = (intent.payment_method as { billing_details: { name: string; address: { country: string } } })
      .billing_details;
    assert.deepEqual([details.name, details.address.country], ["Ada Lovelace", "DE"]);
    await page.close();
  });

  test("an address may have its name in two fields", async () => {
    const options = `{ mode: "billing", display: { name: "split" },
      defaultValues: { firstName: "Ada", address: { country: "DE" } } }`;
    const { page } = await openElement(paying, `"address", ${options}`);
    const fields = fieldsOf(page);
    assert.equal(await fields.getByLabel("First name").inputValue(), "Ada");
    const early = (await page.evaluate("elements.submit().then(({ error }) => error.message)")) as string;
    assert.equal(early, "Please provide your last name.");
    await fields.getByLabel("Last name").fill("Lovelace");
    const { value } = (await page.evaluate("element.getValue()")) as { value: Record<string, unknown> };
    assert.deepEqual([value.name, value.firstName, value.lastName], ["Ada Lovelace", "Ada", "Lovelace"]);
    assert.deepEqual(await seriousFindings(page), []);
    await page.close();
  });

  test("fetchUpdates asks again what the intent takes", async () => {
    const { page, intentId } = await openElement("{ clientSecret: secret }", '"payment", { layout: "tabs" }');
    await fieldsOf(page).getByText("SEPA Debit").waitFor();
    await world.stripe(`/v1/payment_intents/${intentId}`, { "excluded_payment_method_types[]": "sepa_debit" });
    assert.deepEqual(await page.evaluate("elements.fetchUpdates()"), {});
    assert.equal(await fieldsOf(page).getByText("SEPA Debit").isVisible(), false);
    await page.close();
  });

  test("an element can be unmounted, mounted again and destroyed", async () => {
    const { page } = await openElement("{}", '"card"');
    const number = fieldsOf(page).getByPlaceholder("Card number");
    await number.fill("4242");
    await page.evaluate('element.unmount(); element.mount("#two")');
    await page.frameLocator("#two iframe").getByPlaceholder("Card number").waitFor();
    assert.equal(await page.locator("#one.StripeElement").count(), 0);
    await page.evaluate("element.focus()");
    await untilPageSays(page, "document.querySelector('#two').classList.contains('StripeElement--focus')");
    await page.evaluate("element.update({ disabled: true }); element.clear()");
    const moved = page.frameLocator("#two iframe").getByPlaceholder("Card number");
    assert.deepEqual([await moved.inputValue(), await moved.isDisabled()], ["", true]);
    await page.evaluate("element.destroy()");
    assert.equal(await page.locator("#two iframe").count(), 0);
    assert.match(String(await page.evaluate("refusalOf(() => element.mount('#one'))")), /already been destroyed/);
    assert.equal(await page.evaluate("elements.getElement('card')"), null);
    await page.close();
  });
});
