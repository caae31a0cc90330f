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
import { after, type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Webhook } from "standardwebhooks";
import { freePort, isWholeRun } from "#kit/testing.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const home = readersHome();
const guides = await copyAllOut(); // before the first test: with the last that is there, all would seem to be over
after(() => rmSync(home, { recursive: true, force: true }));
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

/** What a reader has installed, and nothing else: a folder in it for each guide. */
function readersHome(): string {
  const home = mkdtempSync(path.join(tmpdir(), "bursar-guide-"));
  const modules = path.join(home, "node_modules");
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
    path.join(home, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { ...compilerOptions, skipLibCheck: true, allowImportingTsExtensions: true } }),
  );
  return home;
}

interface Guide {
  readonly name: string;
  /** With every program of it, on ports of its own. */
  readonly folder: string;
  /** What is typed into the reader's shell. */
  readonly script: string;
  /** The sandbox that stays in the foreground elsewhere. */
  readonly sandbox: string | undefined;
  readonly leftOut: readonly string[];
}

async function copyAllOut(): Promise<Guide[]> {
  let port = await freePort();
  const nextPort = async () => {
    const taken = port;
    port = await freePort(taken + 1);
    return taken;
  };
  const guides: Guide[] = [];
  for (const name of readdirSync(path.join(root, "docs/guides"))) guides.push(await copyOut(name, nextPort));
  return guides;
}

async function copyOut(name: string, nextPort: () => Promise<number>): Promise<Guide> {
  const folder = path.join(home, path.basename(name, ".md"));
  mkdirSync(folder);
  symlinkSync(path.join(home, "node_modules"), path.join(folder, "node_modules"));
  writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }\n');
  const ports = new Map<string, number>();
  for (const named of ["12111", "12112", "12113"]) ports.set(named, await nextPort());
  const here = (text: string) => text.replace(/\b1211[123]\b/g, (port) => String(ports.get(port)));
  const blocks = blocksOf(name).map((block) => ({ ...block, code: here(block.code) }));
  const script = ["set -euo pipefail"];
  const leftOut: string[] = [];
  for (const [index, block] of blocks.entries()) {
    if (block.language === "sh") script.push(block.code);
    if (block.language === "ts") {
      writeFileSync(path.join(folder, block.name ?? `block_${index}.ts`), block.code);
      if (block.name === undefined) script.push(`node block_${index}.ts`);
    }
    if (block.language === "python") {
      writeFileSync(path.join(folder, `block_${index}.py`), block.code);
      const needsSdk = /import stripe/.test(block.code);
      if (!needsSdk || hasPythonSdk()) script.push(`/usr/bin/python3 block_${index}.py`);
      else leftOut.push("python3-stripe is not installed: its block was not run");
    }
  }
  const sandbox = blocks.find(({ language }) => language === "console")?.code;
  return { name, folder, script: script.join("\n"), sandbox, leftOut };
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

async function runScript(folder: string, script: string): Promise<void> {
  // A reader has what is compiled; here every program would strip our source.
  const cache = process.env.NODE_COMPILE_CACHE;
  const bin = [path.join(folder, "node_modules/.bin"), path.dirname(process.execPath)];
  const child = spawn("bash", ["-c", script], {
    cwd: folder,
    env: {
      PATH: [...bin, process.env.PATH].join(":"),
      HOME: folder,
      STRIPE_CLI_TELEMETRY_OPTOUT: "1",
      ...(cache && { NODE_COMPILE_CACHE: cache }),
    },
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

test("the programs of the guides fit our types", (t) => {
  if (!isWholeRun) return t.skip("npm test runs the guides' programs, npm run test:all asks the compiler too");
  const tsc = path.join(root, "node_modules/typescript/bin/tsc");
  const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", home], { encoding: "utf8" });
  assert.equal(status, 0, stdout);
  assert.ok(guides.some(({ folder }) => readdirSync(folder).some((file) => file.endsWith(".ts"))));
});

for (const [index, { name, folder, script, sandbox, leftOut }] of guides.entries()) {
  test(`what docs/guides/${name} says can be done`, async (t) => {
    if (!isWholeRun && index % 2 === 1) return t.skip("npm test plays every second guide, npm run test:all each");
    for (const what of leftOut) t.diagnostic(what);
    if (sandbox) await startSandbox(t, sandbox);
    await runScript(folder, script);
  });
}
