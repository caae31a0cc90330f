// The guides in docs/guides are played from top to bottom, as a reader would: one folder, one shell, every block of
// code. A block marked `console` is a program that stays in the foreground; the test has it running.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Webhook } from "standardwebhooks";
import { freePort } from "#kit/testing.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const waitMsMax = 240_000; // what hangs is a failure, also on a machine that is busy

interface Block {
  readonly language: string;
  readonly code: string;
  /** Of a file that the text before it tells the reader to save: a later block runs it. */
  readonly name: string | undefined;
}

function blocksOf(guide: string): Block[] {
  const text = readFileSync(path.join(root, "docs/guides", guide), "utf8");
  return Array.from(text.matchAll(/^```(\w+)\n(.*?)^```$/gms), ({ index, 1: language = "", 2: code = "" }) => {
    const lineBefore = text.slice(0, index).trimEnd().split("\n").at(-1) ?? "";
    return { language, code, name: /Save this as `([^`]+)`/.exec(lineBefore)?.[1] };
  });
}

/** A reader's folder: the packages installed, nothing else. */
function readersFolder(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), "bursar-guide-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const modules = path.join(folder, "node_modules");
  mkdirSync(path.join(modules, ".bin"), { recursive: true });
  symlinkSync(root, path.join(modules, "bursar"));
  symlinkSync(path.join(root, "bin/bursar.js"), path.join(modules, ".bin/bursar"));
  for (const name of ["stripe", "standardwebhooks", "@types"]) {
    symlinkSync(path.join(root, "node_modules", name), path.join(modules, name));
  }
  const cli = path.join(root, "node_modules/@stripe/cli-linux-x64/bin/stripe");
  if (existsSync(cli)) symlinkSync(cli, path.join(modules, ".bin/stripe"));
  const compilerOptions = { strict: true, noEmit: true, target: "esnext", module: "nodenext", types: ["node"] };
  writeFileSync(
    path.join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { ...compilerOptions, skipLibCheck: true, allowImportingTsExtensions: true } }),
  );
  writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }\n');
  return folder;
}

/** `npx bursar sandbox …`, as the guide starts it; answers when it says that it is there. */
async function startSandbox(t: TestContext, command: string): Promise<void> {
  const argv = /^npx bursar (.*)$/m.exec(command)?.[1]?.split(" ") ?? [];
  const child = spawn(process.execPath, [path.join(root, "bin/bursar.js"), ...argv]);
  t.after(() => void child.kill());
  child.stderr.pipe(process.stderr);
  await once(child.stdout, "data", { signal: AbortSignal.timeout(waitMsMax) });
  child.stdout.resume();
}

function hasPythonSdk(): boolean {
  return spawnSync("/usr/bin/python3", ["-c", "import stripe"]).status === 0;
}

async function play(t: TestContext, guide: string): Promise<void> {
  const folder = readersFolder(t);
  const ports = new Map<string, number>();
  for (const named of ["12111", "12112", "12113"]) {
    const before = [...ports.values()].at(-1);
    ports.set(named, await freePort(before && before + 1));
  }
  const here = (text: string) => text.replace(/\b1211[123]\b/g, (port) => String(ports.get(port)));
  const blocks = blocksOf(guide);
  const foreground = blocks.find(({ language }) => language === "console");
  if (foreground) await startSandbox(t, here(foreground.code));
  const script = ["set -euo pipefail"];
  for (const [index, { language, code, name }] of blocks.entries()) {
    if (language === "sh") script.push(here(code));
    if (language === "ts") {
      writeFileSync(path.join(folder, name ?? `block_${index}.ts`), here(code));
      if (name === undefined) script.push(`node block_${index}.ts`);
    }
    if (language === "python") {
      writeFileSync(path.join(folder, `block_${index}.py`), here(code));
      if (!/import stripe/.test(code) || hasPythonSdk()) script.push(`/usr/bin/python3 block_${index}.py`);
      else t.diagnostic("python3-stripe is not installed: its block was not run");
    }
  }
  checkTypes(folder);
  await runScript(folder, script.join("\n"));
}

function checkTypes(folder: string): void {
  const tsc = path.join(root, "node_modules/typescript/bin/tsc");
  const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
  assert.equal(status, 0, stdout);
}

async function runScript(folder: string, script: string): Promise<void> {
  const bin = [path.join(folder, "node_modules/.bin"), path.dirname(process.execPath)];
  const child = spawn("bash", ["-c", script], {
    cwd: folder,
    env: { PATH: [...bin, process.env.PATH].join(":"), HOME: folder, STRIPE_CLI_TELEMETRY_OPTOUT: "1" },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // A group, so that what the reader's programs started ends with them.
  });
  const end = () => {
    if (child.pid !== undefined && isThere(-child.pid)) process.kill(-child.pid, "SIGKILL");
  };
  const late = setTimeout(end, waitMsMax);
  child.once("exit", end);
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => said.push(String(chunk)));
  const [code] = await once(child, "close");
  clearTimeout(late);
  const logs = readdirSync(folder).filter((name) => name.endsWith(".log"));
  const logged = logs.map((name) => `${name}:\n${readFileSync(path.join(folder, name), "utf8")}`);
  assert.equal(code, 0, [...said, ...logged].join("\n"));
}

function isThere(group: number): boolean {
  try {
    return process.kill(group, 0);
  } catch {
    return false; // All of it has ended.
  }
}

test("the guide's verification in Python believes a delivery, and neither a changed nor an old one", (t) => {
  const code = blocksOf("facts.md").find(({ language }) => language === "python")?.code ?? "";
  const secret = `whsec_${Buffer.from("0123456789abcdef0123456789abcdef").toString("base64")}`;
  const body = '{"type":"order.paid"}';
  const headersAt = (instant: Date) => ({
    "webhook-id": "fact_1",
    "webhook-timestamp": String(Math.floor(instant.getTime() / 1_000)),
    "webhook-signature": `v1,AAAA ${new Webhook(secret).sign("fact_1", instant, body)}`,
  });
  const [fresh, old] = [headersAt(new Date()), headersAt(new Date(Date.now() - 301_000))];
  const program = `${code}
import json, sys
secret, body, fresh, old = json.load(sys.stdin)
assert verified(secret, fresh, body.encode())
assert not verified(secret, fresh, body.encode() + b" ")
assert not verified(secret, old, body.encode())`;
  const input = JSON.stringify([secret, body, fresh, old]);
  const { status, stderr, error } = spawnSync("python3", ["-c", program], { input, encoding: "utf8" });
  if (error) return t.skip("there is no python3");
  assert.equal(status, 0, stderr);
});

for (const guide of readdirSync(path.join(root, "docs/guides"))) {
  test(`what docs/guides/${guide} says can be done`, (t) => play(t, guide));
}
