// The shop's pages in a real browser: used by the keyboard, looked at as on a phone and as on a desk.
import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { assertGoodAtBothWidths, noBrowser, startBrowser } from "#kit/browser/testing.ts";
import { createShopServer } from "./server.ts";
import { openShop } from "./shop.ts";

async function assertGoodInTheShop(page: Page): Promise<void> {
  await assertGoodAtBothWidths(page);
  assert.match(await page.title(), /. · Corner Shop/);
}

test("a customer buys by the keyboard, and every page is good to look at", { skip: noBrowser }, async (t) => {
  const shop = openShop(":memory:");
  let url = "";
  const server = createShopServer(shop, () => url).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  shop.payWith(async (order) => `${url}/orders/${order.id}?from_payment`); // Pays nothing: the news comes later.
  const browser = await startBrowser();
  t.after(async () => {
    await browser.close();
    server.closeAllConnections();
    server.close();
    shop.close();
  });
  const page = await browser.openPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (line) => {
    if (line.type() === "error") complaints.push(line.text());
  });

  for (const path of ["/cart", "/orders", "/"]) {
    await page.goto(url + path);
    await assertGoodInTheShop(page);
  }
  await page.getByRole("button", { name: "Add to cart: Enamel mug" }).focus();
  await page.keyboard.press("Enter");
  await page.getByLabel("Pieces of Enamel mug").fill("3");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Order and pay €\u00a054.00" }).waitFor();
  await page.goto(url);
  await page.getByRole("button", { name: "Add to cart: Hand grinder" }).click();
  await assertGoodInTheShop(page);
  await page.getByRole("button", { name: "Remove Hand grinder" }).click();
  await page.getByRole("button", { name: "Order and pay €\u00a054.00" }).click();

  await page.getByText("word of it is on its way").waitFor();
  await assertGoodInTheShop(page);
  shop.fulfil("order_1001");
  await page.getByText("Paid. Your parcel is packed.").waitFor();
  assert.equal(new URL(page.url()).search, "");
  await assertGoodInTheShop(page);
  await page.getByRole("link", { name: "see all your orders" }).click();
  await page.getByRole("cell", { name: "paid, packed" }).waitFor();
  await assertGoodInTheShop(page);
  assert.deepEqual(complaints, []);

  for (const [path, way] of [
    ["/nowhere", "To the shop"],
    ["/orders/order_9", "To your orders"],
  ] as const) {
    await page.goto(url + path);
    await page.getByRole("link", { name: way }).waitFor();
    await assertGoodInTheShop(page);
  }
});
