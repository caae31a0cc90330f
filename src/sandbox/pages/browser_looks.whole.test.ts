// The elements beside the payment (wallets, addresses, e-mail) and the looks of all.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Frame, Page } from "playwright-core";
import { noBrowser, seriousFindings, untilPageSays } from "#kit/browser/testing.ts";
import { type BrowserWorld, fieldsOf, fillPayment, saidBy, startBrowserWorld } from "./testing/browser.ts";
import { barePage } from "./testing/pages.ts";

const skip = noBrowser;
const payment = '"payment", { layout: "tabs" }';
const paying = '{ mode: "payment", amount: 4900, currency: "eur" }';

describe("the elements beside the payment, and the looks of all", { skip }, () => {
  let world: BrowserWorld;
  before(async () => {
    world = await startBrowserWorld({ bare: barePage });
  });
  after(async () => {
    await world.close();
  });

  /** The bare page with the given elements of a new group, the first in `#one`, the second in `#two`. */
  async function openGroup(group: string, made: readonly string[]): Promise<{ page: Page; intentId: string }> {
    const { page, intentId } = await world.openCheckout("bare");
    await saidBy(page);
    const mounts = made.map((args, index) => {
      const place = index === 0 ? "#one" : "#two";
      return `listenTo(elements.create(${args})).mount("${place}");`;
    });
    await page.evaluate(`{ window.elements = stripe.elements(${group}); ${mounts.join(" ")} }`);
    await untilPageSays(
      page,
      `heard.filter((event) => 'elementType' in event && Object.keys(event).length <= 2).length >= ${made.length}`,
    );
    return { page, intentId };
  }

  const titled = (page: Page, title: string) => page.frameLocator(`iframe[title="${title}"]`);

  async function fillAddress(page: Page): Promise<void> {
    const fields = titled(page, "Secure address input frame");
    await fields.getByLabel("Full name").fill("Ada Lovelace");
    await fields.getByLabel("Address").fill("Hauptstrasse 1");
    await fields.getByLabel("Postal code").fill("10115");
    await fields.getByLabel("City").fill("Berlin");
  }

  test("the Express Checkout Element says that there is no wallet to show", async () => {
    const { page } = await openGroup(paying, ['"expressCheckout"']);
    const ready = await page.evaluate("heard[0]");
    assert.deepEqual(ready, { elementType: "expressCheckout", availablePaymentMethods: undefined });
    assert.equal(await page.locator("#one iframe").count(), 0);
    await page.close();
  });

  test("the Address Element hears an address and tells it", async () => {
    const options =
      '{ mode: "shipping", allowedCountries: ["DE", "AT"], defaultValues: { address: { country: "DE" } } }';
    const { page } = await openGroup(paying, [`"address", ${options}`]);
    const refusal = await page.evaluate('refusalOf(() => elements.create("address"))');
    assert.match(String(refusal), /'shipping' or 'billing'/);
    const early = await page.evaluate("elements.getElement('address').getValue()");
    assert.equal((early as { complete: boolean }).complete, false);
    assert.equal(await page.evaluate("elements.submit().then(({ error }) => error.code)"), "incomplete_name");
    assert.deepEqual(await seriousFindings(page), []);
    const countries = titled(page, "Secure address input frame").getByLabel("Country").locator("option");
    assert.deepEqual(await countries.allTextContents(), ["Austria", "Germany"]);
    await fillAddress(page);
    const value = {
      name: "Ada Lovelace",
      address: { line1: "Hauptstrasse 1", line2: null, city: "Berlin", state: "", postal_code: "10115", country: "DE" },
    };
    const told = { complete: true, isNewAddress: true, value };
    assert.deepEqual(await page.evaluate("elements.getElement('address', { mode: 'shipping' }).getValue()"), told);
    const change = (await page.evaluate("heard.at(-1)")) as Record<string, unknown>;
    assert.equal(change.elementMode, "shipping");
    assert.deepEqual(change.value, value);
    assert.deepEqual(await page.evaluate("elements.submit()"), {});
    await page.close();
  });

  test("the shipping address goes with the payment", async () => {
    const address = '"address", { mode: "shipping", defaultValues: { address: { country: "DE" } } }';
    const { page, intentId } = await openGroup(paying, [payment, address]);
    await fillPayment(page, "4242424242424242");
    await fillAddress(page);
    await page.evaluate("elements.submit()");
    const status = await page.evaluate(
      `stripe.confirmPayment({ elements, clientSecret: secret, redirect: "if_required" })
        .then(({ error, paymentIntent }) => error ? error.message : paymentIntent.status)`,
    );
    assert.equal(status, "succeeded");
    const intent = await world.stripe(`/v1/payment_intents/${intentId}`);
    const shipping = intent.shipping as { name: string; address: { city: string } };
    assert.equal(shipping.name, "Ada Lovelace");
    assert.equal(shipping.address.city, "Berlin");
    await page.close();
  });

  test("the e-mail address of Link Authentication goes with the payment method", async () => {
    const { page } = await openGroup(paying, [payment, '"linkAuthentication"']);
    const email = titled(page, "Secure email input frame").getByLabel("Email");
    await fillPayment(page, "4242424242424242");
    assert.equal(await page.evaluate("elements.submit().then(({ error }) => error.code)"), "incomplete_email");
    await email.fill("ada@example.com");
    assert.deepEqual(await page.evaluate("heard.at(-1)"), {
      elementType: "linkAuthentication",
      empty: false,
      complete: true,
      value: { email: "ada@example.com" },
      error: undefined,
    });
    await page.evaluate("elements.submit()");
    const made = await page.evaluate(
      "stripe.createPaymentMethod({ elements }).then(({ paymentMethod }) => paymentMethod.billing_details.email)",
    );
    assert.equal(made, "ada@example.com");
    await page.close();
  });

  async function looksOf(page: Page, selector: string, names: readonly string[]): Promise<Record<string, string>> {
    const frame = page.frames().find((each: Frame) => each.parentFrame() !== null);
    assert.ok(frame);
    return frame.evaluate(`(() => {
      const looks = getComputedStyle(document.querySelector(${JSON.stringify(selector)}));
      return Object.fromEntries(${JSON.stringify(names)}.map((name) => [name, looks.getPropertyValue(name)]));
    })()`) as Promise<Record<string, string>>;
  }

  const number = 'input[name="number"]';

  test("each theme has its colours, and an update changes them in place", async () => {
    const { page } = await openGroup(paying, [payment]);
    await fieldsOf(page).getByLabel("Card number").fill("4242");
    for (const [theme, background, ink] of [
      ["stripe", "rgb(255, 255, 255)", "rgb(48, 49, 61)"],
      ["night", "rgb(48, 49, 61)", "rgb(255, 255, 255)"],
      ["flat", "rgb(241, 241, 241)", "rgb(48, 49, 61)"],
    ]) {
      await page.evaluate(`elements.update({ appearance: { theme: "${theme}" } })`);
      const looks = await looksOf(page, number, ["background-color", "color"]);
      assert.deepEqual(looks, { "background-color": background, color: ink });
    }
    assert.equal(await fieldsOf(page).getByLabel("Card number").inputValue(), "4242");
    await page.close();
  });

  test("variables and rules of the Appearance API reach fields, labels, errors and tabs", async () => {
    const appearance = `{
      theme: "stripe",
      variables: { colorPrimary: "#110000", colorBackground: "#220000", colorText: "#330000", colorDanger: "#440000",
        borderRadius: "13px", fontFamily: "monospace", fontSizeBase: "20px", spacingUnit: "6px" },
      rules: { ".Label": { textTransform: "uppercase" }, ".Error": { fontWeight: "700" },
        ".Input": { borderWidth: "3px" }, ".Input--invalid": { outlineColor: "#550000" },
        ".Input:focus": { borderColor: "#660000" },
        ".Tab--selected": { letterSpacing: "2px" }, "} body": { display: "none" } },
    }`;
    const { page } = await openGroup(`{ mode: "payment", amount: 1, currency: "eur", appearance: ${appearance} }`, [
      payment,
    ]);
    assert.deepEqual(await looksOf(page, 'input[name="expiry"]', ["background-color", "color", "padding-top"]), {
      "background-color": "rgb(34, 0, 0)",
      color: "rgb(51, 0, 0)",
      "padding-top": "18px",
    });
    assert.deepEqual(await looksOf(page, number, ["border-radius", "font-family", "font-size", "border-top-width"]), {
      "border-radius": "13px",
      "font-family": "monospace",
      "font-size": "20px",
      "border-top-width": "3px",
    });
    assert.deepEqual(await looksOf(page, ".Label", ["text-transform"]), { "text-transform": "uppercase" });
    const tab = await looksOf(page, ".Tab--selected", ["color", "letter-spacing"]);
    assert.deepEqual(tab, { color: "rgb(17, 0, 0)", "letter-spacing": "2px" });
    await page.evaluate("elements.submit()");
    const error = await looksOf(page, ".Field--number .Error", ["color", "font-weight"]);
    assert.deepEqual(error, { color: "rgb(68, 0, 0)", "font-weight": "700" });
    assert.equal((await looksOf(page, "body", ["display"])).display, "block");
    await page.close();
  });
});
