// The README's promise, played in a browser: Ctrl-C in the middle of the bank's question, and a second start.
import assert from "node:assert/strict";
import { test } from "node:test";
import { challengeOf, fillCard, noBrowser, startBrowser } from "#kit/browser/testing.ts";
import { newFolder, startDev } from "./testing.ts";

test("Ctrl-C inside the 3-D Secure page, a second start, an answer: one charge, one parcel", {
  skip: noBrowser,
}, async (t) => {
  const data = newFolder(t);
  const first = await startDev(t, { data });
  const browser = await startBrowser();
  t.after(() => browser.close());
  const page = await browser.openPage();
  await page.goto(first.shop);
  await page.getByRole("button", { name: "Add to cart: Enamel mug" }).click();
  await page.getByRole("button", { name: "Order and pay" }).click();
  await fillCard(page, "4000002500003155");
  await page.click("#pay");
  const complete = challengeOf(page).getByRole("button", { name: "Complete" });
  await complete.waitFor();
  assert.equal(await first.end("SIGINT"), 0);

  const second = await startDev(t, { data, more: first.ports });
  await complete.click();
  await page.getByText("Paid. Your parcel is packed.").waitFor();
  const headers = { authorization: "Bearer sk_test_bursar" };
  const charges = (await (await fetch(`${second.sandbox}/v1/charges`, { headers })).json()) as {
    data: { status: string }[];
  };
  assert.deepEqual(
    charges.data.map(({ status }) => status),
    ["succeeded"],
  );
  await second.find(/( packed) +order_1001/);
  assert.deepEqual(second.output().match(/ packed +order_1001/g)?.length, 1);
  assert.equal(await second.end("SIGINT"), 0);
});
