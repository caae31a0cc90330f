// The same promise with real processes: billing is killed with SIGKILL while it sells (in `npm run test:all` ten times
// during 200 orders) and started again each time. Nothing is lost, nothing is paid or told twice. The sandbox plays
// Stripe, in this process.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { apiVersion } from "bursar";
import { createSandbox } from "bursar/sandbox";
import Stripe from "stripe";
import { systemPorts } from "#kit/create_ports.ts";
import { silentLog } from "#kit/log.ts";
import { seededRandom } from "#kit/random.ts";
import { createTestDatabase, engineNames } from "#kit/sql/testing.ts";
import { cases, draws, freePort, isWholeRun, until } from "#kit/testing.ts";
import { createShop, patience, type Shop } from "./processes/shop.ts";

const ordersMax = cases(16, 200);
const kills = draws(2, 10);
const customersAtOnce = 12;

for (const engine of engineNames) {
  test(`${kills} SIGKILLs during ${ordersMax} orders lose and double nothing (${engine})`, async (t) => {
    if (engine === "postgres" && !isWholeRun)
      return t.skip("npm test kills on SQLite, npm run test:all on PostgreSQL too");
    const database = await createTestDatabase(engine);
    if (!database) return t.skip("no PostgreSQL at the default address, and DATABASE_URL is not set");
    const folder = mkdtempSync(path.join(tmpdir(), "bursar-sigkill-"));
    const sandbox = createSandbox(systemPorts({ log: silentLog() }));
    const listening = await sandbox.listen({ host: "127.0.0.1", port: 0 });
    sandbox.start();
    const stripe = official(listening.port);
    const port = await freePort();
    const endpoint = await stripe.webhookEndpoints.create({
      url: `http://127.0.0.1:${port}/webhooks/stripe`,
      enabled_events: ["*"],
      api_version: apiVersion,
    });
    const shop = createShop({
      database: database.url,
      port,
      sandboxUrl: listening.url,
      webhookSecrets: [endpoint.secret as string],
      told: path.join(folder, "told.txt"),
    });
    try {
      await shop.start();
      const world = { shop, stripe };
      await sellAll(world);
      await waitUntilPaid(world);
      await verify(world);
      t.diagnostic(`${shop.killed} kills`);
    } finally {
      await shop.end();
      await listening.close();
      await sandbox.close();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

interface World {
  readonly shop: Shop;
  readonly stripe: Stripe;
}

const orderIds = Array.from({ length: ordersMax }, (_, index) => `order${index + 1}`);

/** Customers buy, some at a time; at ten seeded orders, and a seeded moment later, the process is killed. */
async function sellAll({ shop, stripe }: World): Promise<void> {
  const random = seededRandom(10, "kills");
  const killsAt = new Set<number>();
  while (killsAt.size < kills) killsAt.add(random.integer(5, ordersMax - 5));
  const waiting = [...orderIds.keys()];
  const killing: Promise<void>[] = [];
  const customer = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (killsAt.has(next)) killing.push(sleep(random.integer(0, 40)).then(() => shop.restart()));
      await buy(shop, stripe, orderIds[next] as string);
    }
  };
  await Promise.all(Array.from({ length: customersAtOnce }, customer));
  await Promise.all(killing);
}

async function buy(shop: Shop, stripe: Stripe, id: string): Promise<void> {
  const { clientSecret } = (await shop.ask(`POST order/${id}`)) as { clientSecret: string };
  await stripe.paymentIntents.confirm(clientSecret.split("_secret_")[0] as string, {
    payment_method: "pm_card_visa",
    return_url: "https://shop.example/thanks",
  });
}

async function waitUntilPaid({ shop }: World): Promise<void> {
  for (const id of orderIds) {
    const isPaid = async () => {
      const { status } = (await shop.ask(`GET order/${id}`)) as { status: string };
      return status === "paid" && paidOrders(shop).some(({ subject }) => subject === id);
    };
    await until(`${id} to be paid`, isPaid, patience);
  }
}

async function verify({ shop, stripe }: World): Promise<void> {
  const paid = new Map<string, number>();
  for await (const intent of stripe.paymentIntents.list({ limit: 100 })) {
    assert.equal(intent.status, "succeeded", "no PaymentIntent was left behind");
    const order = Object.values(intent.metadata).find((value) => orderIds.includes(value)) ?? "none of ours";
    paid.set(order, (paid.get(order) ?? 0) + 1);
  }
  assert.deepEqual([...paid.keys()].sort(), [...orderIds].sort(), "every order is paid at Stripe");
  assert.deepEqual([...new Set(paid.values())], [1], "and once");
  const told = [...new Map(paidOrders(shop).map((fact) => [fact.id, fact.subject])).values()];
  assert.deepEqual(told.sort(), [...orderIds].sort(), "the shop was told of each under one id");
  assert.equal(shop.killed, kills);
}

const paidOrders = (shop: Shop) => shop.told().filter(({ type }) => type === "order.paid");

function official(port: number): Stripe {
  return new Stripe("sk_test_sigkill", { host: "127.0.0.1", port, protocol: "http", telemetry: false });
}
