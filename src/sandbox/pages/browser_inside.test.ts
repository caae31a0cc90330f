// The /-/ pages and the bank's page in a real browser: used by hand, at both widths, in light and dark.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { assertGood, assertGoodAtBothWidths, noBrowser } from "#kit/browser/testing.ts";
import { type BrowserWorld, startBrowserWorld } from "./testing/browser.ts";

const skip = noBrowser;
const longText = "w".repeat(400);

describe("the pages of the sandbox in a browser", { skip }, () => {
  let world: BrowserWorld;
  let endpointId: unknown;
  before(async () => {
    world = await startBrowserWorld({});
  });
  after(async () => {
    await world.close();
  });

  /** Whatever the page throws, its policy blocks, or a browser looks for in vain fails the test. */
  async function openPage(path: string, look: { width: number; isDark?: boolean }): Promise<Page> {
    const page = await world.browser.openPage(look);
    page.on("pageerror", (error) => assert.fail(error.message));
    page.on("console", (line) =>
      assert.ok(line.type() !== "error" || /status of 40[04]/.test(line.text()), line.text()),
    );
    page.on("requestfailed", (request) => assert.fail(request.url()));
    const answer = await page.goto(`${world.sandboxUrl}${path}`);
    assert.equal(answer?.headers()["access-control-allow-origin"], undefined);
    return page;
  }

  async function assertAllGood(shown: readonly string[]): Promise<void> {
    const page = await openPage("/-/", { width: 390 });
    for (const path of shown) {
      await page.goto(`${world.sandboxUrl}${path}`);
      await assertGoodAtBothWidths(page);
    }
    await page.close();
  }

  const names = [
    "objects",
    "events",
    "endpoints",
    "machines",
    "time",
    "faults",
    "keys",
    "coverage",
    "evidence",
    "nothing",
  ];
  const paths = names.map((name) => `/-/${name}`);

  test("a new sandbox says on each page that there is nothing yet, and how something comes", async () => {
    await assertAllGood(paths);
    const page = await openPage("/-/", { width: 390 });
    await page.getByText("/v1/customers -u sk_test_mine").waitFor();
    await page.close();
  });

  test("long names, long ids and many rows stay within the screen", async () => {
    for (let count = 0; count < 60; count += 1) await world.stripe("/v1/customers", { description: longText });
    const url = `http://127.0.0.1:9/${longText}`;
    endpointId = (await world.stripe("/v1/webhook_endpoints", { url, "enabled_events[]": "*" })).id;
    const intent = await world.stripe("/v1/payment_intents", {
      amount: "2000",
      currency: "eur",
      payment_method: "pm_card_visa",
      confirm: "true",
      return_url: "http://localhost/back",
      "metadata[note]": longText,
    });
    const [event] = (await world.stripe("/v1/events?type=payment_intent.succeeded")).data as { id: string }[];
    const one = [`/-/objects/${intent.id}`, `/-/events/${event?.id}`];
    const lists = ["/-/events", "/-/endpoints", "/-/time", "/-/keys", "/-/objects?object=customer"];
    await assertAllGood([...lists, ...one]);
    for (const path of ["/-/events", "/-/machines", ...one]) {
      const page = await openPage(path, { width: 1280, isDark: true });
      await assertGood(page);
      await page.close();
    }
  });

  test("a subscription's life fits the screen", async () => {
    const customer = await world.stripe("/v1/customers", { source: "tok_visa" });
    const price = await world.stripe("/v1/prices", {
      currency: "usd",
      unit_amount: "1000",
      "recurring[interval]": "month",
      "product_data[name]": longText.slice(0, 250),
    });
    const items = { "items[0][price]": String(price.id) };
    const { id } = await world.stripe("/v1/subscriptions", { customer: String(customer.id), ...items });
    await assertAllGood([`/-/objects/${id}`]);
  });

  test("the bank's pages ask, and say when there is nothing to ask", async () => {
    for (const [heading, method] of [
      ["3D Secure authentication", { payment_method: "pm_card_threeDSecure2Required" }],
      ["iDEAL test payment page", { "payment_method_data[type]": "ideal" }],
    ] as const) {
      const intent = await world.stripe("/v1/payment_intents", {
        amount: "2000",
        currency: "eur",
        description: longText,
        confirm: "true",
        return_url: `${world.shopUrl}/thanks`,
        ...method,
      });
      const { url } = (intent.next_action as { redirect_to_url: { url: string } }).redirect_to_url;
      const { pathname, search } = new URL(url);
      await assertAllGood([`${pathname}${search}`]);
      const page = await openPage(`${pathname}${search}`, { width: 390 });
      await page.getByRole("heading", { name: heading }).waitFor();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.waitForURL("**/thanks?**");
      await page.goto(url);
      await page.getByRole("heading", { name: "The authentication is complete." }).waitFor();
      await assertGood(page);
      await page.close();
    }
    await assertAllGood(["/3d_secure_2/hosted", "/redirect/authorize?payment_intent=pi_x"]);
  });

  test("an object is found, its history read, its event sent again, by the keyboard alone", async () => {
    const { id } = await world.stripe("/v1/customers", { name: "Ada" });
    const page = await openPage("/-/objects", { width: 390 });
    await page.getByLabel("Amount, e-mail, id").focus();
    await page.keyboard.type("nobody@example.com");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Nothing here" }).waitFor();
    await assertGood(page);
    await page.getByLabel("Amount, e-mail, id").fill("");
    await page.keyboard.type(String(id));
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: String(id) }).waitFor();
    await page.getByText("customer.created").waitFor();
    const [event] = (await world.stripe("/v1/events?type=customer.created")).data as { id: string }[];
    await page.goto(`${world.sandboxUrl}/-/events/${event?.id}`);
    await page.getByRole("button", { name: "Replay" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("status").getByText("It is on its way.").waitFor();
    await assertGood(page);
    await page.getByRole("link", { name: "See what came of it" }).click();
    assert.ok((await page.locator("td", { hasText: "failed" }).count()) >= 1);
    assert.match(await page.getByLabel("Endpoint").inputValue(), new RegExp(String(endpointId)));
    await page.close();
  });

  test("a fault is set, seen to strike and removed; a wrong one is refused with a way back", async () => {
    const page = await openPage("/-/faults", { width: 1280 });
    await page.getByLabel("What").selectOption("rate_limit");
    await page.getByLabel("Path of a call").fill("/v1/refunds");
    await page.getByLabel("Times").fill("2");
    await page.getByRole("button", { name: "Add" }).click();
    await page.getByRole("cell", { name: "2 more" }).waitFor();
    const headers = { Authorization: "Bearer sk_test_browser" };
    assert.equal((await fetch(`${world.sandboxUrl}/v1/refunds`, { headers })).status, 429);
    await page.reload();
    await page.getByRole("cell", { name: "once", exact: true }).waitFor();
    await assertGood(page);
    await page.getByRole("button", { name: "Remove" }).click();
    await page.getByText("Nothing goes wrong.").waitFor();
    await page.getByLabel("Milliseconds").fill("99999999999");
    await page.getByRole("button", { name: "Add" }).click();
    await page.getByRole("alert").waitFor();
    await assertGood(page);
    await page.getByRole("link", { name: "Back" }).click();
    await page.getByRole("heading", { name: "Faults" }).waitFor();
    await page.close();
  });

  test("the clock is moved by hand", async () => {
    const page = await openPage("/-/time", { width: 390 });
    const before = Date.parse((await page.locator(".big time").first().getAttribute("datetime")) ?? "");
    await page.getByLabel("Forward by").fill("2");
    await page.getByLabel("Unit").selectOption("days");
    await page.getByRole("button", { name: "Move the clock" }).click();
    await page.waitForLoadState();
    const later = Date.parse((await page.locator(".big time").getAttribute("datetime")) ?? "");
    assert.ok(later - before >= 2 * 86_400_000);
    await page.close();
  });
});
