// A reporter for `npm test`: failures with their place and cause, skips with their reason, the files that took longest,
// and the closing counts.
import path from "node:path";

const slowestMax = 8;

export default async function* summary(source) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const skips = new Map();
  const tookMs = new Map();
  for await (const event of source) {
    if (event.type === "test:stderr" || event.type === "test:stdout") continue;
    if (event.type !== "test:pass" && event.type !== "test:fail") continue;
    const { name, file, details, nesting, skip } = event.data;
    if (details?.type === "suite") continue;
    if (nesting === 0 && file) tookMs.set(file, (tookMs.get(file) ?? 0) + (details?.duration_ms ?? 0));
    if (skip !== undefined) {
      counts.skipped++;
      skips.set(`${skip}`, (skips.get(`${skip}`) ?? 0) + 1);
    } else if (event.type === "test:pass") counts.passed++;
    else {
      const error = details?.error;
      if (error?.failureType === "subtestsFailed") continue;
      counts.failed++;
      const cause = error?.cause ?? error;
      yield `\nFAILED ${name}\n  ${file ?? ""}\n  ${String(cause?.stack ?? cause?.message ?? cause).replaceAll("\n", "\n  ")}\n`;
    }
  }
  for (const [reason, count] of skips) yield `\nskipped ${count}: ${reason}`;
  const slowest = [...tookMs].sort(([, a], [, b]) => b - a).slice(0, slowestMax);
  const times = slowest.map(([file, ms]) => `${path.relative(process.cwd(), file)} ${Math.round(ms / 1_000)} s`);
  yield `\nlongest: ${times.join(", ")}`;
  yield `\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`;
}
