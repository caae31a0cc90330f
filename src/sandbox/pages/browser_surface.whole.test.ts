// Everything that @stripe/stripe-js declares is there, or says clearly that it is not; and what Stripe took out is out.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { noBrowser } from "#kit/browser/testing.ts";
import { type BrowserWorld, fieldsOf, saidBy, startBrowserWorld } from "./testing/browser.ts";
import { barePage } from "./testing/pages.ts";

const skip = noBrowser;
const wrapper = path.dirname(createRequire(import.meta.url).resolve("@stripe/stripe-js"));
const declared = (name: string) => readFileSync(path.join(wrapper, "..", "dist", "stripe-js", name), "utf8");

const unique = (source: string, pattern: RegExp) => [
  ...new Set([...source.matchAll(pattern)].map(([, name]) => String(name))),
];
const stripeMethods = unique(declared("stripe.d.ts"), /^ {2}(\w+)\(/gm);
const groupMethods = unique(declared("elements-group.d.ts").split("export interface")[1] ?? "", /^ {2}(\w+)\(/gm);
const elementTypes = unique(declared("elements-group.d.ts"), /create\(\s*elementType: '(\w+)'/g);

/** Elements of products that the sandbox does not have: they are refused by name. */
const refusedTypes = /^(issuing|linkSignup|terms)/;

const removedFromEndive = [
  "confirmPaymentIntent",
  "confirmSetupIntent",
  "createSource",
  "handleCardPayment",
  "handleCardSetup",
  "handleFpxPayment",
  "redirectToCheckout",
  "retrieveSource",
];

describe("the surface of Stripe.js", { skip }, () => {
  let world: BrowserWorld;
  let page: Page;
  before(async () => {
    world = await startBrowserWorld({ bare: barePage });
    page = (await world.openCheckout("bare")).page;
    await saidBy(page);
  });
  after(async () => {
    await world.close();
  });

  test("every method that the wrapper declares is a function", async () => {
    assert.ok(stripeMethods.length >= 70 && groupMethods.length >= 5, "the declarations were read");
    const names = JSON.stringify(stripeMethods);
    assert.deepEqual(await page.evaluate(`${names}.filter((name) => typeof stripe[name] !== "function")`), []);
    const group = JSON.stringify(groupMethods);
    const missing = `${group}.filter((name) => typeof stripe.elements()[name] !== "function")`;
    assert.deepEqual(await page.evaluate(missing), []);
  });

  test("every element can be made with all that elements can do, or is refused by name", async () => {
    assert.ok(elementTypes.length >= 12, "the declarations were read");
    for (const type of elementTypes) {
      const make = `stripe.elements({ mode: "setup" }).create("${type}", { mode: "billing" })`;
      if (refusedTypes.test(type)) {
        assert.match(String(await page.evaluate(`refusalOf(() => ${make})`)), /A valid Element name must be provided/);
        continue;
      }
      const methods = ["mount", "unmount", "destroy", "blur", "focus", "clear", "update", "on", "once", "off"];
      if (type === "payment") methods.push("collapse");
      if (type === "address") methods.push("getValue");
      const missing = `((element) => ${JSON.stringify(methods)}.filter((name) => !element[name]))(${make})`;
      assert.deepEqual(await page.evaluate(missing), [], type);
    }
  });

  test("what Stripe took out throws and says what to use", async () => {
    for (const name of removedFromEndive) {
      assert.match(
        String(await page.evaluate(`refusalOf(() => stripe.${name}())`)),
        /no longer part of Stripe\.js since/,
      );
    }
  });

  test("what the sandbox has not answers an error, or throws where no error could be answered", async () => {
    for (const name of ["createRadarSession", "verifyIdentity", "collectBankAccountToken"]) {
      const error = (await page.evaluate(`stripe.${name}({}).then(({ error }) => error)`)) as Record<string, string>;
      assert.equal(error.type, "invalid_request_error");
      assert.match(error.message ?? "", new RegExp(`stripe\\.${name}\\(\\) is not part of the sandbox's Stripe\\.js`));
    }
    for (const name of ["initCheckoutElementsSdk", "createEmbeddedCheckoutPage"]) {
      assert.match(String(await page.evaluate(`refusalOf(() => stripe.${name}({}))`)), /not part of the sandbox's/);
    }
  });

  test("a method of payment that is not built here is the API's own refusal", async () => {
    const confirm = "stripe.confirmP24Payment(secret, { payment_method: { billing_details: {} } })";
    const error = (await page.evaluate(`${confirm}.then(({ error }) => error)`)) as Record<string, string>;
    assert.equal(error.type, "api_error");
  });

  test("a page on an older train still makes sources", async () => {
    const { page: old } = await world.openCheckout("bare");
    await saidBy(old);
    await old.evaluate("delete window.Stripe");
    await old.addScriptTag({ url: `${world.sandboxUrl}/basil/stripe.js` });
    await old.evaluate(`{
      window.stripe = Stripe("pk_test_browser");
      window.element = stripe.elements().create("card");
      element.mount("#one");
    }`);
    await fieldsOf(old).getByPlaceholder("Card number").fill("4242424242424242");
    await fieldsOf(old).getByPlaceholder("MM / YY").fill("12/34");
    await fieldsOf(old).getByPlaceholder("CVC").fill("123");
    await fieldsOf(old).getByPlaceholder("ZIP").fill("94107");
    const made = "stripe.createSource(element).then(({ source, error }) => error?.message ?? source.id)";
    const id = String(await old.evaluate(made));
    assert.match(id, /^src_/);
    assert.equal((await world.stripe(`/v1/sources/${id}`)).status, "chargeable");
    await old.close();
  });
});
