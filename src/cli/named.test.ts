// What the documents name is there: commands, flags, npm scripts, variables and what they link to.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { createProgram } from "./main.ts";
import { brokenLinks } from "./testing.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (file: string) => readFileSync(root + file, "utf8");
const named = (folder: string, pattern: RegExp) =>
  readdirSync(root + folder, { recursive: true })
    .map((name) => `${folder}/${name}`)
    .filter((name) => pattern.test(name) && !name.includes("node_modules"));

const documents = ["README.md", "HACKING.md", "ARCHITECTURE.md", "CHANGELOG.md", ...named("docs", /\.md$/)];
const { scripts } = JSON.parse(read("package.json")) as { scripts: Readonly<Record<string, string>> };
const program = await createProgram();
const flagsOf = new Map(program.commands.map((command) => [command.name(), longFlags(command)]));

function longFlags(command: Command): readonly string[] {
  return [...command.options.map(({ long }) => String(long)), "--help"];
}

/** Lines of code blocks, and what stands between backticks. */
function codeOf(document: string): string[] {
  const blocks = /^```\w*\n(.*?)^```$/gms;
  const text = read(document);
  const lines = [...text.matchAll(blocks)].flatMap(([, code = ""]) => code.split("\n"));
  const spans = [...text.replace(blocks, "").matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
  return [...lines, ...spans];
}

/** `npm run sandbox -- --port 1` is `sandbox` with `--port`; what another program is given is not ours. */
function* bursarCalls(code: string): Generator<{ command: string; flags: readonly string[] }> {
  const flagsIn = (text = "") => text.split(/[|&>]/)[0]?.match(/(?<=^|\s)--[a-z][\w-]*/g) ?? [];
  for (const [, command = "", given = ""] of code.matchAll(/(?:^|npx |&& )bursar ([a-z]\w*)(.*)/g)) {
    yield { command, flags: flagsIn(given.split(" -- ")[0]) };
  }
  for (const [, script = "", given] of code.matchAll(/\bnpm (?:run )?([\w:]+)(?: -- (.*))?/g)) {
    const command = / scripts\/start\.mjs (\w+)$/.exec(scripts[script] ?? "")?.[1];
    if (command) yield { command, flags: flagsIn(given) };
  }
  if (code.startsWith("--")) yield { command: "", flags: flagsIn(code) };
}

test("every flag of every command has an environment variable of its own, and --help names it", () => {
  assert.deepEqual(
    [...flagsOf.keys()],
    ["dev", "sandbox", "billing", "exec", "calibrate", "catalog", "import", "adopt"],
  );
  for (const command of program.commands) {
    const variables = command.options.map(({ envVar }) => envVar);
    assert.ok(variables.length > 0, command.name());
    for (const { long, envVar } of command.options) assert.match(String(envVar), /^BURSAR_[A-Z_]+$/, `${long}`);
    assert.equal(new Set(variables).size, variables.length, `${command.name()}: one variable, one meaning`);
    const help = command.helpInformation().replace(/\s+/g, " ");
    for (const variable of variables) assert.ok(help.includes(`env: ${variable})`), `${variable}`);
  }
});

test("every command and every flag that a document names is there", () => {
  const anywhere = [...flagsOf.values()].flat();
  let count = 0;
  for (const document of documents) {
    for (const code of codeOf(document)) {
      for (const { command, flags } of bursarCalls(code)) {
        const known = command === "" ? anywhere : flagsOf.get(command);
        assert.ok(known, `${document}: there is no command ${command} (${code})`);
        for (const flag of flags) assert.ok(known.includes(flag), `${document}: ${command} has no ${flag} (${code})`);
        count++;
      }
    }
  }
  assert.ok(count > 30, `${count} were found`);
});

test("every npm script that a document names is there", () => {
  for (const document of documents) {
    for (const code of codeOf(document)) {
      for (const [, long, short = ""] of code.matchAll(/\bnpm (?:run ([\w:]+)|(start|test)\b)/g)) {
        assert.ok((long ?? short) in scripts, `${document}: ${code}`);
      }
    }
  }
});

test("every variable that a document names is a flag's, or is read somewhere", () => {
  const sources = [...named("src", /\.(ts|mjs)$/), ...named("scripts", /\.(ts|mjs)$/), ...named("examples", /\.ts$/)];
  const ours = sources.map(read).join("\n");
  for (const document of documents) {
    for (const [variable] of read(document).matchAll(/\bBURSAR_[A-Z]+[A-Z_]*\b/g)) {
      assert.ok(ours.includes(variable), `${document}: nobody reads ${variable}`);
    }
  }
});

test("every link of a document leads to a file and a heading that are there", () => {
  assert.deepEqual(brokenLinks(root, documents), []);
});
