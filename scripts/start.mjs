// What the npm scripts run: installs when needed, then runs bin/bursar.js on the pinned Node with the arguments given.
// It is the process the terminal talks to, so it hands signals down and the exit code up.
//   node scripts/start.mjs dev …            bin/bursar.js dev …
//   node scripts/start.mjs --run FILE …     any of our scripts
// Written in the syntax of Node 12, as ensure_node.mjs is: an older Node is to read that it is old, not a SyntaxError.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { ensureInstalled, refuseOldNode, root, suitableNode } from "./ensure_node.mjs";

const parent = process.ppid;
refuseOldNode();
ensureInstalled();
const given = process.argv.slice(2);
const command = given[0] === "--run" ? given.slice(1) : [join(root, "bin", "bursar.js"), ...given];
const child = spawn(suitableNode(), command, { stdio: "inherit", cwd: root });

// A terminal sends Ctrl-C to both of us; the child takes a second signal within half a second for the same one.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));

// npm hands SIGTERM to the shell that it runs a script in, and the shell ends without a word to us (npm 11 and dash).
// Nobody is there to hear our exit code any more, and the ports would stay taken.
const orphanedMsMax = 250;
if (process.env.npm_lifecycle_event !== undefined) {
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    child.kill("SIGTERM");
  }, orphanedMsMax);
}

child.on("error", (error) => {
  process.stderr.write(`Bursar could not be started: ${error.message}\n`);
  process.exitCode = 1;
});
child.on("exit", (code, signal) => {
  process.exit(code === null ? 128 + constants.signals[signal] : code);
});
