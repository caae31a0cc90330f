// Billing's hosted pages in a real browser, in front of a real sandbox: `const world = await startPages()`, then
// `const { page, id } = await world.open(t, { width: 390 })` is an order's checkout as its payer sees it.
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { serve } from "@hono/node-server";
import type { Page } from "playwright-core";
import { assertGood, fieldsOf, keepPicture, startBrowser, type TestBrowser } from "#kit/browser/testing.ts";
import { systemPorts, unitOfTestMaxMs } from "#kit/create_ports.ts";
import { silentLog } from "#kit/log.ts";
import { createSandbox, type Sandbox } from "../../../sandbox/index.ts";
import type { Billing, CreateOrder, OrderStatus } from "../../api/index.ts";
import { createBilling } from "../../index.ts";

export const cards = {
  good: "4242424242424242",
  challenge: "4000002500003155",
  declined: "4000000000000002",
  poor: "4000000000009995",
};

interface Served {
  readonly billing: Billing;
  readonly billingUrl: string;
  readonly sandboxUrl: string;
  readonly shopUrl: string;
  close(): Promise<void>;
}

export interface Visit {
  readonly width: number;
  readonly isDark?: boolean;
  readonly savedMethods?: boolean;
  readonly customerId?: string;
  readonly order?: Partial<CreateOrder>;
}

interface Charge {
  readonly paid: boolean;
  readonly payment_method_details: { readonly card?: { readonly last4: string } };
}

export interface PageWorld extends Served {
  readonly browser: TestBrowser;
  /** A new order and its page, opened by its link. Whatever the page throws or its policy blocks fails the test. */
  open(t: TestContext, visit: Visit): Promise<{ page: Page; id: string; pageUrl: string }>;
  /** A customer, and the page on which they save a card. */
  openSetup(
    t: TestContext,
    visit: Pick<Visit, "width">,
  ): Promise<{ page: Page; id: string; pageUrl: string; setupIntentId: string }>;
  /** An invoice of a new customer, and the page on which they pay it. */
  openInvoice(
    t: TestContext,
    visit: Pick<Visit, "width" | "isDark">,
  ): Promise<{ page: Page; id: string; customerId: string; pageUrl: string }>;
  assertStatus(orderId: string, status: OrderStatus): Promise<void>;
  /** What the customer pays with, as type, last digits and whether it is the default. */
  assertSaved(customerId: string, expected: readonly (readonly [string, string, boolean])[]): Promise<void>;
  /** Of an order, at Stripe. */
  chargesOf(orderId: string): Promise<readonly Charge[]>;
  /** A new customer with these test cards. */
  customerWith(...testCards: readonly string[]): Promise<string>;
  /** Saves a bank account with a customer, under a mandate; answers the last digits of its IBAN. */
  saveAccount(customerId: string): Promise<string>;
  /** A test card of theirs; its id. */
  saveCard(customerId: string, testCard: string): Promise<string>;
  /** The last digits of the cards that a customer has saved at Stripe. */
  cardsOf(customerId: string): Promise<readonly string[]>;
}

export async function startPages(): Promise<PageWorld> {
  const served = await serveBilling();
  const browser = await startBrowser();
  const { billing } = served;
  const stripe = askStripe(served.sandboxUrl);
  let orderCount = 0;
  let customerCount = 0;
  return {
    ...served,
    browser,
    async open(t, visit) {
      orderCount += 1;
      return openOrder(t, { served, browser, id: `order_${orderCount}`, visit });
    },
    async openSetup(t, { width }) {
      customerCount += 1;
      const id = `user_${customerCount}`;
      await billing.customers.ensure({ id });
      const wish = { id: "card_1", returnUrl: `${served.shopUrl}/thanks`, setAsDefault: true };
      const { url, setupIntentId } = await billing.methods.collect(id, wish);
      const page = await openLink(t, { browser, url, visit: { width } });
      await fieldsOf(page).getByLabel("Card number").waitFor();
      return { id, setupIntentId, page, pageUrl: page.url() };
    },
    async openInvoice(t, visit) {
      customerCount += 1;
      const customerId = `user_${customerCount}`;
      return { customerId, ...(await openInvoice(t, { served, browser, id: customerId, visit })) };
    },
    async assertSaved(customerId, expected) {
      await billing.tick({ maxMs: 10_000 });
      const methods = await billing.methods.list(customerId);
      const seen = methods.map(({ type, last4, isDefault }) => [type, last4, isDefault]);
      assert.deepEqual(seen, expected);
    },
    async assertStatus(orderId, status) {
      assert.equal((await billing.orders.get(orderId)).status, status);
    },
    async chargesOf(orderId) {
      const { paymentIntentId } = (await billing.orders.get(orderId)).stripe;
      return (await stripe<{ data: Charge[] }>(`/v1/charges?payment_intent=${paymentIntentId}`)).data;
    },
    async customerWith(...testCards) {
      customerCount += 1;
      const id = `user_${customerCount}`;
      const { stripeCustomerId: customer } = await billing.customers.ensure({ id });
      for (const card of testCards) await stripe(`/v1/payment_methods/${card}/attach`, { customer: String(customer) });
      return id;
    },
    ...savedMethods(billing, stripe),
    async close() {
      await browser.close();
      await served.close();
    },
  };
}

/** What a customer has saved at Stripe, and how it gets there. */
function savedMethods(
  billing: Billing,
  stripe: ReturnType<typeof askStripe>,
): Pick<PageWorld, "saveAccount" | "saveCard" | "cardsOf"> {
  const stripeIdOf = async (id: string) => String((await billing.customers.get(id)).stripeCustomerId);
  return {
    async saveAccount(customerId) {
      const customer = await stripeIdOf(customerId);
      await stripe("/v1/setup_intents", { ...debitOf(iban), customer, confirm: "true", ...mandate });
      return iban.slice(-4);
    },
    async saveCard(customerId, testCard) {
      const customer = await stripeIdOf(customerId);
      return (await stripe<{ id: string }>(`/v1/payment_methods/${testCard}/attach`, { customer })).id;
    },
    async cardsOf(customerId) {
      const path = `/v1/payment_methods?customer=${await stripeIdOf(customerId)}`;
      return (await stripe<{ data: { card: { last4: string } }[] }>(path)).data.map(({ card }) => card.last4);
    },
  };
}

const iban = "DE89370400440532013000";
const mandate = {
  "mandate_data[customer_acceptance][type]": "online",
  "mandate_data[customer_acceptance][online][ip_address]": "127.0.0.1",
  "mandate_data[customer_acceptance][online][user_agent]": "test",
};

function debitOf(account: string): Record<string, string> {
  return {
    "payment_method_types[]": "sepa_debit",
    "payment_method_data[type]": "sepa_debit",
    "payment_method_data[sepa_debit][iban]": account,
    "payment_method_data[billing_details][name]": "Ada Lovelace",
    "payment_method_data[billing_details][email]": "ada@example.test",
  };
}

async function serveBilling(): Promise<Served> {
  const ports = systemPorts({ log: silentLog(), unitMaxMs: unitOfTestMaxMs });
  // No webhook endpoint: every answer below is what billing asked for itself.
  const sandbox: Sandbox = createSandbox({ ...ports });
  const stripe = await sandbox.listen({ port: 0, host: "127.0.0.1" });
  let billing: Billing | undefined;
  const fetch = async (request: Request): Promise<Response> => {
    if (new URL(request.url).pathname === "/thanks") return new Response("Thank you");
    return billing ? billing.fetch(request) : new Response("not yet", { status: 503 });
  };
  const server = serve({ fetch, hostname: "127.0.0.1", port: 0, overrideGlobalObjects: false });
  await new Promise<void>((resolve) => server.once("listening", () => resolve()));
  const address = server.address();
  assert.ok(address && typeof address === "object");
  const billingUrl = `http://127.0.0.1:${address.port}`;
  // The same server under another name plays the shop: another origin, as in life.
  const shopUrl = `http://localhost:${address.port}`;
  const started = await createBilling(
    {
      stripe: {
        secretKey: "sk_test_page",
        publishableKey: "pk_test_page",
        webhookSecrets: ["whsec_page"],
        apiBase: stripe.url,
        stripeJsUrl: `${stripe.url}/endive/stripe.js`,
      },
      database: "sqlite::memory:",
      publicUrl: billingUrl,
      returnOrigins: [shopUrl],
    },
    ports,
  );
  billing = started;
  return {
    billing: started,
    billingUrl,
    sandboxUrl: stripe.url,
    shopUrl,
    async close() {
      await started.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await sandbox.close();
    },
  };
}

function askStripe(url: string) {
  const ports = systemPorts({ log: silentLog() });
  return async <T>(path: string, form?: Record<string, string>): Promise<T> => {
    const sent = form && { method: "POST", body: new URLSearchParams(form) };
    const answer = await ports.fetch(`${url}${path}`, { ...sent, headers: { authorization: "Bearer sk_test_page" } });
    assert.equal(answer.status, 200, path);
    return (await answer.json()) as T;
  };
}

async function openOrder(
  t: TestContext,
  { served, browser, id, visit }: { served: Served; browser: TestBrowser; id: string; visit: Visit },
): Promise<{ page: Page; id: string; pageUrl: string }> {
  const { savedMethods = false, customerId, order } = visit;
  const { billing, shopUrl } = served;
  const lines = [
    { description: "Hand grinder, walnut", quantity: 1, unitAmount: 8_900 },
    { description: "Ethiopia Guji, 250 g", quantity: 3, unitAmount: 1_300 },
  ];
  await billing.orders.create({ id, currency: "eur", lines, ...(customerId && { customerId }), ...order });
  const { url } = await billing.orders.checkout(id, { returnUrl: `${shopUrl}/thanks`, savedMethods });
  const page = await openLink(t, { browser, url, visit });
  if (savedMethods && customerId) await page.getByRole("radio").first().waitFor();
  else await fieldsOf(page).getByLabel("Card number").waitFor();
  return { page, id, pageUrl: page.url() };
}

async function openInvoice(
  t: TestContext,
  { served, browser, id: customerId, visit }: { served: Served; browser: TestBrowser; id: string; visit: Visit },
): Promise<{ page: Page; id: string; pageUrl: string }> {
  const { billing, shopUrl } = served;
  await billing.customers.ensure({ id: customerId, email: `${customerId}@example.test` });
  const lines = [{ description: "Consulting, November", quantity: 3, unitAmount: 12_000 }];
  const terms = { currency: "eur", collection: "send", daysUntilDue: 14 } as const;
  const made = await billing.invoices.create({ id: `invoice_of_${customerId}`, customerId, lines, ...terms });
  const id = made.value.invoice?.id ?? "";
  const { url } = await billing.invoices.link(id, { returnUrl: `${shopUrl}/thanks` });
  const page = await openLink(t, { browser, url, visit });
  await fieldsOf(page).getByLabel("Card number").waitFor();
  return { page, id, pageUrl: page.url() };
}

async function openLink(
  t: TestContext,
  { browser, url, visit }: { browser: TestBrowser; url: string; visit: Visit },
): Promise<Page> {
  const page = await browser.openPage({ width: visit.width, isDark: visit.isDark ?? false });
  t.after(() => page.close());
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (line) => {
    const isOurs = page.url().includes("/pay/");
    if (/Content Security Policy/i.test(line.text()) || (isOurs && /status of 404/.test(line.text())))
      complaints.push(line.text());
  });
  t.after(() => assert.deepEqual(complaints, []));
  await page.goto(url);
  return page;
}

/** A picture of the page, and whether it is good as it is. */
export async function look(page: Page, name: string): Promise<void> {
  await keepPicture(page, `checkout-${name}`);
  await assertGood(page);
}
