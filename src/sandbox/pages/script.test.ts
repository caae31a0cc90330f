import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import { readScript, scriptFiles } from "./script.ts";

const folder = new URL("./stripe_js/", import.meta.url);

test("the joined Stripe.js is one valid classic script", () => {
  const source = readScript();
  new Script(source);
  assert.doesNotMatch(source, /^(import|export) /m);
});

test("every browser module is part of the script, behind what it imports", () => {
  const present = readdirSync(folder, { encoding: "utf8", recursive: true }).filter((name) => name.endsWith(".js"));
  assert.deepEqual([...scriptFiles].sort(), present.sort());
  for (const [index, name] of scriptFiles.entries()) {
    const source = readFileSync(new URL(name, folder), "utf8");
    for (const [, imported] of source.matchAll(/^import [^;]* from "(.+)";$/gm)) {
      const position = (scriptFiles as readonly string[]).indexOf(
        path.posix.join(path.posix.dirname(name), imported ?? ""),
      );
      assert.ok(position >= 0 && position < index, `${name} imports ${imported}, which must stand before it`);
    }
  }
});

test("no two browser modules use one top-level name", () => {
  const owners = new Map<string, string>();
  for (const name of scriptFiles) {
    const source = readFileSync(new URL(name, folder), "utf8");
    for (const [, word] of source.matchAll(/^(?:export )?(?:async )?(?:const|let|function|class) ([A-Za-z]+)/gm)) {
      assert.ok(word);
      assert.equal(owners.get(word), undefined, `${word} is in ${name} and in ${owners.get(word)}`);
      owners.set(word, name);
    }
  }
});

test("the browser modules keep their types, although no compiler turns them into anything", () => {
  const compiler = new URL("../../../node_modules/.bin/tsc", import.meta.url);
  const { stdout, status } = spawnSync(fileURLToPath(compiler), ["-p", fileURLToPath(folder)], { encoding: "utf8" });
  assert.equal(status, 0, stdout);
});
