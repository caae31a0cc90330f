// A reporter for `npm test`: failures with their place and cause, skips with their reason, and the closing counts.
export default async function* summary(source) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const skips = new Map();
  for await (const event of source) {
    if (event.type === "test:stderr" || event.type === "test:stdout") continue;
    if (event.type !== "test:pass" && event.type !== "test:fail") continue;
    const { name, file, details, skip } = event.data;
    if (details?.type === "suite") continue;
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
  yield `\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`;
}
