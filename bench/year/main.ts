// `npm run bench -- year`: what it costs when time passes for many subscriptions: each renewal is a draft, an hour
// later a payment, and all that is told of it. Seconds are the processor's, of a process for each row under Node's own
// limits of memory. `-- year --whole` has the large rows too, `-- year --requests` only what is asked of it beside a
// bare server.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { parseArgs } from "node:util";
import { yearAims } from "../aims.table.ts";
import { measureRequests } from "./requests.ts";
import type { Figures, Row } from "./row.ts";

const { values: flags } = parseArgs({
  options: { whole: { type: "boolean", default: false }, requests: { type: "boolean", default: false } },
});

const small: readonly Row[] = [
  { subscriptions: 1_000, months: 1 },
  { subscriptions: 1_000, months: 12 },
  { subscriptions: 1_000, months: 1, endpoint: "2020-08-27" },
  { subscriptions: 1_000, months: 1, isKept: true },
];
const large: readonly Row[] = [
  { subscriptions: 10_000, months: 12 },
  { subscriptions: 100_000, months: 1 },
];

if (!flags.requests) {
  print("", ["CPU", "renewals/s", "events/s", "CPU each", "peak memory", "held each"]);
  for (const row of flags.whole ? [...small, ...large] : small) print(nameOf(row), shown(row, measure(row)));
  const { heldBytes, tenThousandYearSeconds: seconds } = yearAims;
  print("aim", ["", "", "", `≤ ${((seconds * 1_000) / 120_000).toFixed(2)} ms`, "", `≤ ${kilobytes(heldBytes)}`]);
}
await measureRequests();

function measure(row: Row): Figures {
  const program = path.join(import.meta.dirname, "row.ts");
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--expose-gc", program, JSON.stringify(row)], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${nameOf(row)} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as Figures;
}

function nameOf({ subscriptions, months, endpoint, isKept }: Row): string {
  const beside = [endpoint && `heard in ${endpoint}`, isKept && "kept in a folder"].filter(Boolean).join(", ");
  return `${subscriptions} × ${months}${beside && `, ${beside}`}`;
}

/** What is older than thirty days has left: only within a month all that a renewal leaves behind is there. */
function shown({ months }: Row, { cpuSeconds, renewals, events, peakBytes, heldBytes }: Figures): string[] {
  const each = (cpuSeconds * 1_000) / renewals;
  return [
    `${cpuSeconds.toFixed(1)} s`,
    (renewals / cpuSeconds).toFixed(0),
    (events / cpuSeconds).toFixed(0),
    `${each.toFixed(2)} ms`,
    `${(peakBytes / 2 ** 20).toFixed(0)} MiB`,
    months === 1 ? kilobytes(heldBytes) : "",
  ];
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} kB`;
}

function print(name: string, cells: readonly string[]): void {
  console.log(`${name.padEnd(34)}${cells.map((cell) => cell.padStart(14)).join("")}`);
}
