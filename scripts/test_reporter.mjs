// The reporter of `npm test`: a line for each file when it has ended, failures with their place and cause as they
// happen, and at the end what the failed files wrote to standard error, the skips with their reasons, the files that
// took longest, and the counts.
import path from "node:path";

const slowestMax = 10;
const complaintLinesMax = 40;
const filesMax = process.env.BURSAR_TEST_FILES ?? "?";

/** Hears `test:complete`, which comes at once: all else waits until the files before it in the order have ended. */
export default async function* report(source) {
  const files = new Map();
  const ended = [];
  const skips = new Map();
  for await (const { type, data } of source) {
    if (!data.file || (type !== "test:complete" && type !== "test:stderr")) continue;
    const name = shown(data.entryFile ?? data.file);
    const file = files.get(name) ?? { name, passed: 0, failed: 0, skipped: 0, said: "" };
    files.set(name, file);
    if (type === "test:stderr") {
      file.said += data.message;
      continue;
    }
    const isFile = shown(path.resolve(data.name)) === name;
    const error = data.details.passed ? undefined : data.details.error;
    // A file or a suite that only says what the tests inside it have said.
    const isRepeated = error ? error.failureType === "subtestsFailed" : isFile || data.details.type === "suite";
    if (!isRepeated) {
      const outcome = data.skip !== undefined ? "skipped" : error ? "failed" : "passed";
      file[outcome]++;
      if (outcome === "skipped") skips.set(String(data.skip), (skips.get(String(data.skip)) ?? 0) + 1);
      if (outcome === "failed") yield failure(data.name, name, error);
    }
    if (isFile) {
      ended.push({ ...file, ms: data.details.duration_ms });
      yield lineOf(ended.at(-1), ended.length);
    }
  }
  yield* summary([...files.values()], skips, ended);
}

function lineOf({ name, passed, failed, skipped, ms }, index) {
  const counts = [`${passed} passed`, failed && `${failed} FAILED`, skipped && `${skipped} skipped`];
  return `[${index}/${filesMax}] ${name}  ${counts.filter(Boolean).join(", ")}  ${seconds(ms)}\n`;
}

function* summary(files, skips, ended) {
  for (const { name, failed, said } of files)
    if (failed && said) yield `\n${name} on standard error:\n${endOf(said)}\n`;
  for (const [reason, count] of skips) yield `\nskipped ${count}: ${reason}`;
  const slowest = ended.toSorted((a, b) => b.ms - a.ms).slice(0, slowestMax);
  yield `\nlongest: ${slowest.map(({ name, ms }) => `${name} ${seconds(ms)}`).join(", ")}`;
  const [passed, failed, skipped] = ["passed", "failed", "skipped"].map((outcome) =>
    files.reduce((sum, file) => sum + file[outcome], 0),
  );
  yield `\n${passed} passed, ${failed} failed, ${skipped} skipped\n`;
}

function failure(name, file, error) {
  const cause = error?.cause ?? error;
  const text = String(cause?.stack ?? cause?.message ?? cause).replaceAll("\n", "\n  ");
  return `\nFAILED ${name}\n  ${file}\n  ${text}\n`;
}

function endOf(text) {
  return text.trimEnd().split("\n").slice(-complaintLinesMax).join("\n");
}

function shown(file) {
  return path.relative(process.cwd(), file).replaceAll("\\", "/");
}

function seconds(ms) {
  return `${(ms / 1_000).toFixed(1)} s`;
}
