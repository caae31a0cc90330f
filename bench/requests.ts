// `npm run bench`: what a request to the sandbox costs beside a bare node:http server in the same run, and whether that
// cost grows with what is stored. The ratios are what counts; the figures are this machine's. Exits with 1 when the
// cost is not flat. `npm run bench -- --objects 1000000` stores that many; `-- --start` measures the start alone.
import { parseArgs } from "node:util";
import { aims } from "./aims.table.ts";
import {
  type Cost,
  cheaper,
  cheapest,
  fire,
  type Shot,
  send,
  startTarget,
  stopTarget,
  type Target,
  usage,
} from "./load.ts";
import { measureStarts, type Starts } from "./start.ts";
import { instants, measureDue } from "./time.ts";

const flags = parseArgs({ options: { objects: { type: "string" }, start: { type: "boolean" } } }).values;
const requestsEach = Number(process.env.BENCH_REQUESTS ?? 2_000);
const storedMany = Number(flags.objects ?? process.env.BENCH_OBJECTS ?? 100_000);
const storedFew = 100; // a list of 10 has its 10 from the beginning
const rounds = 3;
const ratioRounds = 6; // the first two are spent on compiling what is hot

const customerForm = "name=Jenny+Rosen&email=jenny%40example.com&metadata%5Border%5D=6735";
const paymentForm = new URLSearchParams({
  amount: "2000",
  currency: "eur",
  "automatic_payment_methods[enabled]": "true",
  "automatic_payment_methods[allow_redirects]": "never",
}).toString();
const confirmForm = "payment_method=pm_card_visa";

const customerShot = (): Shot => ({ method: "POST", path: "/v1/customers", body: customerForm });
const listShot = (): Shot => ({ method: "GET", path: "/v1/customers?limit=10" });

interface Measured {
  readonly what: keyof typeof aims.ratio;
  readonly sandbox: Cost;
  readonly bare: Cost;
}

const starts: Readonly<Record<keyof Starts, string>> = {
  cold: "cold: nothing compiled yet",
  warm: "warm: as the install leaves it",
};

await printStart();
if (!flags.start) {
  await printDue();
  await measureRequests();
}

async function printStart(): Promise<void> {
  console.log(`${pad("bursar sandbox", 34)}${cells(["ready", "idle memory"])}`);
  for (const [what, { readyMs, idleBytes }] of Object.entries(await measureStarts())) {
    const idle = idleBytes === undefined ? "unknown" : mebibytes(idleBytes);
    console.log(`${pad(starts[what as keyof Starts], 34)}${cells([`${readyMs.toFixed(0)} ms`, idle])}`);
  }
  const { readyMs, idleBytes } = aims.start;
  console.log(`${pad("aim", 34)}${cells([`≤ ${readyMs} ms`, `≤ ${mebibytes(idleBytes)}`])}`);
}

async function printDue(): Promise<void> {
  const { virtualMs, movedMs } = await measureDue();
  console.log(`\n${pad(`${instants} due instants`, 34)}${cells(["took", "aim"])}`);
  for (const [what, ms] of Object.entries({
    "on a virtual clock": virtualMs,
    "on a timeline that is moved": movedMs,
  })) {
    console.log(`${pad(what, 34)}${cells([`${(ms / 1000).toFixed(1)} s`, `≤ ${aims.dueSeconds} s`])}`);
  }
}

async function measureRequests(): Promise<void> {
  const bare = await startTarget("bare");
  const sandbox = await startTarget("sandbox");
  try {
    await warmUp(bare, sandbox);
    printRatios(await measureRatios(bare, sandbox));
    process.exitCode = (await measureGrowth(sandbox)) > aims.growth ? 1 : 0;
  } finally {
    await stopTarget(bare);
    await stopTarget(sandbox);
  }
}

async function warmUp(plain: Target, ours: Target): Promise<void> {
  for (const target of [plain, ours]) {
    await fire(target, requestsEach, customerShot);
    await fire(target, requestsEach, listShot);
  }
  await fire(ours, storedFew, customerShot);
}

async function measureRatios(plain: Target, ours: Target): Promise<Measured[]> {
  const customer = JSON.parse(await send(ours, customerShot())) as { id: string };
  const getShot = (): Shot => ({ method: "GET", path: `/v1/customers/${customer.id}` });
  const confirmed = (): Shot => ({
    method: "POST",
    path: "/v1/payment_intents",
    body: `${paymentForm}&${confirmForm}&confirm=true`,
  });
  const shoot = (target: Target, shot: () => Shot) => () => fire(target, requestsEach, shot);
  const [bareGet, barePost, get, post, inOne, inTwo] = await inTurns([
    shoot(plain, getShot),
    shoot(plain, customerShot),
    shoot(ours, getShot),
    shoot(ours, customerShot),
    shoot(ours, confirmed),
    () => createThenConfirm(ours),
  ]);
  return [
    { what: "GET customer", sandbox: get, bare: bareGet },
    { what: "POST customer", sandbox: post, bare: barePost },
    { what: "PaymentIntent, confirm=true", sandbox: inOne, bare: barePost },
    { what: "PaymentIntent, create + confirm", sandbox: inTwo, bare: barePost },
  ];
}

/** The cheapest round of each. They take turns, so that whatever else the machine does meets all of them. */
async function inTurns<const R extends readonly (() => Promise<Cost>)[]>(
  measured: R,
): Promise<{ readonly [K in keyof R]: Cost }> {
  const best: Cost[] = [];
  for (let round = 0; round < ratioRounds; round++) {
    for (const [index, measure] of measured.entries()) best[index] = cheaper(best[index], await measure());
  }
  return best as unknown as { readonly [K in keyof R]: Cost }; // One for each.
}

/** Two requests for one payment; the cost is that of both. */
async function createThenConfirm(target: Target): Promise<Cost> {
  const ids: string[] = [];
  const before = await usage(target);
  for (let i = 0; i < requestsEach; i++) {
    const body = await send(target, { method: "POST", path: "/v1/payment_intents", body: paymentForm });
    ids.push((JSON.parse(body) as { id: string }).id);
  }
  const confirming = await fire(target, requestsEach, (index) => ({
    method: "POST",
    path: `/v1/payment_intents/${ids[index]}/confirm`,
    body: confirmForm,
  }));
  const after = await usage(target);
  return { perSecond: confirming.perSecond, cpuMicrosEach: (after.cpuMicros - before.cpuMicros) / requestsEach };
}

function printRatios(rows: readonly Measured[]): void {
  console.log(`\n${pad("CPU per request, µs", 34)}${cells(["bare", "sandbox", "ratio", "aim", "requests/s"])}`);
  for (const { what, sandbox: ours, bare: plain } of rows) {
    const ratio = ours.cpuMicrosEach / plain.cpuMicrosEach;
    const aim = aims.ratio[what];
    const figures = [
      plain.cpuMicrosEach.toFixed(0),
      ours.cpuMicrosEach.toFixed(0),
      `${ratio.toFixed(1)} ×`,
      `≤ ${aim} ×${ratio > aim ? " !" : ""}`,
    ];
    console.log(`${pad(what, 34)}${cells([...figures, ours.perSecond.toFixed(0)])}`);
  }
}

async function measureGrowth(target: Target): Promise<number> {
  const first = JSON.parse(await send(target, customerShot())) as { id: string };
  const shots: Readonly<Record<string, () => Shot>> = {
    "GET customer": () => ({ method: "GET", path: `/v1/customers/${first.id}` }),
    "POST customer": customerShot,
    "list of 10 customers": listShot,
  };
  const measureAll = async () => {
    const costs: Cost[] = [];
    for (const shot of Object.values(shots)) costs.push(await cheapest(rounds, () => fire(target, requestsEach, shot)));
    return costs;
  };
  const few = await measureAll();
  await fire(target, storedMany, customerShot);
  const many = await measureAll();

  console.log(`\n${pad("CPU per request, µs", 34)}${cells(["few stored", `+${storedMany}`, "growth", "gate"])}`);
  let worst = 0;
  Object.keys(shots).forEach((what, index) => {
    const [a, b] = [(few[index] as Cost).cpuMicrosEach, (many[index] as Cost).cpuMicrosEach];
    worst = Math.max(worst, b / a);
    console.log(
      `${pad(what, 34)}${cells([a.toFixed(0), b.toFixed(0), `${(b / a).toFixed(2)} ×`, `≤ ${aims.growth} ×`])}`,
    );
  });
  const { rssBytes } = await usage(target);
  console.log(`\nMemory of the sandbox at the end: ${mebibytes(rssBytes)}`);
  if (worst > aims.growth) console.log(`NOT FLAT: ${worst.toFixed(2)} × is more than ${aims.growth} ×`);
  return worst;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}

function pad(text: string, width: number): string {
  return text.padEnd(width);
}

function cells(texts: readonly string[]): string {
  return texts.map((text) => text.padStart(12)).join("");
}
