// `bursar dev` as a stranger meets it: a real process, its pages and its lines. The browser's own test is elsewhere;
// here the customer's bank is the API.
import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

const bin = fileURLToPath(new URL("../../bin/bursar.js", import.meta.url));
const waitMsMax = 20_000;

test("dev starts a world in which an order is placed, paid and packed once, says so, and ends cleanly", async (t) => {
  const dev = await startDev(t);
  assert.match(dev.output(), /^Stripe: always the sandbox/);
  assert.match(dev.output(), /4242 4242 4242 4242 {3}pays/);

  const customer = await newCustomer(dev.shop);
  const checkoutUrl = await customer.order("mug");
  assert.equal(new URL(checkoutUrl).origin, dev.billing, "the customer is sent to billing's page");
  assert.equal((await fetch(checkoutUrl)).status, 200);
  const order = await dev.rest<{ status: string; stripe: { paymentIntentId: string } }>("/v1/orders/order_1001");
  const paid = await dev.stripe(`/v1/payment_intents/${order.stripe.paymentIntentId}/confirm`, {
    payment_method: "pm_card_visa",
  });
  assert.equal(paid.status, "succeeded");
  await until("the shop to pack", async () => (await customer.page("/orders/order_1001")).includes('"fulfilled"'));
  assert.equal((await dev.rest<{ status: string }>("/v1/orders/order_1001")).status, "paid");

  await until("the lines", async () => dev.output().includes("shop.packed"));
  for (const kind of ["move", "event", "receipt", "fact", "handler"]) {
    assert.match(
      dev.output(),
      new RegExp(`^\\d\\d:\\d\\d:\\d\\d\\.\\d{3}  \\w+ +${kind} `, "m"),
      `a line for a ${kind}`,
    );
  }
  assert.equal(dev.output().split("shop.packed").length - 1, 1, "one parcel");
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

async function newCustomer(shop: string) {
  const first = await fetch(shop);
  await first.text();
  const headers = { cookie: first.headers.get("set-cookie")?.split(";")[0] ?? "" };
  const post = (route: string, form: Record<string, string>) =>
    fetch(shop + route, { method: "POST", headers, body: new URLSearchParams(form), redirect: "manual" });
  return {
    page: async (route: string) => (await fetch(shop + route, { headers })).text(),
    /** Puts one product in the cart, orders it, and answers where the shop sends the customer. */
    async order(product: string): Promise<string> {
      await post("/cart", { product });
      const answer = await post("/orders", {});
      assert.equal(answer.status, 303, await answer.text());
      return answer.headers.get("location") ?? "";
    },
  };
}

async function startDev(t: TestContext, { data = newFolder(t) }: { data?: string } = {}) {
  const argv = ["dev", "--sandbox-port", "0", "--billing-port", "0", "--shop-port", "0", "--data", data];
  const kept = Object.entries(process.env).filter(([name]) => !/^(BURSAR_|STRIPE_|DATABASE_URL)/.test(name));
  const child = spawn(process.execPath, [bin, ...argv], { env: Object.fromEntries(kept) });
  t.after(() => child.kill("SIGKILL"));
  const { output, errors } = collect(child);
  await until("the banner", async () => {
    assert.equal(child.exitCode, null, `dev ended: ${errors()}`);
    return output().includes("Ctrl-C ends it.");
  });
  const address = (name: string) => new RegExp(`${name} +(http://\\S+)`).exec(output())?.[1] ?? "";
  const key = /Bearer (bk_test_[\w-]+)/.exec(output())?.[1];
  const json = async <T>(url: string, init: RequestInit) => (await (await fetch(url, init)).json()) as T;
  return {
    output,
    errors,
    shop: address("Shop"),
    billing: address("Billing"),
    rest: <T>(route: string) => json<T>(address("Billing") + route, { headers: { authorization: `Bearer ${key}` } }),
    stripe: (route: string, form: Record<string, string>) =>
      json<{ status: string }>(address("Sandbox") + route, {
        method: "POST",
        headers: { authorization: "Bearer sk_test_bursar" },
        body: new URLSearchParams(form),
      }),
    async end(signal: NodeJS.Signals): Promise<number | null> {
      child.kill(signal);
      if (child.exitCode === null) await once(child, "exit");
      return child.exitCode;
    },
  };
}

function collect(child: ChildProcessWithoutNullStreams) {
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += stripVTControlCharacters(text);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  return { output: () => output, errors: () => errors };
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + waitMsMax;
  while (!(await holds())) {
    assert.ok(performance.now() < end, `waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), "bursar-dev-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
