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
  const asStripes = stripesIds();
  const ports = systemPorts({ log: silentLog() });
  const hear: typeof fetch = async (_address, init) => {
    const sent = Buffer.from(init?.body as Uint8Array).toString("utf8");
    const body = asStripes(sent, (JSON.parse(sent) as Stripe.Event).created);
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

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** 2012-07-15 21:56:20 UTC: seven examples of the API reference come to it, to the second but for one. */
const idsBegin = 1_342_389_380;
const account = "LkdIwHu7ix";

/**
 * Ids as Stripe makes them: a digit, the second in five digits of base 62, the account, chance. So new rows stand
 * beside each other in an index; those of a sandbox stand anywhere. Inferred from the examples of the API reference:
 * `evt_1NG8Du2eZvKYlo2CUI79vXWy` was created at 1686089970 (https://docs.stripe.com/api/events/object),
 * `pi_3MtwBwLkdIwHu7ix28a3tqPa` at 1680800504 (https://docs.stripe.com/api/payment_intents/object).
 */
function stripesIds(): (body: string, created: number) => string {
  const known = new Map<string, string>();
  return (body, created) =>
    body.replaceAll(/\b([a-z]{2,4})_([0-9A-Za-z]{24})(?![0-9A-Za-z])/g, (id, kind, chance: string) => {
      const made = known.get(id) ?? `${kind}_3${secondOf(created)}${account}${chance.slice(-8)}`;
      known.set(id, made);
      return made;
    });
}

function secondOf(created: number): string {
  let left = created - idsBegin;
  let digits = "";
  for (; digits.length < 5; left = Math.floor(left / 62)) digits = base62[left % 62] + digits;
  return digits;
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
