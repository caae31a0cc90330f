// `npm test`: finds every *.test.ts, says first what the machine lacks and which tests that skips, then runs them on
// the pinned Node. Plain JavaScript, because the machine's own Node may be older than ours.
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { createConnection } from "node:net";
import { availableParallelism } from "node:os";
import path from "node:path";

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "..");
const node = pinnedNode();
const asked = process.argv.slice(2);
// The long ones begin first, so that none is left alone at the end.
const browserTests = (file) => /\bbrowser(_\w+)?\.test\.ts$/.test(file);

const files = asked.length > 0 ? asked : testFiles();
const env = { ...process.env, PATH: `${path.join(root, "node_modules/.bin")}${path.delimiter}${process.env.PATH}` };
await announce();

const child = spawn(
  node,
  [
    "--test",
    `--test-concurrency=${Math.max(1, availableParallelism())}`,
    "--test-reporter=dot",
    "--test-reporter-destination=stdout",
    "--test-reporter=./scripts/test_summary.mjs",
    "--test-reporter-destination=stdout",
    ...files,
  ],
  { cwd: root, stdio: "inherit", env },
);
child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));

function pinnedNode() {
  const candidate = path.join(root, "node_modules/.bin/node");
  return existsSync(candidate) ? candidate : process.execPath;
}

/** Every folder that is ours: a test that nobody runs cannot fail. */
function testFiles() {
  const notOurs = ["node_modules", "dist", "var"];
  const folders = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && !notOurs.includes(entry.name))
    .map((entry) => entry.name);
  return folders
    .flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true }).map(
        (file) => `${folder}/${String(file).replaceAll("\\", "/")}`,
      ),
    )
    .filter((file) => file.endsWith(".test.ts"))
    .sort((a, b) => Number(browserTests(b)) - Number(browserTests(a)) || a.localeCompare(b));
}

async function announce() {
  console.log(
    `${files.length} test files on ${node === process.execPath ? `Node ${process.version}` : "the pinned Node"}.`,
  );
  if (!(await hasPostgres())) {
    console.log(
      "SKIPPED: everything on PostgreSQL. None answers; set DATABASE_URL=postgres://… to a server that does.",
    );
    env.BURSAR_TEST_NO_POSTGRES = "1";
  }
  if (!existsSync(path.join(root, "node_modules/@stripe/cli-linux-x64"))) {
    console.log("SKIPPED: everything with the official Stripe CLI. Its binary for this platform is not installed.");
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
