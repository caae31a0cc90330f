// A story: the server of the integration that `guide` tells of. Its webhooks, its retries and its log, in a sandbox of
// their own, which reaches the server by the name that the guide gives it.
import { createSandbox, type Sandbox } from "bursar/sandbox";
import { type Found, type OldStripe, oldStripe } from "./stage/old_stripe.ts";
import type { Stage, Story } from "./stage/stage.ts";

export const guideServer: Story = {
  name: "guide_server",
  title: "The server of an integration from a guide",
  proves:
    "The webhook handler, the retries and the log of a guide run as they were written, and show what they leave out.",
  seed: 9,
  async play(stage) {
    const scene = await openScene(stage);
    try {
      await byCurl(scene);
      await listen(scene);
      await retry(scene);
      await log(scene);
    } finally {
      await scene.sandbox.close();
    }
  },
};

interface Scene extends Pick<Stage, "advance" | "say" | "testbed"> {
  readonly sandbox: Sandbox;
  readonly stripe: OldStripe;
  readonly server: Server;
}

interface Server {
  /** What is done with a webhook; undefined: it is never answered. */
  handle: (request: Received, response: Reply) => Promise<void>;
}

/** As frameworks of that time hand over a request whose body was kept. */
interface Received {
  readonly headers: Readonly<Record<string, string>>;
  readonly rawBody: string;
}

interface Reply {
  status(code: number): Reply;
  send(text: string): void;
  json(body: object): void;
}

async function openScene({ advance, say, testbed }: Stage): Promise<Scene> {
  const server: Server = { handle: () => Promise.resolve() };
  const sandbox = createSandbox({
    ...testbed.ports,
    deliverTo: ["your-domain.com"],
    fetch: (input, init) => served(server, new Request(input, init)),
  });
  sandbox.start();
  const stripe = oldStripe("stripe-acacia", "2025-02-24.acacia", (url, init) => sandbox.fetch(url, init));
  return { advance, say, testbed, sandbox, stripe, server };
}

/** Who never replies keeps the sender waiting until it gives up. */
function served(server: Server, request: Request): Promise<Response> {
  return new Promise((resolve, reject) => {
    request.signal.addEventListener("abort", () => reject(request.signal.reason));
    const answer = (code: number, text: string) => resolve(new Response(text, { status: code }));
    const reply = (code: number): Reply => ({
      status: reply,
      send: (text) => answer(code, text),
      json: (body) => answer(code, JSON.stringify(body)),
    });
    const headers = Object.fromEntries(request.headers);
    request.text().then((rawBody) => server.handle({ headers, rawBody }, reply(200)), reject);
  });
}

async function byCurl({ say, sandbox }: Scene): Promise<void> {
  say("The first call is made by curl, whose `-u` sends the key as a name without a password.");
  const form = { amount: "2000", currency: "eur", description: "Order payment #1234", source: "tok_visa" };
  const answer = await sandbox.fetch("http://sandbox/v1/charges", {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from("sk_test_testbed:").toString("base64")}` },
    body: new URLSearchParams(form),
  });
  const charge = (await answer.json()) as Found;
  say(`${answer.status}: ${charge.amount} ${charge.currency} are ${charge.status}, for "${charge.description}".`);
}

async function listen(scene: Scene): Promise<void> {
  const { say, stripe, server, advance, testbed, sandbox } = scene;
  say("The endpoint is registered, and a handler with two cases waits behind it.");
  const webhook = await stripe.webhookEndpoints.create({
    url: "https://your-domain.com/api/stripe/webhook",
    enabled_events: ["payment_intent.succeeded", "invoice.paid", "customer.subscription.deleted"],
  });
  const endpointSecret = String(webhook.secret);
  const handle: Server["handle"] = async (request, response) => {
    const sig = String(request.headers["stripe-signature"]);
    let event: Found;
    try {
      // The clock of this world stands for the machine's.
      const now = testbed.clock.now();
      event = stripe.webhooks.constructEvent(request.rawBody, sig, endpointSecret, 300, undefined, now);
    } catch (error) {
      response.status(400).send(`Webhook Error: ${(error as Error).message}`);
      return;
    }
    const { object } = event.data as { readonly object: Found };
    switch (event.type) {
      case "payment_intent.succeeded":
        say(`fulfillOrder(${object.object} over ${object.amount}).`);
        break;
      case "invoice.paid":
        say(`generateInvoicePDF(${object.object}): its own address is a ${typeof object.invoice_pdf}.`);
        break;
    }
  };
  server.handle = handle;
  await payOnce(scene);
  await advance("1 minute");
  say(
    `As it was written, it never answers: ${lastTry(sandbox)}. Five minutes later the same order is fulfilled again.`,
  );
  await advance("5 minutes");

  say("With a last line that answers, each event is handled once.");
  server.handle = async (request, response) => {
    await handle(request, response);
    response.json({ received: true });
  };
  await billOnce(scene);
  await advance("1 hour");
  say(`The first order came once more, half an hour after its second try: ${lastTry(sandbox)}.`);

  say("A webhook under another secret is not believed.");
  const body = JSON.stringify({ id: "evt_1", object: "event", type: "invoice.paid" });
  const signature = stripe.webhooks.generateTestHeaderString({ payload: body, secret: "whsec_of_somebody_else" });
  const headers = { "stripe-signature": signature };
  const forged = await served(server, new Request("https://your-domain.com", { method: "POST", headers, body }));
  say(`${forged.status} ${(await forged.text()).slice(0, 60)}.`);
}

/** How the newest delivery has gone so far. */
function lastTry(sandbox: Sandbox): string {
  const last = sandbox.attempts().at(-1);
  return `${last?.type}, try ${last?.number}, ${last?.answer}`;
}

async function payOnce({ stripe }: Scene): Promise<void> {
  const paid = { payment_method: "pm_card_visa", confirm: true, payment_method_types: ["card"] };
  await stripe.paymentIntents.create({ amount: 5000, currency: "eur", ...paid });
}

async function billOnce({ stripe }: Scene): Promise<void> {
  const { id: customer } = await stripe.customers.create({ email: "client@example.com", name: "Company ABC" });
  await stripe.invoiceItems.create({ customer, amount: 15000, currency: "eur", description: "Consulting services" });
  const { id } = await stripe.invoices.create({ customer, pending_invoice_items_behavior: "include" });
  const method = await stripe.paymentMethods.attach("pm_card_visa", { customer });
  await stripe.invoices.pay(id, { payment_method: method.id });
}

async function retry(scene: Scene): Promise<void> {
  const { say, stripe, sandbox, testbed } = scene;
  const create = () => stripe.paymentIntents.create({ amount: 5000, currency: "eur" });
  const count = async () => ((await stripe.paymentIntents.list({ limit: 100 })) as unknown as List).data.length;
  const waits: number[] = [];
  const call = <T>(fn: () => Promise<T>) =>
    testbed.settle(stripeCall(fn, { sleep: (ms) => slept(testbed, waits, ms) }));

  say("A call that is refused twice for its rate is made again, each time after a longer pause.");
  sandbox.faults.add({ kind: "rate_limit", path: "/v1/payment_intents", times: 2 });
  say(`${(await call(create)).status} after ${waits.map(seconds).join(" and ")} s.`);

  say("After three refusals it gives up, having waited in vain once more.");
  sandbox.faults.add({ kind: "rate_limit", path: "/v1/payment_intents", times: 3 });
  waits.length = 0;
  const gaveUp = await call(create).catch((error: Error) => error.message);
  say(`"${gaveUp}", after ${waits.map(seconds).join(", ")} s.`);

  say("What is wrong is not made again.");
  const wrong = await call(() => stripe.paymentIntents.create({ amount: 5000 })).catch((error: Error) => error.message);
  say(`"${wrong}".`);

  say("An answer that is lost has no status: whether the payment was made nobody knows, and the call is not repeated.");
  const before = await count();
  sandbox.faults.add({ kind: "connection_reset", path: "/v1/payment_intents", times: 1 });
  const lost = await call(create).catch((error: { readonly type: string }) => error.type);
  say(`${lost}, and ${(await count()) - before} more payment is there.`);
}

interface List {
  readonly data: readonly Found[];
}

interface Pausing {
  readonly sleep: (ms: number) => Promise<void>;
}

/** As it was written, but for the pause and the chance, which are the story's. */
async function stripeCall<T>(fn: () => Promise<T>, { sleep }: Pausing, maxRetries = 3): Promise<T> {
  for (let i = 0; i < maxRetries; i++) {
    try {
      return await fn();
    } catch (error) {
      const { statusCode = 0 } = error as { readonly statusCode?: number };
      if (statusCode !== 429 && statusCode < 500) throw error;
      await sleep(2 ** i * 1000 + 500);
    }
  }
  throw new Error("Max retries exceeded");
}

async function slept({ clock }: Stage["testbed"], waits: number[], ms: number): Promise<void> {
  waits.push(ms);
  await clock.sleep(ms);
}

const seconds = (ms: number) => String(ms / 1000);

async function log({ say, stripe, testbed }: Scene): Promise<void> {
  say("What is logged of a payment has the ids by which it is found again.");
  const logger = { info: (message: string, facts: object) => say(`${message}: ${JSON.stringify(facts)}.`) };
  const paymentIntent = await stripe.paymentIntents.create({ amount: 5000, currency: "eur" });
  logger.info("Payment intent created", {
    payment_intent_id: paymentIntent.id,
    amount: paymentIntent.amount,
    currency: paymentIntent.currency,
    order_id: "CMD-2026-0042",
    timestamp: new Date(testbed.clock.now()).toISOString(),
  });
}
