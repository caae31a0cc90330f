// `npm run bench -- pressure`: the same load of events of our own objects, undisturbed and under what happens to a
// database in production. PostgreSQL only. `--events 100000 --idle 75` is the whole of it; the default is a tenth.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createSandbox } from "bursar/sandbox";
import pg from "pg";
import { systemPorts } from "#kit/create_ports.ts";
import { silentLog } from "#kit/log.ts";
import { hasPostgres, makeDatabase } from "./ingest/databases.ts";
import { type Recorded, recordEvents } from "./ingest/events.ts";
import { fireAt, startTarget, type Target } from "./ingest/processes.ts";

const { values: flags } = parseArgs({
  options: { events: { type: "string", default: "10000" }, idle: { type: "string", default: "8" } },
});
const secret = "whsec_bench";
const killEveryMs = 250;
const readers = 4;
const lookEveryMs = 200;
const idleWithinMs = 10 * 60_000;

/** Goes on until it is stopped. */
type Disturb = (url: string) => Promise<{ stop(): Promise<void> }>;
const disturbances: Readonly<Record<string, Disturb>> = {
  undisturbed: async () => ({ stop: async () => {} }),
  "an idle writer and four readers": holdSnapshots,
  "connections killed every 250 ms": killConnections,
};

interface Outcome {
  readonly acknowledged: number;
  /** Of what was acknowledged, what is not done in the end. */
  readonly lost: number;
  readonly perSecond: number;
  readonly rssEarly: number;
  readonly rssPeak: number;
  /** Left behind by updates and deletes, for each row that stands. */
  readonly deadPerLive: number;
}

if (!(await hasPostgres())) throw new Error("The bench of pressure needs PostgreSQL");
const folder = mkdtempSync(path.join(tmpdir(), "bursar-bench-"));
const sandbox = createSandbox(systemPorts({ log: silentLog() }));
const { url: stripeUrl } = await sandbox.listen({ host: "127.0.0.1", port: 0 });
try {
  const recorded = await recordEvents(2_000);
  const paid = recorded.filter(({ type }) => type === "payment_intent.succeeded");
  const heads = ["acked", "not done", "worked/s", "÷ clean", "RSS early", "RSS peak", "dead ÷ live"];
  console.log(`${flags.events} events\n${"".padEnd(34)}${heads.map((head) => head.padStart(12)).join("")}`);
  let clean: number | undefined;
  for (const [name, disturb] of Object.entries(disturbances)) {
    const outcome = await measure(paid, disturb);
    clean ??= outcome.perSecond;
    const { acknowledged, lost, perSecond, rssEarly, rssPeak, deadPerLive } = outcome;
    const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
    const cells = [
      acknowledged,
      lost,
      perSecond.toFixed(0),
      (perSecond / clean).toFixed(2),
      mib(rssEarly),
      mib(rssPeak),
    ];
    console.log(
      `${name.padEnd(34)}${[...cells, deadPerLive.toFixed(2)].map((cell) => String(cell).padStart(12)).join("")}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
  await sandbox.close();
}

async function measure(paid: readonly Recorded[], disturb: Disturb): Promise<Outcome> {
  const database = await makeDatabase("postgres");
  const target = await startTarget({ name: "bursar", database: database.url, stripeUrl, secret });
  const instance = await ask(database.url, "select value from bursar.settings where key = 'instance'");
  const file = path.join(folder, "bodies.json");
  writeFileSync(file, JSON.stringify(ownEvents(paid, String(instance))));
  const disturbance = await disturb(database.url);
  const memory: number[] = [];
  const watching = watch(target, memory);
  const begun = performance.now();
  const shot = await fireAt({ url: target.url, file, connections: 64, secret });
  await untilDone(database.url);
  const seconds = (performance.now() - begun) / 1_000;
  watching.isOver = true;
  await watching.ended;
  await disturbance.stop();
  const done = Number(await ask(database.url, "select count(*) from bursar.receipts where state = 'done'"));
  const deadPerLive = Number(
    await ask(
      database.url,
      `select sum(n_dead_tup)::float / greatest(sum(n_live_tup), 1)
       from pg_stat_user_tables where schemaname = 'bursar'`,
    ),
  );
  await target.stop();
  await database.drop();
  const early = memory.slice(0, Math.ceil(memory.length / 5));
  return {
    acknowledged: shot.acknowledged,
    lost: shot.acknowledged - done,
    perSecond: done / seconds,
    rssEarly: Math.max(...early),
    rssPeak: Math.max(...memory),
    deadPerLive,
  };
}

/**
 * Each of an object of its own that has just been paid, and of a second to come: an event that is not fresh any more is
 * looked up, and nobody has these objects.
 */
function ownEvents(paid: readonly Recorded[], instance: string): string[] {
  const created = Math.floor((Date.now() + idleWithinMs) / 1_000);
  return Array.from({ length: Number(flags.events) }, (_, nth) => {
    const { body } = paid[nth % paid.length] as Recorded;
    const event = JSON.parse(body.replaceAll(/"(evt|pi|ch)_/g, `"$1_${nth}n`));
    event.data.object.metadata = { bursar_instance: instance };
    return JSON.stringify({ ...event, created });
  });
}

function watch(target: Target, memory: number[]): { isOver: boolean; ended: Promise<void> } {
  const watching = { isOver: false, ended: Promise.resolve() };
  watching.ended = (async () => {
    while (!watching.isOver) {
      memory.push((await target.usage()).rssBytes);
      await pause(lookEveryMs);
    }
  })();
  return watching;
}

async function untilDone(url: string): Promise<void> {
  const begun = performance.now();
  while (performance.now() - begun < idleWithinMs) {
    if (Number(await ask(url, "select count(*) from bursar.receipts where state = 'open'")) === 0) return;
    await pause(lookEveryMs);
  }
  throw new Error("Receipts were left open");
}

/** Somebody else's transactions, which keep the server from sweeping up. */
async function holdSnapshots(url: string): Promise<{ stop(): Promise<void> }> {
  const clients = await Promise.all(Array.from({ length: readers + 1 }, () => connect(url)));
  const [writer, ...others] = clients as [pg.Client, ...pg.Client[]];
  await writer.query("create table if not exists somebodys (n int); begin; insert into somebodys values (1)");
  for (const reader of others) {
    await reader.query("begin isolation level repeatable read; select count(*) from bursar.receipts");
  }
  const until = pause(Number(flags.idle) * 1_000);
  return {
    async stop() {
      await until;
      await Promise.all(clients.map((client) => client.end()));
    },
  };
}

async function killConnections(url: string): Promise<{ stop(): Promise<void> }> {
  const client = await connect(url);
  let isOver = false;
  const killing = (async () => {
    while (!isOver) {
      await client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and application_name like 'bursar/%'`,
      );
      await pause(killEveryMs);
    }
  })();
  return {
    async stop() {
      isOver = true;
      await killing;
      await client.end();
    },
  };
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: "somebody" });
  await client.connect();
  return client;
}

async function ask(url: string, query: string): Promise<unknown> {
  const client = await connect(url);
  try {
    const { rows } = await client.query({ text: query, rowMode: "array" });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}
