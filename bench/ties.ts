// `npm run bench -- ties`: two events of one object in one second, in the order in which they happened and in the other
// one. What counts is whether the row says in the end what Stripe says. Beside sync engines, if they are installed
// (`npm install --prefix bench/peers`). `--payments 50`
import { DatabaseSync } from "node:sqlite";
import { parseArgs } from "node:util";
import { createBilling } from "bursar";
import { createSandbox } from "bursar/sandbox";
import pg from "pg";
import Stripe from "stripe";
import { systemPorts } from "#kit/create_ports.ts";
import { silentLog } from "#kit/log.ts";
import { type BenchDatabase, hasPostgres, makeDatabase } from "./ingest/databases.ts";
import { installedPeers, openPeer } from "./ingest/peers.ts";

const { values: flags } = parseArgs({ options: { payments: { type: "string", default: "50" } } });
const secret = "whsec_bench";
const ports = systemPorts({ log: silentLog() });
const heard = createHearing();
const sandbox = createSandbox({ ...ports, fetch: heard.fetch });
const { url: stripeUrl } = await sandbox.listen({ host: "127.0.0.1", port: 0 });
const stripe = new Stripe("sk_test_bench", { host: "127.0.0.1", port: new URL(stripeUrl).port, protocol: "http" });

interface Subject {
  /** What is to stand in metadata, so that a payment is its own. */
  readonly marks: Readonly<Record<string, string>>;
  take(body: string, signature: string): Promise<unknown>;
  /** Until all that was taken has been worked. */
  rest(): Promise<void>;
  /** By payment: what its row says. */
  statuses(): Promise<ReadonlyMap<string, string>>;
  close(): Promise<void>;
}

const subjects: Record<string, (database: BenchDatabase) => Promise<Subject>> = {
  "bursar, SQLite": openBursar,
  ...((await hasPostgres()) && {
    "bursar, PostgreSQL": openBursar,
    ...Object.fromEntries(
      installedPeers().map((name) => [name, (database: BenchDatabase) => openEngine(name, database)]),
    ),
  }),
};

try {
  const endpoint = { url: "http://localhost:1/hook", api_version: Stripe.API_VERSION as "2026-10-28.endive" };
  await stripe.webhookEndpoints.create({ ...endpoint, enabled_events: ["*"] });
  console.log(`${"".padEnd(34)}${"as it happened".padStart(18)}${"turned round".padStart(18)}   (rows that are wrong)`);
  for (const [name, open] of Object.entries(subjects)) {
    const database = await makeDatabase(name.includes("SQLite") ? "sqlite" : "postgres");
    const subject = await open(database);
    const [straight, turned] = [await wrongRows(subject, "straight"), await wrongRows(subject, "turned")];
    console.log(`${name.padEnd(34)}${straight.padStart(18)}${turned.padStart(18)}`);
    await subject.close();
    await database.drop();
  }
} finally {
  await sandbox.close();
}

async function wrongRows(subject: Subject, order: "straight" | "turned"): Promise<string> {
  const payments = await Promise.all(Array.from({ length: Number(flags.payments) }, () => pay(subject.marks)));
  await ports.clock.turn();
  const told = Map.groupBy(heard.events(), ({ data }) => (data.object as { id: string }).id);
  const pairs = payments.flatMap(({ id }) => {
    const events = (told.get(id) ?? []).filter(({ type }) => type !== "payment_intent.created");
    const [failed, paid] = [events.at(-2), events.at(-1)];
    return failed && paid && failed.created === paid.created ? [{ id, events: [failed, paid] }] : [];
  });
  for (const { events } of pairs) {
    for (const event of order === "straight" ? events : events.toReversed()) {
      const payload = JSON.stringify(event);
      await subject.take(payload, await stripe.webhooks.generateTestHeaderStringAsync({ payload, secret }));
    }
  }
  await subject.rest();
  const statuses = await subject.statuses();
  const wrong = pairs.filter(({ id }) => statuses.get(id) !== "succeeded");
  return `${wrong.length} of ${pairs.length}`;
}

/** What the sandbox sends. */
function createHearing(): { fetch: typeof fetch; events(): readonly Stripe.Event[] } {
  const events: Stripe.Event[] = [];
  return {
    async fetch(_address, init) {
      events.push(JSON.parse(Buffer.from(init?.body as Uint8Array).toString("utf8")));
      return new Response("{}");
    },
    events: () => events,
  };
}

/** Refused and paid, as fast as it goes: two events of one object, mostly in one second. */
async function pay(metadata: Readonly<Record<string, string>>): Promise<Stripe.PaymentIntent> {
  const automatic = { enabled: true, allow_redirects: "never" } as const;
  const wish = { amount: 2_000, currency: "eur", metadata, automatic_payment_methods: automatic };
  const { id } = await stripe.paymentIntents.create(wish);
  await stripe.paymentIntents.confirm(id, { payment_method: "pm_card_chargeDeclined" }).catch(() => {});
  return stripe.paymentIntents.confirm(id, { payment_method: "pm_card_visa" });
}

async function openBursar({ url: database }: BenchDatabase): Promise<Subject> {
  const keys = { secretKey: "sk_test_bench", publishableKey: "pk_test_bench", webhookSecrets: [secret] };
  const billing = await createBilling(
    { stripe: { ...keys, apiBase: stripeUrl }, database, publicUrl: "http://127.0.0.1" },
    ports,
  );
  await billing.start();
  const [{ value: instance } = { value: "" }] = await rowsOf(
    database,
    "select value from settings where key = 'instance'",
  );
  return {
    marks: { bursar_instance: String(instance) },
    async take(body, signature) {
      const headers = { "stripe-signature": signature, "content-type": "application/json" };
      const answer = await billing.fetch(
        new Request("http://127.0.0.1/webhooks/stripe", { method: "POST", headers, body }),
      );
      if (!answer.ok) throw new Error(await answer.text());
    },
    async rest() {
      while ((await billing.inbox.list({ state: "open", limit: 1 })).data.length > 0) await ports.clock.sleep(100);
    },
    async statuses() {
      const rows = await rowsOf(database, "select id, row from mirror");
      return new Map(rows.map(({ id, row }) => [String(id), JSON.parse(String(row)).status]));
    },
    close: () => billing.close(),
  };
}

async function openEngine(name: string, { url: database }: BenchDatabase): Promise<Subject> {
  const engine = await openPeer({ name, database, stripeUrl, secret });
  return {
    marks: {},
    take: (body, signature) => engine.processWebhook(Buffer.from(body), signature),
    rest: async () => {},
    async statuses() {
      const rows = await rowsOf(database, "select id, status from stripe.payment_intents");
      return new Map(rows.map(({ id, status }) => [String(id), String(status)]));
    },
    close: () => engine.close(),
  };
}

async function rowsOf(database: string, query: string): Promise<Record<string, unknown>[]> {
  if (database.startsWith("sqlite:")) {
    const file = new DatabaseSync(database.slice("sqlite:".length), { readOnly: true });
    const rows = file.prepare(query).all();
    file.close();
    return rows;
  }
  const client = new pg.Client({ connectionString: database, options: "-c search_path=bursar" });
  await client.connect();
  const { rows } = await client.query(query);
  await client.end();
  return rows;
}
