// `npm run mutate`: plants one small fault at a time in the paths of money and events, and counts how many the tests
// notice. `--sample 100` tries so many of them, by `--seed`; `--only orders,refunds` those whose file contains one of
// these; `--again FILE` those that survived in an earlier run, of which FILE has what was printed, on more tests with
// `--seconds 20`; `--but FILE` those that a run has not come to which was interrupted. `--near` plays the tests of the
// room alone, on SQLite: cheap for a first run, after which `--again` asks all others about those that survived.
// `--by locks,kinds` plays only those whose file contains one of these: who is known to notice is asked soon.
// `--sqlite` alone leaves only PostgreSQL to a later run. `--count FILES` tries nothing: it counts what several runs
// have printed as one, as far as the sources still are what they were then.
//
// The tests run in a copy of the tree, on SQLite and at last some on PostgreSQL; nothing here is written to. First each
// is played without a mutant, which tells what mutants it comes by. Then each mutant is tried on those tests alone; of
// what survivors.table.ts explains on a few of them, unless `--explained` asks for all.
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { copyTree } from "./mutate/copy.ts";
import { createPool } from "./mutate/pool.ts";
import { verdictsOf } from "./mutate/printed.ts";
import { survivors } from "./mutate/survivors.table.ts";
import { targets } from "./mutate/targets.table.ts";
import { measureAll, triedSecondsUsual, tryMutant } from "./mutate/tries.ts";
import { isOf, said, summaryOf } from "./mutate/verdicts.ts";
import { readWanted } from "./mutate/wanted.ts";

const root = path.resolve(import.meta.dirname, "..");
const { values: options } = parseArgs({
  options: {
    sample: { type: "string" },
    seed: { type: "string", default: "1" },
    only: { type: "string", default: "" },
    again: { type: "string" },
    but: { type: "string" },
    count: { type: "string" },
    by: { type: "string", default: "" },
    near: { type: "boolean", default: false },
    sqlite: { type: "boolean", default: false },
    explained: { type: "boolean", default: false },
    seconds: { type: "string", default: String(triedSecondsUsual) },
    jobs: { type: "string", default: String(availableParallelism()) },
  },
});

const { files, wanted } = readWanted(root, targets, {
  only: options.only,
  sample: options.sample === undefined ? undefined : Number(options.sample),
  seed: Number(options.seed),
  again: options.again === undefined ? undefined : readFileSync(options.again, "utf8"),
  but: options.but === undefined ? undefined : readFileSync(options.but, "utf8"),
  isNear: options.near,
  by: options.by,
});
if (options.count !== undefined) {
  const printed = options.count.split(",").map((file) => readFileSync(file, "utf8"));
  const verdicts = verdictsOf(printed.join("\n"), wanted);
  const { lines, isGood } = summaryOf(verdicts, survivors);
  process.stdout.write(`${lines.join("\n")}\n${wanted.length - verdicts.length} not tried\n`);
  process.exit(isGood && verdicts.length === wanted.length ? 0 : 1);
}
const copy = copyTree(root, files);
const pool = createPool({ copy: copy.folder, jobs: Number(options.jobs) });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.once(signal, () => void pool.close().then(() => process.exit(1)));
}
process.once("exit", () => copy.remove());
try {
  const known = await measureAll(pool, [...new Set(wanted.flatMap(({ tests }) => tests))]);
  let tried = 0;
  const verdicts = await Promise.all(
    wanted.map(async (one) => {
      const isExplained = survivors.some((survivor) => isOf(survivor, one));
      const maxMs = isExplained && !options.explained ? null : Number(options.seconds) * 1_000;
      const verdict = await tryMutant(pool, known, { ...one, maxMs, isTriage: options.near || options.sqlite });
      process.stdout.write(`[${++tried}/${wanted.length}] ${said(verdict)}\n`);
      return verdict;
    }),
  );
  const { lines, isGood } = summaryOf(verdicts, survivors);
  process.stdout.write(`${lines.join("\n")}\n`);
  process.exitCode = isGood ? 0 : 1;
} finally {
  await pool.close();
}
