// The shop with a real billing and a real sandbox behind it, and a browser: `const world = await startShop()`.
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { apiVersion, type Billing } from "bursar";
import { nodeListener } from "bursar/node";
import { createSandbox, type Sandbox } from "bursar/sandbox";
import { startBrowser, type TestBrowser } from "#kit/browser/testing.ts";
import { systemPorts, unitOfTestMaxMs } from "#kit/create_ports.ts";
import { silentLog } from "#kit/log.ts";
import { connectBilling } from "./billing.ts";
import { createShopServer } from "./server.ts";
import { openShop } from "./shop.ts";

export const keys = { secretKey: "sk_test_shop", publishableKey: "pk_test_shop" };

export interface ShopWorld {
  readonly browser: TestBrowser;
  readonly sandbox: Sandbox;
  readonly stripeUrl: string;
  readonly billing: Billing;
  readonly shopUrl: string;
  close(): Promise<void>;
}

/** Not one webhook comes unless they are wanted: as when they are late. */
export async function startShop({ hasWebhooks = false } = {}): Promise<ShopWorld> {
  const closing: (() => unknown)[] = [];
  const listen = async (server: Server): Promise<string> => {
    await once(server.listen(0, "127.0.0.1"), "listening");
    closing.unshift(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const sandbox = createSandbox();
  closing.unshift(() => sandbox.close());
  const { url: stripeUrl } = await sandbox.listen({ port: 0, host: "127.0.0.1" });
  const shop = openShop(":memory:");
  closing.unshift(() => shop.close());
  let shopUrl = "";
  shopUrl = await listen(createShopServer(shop, () => shopUrl));
  const publicUrl = await listen(createServer((request, response) => nodeListener(billing)(request, response)));
  const secret = hasWebhooks ? await askForWebhooks(stripeUrl, `${publicUrl}/webhooks/stripe`) : "whsec_shop";
  const options = {
    stripe: { ...keys, webhookSecrets: [secret], apiBase: stripeUrl, stripeJsUrl: `${stripeUrl}/v3/` },
    database: "sqlite::memory:",
    publicUrl,
    returnOrigins: [shopUrl],
  };
  const billing = await connectBilling(shop, options, systemPorts({ log: silentLog(), unitMaxMs: unitOfTestMaxMs }));
  closing.unshift(() => billing.close());
  const browser = await startBrowser();
  closing.unshift(() => browser.close());
  return {
    ...{ browser, sandbox, stripeUrl, billing, shopUrl },
    async close() {
      for (const close of closing) await close();
    },
  };
}

/** Answers the secret by which they are signed. */
async function askForWebhooks(stripeUrl: string, url: string): Promise<string> {
  const headers = { authorization: `Bearer ${keys.secretKey}` };
  const body = new URLSearchParams({ url, "enabled_events[]": "*", api_version: apiVersion });
  const answer = await fetch(`${stripeUrl}/v1/webhook_endpoints`, { method: "POST", headers, body });
  return ((await answer.json()) as { secret: string }).secret;
}
