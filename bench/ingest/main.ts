// `npm run bench -- ingest`: how fast events are acknowledged and worked, beside a bare server that only verifies their
// signature, and beside sync engines, which acknowledge what they have upserted. All get the same bytes, one after the
// other, in rounds; what counts are the ratios of the medians. `--events 2000 --own 500 --rounds 1` for a first look.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createSandbox } from "bursar/sandbox";
import { systemPorts } from "#kit/create_ports.ts";
import { silentLog } from "#kit/log.ts";
import { hasPostgres, makeDatabase } from "./databases.ts";
import { type Recorded, recordEvents } from "./events.ts";
import type { Shot } from "./generator.ts";
import { placeOrders } from "./orders.ts";
import { installedPeers } from "./peers.ts";
import { fireAt, startTarget, type Target } from "./processes.ts";
import { type Measured, printReport } from "./report.ts";

const { values: flags } = parseArgs({
  options: {
    events: { type: "string", default: "20000" },
    own: { type: "string", default: "2000" },
    rounds: { type: "string", default: "3" },
    connections: { type: "string", default: "64" },
    only: { type: "string" },
  },
});
const secret = "whsec_bench";
const pollMs = 100;
/** A target that does not come to rest within this is broken. */
const idleWithinMs = 10 * 60_000;

interface Subject {
  readonly name: string;
  readonly target: string;
  readonly engine: "none" | "sqlite" | "postgres";
}

const folder = mkdtempSync(path.join(tmpdir(), "bursar-bench-"));
const sandbox = createSandbox(systemPorts({ log: silentLog() }));
const { url: stripeUrl } = await sandbox.listen({ host: "127.0.0.1", port: 0 });
try {
  const events = await recordEvents(Number(flags.events));
  const paid = events.filter(({ type }) => type === "payment_intent.succeeded").slice(0, Number(flags.own));
  const measured: Measured[] = [];
  const subjects = await findSubjects();
  for (let round = 0; round < Number(flags.rounds); round++) {
    for (const subject of subjects) measured.push(await measure(subject, events, paid));
  }
  printReport(measured, events);
} finally {
  rmSync(folder, { recursive: true });
  await sandbox.close();
}

async function findSubjects(): Promise<readonly Subject[]> {
  const all: Subject[] = [
    { name: "bare", target: "bare", engine: "none" },
    { name: "bursar, SQLite", target: "bursar", engine: "sqlite" },
  ];
  if (await hasPostgres()) {
    all.push({ name: "bursar, PostgreSQL", target: "bursar", engine: "postgres" });
    for (const peer of installedPeers()) all.push({ name: peer, target: peer, engine: "postgres" });
  }
  return all.filter(({ name }) => flags.only === undefined || name === "bare" || name.includes(flags.only));
}

async function measure(subject: Subject, events: readonly Recorded[], paid: readonly Recorded[]): Promise<Measured> {
  const database = await makeDatabase(subject.engine);
  process.stderr.write(`${subject.name}\n`);
  const settings = { name: subject.target, database: database.url, stripeUrl, secret };
  const isOurs = subject.target === "bursar";
  try {
    const own = isOurs
      ? await placeOrders(settings, paid)
      : paid.map(({ body }) => body.replaceAll('"evt_', '"evt_own'));
    const target = await startTarget(settings);
    await shoot(
      target,
      events.slice(0, 500).map(({ body }) => body.replaceAll('"evt_', '"evt_warm')),
    );
    await untilIdle(target);
    const foreign = await shootAndWork(
      target,
      events.map(({ body }) => body),
    );
    const mine = subject.engine === "none" ? undefined : await shootAndWork(target, own);
    const { rssBytes, handled } = await target.usage();
    await target.stop();
    if (isOurs && handled !== own.length) throw new Error(`${handled} facts of ${own.length} were handled`);
    return { name: subject.name, isOurs, foreign, own: mine, rssBytes };
  } finally {
    await database.drop();
  }
}

async function shoot(target: Target, bodies: readonly string[]): Promise<Shot> {
  const file = path.join(folder, "bodies.json");
  writeFileSync(file, JSON.stringify(bodies));
  return fireAt({ url: target.url, file, connections: Number(flags.connections), secret });
}

async function shootAndWork(target: Target, bodies: readonly string[]): Promise<Measured["foreign"]> {
  const before = await target.usage();
  const shot = await shoot(target, bodies);
  const after = await target.usage();
  const idleSeconds = await untilIdle(target);
  const perSecond = (shot.acknowledged / shot.seconds).toFixed(0);
  process.stderr.write(`  ${bodies.length} events: ${perSecond}/s, then ${idleSeconds.toFixed(1)} s of work\n`);
  return {
    shot,
    cpuMicrosEach: (after.cpuMicros - before.cpuMicros) / bodies.length,
    workedPerSecond: bodies.length / (shot.seconds + idleSeconds),
    idleSeconds,
    rssBytes: after.rssBytes,
  };
}

async function untilIdle(target: Target): Promise<number> {
  const begun = performance.now();
  while (performance.now() - begun < idleWithinMs) {
    if ((await target.usage()).isIdle) return (performance.now() - begun) / 1_000;
    await pause(pollMs);
  }
  throw new Error("A target did not come to rest");
}
