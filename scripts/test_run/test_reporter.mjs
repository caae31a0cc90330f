// The reporter of `npm test`: a line for each file when it has ended, failures with their place and cause as they
// happen, and at the end what the failed files wrote to standard error, the skips with their reasons, the files that
// took longest and most of the processor, and the counts. A file that never ended is named, and so is the test that it
// had begun. One failure is enough for the exit code, also where the process itself ended well.
const slowestMax = 10;
const complaintLinesMax = 40;
/** How Node says it; the error itself is on standard error (test_process.mjs). */
const uncaught = /^Error: .* generated asynchronous activity after the test ended\./;

/**
 * `groups`: by what Node was given to start, the files that it plays, from the root. `cpu`: asked at the end, answers
 * what files have used of the processor, in milliseconds.
 */
export function createReport(groups, cpu) {
  const filesMax = [...groups.values()].flat().length;
  return async function* report(source) {
    const plays = new Map(
      [...groups].map(([entry, names]) => [entry, { waiting: names.map(newFile), begun: "", said: "" }]),
    );
    const told = { ended: [], skips: new Map(), beyondTests: 0 };
    // `test:complete` comes at once: all else waits until the files before it in the order have ended.
    for await (const { type, data } of source) {
      const entry = data.entryFile ?? data.file;
      if (type === "test:fail" && data.name === entry && data.details.error.failureType === "hookFailed") {
        told.beyondTests++;
        yield failure("what was to be done after all tests", groups.get(entry).join(", "), data.details.error);
      }
      const play = plays.get(entry);
      const isSaid = type === "test:stderr" || type === "test:stdout";
      if (play && isSaid) play.said += data.message;
      if (play && type === "test:diagnostic" && uncaught.test(data.message)) {
        told.beyondTests++;
        yield failure(
          "an error that nobody caught",
          groups.get(entry).join(", "),
          `${data.message}\n${endOf(play.said)}`,
        );
      }
      if (!play || play.waiting.length === 0) continue;
      const [file] = play.waiting;
      if (isSaid) file.said += data.message;
      if (type === "test:dequeue" && data.entryFile) play.begun = data.name;
      if (type !== "test:complete") continue;
      const isProcess = !data.entryFile;
      if (!isProcess) yield* count(file, data, told.skips);
      if (!isProcess && data.name !== file.name) continue;
      const over = isProcess ? play.waiting.splice(0) : play.waiting.splice(0, 1);
      if (isProcess) yield* unended(over, data, { begun: play.begun, isGroup: groups.get(entry).length > 1 });
      for (const one of over) {
        if (hasToldNothing(one)) yield* failNow(one, "it holds no test, or its tests were lost");
        told.ended.push({ ...one, ms: data.details.duration_ms });
        yield lineOf(told.ended.at(-1), `${told.ended.length}/${filesMax}`);
      }
    }
    yield* summary(told, cpu());
  };
}

function newFile(name) {
  return { name, passed: 0, failed: 0, skipped: 0, said: "" };
}

function* count(file, { name, skip, details }, skips) {
  const error = details.passed ? undefined : details.error;
  // A file or a suite that only says what the tests inside it have said.
  if (error ? error.failureType === "subtestsFailed" : details.type === "suite") return;
  const outcome = skip !== undefined ? "skipped" : error ? "failed" : "passed";
  file[outcome]++;
  if (outcome === "skipped") skips.set(String(skip), (skips.get(String(skip)) ?? 0) + 1);
  if (outcome === "failed") yield failure(name, file.name, error);
}

/** Its process has ended: of a group, who still waits did not end; a file alone ends with it, unless that failed. */
function* unended(files, { details }, { begun, isGroup }) {
  const { error } = details;
  if (!isGroup && (!error || error.failureType === "subtestsFailed")) return;
  for (const [index, file] of files.entries()) {
    const what = index > 0 ? "was not reached" : begun ? `did not end; it had begun "${begun}"` : "did not end";
    yield* failNow(file, what, error ?? new Error("Its process ended before it"));
  }
}

function* failNow(file, what, error) {
  file.failed++;
  yield failure(what, file.name, error);
}

function hasToldNothing({ passed, failed, skipped }) {
  return passed + failed + skipped === 0;
}

function lineOf({ name, passed, failed, skipped, ms }, place) {
  const counts = [`${passed} passed`, failed && `${failed} FAILED`, skipped && `${skipped} skipped`];
  return `[${place}] ${name}  ${counts.filter(Boolean).join(", ")}  ${seconds(ms)}\n`;
}

function* summary({ ended: files, skips, beyondTests }, cpu) {
  for (const { name, failed, said } of files)
    if (failed && said) yield `\n${name} on standard error:\n${endOf(said)}\n`;
  for (const [reason, number] of skips) yield `\nskipped ${number}: ${reason}`;
  yield `\nlongest: ${most(files.map(({ name, ms }) => [name, ms]))}`;
  yield `\nmost of the processor's ${seconds(cpu.reduce((sum, [, ms]) => sum + ms, 0))}: ${most(cpu)}`;
  const [passed, failed, skipped] = ["passed", "failed", "skipped"].map((outcome) =>
    files.reduce((sum, file) => sum + file[outcome], outcome === "failed" ? beyondTests : 0),
  );
  if (failed > 0) process.exitCode = 1;
  yield `\n${passed} passed, ${failed} failed, ${skipped} skipped\n`;
}

function most(times) {
  const first = times.toSorted(([, a], [, b]) => b - a).slice(0, slowestMax);
  return first.map(([name, ms]) => `${name} ${seconds(ms)}`).join(", ");
}

function failure(name, file, error) {
  const cause = error?.cause ?? error ?? "";
  const text = String(cause?.stack ?? cause?.message ?? cause).replaceAll("\n", "\n  ");
  return `\nFAILED ${name}\n  ${file}\n  ${text}\n`;
}

function endOf(text) {
  return text.trimEnd().split("\n").slice(-complaintLinesMax).join("\n");
}

function seconds(ms) {
  return `${(ms / 1_000).toFixed(1)} s`;
}
