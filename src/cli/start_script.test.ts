import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("../../scripts/ensure_node.mjs", import.meta.url));

test("what the install reads once is all there, and every file of it is kept compiled", () => {
  const cache = mkdtempSync(path.join(tmpdir(), "bursar-cache-"));
  const warm = fileURLToPath(new URL("../../scripts/warm.mjs", import.meta.url));
  const env = { ...process.env, NODE_COMPILE_CACHE: cache };
  const result = spawnSync(process.execPath, [warm], { env, encoding: "utf8" });
  assert.deepEqual([result.status, result.stdout, result.stderr], [0, "", ""]);
  const kept = readdirSync(cache, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const source = fileURLToPath(new URL("..", import.meta.url));
  const sandboxFiles = readdirSync(path.join(source, "sandbox"), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
  assert.ok(kept.length > sandboxFiles.length, `${kept.length} kept, ${sandboxFiles.length} in the sandbox alone`);
  rmSync(cache, { recursive: true });
});

const wanted = {
  "": {},
  "node_modules/hono": { version: "4.0.0" },
  "node_modules/x": { version: "1.0.0", optional: true },
};
const cases: readonly (readonly [name: string, installed: object | undefined, reason: string | undefined])[] = [
  ["nothing is installed", undefined, "nothing is installed yet"],
  ["everything is there", { "node_modules/hono": { version: "4.0.0" } }, undefined],
  ["a package is missing", {}, "hono is missing"],
  ["a package has another version", { "node_modules/hono": { version: "3.9.0" } }, "hono is not 4.0.0"],
];

for (const [name, installed, reason] of cases) {
  test(`an install is ${reason ? "" : "not "}needed when ${name}`, () => {
    const folder = mkdtempSync(path.join(tmpdir(), "bursar-start-"));
    writeFileSync(path.join(folder, "package-lock.json"), JSON.stringify({ packages: wanted }));
    if (installed) {
      mkdirSync(path.join(folder, "node_modules"));
      writeFileSync(path.join(folder, "node_modules/.package-lock.json"), JSON.stringify({ packages: installed }));
    }
    const code = `import { installReason } from ${JSON.stringify(script)};
      process.stdout.write(JSON.stringify({ reason: installReason(${JSON.stringify(folder)}) }));`;
    const result = spawnSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8" });
    assert.deepEqual(JSON.parse(result.stdout), reason ? { reason } : {});
    rmSync(folder, { recursive: true });
  });
}
