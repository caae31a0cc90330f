// What the npm scripts run: installs when needed, then runs bin/bursar.js on the pinned Node with the arguments given.
// It is the process the terminal talks to, so it hands signals down and the exit code up.
//   node scripts/start.mjs dev …            bin/bursar.js dev …
//   node scripts/start.mjs --run FILE …     any of our scripts
//   node scripts/start.mjs --install-only   nothing but the install
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { ensureInstalled, root, suitableNode } from "./ensure_node.mjs";

ensureInstalled();
const given = process.argv.slice(2);
if (given[0] === "--install-only") process.exit(0);
const command = given[0] === "--run" ? given.slice(1) : [join(root, "bin", "bursar.js"), ...given];
const child = spawn(suitableNode(), command, { stdio: "inherit", cwd: root });

// A terminal sends Ctrl-C to both of us; the child takes a second signal within half a second for the same one.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));

child.on("error", (error) => {
  process.stderr.write(`Bursar could not be started: ${error.message}\n`);
  process.exitCode = 1;
});
child.on("exit", (code, signal) => {
  process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
});
