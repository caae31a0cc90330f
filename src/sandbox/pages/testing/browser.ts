// A shop, a sandbox and a browser for the browser tests: the shop's pages are bundles over the unmodified wrappers of
// Stripe.js, on an origin of their own, as a shop's pages are.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { FrameLocator, Page } from "playwright-core";
import { startBrowser, type TestBrowser } from "#kit/browser/testing.ts";
import { systemPorts } from "#kit/create_ports.ts";
import { silentLog } from "#kit/log.ts";
import { createSandbox } from "../../index.ts";

export interface BrowserWorld {
  readonly browser: TestBrowser;
  readonly sandboxUrl: string;
  readonly shopUrl: string;
  /** A call with the shop's secret key. */
  stripe(path: string, params?: Record<string, string>): Promise<Record<string, unknown>>;
  /** A new PaymentIntent and the shop's page `name` for it. */
  openCheckout(name: string, options?: { width?: number; query?: string }): Promise<{ page: Page; intentId: string }>;
  close(): Promise<void>;
}

export async function startBrowserWorld(pages: Record<string, string>): Promise<BrowserWorld> {
  const sandbox = createSandbox({ ...systemPorts({ log: silentLog() }) });
  const listening = await sandbox.listen({ port: 0, host: "127.0.0.1" });
  const shop = await startShop(pages, listening.url);
  const browser = await startBrowser();

  async function stripe(path: string, params?: Record<string, string>): Promise<Record<string, unknown>> {
    const headers = { Authorization: "Bearer sk_test_browser" };
    const init = params ? { method: "POST", headers, body: new URLSearchParams(params) } : { headers };
    const response = await fetch(`${listening.url}${path}`, init);
    const body = (await response.json()) as Record<string, unknown>;
    assert.ok(response.ok, JSON.stringify(body));
    return body;
  }

  return {
    browser,
    sandboxUrl: listening.url,
    shopUrl: shop.url,
    stripe,
    async openCheckout(name, { width, query = "" } = {}) {
      const intent = await stripe("/v1/payment_intents", {
        amount: "4900",
        currency: "eur",
        description: "Annual plan",
      });
      const page = await browser.openPage({ width });
      page.on("pageerror", (error) => console.error(`${name}: ${error.message}`));
      await page.goto(`${shop.url}/${name}?secret=${intent.client_secret}${query}`);
      return { page, intentId: String(intent.id) };
    },
    async close() {
      await browser.close();
      await shop.close();
      await sandbox.close();
    },
  };
}

async function startShop(pages: Record<string, string>, sandboxUrl: string) {
  const scripts = new Map<string, string>();
  for (const [name, contents] of Object.entries(pages)) scripts.set(`${name}.js`, await bundle(contents));
  // As strict as Stripe's own documentation asks for, with the sandbox where it names Stripe's hosts.
  const policy =
    `default-src 'none'; script-src 'self' ${sandboxUrl}; connect-src ${sandboxUrl}; frame-src ${sandboxUrl}; ` +
    "style-src 'self'; img-src 'self'";
  const server = createServer((request, response) => {
    const name = new URL(request.url ?? "/", "http://shop").pathname.slice(1);
    const [type, body] =
      name === "shop.css"
        ? ["text/css", shopStyles]
        : name.endsWith(".js")
          ? ["text/javascript", scripts.get(name) ?? ""]
          : ["text/html", shopPage(name, sandboxUrl)];
    response.setHeader("Content-Type", `${type}; charset=utf-8`);
    response.setHeader("Content-Security-Policy", policy);
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}`, close };
}

async function bundle(contents: string): Promise<string> {
  const result = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL(".", import.meta.url)), loader: "jsx" },
    bundle: true,
    write: false,
    format: "iife",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  const [file] = result.outputFiles;
  assert.ok(file, "esbuild wrote one file");
  return file.text;
}

const shopStyles = `
body { margin: 0; padding: 24px; background: #f6f7fb; font: 16px/1.5 sans-serif; color: #1f2330; }
main { max-width: 480px; margin: auto; padding: 24px; border-radius: 12px; background: #fff; }
.box { padding: 12px; border: 1px solid #cfd5de; border-radius: 6px; }
.box.StripeElement--focus { border-color: #0570de; } .box.StripeElement--invalid { border-color: #c0123c; }
button { width: 100%; margin-top: 16px; padding: 14px; border: 0; border-radius: 8px; background: #4b45d6;
  color: #fff; font: inherit; font-weight: 600; }
`;

function shopPage(name: string, sandboxUrl: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Checkout</title>
<link rel="stylesheet" href="/shop.css"></head><body><main><h1>Checkout</h1><div id="root"></div>
<p id="said" role="status"></p></main>
<script src="${sandboxUrl}/endive/stripe.js"></script><script src="/${name}.js"></script></body></html>`;
}

/** The fields of the first element on the page. */
export function fieldsOf(page: Page): FrameLocator {
  return page.frameLocator('iframe[name^="__privateStripeFrame"][title*="input frame"]').first();
}

export function challengeOf(page: Page): FrameLocator {
  return page.frameLocator('iframe[title="3D Secure authentication"]');
}

/** Chooses the card, where there is a choice, and fills the Payment Element by its labels. */
export async function fillPayment(page: Page, cardNumber: string): Promise<void> {
  const fields = fieldsOf(page);
  await fields.locator("input").first().waitFor({ state: "attached" });
  if ((await fields.getByRole("radio").count()) > 0) await fields.getByText("Card", { exact: true }).click();
  await fields.getByLabel("Card number").fill(cardNumber);
  await fields.getByLabel("Expiration date").fill("12/34");
  await fields.getByLabel("Security code").fill(cardNumber.startsWith("37") ? "1234" : "123");
  await fields.getByLabel("ZIP code").fill("94107");
}

/** Waits until the page says how the payment ended. */
export async function saidBy(page: Page): Promise<string> {
  const said = page.locator("#said:not(:empty)");
  await said.waitFor({ timeout: 10_000 });
  return (await said.textContent()) ?? "";
}
