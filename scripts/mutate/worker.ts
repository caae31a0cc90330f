// A process that has read the mutated sources and tests once, and plays those tests that it is asked for.
import { registerHooks } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Begun, Measure, Measured, MeasuredTest, Tried, Try } from "./messages.ts";
import { type Collected, type CollectedFile, collect } from "./node_test.ts";
import { play } from "./play.ts";
import { atLoad, currentRun } from "./switch.ts";

/** Many times what a test asks without a mutant. */
const asksFactor = 20;
const asksSpare = 20_000;

const onPostgres = "(postgres)";

const standIn = new URL("./node_test.ts", import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "node:test" ? { url: standIn, shortCircuit: true } : next(specifier, context),
});
const failRun = (error: unknown): void => currentRun().fail(error);
process.on("unhandledRejection", failRun);
process.on("uncaughtException", failRun);
serve();

function serve(): void {
  const files = new Map<string, CollectedFile>();
  const read = async (file: string): Promise<readonly Collected[]> => {
    const collected = files.get(file) ?? (await collect(() => import(pathToFileURL(path.resolve(file)).href)));
    files.set(file, collected);
    return collected.tests;
  };
  process.on("message", (asked: Measure | Try) => {
    const answer = asked.kind === "measure" ? measure(read, asked) : tryMutant(read, asked);
    void answer.then((said) => process.send?.(said));
  });
  process.on("disconnect", async () => {
    for (const end of [...files.values()].flatMap(({ ends }) => ends)) await end();
    process.exit();
  });
}

type Read = (file: string) => Promise<readonly Collected[]>;

async function measure(read: Read, { file }: Measure): Promise<Measured> {
  const tests: MeasuredTest[] = [];
  const all = await read(file);
  const asIs = { planted: atLoad.planted, asksMax: atLoad.asksMax };
  // The first one also pays for what the engine has not compiled yet, and would look dear ever after.
  if (all[0]) await play(all[0], asIs);
  for (const [index, test] of all.entries()) {
    process.send?.({ begun: index } satisfies Begun);
    // It takes five times as long, and comes by the same mutants as its twin.
    if (test.name.endsWith(onPostgres)) continue;
    const twinName = test.name.replace(/\(sqlite\)$/, onPostgres);
    const twin = all.findIndex(({ name }) => name === twinName && name !== test.name);
    const before = process.cpuUsage();
    const { run, failure } = await play(test, asIs);
    const { user, system } = process.cpuUsage(before); // whatever else the machine does
    const ms = (user + system) / 1_000;
    const { asks, reached } = run;
    const twinOrNull = twin < 0 ? null : twin;
    tests.push({ file, index, twin: twinOrNull, name: test.name, ms, asks, reached: [...reached], failure });
  }
  return { tests, atLoad: [...atLoad.reached.keys()] };
}

async function tryMutant(read: Read, { mutant, tests }: Try): Promise<Tried> {
  for (const [by, { file, index, asks }] of tests.entries()) {
    process.send?.({ begun: by } satisfies Begun);
    const test = (await read(file))[index];
    if (!test) throw new Error(`${file} has no test ${index}`);
    const { failure } = await play(test, { planted: mutant, asksMax: asksSpare + asks * asksFactor });
    if (failure !== null) return { by, failure };
  }
  return { by: null, failure: "" };
}
