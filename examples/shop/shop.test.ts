import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { createShopServer } from "./server.ts";
import { openShop, type PaymentState, type Shop, type ShopOrder } from "./shop.ts";

test("an order keeps the price of the day it was placed and empties the cart", () => {
  const shop = openShop(":memory:");
  shop.putInCart("visitor", "mug", 2);
  shop.putInCart("visitor", "coffee", 1);
  const order = shop.placeOrder("visitor");
  assert.equal(order?.id, "order_1001");
  assert.equal(order?.totalCents, 2 * 1_800 + 1_290);
  assert.deepEqual(shop.cart("visitor"), []);
  assert.equal(shop.placeOrder("visitor"), undefined, "nothing in the cart, no second order");
  shop.close();
});

test("being told twice that an order is paid packs one parcel", () => {
  const shop = openShop(":memory:");
  shop.putInCart("visitor", "mug", 1);
  const order = shop.placeOrder("visitor");
  assert.ok(order);
  assert.equal(shop.fulfil(order.id), true);
  const packedAt = shop.order(order.id)?.fulfilledAt;
  assert.equal(shop.fulfil(order.id), false);
  assert.equal(shop.order(order.id)?.fulfilledAt, packedAt);
  shop.close();
});

test("an order that was placed elsewhere is nobody's parcel, and no error for ever", () => {
  const packed: string[] = [];
  const shop = openShop(":memory:", (id) => packed.push(id));
  for (const id of ["order_1001", "invoice_7", "order_0", "__proto__"]) assert.equal(shop.fulfil(id), false);
  assert.deepEqual(packed, []);
  shop.close();
});

test("a customer goes from catalogue to payment and back to an order that is packed once paid", async () => {
  await withShop(async ({ shop, url }) => {
    let state: PaymentState = "unpaid";
    shop.payWith({
      pay: async (order, returnUrl) => `http://pay.test/${order.id}?back=${encodeURIComponent(returnUrl)}`,
      state: async () => state,
    });
    const visitor = await browser(url);
    assert.match((await visitor.get("/")).text, /Hand grinder/);
    await visitor.post("/cart", { product: "grinder" });
    assert.match((await visitor.get("/cart")).text, /Order and pay €\u00a079\.00/);
    const ordered = await visitor.post("/orders", {});
    assert.equal(ordered.status, 303);
    assert.match(ordered.location, /^http:\/\/pay\.test\/order_1001\?back=/);
    state = "paid";
    assert.match((await visitor.get("/orders/order_1001")).text, /data-status="paid"/);
    shop.fulfil("order_1001");
    assert.match((await visitor.get("/orders/order_1001")).text, /data-status="packed"/);
    assert.equal((await visitor.post("/orders/order_1001/pay", {})).location, "/orders/order_1001", "paid is paid");
    assert.equal((await visitor.post("/orders", {})).location, "/orders", "a double click makes no second order");
  });
});

const states: Readonly<Record<PaymentState, "pay" | "wait" | "end">> = {
  unpaid: "pay",
  declined: "pay",
  unknown: "wait",
  underway: "wait",
  paid: "wait",
  over: "end",
};

for (const [state, what] of Object.entries(states) as [PaymentState, "pay" | "wait" | "end"][]) {
  test(`an order whose payment is ${state} ${what === "pay" ? "offers" : "never offers"} to pay`, async () => {
    await withShop(async ({ shop, url }) => {
      const paid: string[] = [];
      const pay = async (order: ShopOrder) => `http://pay.test/${paid.push(order.id)}`;
      const asked = state === "unknown" ? () => Promise.reject(new Error("away")) : async () => state;
      shop.payWith({ pay, state: asked });
      const visitor = await browser(url);
      await visitor.post("/cart", { product: "mug" });
      await visitor.post("/orders", {});
      const { text } = await visitor.get("/orders/order_1001");
      assert.match(text, new RegExp(`data-status="${state}"`));
      assert.equal(text.includes("/pay"), what === "pay");
      assert.equal(text.includes("<script>"), what === "wait", "it looks again while something may come");
      const before = paid.length;
      const { location } = await visitor.post("/orders/order_1001/pay", {}); // A button of an older page.
      assert.equal(paid.length - before, what === "pay" ? 1 : 0);
      if (what !== "pay") assert.equal(location, "/orders/order_1001");
    });
  });
}

test("the shop refuses what is not there, too much, and other people's orders", async () => {
  await withShop(async ({ shop, url }) => {
    const visitor = await browser(url);
    assert.equal((await visitor.post("/cart", { product: "yacht" })).status, 404);
    assert.equal((await visitor.post("/cart", { product: "mug", quantity: "21" })).status, 422);
    assert.equal((await visitor.post("/cart", { product: "mug", quantity: "1.5" })).status, 422);
    shop.putInCart("somebody else", "mug", 1);
    shop.placeOrder("somebody else");
    assert.equal((await visitor.get("/orders/order_1001")).status, 404);
    assert.equal((await visitor.post("/orders/order_1001/pay", {})).status, 404);
    assert.equal((await visitor.get("/nowhere")).status, 404);
  });
});

test("what is removed is gone from the cart, and trouble has a way on", async () => {
  await withShop(async ({ shop, url }) => {
    shop.payWith({
      pay: () => Promise.reject(new Error("billing is away, secret detail")),
      state: async () => "unpaid",
    });
    const visitor = await browser(url);
    await visitor.post("/cart", { product: "mug" });
    const body = new URLSearchParams("product=mug&quantity=3&quantity=0");
    await visitor.post("/cart", body);
    assert.match((await visitor.get("/cart")).text, /It is empty/);
    await visitor.post("/cart", { product: "mug" });
    const refused = await visitor.post("/orders", {});
    assert.equal(refused.status, 502);
    assert.match(refused.text, /href="\/orders"/);
    assert.ok(!refused.text.includes("secret detail"));
  });
});

async function withShop(work: (given: { shop: Shop; url: string }) => Promise<void>): Promise<void> {
  const shop = openShop(":memory:");
  let url = "";
  const server = createShopServer(shop, () => url).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await work({ shop, url });
  } finally {
    server.closeAllConnections();
    server.close();
    shop.close();
  }
}

async function browser(url: string) {
  const first = await fetch(url);
  const cookie = first.headers.get("set-cookie")?.split(";")[0] ?? "";
  await first.text();
  const visit = async (path: string, init: RequestInit) => {
    const answer = await fetch(url + path, { ...init, headers: { cookie }, redirect: "manual" });
    return { status: answer.status, location: answer.headers.get("location") ?? "", text: await answer.text() };
  };
  return {
    get: (path: string) => visit(path, {}),
    post: (path: string, form: Record<string, string> | URLSearchParams) =>
      visit(path, { method: "POST", body: new URLSearchParams(form) }),
  };
}
