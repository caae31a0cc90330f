// The reporter of `npm test`: a line for each file when it has ended, failures with their place and cause as they
// happen, and at the end the skips with their reasons, the files that took longest, and the counts.
import path from "node:path";

const slowestMax = 10;

export default async function* report(source) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  const byFile = new Map();
  const skips = new Map();
  const filesMax = process.env.BURSAR_TEST_FILES ?? "?";
  let ended = 0;
  for await (const { type, data } of source) {
    if (type === "test:summary" && data.file) {
      const { passed = 0, failed = 0, skipped = 0 } = byFile.get(data.file) ?? {};
      const counts = [`${passed} passed`, failed && `${failed} FAILED`, skipped && `${skipped} skipped`];
      byFile.set(data.file, { ...byFile.get(data.file), tookMs: data.duration_ms });
      ended += 1;
      const said = [shown(data.file), counts.filter(Boolean).join(", "), seconds(data.duration_ms)].join("  ");
      yield `[${ended}/${filesMax}] ${said}\n`;
    }
    if ((type !== "test:pass" && type !== "test:fail") || data.details?.type === "suite") continue;
    const outcome = data.skip !== undefined ? "skipped" : type === "test:pass" ? "passed" : "failed";
    const error = data.details?.error;
    if (outcome === "failed" && error?.failureType === "subtestsFailed") continue;
    total[outcome]++;
    const counts = byFile.get(data.file) ?? {};
    byFile.set(data.file, { ...counts, [outcome]: (counts[outcome] ?? 0) + 1 });
    if (outcome === "skipped") skips.set(String(data.skip), (skips.get(String(data.skip)) ?? 0) + 1);
    if (outcome === "failed") yield failure(data, error);
  }
  for (const [reason, count] of skips) yield `\nskipped ${count}: ${reason}`;
  const slowest = [...byFile].sort(([, a], [, b]) => (b.tookMs ?? 0) - (a.tookMs ?? 0)).slice(0, slowestMax);
  yield `\nlongest: ${slowest.map(([file, { tookMs }]) => `${shown(file)} ${seconds(tookMs ?? 0)}`).join(", ")}`;
  yield `\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`;
}

function failure({ name, file }, error) {
  const cause = error?.cause ?? error;
  const text = String(cause?.stack ?? cause?.message ?? cause).replaceAll("\n", "\n  ");
  return `\nFAILED ${name}\n  ${shown(file)}\n  ${text}\n`;
}

function shown(file) {
  return file ? path.relative(process.cwd(), file).replaceAll("\\", "/") : "";
}

function seconds(ms) {
  return `${(ms / 1_000).toFixed(1)} s`;
}
