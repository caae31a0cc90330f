// The reporter of `npm test`: a line for each file when it has ended, failures with their place and cause as they
// happen, what a failed file wrote to standard error, and at the end the skips with their reasons, the files that took
// longest, and the counts.
import path from "node:path";

const slowestMax = 10;
const complaintLinesMax = 40;

export default async function* report(source) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  const tookMs = new Map();
  const skips = new Map();
  const complaints = new Map();
  const said = ({ file, message }) => complaints.set(shown(file), (complaints.get(shown(file)) ?? "") + message);
  const complaintsOf = function* (file) {
    yield endOf(complaints.get(shown(file)));
    complaints.delete(shown(file));
  };
  const filesMax = process.env.BURSAR_TEST_FILES ?? "?";
  for await (const { type, data } of source) {
    if (type === "test:summary" && data.file) {
      const { passed, failed, skipped } = data.counts;
      const counts = [`${passed} passed`, failed && `${failed} FAILED`, skipped && `${skipped} skipped`];
      tookMs.set(data.file, data.duration_ms);
      const place = `[${tookMs.size}/${filesMax}] ${shown(data.file)}`;
      yield `${place}  ${counts.filter(Boolean).join(", ")}  ${seconds(data.duration_ms)}\n`;
      if (failed) yield* complaintsOf(data.file);
    }
    if (type === "test:stderr") said(data);
    if ((type !== "test:pass" && type !== "test:fail") || data.details?.type === "suite") continue;
    const outcome = data.skip !== undefined ? "skipped" : type === "test:pass" ? "passed" : "failed";
    const error = data.details?.error;
    if (outcome === "failed" && error?.failureType === "subtestsFailed") continue;
    total[outcome]++;
    if (outcome === "skipped") skips.set(String(data.skip), (skips.get(String(data.skip)) ?? 0) + 1);
    if (outcome === "failed") yield failure(data, error);
    if (outcome === "failed" && data.name === shown(data.entryFile ?? data.file)) yield* complaintsOf(data.file);
  }
  for (const [reason, count] of skips) yield `\nskipped ${count}: ${reason}`;
  const slowest = [...tookMs].sort(([, a], [, b]) => b - a).slice(0, slowestMax);
  yield `\nlongest: ${slowest.map(([file, ms]) => `${shown(file)} ${seconds(ms)}`).join(", ")}`;
  yield `\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`;
}

function failure({ name, file }, error) {
  const cause = error?.cause ?? error;
  const text = String(cause?.stack ?? cause?.message ?? cause).replaceAll("\n", "\n  ");
  return `\nFAILED ${name}\n  ${shown(file)}\n  ${text}\n`;
}

/** The end of what a file's processes wrote to standard error. */
function endOf(text = "") {
  const lines = text.trimEnd().split("\n").slice(-complaintLinesMax);
  return text ? `  on standard error:\n  ${lines.join("\n  ")}\n` : "";
}

function shown(file) {
  return file ? path.relative(process.cwd(), file).replaceAll("\\", "/") : "";
}

function seconds(ms) {
  return `${(ms / 1_000).toFixed(1)} s`;
}
