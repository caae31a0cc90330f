// For this folder's tests: `bursar dev` as a process, and a customer of its shop.
import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

const bin = fileURLToPath(new URL("../../bin/bursar.js", import.meta.url));
const waitMsMax = 20_000;

/** Somebody with a browser's cookie. */
export async function newCustomer(shop: string) {
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

/** Starts `bursar dev` on free ports, with an environment that has nothing of ours, and waits for its banner. */
export async function startDev(
  t: TestContext,
  given: { data?: string; command?: readonly string[]; cwd?: string } = {},
) {
  const { data = newFolder(t), command = [process.execPath, bin], cwd } = given;
  const argv = ["dev", "--sandbox-port", "0", "--billing-port", "0", "--shop-port", "0", "--data", data];
  const kept = Object.entries(process.env).filter(([name]) => !/^(BURSAR_|STRIPE_|DATABASE_URL)/.test(name));
  const [program = "", ...before] = command;
  const child = spawn(program, [...before, ...argv], { cwd, env: Object.fromEntries(kept), detached: true });
  // A process group of its own, so that a signal reaches what npx started too, as a terminal's Ctrl-C does.
  const signalAll = (signal: NodeJS.Signals) => process.kill(-(child.pid ?? Number.NaN), signal);
  t.after(() => {
    if (child.exitCode === null && child.signalCode === null) signalAll("SIGKILL");
  });
  const { output, errors } = collect(child);
  await until("the banner", async () => {
    assert.equal(child.exitCode, null, `dev ended: ${errors()}`);
    return output().includes("Ctrl-C ends it.");
  });
  const address = (name: string) => new RegExp(`${name} +(http://\\S+)`).exec(output())?.[1] ?? "";
  const key = /Bearer (bk_test_[\w-]+)/.exec(output())?.[1];
  const json = async <T>(url: string, init: RequestInit) => (await (await fetch(url, init)).json()) as T;
  const rest = <T>(route: string) =>
    json<T>(address("Billing") + route, { headers: { authorization: `Bearer ${key}` } });
  return {
    output,
    errors,
    rest,
    shop: address("Shop"),
    billing: address("Billing"),
    /** Confirms the order's PaymentIntent as Stripe.js would, but with our own account's key. */
    async payAtStripe(orderId: string): Promise<void> {
      const order = await rest<{ stripe: { paymentIntentId: string } }>(`/v1/orders/${orderId}`);
      const paid = await json<{ status: string }>(
        `${address("Sandbox")}/v1/payment_intents/${order.stripe.paymentIntentId}/confirm`,
        {
          method: "POST",
          headers: { authorization: "Bearer sk_test_bursar" },
          body: new URLSearchParams({ payment_method: "pm_card_visa", return_url: "http://127.0.0.1" }),
        },
      );
      assert.equal(paid.status, "succeeded", JSON.stringify(paid));
    },
    async end(signal: NodeJS.Signals): Promise<number | null> {
      signalAll(signal);
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

export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + waitMsMax;
  while (!(await holds())) {
    assert.ok(performance.now() < end, `waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export function newFolder(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), "bursar-dev-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
