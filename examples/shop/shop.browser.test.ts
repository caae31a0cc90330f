// The shop's pages in a real browser: used by the keyboard, looked at as on a phone and as on a desk.
import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { chromium, type Page } from "playwright-core";
import { createShopServer } from "./server.ts";
import { openShop } from "./shop.ts";

const chromiumPath = "/usr/bin/chromium";
const skip = existsSync(chromiumPath) ? false : `no Chromium at ${chromiumPath}`;
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface AxeWindow {
  axe: { run(): Promise<{ violations: { id: string; impact: string | null; nodes: { html: string }[] }[] }> };
}

async function assertGood(page: Page): Promise<void> {
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    await page.evaluate(axeSource);
    const { violations } = await page.evaluate(() => (globalThis as unknown as AxeWindow).axe.run());
    const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    assert.deepEqual(
      serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
      [],
    );
    assert.equal(await page.evaluate("document.documentElement.scrollWidth - innerWidth"), 0, page.url());
  }
  assert.match(await page.title(), /. · Corner Shop/);
  assert.equal(await page.evaluate("document.documentElement.lang"), "en");
}

test("a customer buys by the keyboard, and every page is good to look at", { skip }, async (t) => {
  const shop = openShop(":memory:");
  let url = "";
  const server = createShopServer(shop, () => url).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  shop.payWith(async (order) => `${url}/orders/${order.id}?from_payment`); // Pays nothing: the news comes later.
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
  const browser = await chromium.launch({ executablePath: chromiumPath, args });
  t.after(async () => {
    await browser.close();
    server.closeAllConnections();
    server.close();
    shop.close();
  });
  const page = await browser.newPage();
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (line) => {
    if (line.type() === "error") complaints.push(line.text());
  });

  for (const path of ["/cart", "/orders", "/"]) {
    await page.goto(url + path);
    await assertGood(page);
  }
  await page.getByRole("button", { name: "Add to cart: Enamel mug" }).focus();
  await page.keyboard.press("Enter");
  await page.getByLabel("Pieces of Enamel mug").fill("3");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Order and pay €\u00a054.00" }).waitFor();
  await page.goto(url);
  await page.getByRole("button", { name: "Add to cart: Hand grinder" }).click();
  await assertGood(page);
  await page.getByRole("button", { name: "Remove Hand grinder" }).click();
  await page.getByRole("button", { name: "Order and pay €\u00a054.00" }).click();

  await page.getByText("word of it is on its way").waitFor();
  await assertGood(page);
  shop.fulfil("order_1001");
  await page.getByText("Paid. Your parcel is packed.").waitFor();
  assert.equal(new URL(page.url()).search, "");
  await assertGood(page);
  await page.getByRole("link", { name: "see all your orders" }).click();
  await page.getByRole("cell", { name: "paid, packed" }).waitFor();
  await assertGood(page);
  assert.deepEqual(complaints, []);

  for (const [path, way] of [
    ["/nowhere", "To the shop"],
    ["/orders/order_9", "To your orders"],
  ] as const) {
    await page.goto(url + path);
    await page.getByRole("link", { name: way }).waitFor();
    await assertGood(page);
  }
});
