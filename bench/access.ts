// `npm run bench -- access`: what `access.check` costs in the process beside one prepared select of the same row, and
// over REST beside a bare Hono route. One after the other, wall time; then as many at once as a small host has.
// `--checks 5000`, `--engine sqlite` for one of them.
import { once } from "node:events";
import { Agent, createServer, type RequestListener, request } from "node:http";
import type { AddressInfo } from "node:net";
import { DatabaseSync } from "node:sqlite";
import { parseArgs } from "node:util";
import { getRequestListener } from "@hono/node-server";
import { createBilling, defineCatalog } from "bursar";
import { nodeListener } from "bursar/node";
import { createSandbox } from "bursar/sandbox";
import { Hono } from "hono";
import pg from "pg";
import { systemPorts } from "#kit/create_ports.ts";
import { silentLog } from "#kit/log.ts";
import { accessAims } from "./aims.table.ts";
import { hasPostgres, makeDatabase } from "./ingest/databases.ts";

const { values: flags } = parseArgs({
  options: { checks: { type: "string", default: "5000" }, engine: { type: "string", default: "sqlite,postgres" } },
});
const checks = Number(flags.checks);
const warmUp = 1_000;
const customers = 500;
const atOnce = 16;
const rounds = 3;
const key = `bk_test_${"bench".repeat(9)}`;
const text = "select * from access where customer = $1 and feature = $2";

const heads = ["check", "select", "÷ select", "REST", "bare Hono", "of bare"];
console.log(`${"".padEnd(12)}${heads.map((head) => head.padStart(12)).join("")}`);
for (const engine of (await hasPostgres()) ? (["sqlite", "postgres"] as const) : (["sqlite"] as const)) {
  if (flags.engine.split(",").includes(engine)) await measure(engine);
}

async function measure(engine: "sqlite" | "postgres"): Promise<void> {
  const database = await makeDatabase(engine);
  const system = systemPorts({ log: silentLog() });
  const sandbox = createSandbox({ ...system, baseUrl: "http://stripe.bench" });
  sandbox.start();
  const ports = {
    ...system,
    fetch: (input: string | URL | Request, init?: RequestInit) => sandbox.fetch(new Request(input, init)),
  };
  const billing = await createBilling(
    {
      stripe: {
        secretKey: "sk_test_bench",
        publishableKey: "pk_test_bench",
        webhookSecrets: ["whsec_bench"],
        apiBase: "http://stripe.bench",
      },
      database: database.url,
      publicUrl: "http://127.0.0.1",
      bootstrapKey: key,
    },
    ports,
  );
  await billing.catalog.apply(
    defineCatalog({
      features: { projects: "number" },
      plans: { pro: { name: "Pro", prices: { month: { eur: 1900 } }, features: { projects: 10 } } },
    }),
  );
  const until = new Date(Date.now() + 1_000_000_000);
  for (let n = 0; n < customers; n++) {
    const customerId = `user_${n}`;
    await billing.customers.ensure({ id: customerId });
    const gift = { id: `gift_${n}`, customerId, feature: "projects", limit: 10, until, reason: "bench", by: "bench" };
    await billing.access.grant(gift);
  }
  const select = await openSelect(engine, database.url);
  const ours = await best((n) => billing.access.check(`user_${n % customers}`, "projects"));
  const plain = await best((n) => select.get(`user_${n % customers}`, "projects"));
  await select.close();
  const answer = await billing.access.check("user_1", "projects");
  const bare = new Hono().get("/v1/customers/:id/access/:feature", (c) => c.json(answer));
  const [rest, hono] = [await perSecond(nodeListener(billing)), await perSecond(getRequestListener(bare.fetch))];
  const cells = [
    `${ours.toFixed(0)} µs`,
    `${plain.toFixed(0)} µs`,
    `${(ours / plain).toFixed(1)}${ours / plain > accessAims.toSelect ? " !" : ""}`,
    `${rest.toFixed(0)}/s`,
    `${hono.toFixed(0)}/s`,
    `${((100 * rest) / hono).toFixed(0)} %${rest / hono < accessAims.toHono ? " !" : ""}`,
  ];
  console.log(`${engine.padEnd(12)}${cells.map((cell) => cell.padStart(12)).join("")}`);
  await billing.close();
  await sandbox.close();
  await database.drop();
}

/** Microseconds of one, of the best round. */
async function best(work: (n: number) => Promise<unknown>): Promise<number> {
  for (let n = 0; n < warmUp; n++) await work(n);
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now();
    for (let n = 0; n < checks; n++) await work(n);
    least = Math.min(least, ((performance.now() - begun) * 1_000) / checks);
  }
  return least;
}

interface Select {
  get(customer: string, feature: string): Promise<unknown>;
  close(): Promise<void>;
}

async function openSelect(engine: "sqlite" | "postgres", url: string): Promise<Select> {
  if (engine === "sqlite") {
    const file = new DatabaseSync(url.slice("sqlite:".length));
    const prepared = file.prepare(text.replace("$1", "?").replace("$2", "?"));
    return { get: async (...values) => prepared.get(...values), close: async () => file.close() };
  }
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("set search_path = bursar");
  const get: Select["get"] = async (...values) => (await client.query({ name: "one", text, values })).rows[0];
  return { get, close: () => client.end() };
}

/** Requests that are answered in a second over sockets that stay open; the asking costs the same for both. */
async function perSecond(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const ask = (n: number) =>
    new Promise<void>((resolve, reject) => {
      const path = `/v1/customers/user_${n % customers}/access/projects`;
      const asked = request({ port, agent, path, headers: { authorization: `Bearer ${key}` } }, (response) => {
        if (response.statusCode !== 200) return reject(new Error(`${path}: ${response.statusCode}`));
        response.resume().on("end", resolve);
      });
      asked.on("error", reject).end();
    });
  const run = async (count: number) => {
    let left = count;
    const work = async () => {
      while (left-- > 0) await ask(left);
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  };
  await run(warmUp);
  let most = 0;
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now();
    await run(checks);
    most = Math.max(most, (checks * 1_000) / (performance.now() - begun));
  }
  agent.destroy();
  server.close();
  return most;
}
