// Which test files share a process. Most of what a small file costs is the start of one: the SDK, the schemas and our
// own source are loaded, and run cold. Files may share because no module keeps mutable state, which tidy holds. A file
// that starts a process, a thread or a browser, that asks or changes what belongs to the process, or that awaits while
// it is loaded, stays alone. That is read from the file and from the helpers of tests that it imports, so there is no
// list to keep.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

// With more, one process would work at the end while the other core has nothing to do.
const groupFilesMax = 24;

const startsOthers = /^(node:(child_process|worker_threads|cluster|process)|playwright-core)$/;
const awaitsWhileLoaded = /^(?:await|(?:export )?(?:const|let) [^;=]*= \(*await)\b/m;
/** The clock that tells how long something took, what was measured of the process, and changes of what all share. */
const reachesForTheProcess = new RegExp(
  [
    String.raw`\bprocess\.(?!(argv|env|execPath|getuid|pid|platform|ppid|stderr)\b)[a-z]`,
    String.raw`\bprocess\.env(\.\w+|\[[^\]]+\]) = `,
    String.raw`\b(globalThis|performance\.now|mock)\b`,
  ].join("|"),
);
/** What says how much of a test is played. */
const asksHowMuch = /^import \{[^}]*\b(cases|draws|stride|isWholeRun|isWholeOnPostgres)\b/m;
/** Where PostgreSQL is left out of a test. */
const databases = "src/kit/sql/testing.ts";
const helpsTests = /(^test|\/testing)\/|\/testing\.ts$/;

/**
 * The files as lists of those that share a process. They are dealt like cards: the first of the given order, the long
 * ones, begin a group each. A group works without a pause and who is alone often waits for others, so they are mixed:
 * the processor always has something to do.
 */
export function groupsOf(root: string, files: readonly string[]): readonly (readonly string[])[] {
  const alone = files.filter((file) => needsOwnProcess(root, file));
  const shared = files.filter((file) => !alone.includes(file));
  const count = Math.ceil(shared.length / groupFilesMax);
  const groups = Array.from({ length: count }, (_none, index) => shared.filter((_file, at) => at % count === index));
  const placed = [alone.map((file) => [file]), groups].flatMap((lists) =>
    lists.map((names, index) => ({ names, place: index / lists.length })),
  );
  return placed.sort((a, b) => a.place - b.place).map(({ names }) => names);
}

/** What `npm test` leaves out of the file, by what it and its helpers import: nothing, PostgreSQL, or more. */
export function leftOutOf(root: string, file: string): "nothing" | "postgres" | "more" {
  if (/\.whole\.test\.ts$/.test(file)) return "more";
  const asking = testCodeOf(root, file).filter(({ said }) => asksHowMuch.test(said));
  if (asking.some(({ name }) => name !== databases)) return "more";
  return asking.length > 0 ? "postgres" : "nothing";
}

/** Whether its tests have a database. */
export function usesDatabases(root: string, file: string): boolean {
  return testCodeOf(root, file).some(({ name }) => name === databases);
}

function needsOwnProcess(root: string, file: string): boolean {
  return testCodeOf(root, file).some(({ name, text, imports, said }) => {
    if (name === file && awaitsWhileLoaded.test(text)) return true;
    return imports.some((imported) => startsOthers.test(imported)) || reachesForTheProcess.test(said);
  });
}

interface TestCode {
  readonly name: string;
  readonly text: string;
  readonly imports: readonly string[];
  /** Without what stands in strings and comments. */
  readonly said: string;
}

/** A test file, and the helpers of tests that it imports. */
function testCodeOf(root: string, file: string): readonly TestCode[] {
  const names = new Set([file]); // Grows by the helpers of each.
  const code: TestCode[] = [];
  for (const name of names) {
    const text = readFileSync(path.join(root, name), "utf8");
    const imports = [...text.matchAll(/^(?:import|export|\} from)\b.*"([^"]+)";$/gm)].map(([, one = ""]) => one);
    const said = text.replaceAll(/"(?:[^"\\\n]|\\.)*"|^\s*(?:\/\/|\/?\*).*$/gm, "");
    code.push({ name, text, imports, said });
    for (const helper of imports.map((imported) => fileOf(name, imported))) {
      if (helpsTests.test(helper) && existsSync(path.join(root, helper))) names.add(helper);
    }
  }
  return code;
}

function fileOf(file: string, imported: string): string {
  if (imported.startsWith("#kit/")) return `src/kit/${imported.slice(5)}`;
  return path.posix.join(path.posix.dirname(file), imported);
}
