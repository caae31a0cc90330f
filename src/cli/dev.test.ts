// `bursar dev` as a stranger meets it: a real process, its pages and its lines. The browser's own test is elsewhere;
// here the customer's bank is the API.
import assert from "node:assert/strict";
import { test } from "node:test";
import { administer, createTestDatabase, noPostgres } from "#kit/sql/testing.ts";
import { newCustomer, newFolder, startDev, until } from "./testing.ts";

test("dev starts a world in which an order is placed, paid and packed once, says so, and ends cleanly", async (t) => {
  const dev = await startDev(t);
  assert.match(dev.output(), /^Stripe: always the sandbox/);
  assert.match(dev.output(), /4242 4242 4242 4242 {3}pays/);

  const customer = await newCustomer(dev.shop);
  const checkoutUrl = await customer.order("mug");
  assert.equal(new URL(checkoutUrl).origin, dev.billing, "the customer is sent to billing's page");
  const exchanged = await fetch(checkoutUrl, { redirect: "manual" });
  assert.equal(exchanged.status, 303);
  const page = new URL(exchanged.headers.get("location") ?? "", checkoutUrl);
  const cookie = exchanged.headers.get("set-cookie")?.split(";")[0] ?? "";
  assert.match(await (await fetch(page, { headers: { cookie } })).text(), /Enamel mug/);
  await dev.payAtStripe("order_1001");
  await until("the shop to pack", async () => (await customer.page("/orders/order_1001")).includes('"fulfilled"'));
  assert.equal((await dev.rest<{ status: string }>("/v1/orders/order_1001")).status, "paid");

  await until("the lines", async () => dev.output().includes("parcel is packed"));
  for (const kind of ["move", "event", "receipt", "fact", "handler"]) {
    assert.match(
      dev.output(),
      new RegExp(`^\\d\\d:\\d\\d:\\d\\d\\.\\d{3}  \\w+ +${kind} `, "m"),
      `a line for a ${kind}`,
    );
  }
  assert.equal(dev.output().split("parcel is packed").length - 1, 1, "one parcel");
  assert.equal(await dev.end("SIGTERM"), 0);
  assert.equal(dev.errors(), "");
});

test("dev starts again in the same folder, as a fresh world, and Ctrl-C ends it", async (t) => {
  const data = newFolder(t);
  const first = await startDev(t, { data });
  await (await newCustomer(first.shop)).order("coffee");
  assert.equal(await first.end("SIGINT"), 0);
  const second = await startDev(t, { data });
  await (await newCustomer(second.shop)).order("grinder");
  const order = await second.rest<{ total: { amount: number } }>("/v1/orders/order_1001");
  assert.equal(order.total.amount, 7_900);
  assert.equal(await second.end("SIGINT"), 0);
});

test("dev has a database of its own, whatever the environment names for other programs", async (t) => {
  const database = await createTestDatabase("postgres");
  if (!database) return t.skip(noPostgres);
  const names = ["DATABASE_URL", "BURSAR_DATABASE"];
  const env = { ...Object.fromEntries(names.map((name) => [name, database.url])), STRIPE_SECRET_KEY: "sk_live_1" };
  const dev = await startDev(t, { env });
  for (const name of Object.keys(env)) assert.match(dev.output(), new RegExp(`^${name} is set .* not used`, "m"));
  assert.match(dev.output(), /Database {3}sqlite:/);
  await (await newCustomer(dev.shop)).order("mug");
  assert.equal((await dev.rest<{ status: string }>("/v1/orders/order_1001")).status, "created");
  assert.equal(await dev.end("SIGINT"), 0);
  const schema = new URL(database.url).searchParams.get("schema");
  const [found] = await administer(database.url, `select from pg_namespace where nspname = '${schema}'`);
  assert.equal(found?.rowCount, 0, "nothing was made there");
  await database.drop();
});
