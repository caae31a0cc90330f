// `bursar dev` as a stranger meets it: a real process, its pages and its lines. The browser's own test is elsewhere;
// here the customer's bank is the API.
import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { administer, createTestDatabase, noPostgres } from "#kit/sql/testing.ts";
import { newCustomer, newFolder, startBursar, startDev, until } from "./testing.ts";

test("dev starts a world in which an order is placed, paid and packed once, says so, and ends cleanly", async (t) => {
  const dev = await startDev(t, { more: ["--verbose"] });
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
  await until("the shop to pack", async () =>
    (await customer.page("/orders/order_1001")).includes('data-status="packed"'),
  );
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

test("dev ended in the middle of 3-D Secure goes on where it stood, and charges once", async (t) => {
  const data = newFolder(t);
  const first = await startDev(t, { data });
  const customer = await newCustomer(first.shop);
  await customer.order("coffee");
  const { stripe } = await first.rest<{ stripe: { paymentIntentId: string } }>("/v1/orders/order_1001");
  const intents = `/v1/payment_intents/${stripe.paymentIntentId}`;
  const headers = { authorization: "Bearer sk_test_bursar" };
  const body = new URLSearchParams({ payment_method: "pm_card_authenticationRequired", return_url: first.shop });
  const confirmed = await fetch(`${first.sandbox}${intents}/confirm`, { method: "POST", headers, body });
  assert.equal(((await confirmed.json()) as { status: string }).status, "requires_action");
  assert.equal(await first.end("SIGINT"), 0);

  const second = await startDev(t, { data, more: first.ports });
  const waiting = (await (await fetch(`${second.sandbox}${intents}`, { headers })).json()) as {
    next_action: { redirect_to_url: { url: string } };
  };
  const decided = { method: "POST", body: new URLSearchParams({ outcome: "succeeded" }), redirect: "manual" } as const;
  assert.equal((await fetch(waiting.next_action.redirect_to_url.url, decided)).status, 303);
  await until("the shop to pack", async () =>
    (await customer.page("/orders/order_1001")).includes('data-status="packed"'),
  );
  const charges = await (await fetch(`${second.sandbox}/v1/charges`, { headers })).json();
  const taken = (charges as { data: { status: string; amount: number }[] }).data;
  assert.deepEqual(
    taken.map(({ status }) => status),
    ["succeeded"],
  );
  await second.find(/^\S+ +(packed) /m);
  assert.equal(second.output().match(/^\S+ +packed /gm)?.length, 1, "one parcel");
  await (await newCustomer(second.shop)).order("grinder");
  assert.equal((await second.rest<{ status: string }>("/v1/orders/order_1002")).status, "created");
  assert.equal(await second.end("SIGINT"), 0);

  const third = await startDev(t, { data, more: ["--fresh"] });
  await (await newCustomer(third.shop)).order("grinder");
  const order = await third.rest<{ total: { amount: number } }>("/v1/orders/order_1001");
  assert.equal(order.total.amount, 7_900, "a new world counts from the beginning");
  assert.equal(await third.end("SIGINT"), 0);
});

test("what dev and billing keep is for its owner alone, and no key stands where a machine collects", async (t) => {
  const data = path.join(newFolder(t), "world");
  const dev = startBursar(t, [
    "dev",
    "--log",
    "json",
    "--data",
    data,
    "--sandbox-port",
    "0",
    "--billing-port",
    "0",
    "--shop-port",
    "0",
  ]);
  await dev.find(/cli\.(ready)/);
  const files = readdirSync(data, { recursive: true, withFileTypes: true });
  const ours = files.filter(({ name }) => !name.startsWith("shop."));
  for (const entry of ours) {
    const mode = statSync(path.join(entry.parentPath, entry.name)).mode & 0o777;
    assert.equal(mode.toString(8), entry.isDirectory() ? "700" : "600", entry.name);
  }
  assert.ok(ours.some(({ name }) => name === "billing.sqlite-wal"));
  assert.equal((statSync(data).mode & 0o777).toString(8), "700");
  assert.equal(await dev.end("SIGINT"), 0);
  assert.doesNotMatch(dev.errors() + dev.output(), /bk_test_\w/);
});

test("a port that was asked for and is taken is said aloud, with what to do", async (t) => {
  const sandbox = startBursar(t, ["sandbox", "--port", "0"]);
  const taken = new URL(await sandbox.find(/local Stripe on (http:\/\/\S+?)\. /)).port;
  const second = startBursar(t, ["sandbox"], { BURSAR_SANDBOX_PORT: taken });
  assert.equal(await second.ended, 1, "one that was asked for is not replaced");
  assert.match(second.errors(), new RegExp(`Port ${taken} is taken by another program[^]*--port 0 for any free one`));
  assert.equal(await sandbox.end("SIGINT"), 0);
});

test("dev has a database of its own, whatever the environment names for other programs", async (t) => {
  const database = await createTestDatabase("postgres", { isEmpty: true });
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
