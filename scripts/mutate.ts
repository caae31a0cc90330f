// `npm run mutate`: plants one small fault at a time in the paths of money and events, and counts how many the tests
// notice. `--sample 100` tries so many of them, by `--seed`; `--only orders` those whose file contains the text.
// Each try runs in a copy of the tree, on SQLite; nothing here is written to.
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { type Mutant, mutantsOf, planted } from "./mutate/mutants.ts";
import { type Target, targets } from "./mutate/targets.table.ts";

type Try = { file: string; tests: string[]; mutant: Mutant };
type Verdict = { of: Try; by: string | null };

const root = path.resolve(import.meta.dirname, "..");
const killedShareMin = 0.9;
// Many times what the slowest of the files needs: a mutant that never ends is noticed too.
const testTimeoutMs = 120_000;

const { values: options } = parseArgs({
  options: {
    sample: { type: "string" },
    seed: { type: "string", default: "1" },
    only: { type: "string", default: "" },
    jobs: { type: "string", default: String(availableParallelism()) },
  },
});

const tries = chosen(targets.flatMap(triesOf).filter(({ file }) => file.includes(options.only)));
const verdicts = await tryAll(tries);
process.exitCode = summary(verdicts) ? 0 : 1;

function triesOf({ files, tests }: Target): Try[] {
  return files
    .flatMap(sourcesOf)
    .flatMap((file) =>
      mutantsOf(file, readFileSync(path.join(root, file), "utf8")).map((mutant) => ({ file, tests, mutant })),
    );
}

function sourcesOf(place: string): string[] {
  if (statSync(path.join(root, place)).isFile()) return [place];
  return readdirSync(path.join(root, place))
    .filter((name) => name.endsWith(".ts") && !/\.(test|table)\.ts$|^(tables|index)\.ts$/.test(name))
    .map((name) => `${place}${name}`);
}

/** A sample is the same for the same seed: every n-th of them in an order that the seed decides. */
function chosen(all: Try[]): Try[] {
  if (options.sample === undefined) return all;
  let state = Number(options.seed) >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
  const ranked = all.map((one) => ({ one, rank: next() })).sort((a, b) => a.rank - b.rank);
  return ranked.slice(0, Number(options.sample)).map(({ one }) => one);
}

async function tryAll(all: Try[]): Promise<Verdict[]> {
  const found: Verdict[] = [];
  let begun = 0;
  const work = async (): Promise<void> => {
    const copy = copyOfTree();
    try {
      for (let at = begun++; at < all.length; at = begun++) {
        const verdict = { of: all[at]!, by: await noticedBy(copy, all[at]!) };
        found.push(verdict);
        process.stdout.write(`[${found.length}/${all.length}] ${said(verdict)}\n`);
      }
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  };
  await Promise.all(Array.from({ length: Number(options.jobs) }, work));
  return found;
}

function copyOfTree(): string {
  const copy = mkdtempSync(path.join(tmpdir(), "bursar-mutate-"));
  for (const name of ["src", "test", "examples", "package.json", "tsconfig.json"]) {
    cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
  }
  symlinkSync(path.join(root, "node_modules"), path.join(copy, "node_modules"));
  return copy;
}

/** The first test that notices, or null. */
async function noticedBy(copy: string, { file, tests, mutant }: Try): Promise<string | null> {
  const source = readFileSync(path.join(root, file), "utf8");
  writeFileSync(path.join(copy, file), planted(source, mutant));
  try {
    for (const test of tests) {
      const failure = await run(copy, test);
      if (failure !== null) return `${path.basename(test)}: ${failure}`;
    }
    return null;
  } finally {
    writeFileSync(path.join(copy, file), source);
  }
}

function run(copy: string, test: string): Promise<string | null> {
  const reporter = path.join(root, "scripts/mutate/bail.mjs");
  const child = spawn(process.execPath, [`--test-reporter=${reporter}`, "--test-reporter-destination=stdout", test], {
    cwd: copy,
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, BURSAR_TEST_NO_POSTGRES: "1" },
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), testTimeoutMs);
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  return new Promise((resolve) => {
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(null);
      else resolve(signal === null ? said.split("\n")[0] || "did not load" : "did not end");
    });
  });
}

function said({ of, by }: Verdict): string {
  return by === null ? `SURVIVED  ${of.mutant.place}` : `killed    ${of.mutant.place}  (${by})`;
}

function summary(all: readonly Verdict[]): boolean {
  const survived = all.filter(({ by }) => by === null);
  for (const verdict of survived) process.stdout.write(`${said(verdict)}\n`);
  const share = all.length === 0 ? 1 : 1 - survived.length / all.length;
  process.stdout.write(`${all.length - survived.length} of ${all.length} killed (${(share * 100).toFixed(1)} %)\n`);
  return share >= killedShareMin;
}
