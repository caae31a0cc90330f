// The events of a sandbox run, as their endpoint gets them: payments of two steps or one, failed attempts among them,
// so that several events of one object fall into one second.
import { createSandbox } from "bursar/sandbox";
import Stripe from "stripe";
import { systemPorts } from "#kit/create_ports.ts";
import { silentLog } from "#kit/log.ts";

/** An event's exact bytes as text, and what it is about. */
export interface Recorded {
  readonly body: string;
  readonly type: string;
  readonly object: string;
}

const paymentsAtOnce = 32;
/** An endpoint of Bursar's own version: of another one no payload is believed, and every event costs a look. */
const ourVersion = Stripe.API_VERSION as Stripe.WebhookEndpointCreateParams["api_version"];

/** At least `count` events, in the order in which they were sent; of payments without a customer, under `metadata`. */
export async function recordEvents(count: number, metadata: Record<string, string> = {}): Promise<Recorded[]> {
  const events: Recorded[] = [];
  const ports = systemPorts({ log: silentLog() });
  const hear: typeof fetch = async (_address, init) => {
    const body = Buffer.from(init?.body as Uint8Array).toString("utf8");
    const { type, data } = JSON.parse(body) as Stripe.Event;
    events.push({ body, type, object: (data.object as { id: string }).id });
    return new Response("{}");
  };
  const sandbox = createSandbox({ ...ports, fetch: hear });
  sandbox.start();
  const local: typeof fetch = (input, init) => sandbox.fetch(new Request(input, init));
  const stripe = new Stripe("sk_test_bench", {
    host: "localhost",
    protocol: "http",
    httpClient: Stripe.createFetchHttpClient(local),
  });
  const endpoint = { url: "http://localhost:1/hook", api_version: ourVersion };
  await stripe.webhookEndpoints.create({ ...endpoint, enabled_events: ["*"] });
  for (let nth = 0; events.length < count; nth += paymentsAtOnce) {
    await Promise.all(Array.from({ length: paymentsAtOnce }, (_, n) => pay(stripe, nth + n, metadata)));
    await ports.clock.turn();
  }
  await sandbox.close();
  return events.slice(0, count);
}

async function pay(stripe: Stripe, nth: number, metadata: Record<string, string>): Promise<void> {
  const made = await stripe.paymentIntents.create({
    amount: 2_000 + (nth % 500),
    currency: "eur",
    metadata: { order: `order_${nth}`, ...metadata },
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
  });
  if (nth % 5 === 0) {
    await stripe.paymentIntents.confirm(made.id, { payment_method: "pm_card_chargeDeclined" }).catch(() => {});
  }
  await stripe.paymentIntents.confirm(made.id, { payment_method: "pm_card_visa" });
}
