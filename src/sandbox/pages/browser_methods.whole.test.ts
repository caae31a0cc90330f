// What an account has switched on, by Stripe.js: methods that are answered for on another page, and accounts to prove.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { noBrowser } from "#kit/browser/testing.ts";
import { type BrowserWorld, fieldsOf, saidBy, startBrowserWorld } from "./testing/browser.ts";
import { barePage } from "./testing/pages.ts";

const dollars = { amount: "4900", currency: "usd" };

describe("switched-on methods by Stripe.js", { skip: noBrowser }, () => {
  let world: BrowserWorld;
  before(async () => {
    world = await startBrowserWorld({ bare: barePage });
    const { data } = (await world.stripe("/v1/payment_method_configurations")) as { data: readonly { id: string }[] };
    const types = ["alipay", "klarna", "us_bank_account", "wechat_pay"];
    const on = types.map((type) => [`${type}[display_preference][preference]`, "on"]);
    await world.stripe(`/v1/payment_method_configurations/${data[0]?.id}`, Object.fromEntries(on));
  });
  after(async () => {
    await world.close();
  });

  async function openPage() {
    const { page } = await world.openCheckout("bare");
    await saidBy(page);
    return page;
  }

  test("the Payment Element offers Klarna, asks for an address, and leads to its page and back", async () => {
    const intent = await world.stripe("/v1/payment_intents", dollars);
    const page = await openPage();
    await page.evaluate(`{
      window.elements = stripe.elements({ clientSecret: "${intent.client_secret}" });
      elements.create("payment", { layout: "tabs" }).mount("#one");
    }`);
    const fields = fieldsOf(page);
    await fields.getByText("Klarna").click();
    await fields.getByText(/you will be redirected/).waitFor();
    await fields.getByLabel("Email").fill("ada@example.com");
    await page.evaluate(
      `void stripe.confirmPayment({ elements, confirmParams: { return_url: "${world.shopUrl}/bare" } })`,
    );
    await page.getByText("Klarna test payment page").waitFor();
    await page.getByText("Authorize test payment").click();
    await page.waitForURL(/redirect_status=succeeded/);
    assert.equal((await world.stripe(`/v1/payment_intents/${intent.id}`)).status, "succeeded");
    await page.close();
  });

  test("Alipay leaves the page, WeChat Pay does not", async () => {
    const page = await openPage();
    const scanned = await world.stripe("/v1/payment_intents", dollars);
    const waiting = page.evaluate(
      `stripe.confirmWechatPayPayment("${scanned.client_secret}", { payment_method: {} })
        .then(({ error, paymentIntent }) => error?.message ?? paymentIntent.status)`,
    );
    await page.frameLocator('iframe[title*="uthentication" i]').getByText("Authorize test payment").click();
    assert.equal(await waiting, "succeeded");
    const away = await world.stripe("/v1/payment_intents", dollars);
    await page.evaluate(
      `void stripe.confirmAlipayPayment("${away.client_secret}", { payment_method: {}, return_url: location.href })`,
    );
    await page.getByText("Alipay test payment page").waitFor();
    await page.close();
  });

  test("an account is proved from the page", async () => {
    const { client_secret } = await world.stripe("/v1/payment_intents", dollars);
    const page = await openPage();
    const method = `{ us_bank_account: { account_holder_type: "individual", account_number: "000123456789",
      routing_number: "110000000" }, billing_details: { name: "Ada" } }`;
    const next = await page.evaluate(
      `stripe.confirmUsBankAccountPayment("${client_secret}", { payment_method: ${method} })
        .then(({ error, paymentIntent }) => error?.message ?? paymentIntent.next_action.type)`,
    );
    assert.equal(next, "verify_with_microdeposits");
    const status = await page.evaluate(
      `stripe.verifyMicrodepositsForPayment("${client_secret}", { amounts: [32, 45] })
        .then(({ error, paymentIntent }) => error?.message ?? paymentIntent.status)`,
    );
    assert.equal(status, "processing");
    await page.close();
  });
});
