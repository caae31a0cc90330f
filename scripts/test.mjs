// `npm test`: finds every *.test.ts, says first what the machine lacks and which tests that skips, then runs them on
// the pinned Node, with a line for each file that has ended. `npm run test:all` (`--all`) runs the long tests whole
// instead of a sample; with `--rest` only the files of which `npm test` leaves something out.
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createConnection } from "node:net";
import path from "node:path";
import { root, suitableNode } from "./ensure_node.mjs";
import { namedFiles, testFiles } from "./test_run/test_files.mjs";

const node = suitableNode();
const isWhole = process.argv.includes("--all") || process.env.BURSAR_TEST_ALL === "1";
const isRest = process.argv.includes("--rest");
const asked = process.argv.slice(2).filter((given) => given !== "--all" && given !== "--rest");
// The long ones begin first, so that none is left alone at the end.
const longTests = [
  /\btest\/crash\.test/,
  /\btest\/lives\.test/,
  /\borders\/wishes\.test/,
  /\bjournal\/steps\.test/,
  /\bbilling_models\.test/,
  /\bresources\/promises\.test/,
  /\bsigkill\.test/,
  /\breplicas\.test/,
  /\bcheckout\.browser\.test/,
  /\btest\/stripecli\.test/,
  /\bguides\.test/,
  /\bcli\/(dev|exec|main|billing)\.test/,
  /\bbrowser(_\w+)?\.test/,
];

// What costs most and breaks least: the parts of a browser's page one by one.
const forWhole = /\.whole\.test\.ts$/;
const all = testFiles(root).sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
const played = all.filter((file) => isWhole || !forWhole.test(file));
const files = asked.length > 0 ? filesAsked() : played;
const env = {
  ...process.env,
  PATH: `${path.join(root, "node_modules/.bin")}${path.delimiter}${process.env.PATH}`,
  // Every file is a process of its own; most of its start is reading the same source without types.
  NODE_COMPILE_CACHE: path.join(root, "node_modules/.cache/bursar-test"),
  ...(isWhole && { BURSAR_TEST_ALL: "1" }),
  ...(isRest && { BURSAR_TEST_REST: "1" }),
};
await announce();

const child = spawn(node, [path.join(root, "scripts/test_run/run_tests.mjs"), ...files], {
  cwd: root,
  stdio: "inherit",
  env,
});
child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));

function filesAsked() {
  try {
    return namedFiles(root, played, asked);
  } catch (error) {
    console.error(error.message);
    return process.exit(1);
  }
}

function rank(file) {
  const place = longTests.findIndex((pattern) => pattern.test(file));
  return place < 0 ? longTests.length : place;
}

async function announce() {
  const what = isWhole ? ", the long ones whole" : "; the long ones take a sample, all of it: npm run test:all";
  const which = node === process.execPath ? `Node ${process.version}` : "the pinned Node";
  console.log(`${files.length} test files on ${which}${what}.`);
  const leftOut = isWhole ? 0 : all.filter((file) => forWhole.test(file)).length;
  if (asked.length === 0 && leftOut > 0)
    console.log(`SKIPPED: ${leftOut} files that npm run test:all plays (*.whole.test.ts).`);
  if (!(await hasPostgres())) {
    console.log(
      "SKIPPED: everything on PostgreSQL. None answers; set DATABASE_URL=postgres://… to a server that does.",
    );
    env.BURSAR_TEST_NO_POSTGRES = "1";
  }
  if (![...env.PATH.split(path.delimiter), "/usr/sbin"].some((folder) => existsSync(path.join(folder, "pgbouncer")))) {
    console.log("SKIPPED: everything behind PgBouncer. It is not installed (Debian's package pgbouncer).");
  }
  if (!existsSync(path.join(root, "node_modules/@stripe/cli-linux-x64"))) {
    console.log("SKIPPED: everything with the official Stripe CLI. Its binary for this platform is not installed.");
  }
  if (spawnSync("python3", ["-c", "import pty"]).status !== 0) {
    console.log("SKIPPED: what is printed in a terminal. python3, which makes the terminal, is not installed.");
  }
  if (!existsSync(env.BURSAR_CHROMIUM ?? "/usr/bin/chromium")) {
    console.log(
      "SKIPPED: everything in a browser. Chromium is missing; install it or set BURSAR_CHROMIUM to its path.",
    );
  }
}

function hasPostgres() {
  const url = new URL(process.env.DATABASE_URL ?? "postgres://127.0.0.1:5432/test");
  return new Promise((resolve) => {
    const socket = createConnection({ host: url.hostname, port: Number(url.port || 5432) });
    const end = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1500, () => end(false));
    socket.on("connect", () => end(true));
    socket.on("error", () => end(false));
  });
}
