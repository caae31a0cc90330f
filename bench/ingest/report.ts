// What was measured, as medians over the rounds and as ratios beside their aims.
import { ingestAims } from "../aims.table.ts";
import type { Recorded } from "./events.ts";
import type { Shot } from "./generator.ts";

export interface Worked {
  readonly shot: Shot;
  /** Of the target's process, while it acknowledged. */
  readonly cpuMicrosEach: number;
  /** From the first request until all that was acknowledged had been worked. */
  readonly workedPerSecond: number;
  /** Of that, after the last acknowledgement. */
  readonly idleSeconds: number;
  readonly rssBytes: number;
}

export interface Measured {
  readonly name: string;
  readonly isOurs: boolean;
  readonly foreign: Worked;
  readonly own: Worked | undefined;
  readonly rssBytes: number;
}

interface Row {
  readonly name: string;
  readonly isOurs: boolean;
  readonly perSecond: number;
  readonly cpuMicrosEach: number;
  readonly p99Ms: number;
  readonly foreignPerSecond: number;
  readonly ownPerSecond: number;
  readonly rssBytes: number;
}

export function printReport(measured: readonly Measured[], events: readonly Recorded[]): void {
  const rows = [...Map.groupBy(measured, ({ name }) => name).values()].map(medianRow);
  const bytes = events.reduce((sum, { body }) => sum + body.length, 0) / events.length;
  console.log(`${events.length} events of ${bytes.toFixed(0)} bytes`);
  const heads = ["acked/s", "CPU each", "p99", "foreign/s", "own/s", "memory"];
  console.log(`\n${pad("")}${cells(heads)}`);
  for (const row of rows) {
    const { perSecond, cpuMicrosEach, p99Ms, foreignPerSecond, ownPerSecond, rssBytes } = row;
    const figures = [perSecond, cpuMicrosEach].map((figure) => figure.toFixed(0));
    const worked = [foreignPerSecond, ownPerSecond].map((figure) => (Number.isNaN(figure) ? "" : figure.toFixed(0)));
    const texts = [figures[0], `${figures[1]} µs`, `${p99Ms.toFixed(1)} ms`, ...worked];
    console.log(`${pad(row.name)}${cells([...texts.map(String), `${(rssBytes / 2 ** 20).toFixed(0)} MiB`])}`);
  }
  printRejections(measured);
  printRatios(rows);
}

function medianRow(rounds: readonly Measured[]): Row {
  const over = (figure: (one: Measured) => number) => median(rounds.map(figure));
  const [{ name, isOurs }] = rounds as [Measured];
  return {
    name,
    isOurs,
    perSecond: over(({ foreign: { shot } }) => shot.acknowledged / shot.seconds),
    cpuMicrosEach: over(({ foreign }) => foreign.cpuMicrosEach),
    p99Ms: over(({ foreign }) => foreign.shot.p99Ms),
    foreignPerSecond: name === "bare" ? Number.NaN : over(({ foreign }) => foreign.workedPerSecond),
    ownPerSecond: over(({ own }) => own?.workedPerSecond ?? Number.NaN),
    rssBytes: over((one) => one.rssBytes),
  };
}

function median(figures: readonly number[]): number {
  return [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
}

function printRejections(measured: readonly Measured[]): void {
  for (const { name, foreign, own } of new Map(measured.map((one) => [one.name, one])).values()) {
    const rejected = Object.entries({ ...foreign.shot.rejected, ...own?.shot.rejected });
    for (const [what, count] of rejected) console.log(`${name} rejected ${count} × ${what}`);
  }
}

function printRatios(rows: readonly Row[]): void {
  const bare = rows.find(({ name }) => name === "bare") as Row;
  const peers = rows.filter(({ isOurs, name }) => !isOurs && name !== "bare");
  const best = (figure: (row: Row) => number) => Math.max(...peers.map(figure));
  for (const ours of rows.filter(({ isOurs }) => isOurs)) {
    const aims = ours.name.includes("SQLite") ? ingestAims.sqlite : ingestAims.postgres;
    console.log(`\n${pad(ours.name)}${cells(["figure", "aim"])}`);
    const line = (what: string, figure: number, aim: { atLeast?: number; atMost?: number }) => {
      const { atLeast = 0, atMost = Number.POSITIVE_INFINITY } = aim;
      const isMissed = figure < atLeast || figure > atMost;
      const said = Number.isFinite(figure) ? figure.toFixed(2) : "no peer";
      const wanted = aim.atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`;
      console.log(`${pad(what)}${cells([said, `${wanted}${isMissed ? " !" : ""}`])}`);
    };
    line("acknowledged/s ÷ best engine's", ours.perSecond / best((row) => row.perSecond), { atLeast: aims.toPeer });
    line("acknowledged/s ÷ bare", ours.perSecond / bare.perSecond, { atLeast: aims.toBare });
    line("CPU per event ÷ bare", ours.cpuMicrosEach / bare.cpuMicrosEach, { atMost: aims.cpuToBare });
    line("p99 ÷ bare", ours.p99Ms / bare.p99Ms, { atMost: aims.p99ToBare });
    line("worked/s, foreign", ours.foreignPerSecond, { atLeast: aims.foreignPerSecond });
    const ownToPeer = ours.ownPerSecond / best((row) => row.ownPerSecond);
    line("worked/s, own ÷ best engine's", ownToPeer, { atLeast: aims.ownToPeer });
  }
}

const pad = (text: string): string => text.padEnd(34);
const cells = (texts: readonly string[]): string => texts.map((text) => text.padStart(12)).join("");
