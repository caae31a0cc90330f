// `npm run bench -- commands`: what a command costs that goes through the journal, when Stripe takes no time: an order
// is made and checked out. Beside the same statements by hand, over the same connection. CPU of the process, whose
// governor does not wait here: at 450/s a core is never idle. `--commands 300`, `--engine sqlite` for one of them.
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { parseArgs } from "node:util";
import { createBilling } from "bursar";
import pg from "pg";
import type { Clock } from "#kit/clock.ts";
import { systemPorts } from "#kit/create_ports.ts";
import { silentLog } from "#kit/log.ts";
import { type Heard, statementsChannel } from "#kit/sql/units.ts";
import { commandAims } from "./aims.table.ts";
import { hasPostgres, makeDatabase } from "./ingest/databases.ts";

const { values: flags } = parseArgs({
  options: { commands: { type: "string", default: "300" }, engine: { type: "string", default: "sqlite,postgres" } },
});
const commands = Number(flags.commands);
const warmUp = 300; // as many as it takes V8 to compile what is run for each
const atOnce = 1;
const lines = [{ description: "Tea", quantity: 1, unitAmount: 2_000 }];

/** What Stripe would say, at once. */
function createAnswers(): (url: string, init?: RequestInit) => unknown {
  const intents = new Map<string, unknown>();
  return (url, init) => {
    const { pathname } = new URL(url);
    if (init?.method === "GET") {
      const known = intents.get(pathname.split("/").at(-1) ?? "");
      return known ?? (pathname === "/v1/account" ? { id: "acct_1", object: "account" } : noEvents);
    }
    const form = new URLSearchParams(String(init?.body));
    const marks = [...form].filter(([name]) => name.startsWith("metadata["));
    const metadata = Object.fromEntries(marks.map(([name, value]) => [name.slice("metadata[".length, -1), value]));
    const id = `pi_${intents.size}`;
    const money = { amount: Number(form.get("amount")), amount_received: 0, amount_capturable: 0, currency: "eur" };
    const rest = { status: "requires_payment_method", latest_charge: null, last_payment_error: null, customer: null };
    const created = Math.floor(Date.now() / 1_000);
    const secret = { client_secret: `${id}_secret_1`, livemode: false };
    const intent = { id, object: "payment_intent", created, metadata, ...secret, ...money, ...rest };
    intents.set(id, intent);
    return intent;
  };
}

const noEvents = { object: "list", data: [], has_more: false };

console.log(
  `${"".padEnd(22)}${["per command", "per core", "by hand", "÷ by hand"].map((head) => head.padStart(14)).join("")}`,
);
for (const engine of (await hasPostgres()) ? (["sqlite", "postgres"] as const) : (["sqlite"] as const)) {
  if (flags.engine.split(",").includes(engine)) await measure(engine);
}

async function measure(engine: "sqlite" | "postgres"): Promise<void> {
  const [database, beside] = [await makeDatabase(engine), await makeDatabase(engine)];
  const units = new Map<Heard["unit"], Heard[]>();
  const hear = (message: unknown) => {
    const heard = message as Heard;
    const unit = units.get(heard.unit);
    if (unit) unit.push(heard);
    else units.set(heard.unit, [heard]);
  };
  subscribe(statementsChannel, hear);
  const clock = withoutWaits(systemPorts({ log: silentLog() }).clock);
  const answer = createAnswers();
  const fetch = async (input: string | URL | Request, init?: RequestInit) =>
    Response.json(answer(String(input), init), { headers: { date: new Date(clock.now()).toUTCString() } });
  const ports = { ...systemPorts({ log: silentLog() }), fetch, clock };
  const stripe = { secretKey: "sk_test_bench", publishableKey: "pk_test_bench", webhookSecrets: ["whsec_bench"] };
  const billing = await createBilling({ stripe, database: database.url, publicUrl: "http://127.0.0.1" }, ports);
  const run = async (name: string, count: number) => {
    const left = Array.from({ length: count }, (_, n) => `${name}_${n}`);
    const work = async () => {
      for (let id = left.pop(); id !== undefined; id = left.pop()) {
        await billing.orders.create({ id, currency: "eur", lines });
        await billing.orders.checkout(id);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  };
  await run("warm", warmUp);
  const setUp = units.size;
  unsubscribe(statementsChannel, hear); // who hears them has them built anew
  const ours = (await cpuOf(() => run("order", commands))) / commands;
  subscribe(statementsChannel, hear);
  await run("heard", commands);
  unsubscribe(statementsChannel, hear);
  await billing.close();
  const play = await openByHand(engine, beside.url);
  for (const unit of [...units.values()].slice(0, setUp)) await play(unit);
  const byHand =
    (await cpuOf(async () => {
      for (const unit of [...units.values()].slice(setUp)) await play(unit);
    })) / commands;
  await play([]);
  await Promise.all([database.drop(), beside.drop()]);
  const perCore = 1_000_000 / ours;
  const isMissed = perCore < commandAims.perCore;
  const cells = [`${ours.toFixed(0)} µs`, `${perCore.toFixed(0)}/s${isMissed ? " !" : ""}`, `${byHand.toFixed(0)} µs`];
  console.log(
    `${engine.padEnd(22)}${[...cells, (ours / byHand).toFixed(1)].map((cell) => cell.padStart(14)).join("")}`,
  );
}

/** Time goes on at once for whoever waits for time alone: the governor's seconds, in which a process cools down. */
function withoutWaits(clock: Clock): Clock {
  let skippedMs = 0;
  return {
    ...clock,
    now: () => clock.now() + skippedMs,
    monotonicMs: () => clock.monotonicMs() + skippedMs,
    async sleep(ms, signal, quietMs) {
      if (signal) return clock.sleep(ms, signal, quietMs);
      skippedMs += ms;
    },
  };
}

async function cpuOf(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** Plays a unit's statements on another database; closes it for one that has none. */
async function openByHand(
  engine: "sqlite" | "postgres",
  url: string,
): Promise<(unit: readonly Heard[]) => Promise<void>> {
  if (engine === "sqlite") {
    const file = new DatabaseSync(url.slice("sqlite:".length));
    file.exec("pragma journal_mode = wal; pragma synchronous = full");
    const prepared = new Map<string, StatementSync>();
    const prepare = (sql: string) => {
      const statement = prepared.get(sql) ?? file.prepare(sql);
      prepared.set(sql, statement);
      return statement;
    };
    return async (unit) => {
      if (unit.length === 0) return file.close();
      file.exec("begin immediate");
      for (const { query } of unit) prepare(query.sql).all(...(query.parameters as SQLInputValue[]));
      file.exec("commit");
    };
  }
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return async (unit) => {
    if (unit.length === 0) return client.end();
    await client.query("begin");
    for (const { query } of unit) await client.query(query.sql, [...query.parameters]);
    await client.query("commit");
  };
}
