import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { lockFile } from "./folder_lock.ts";

const inFolder = async (work: (file: string) => Promise<void> | void) => {
  const folder = mkdtempSync(path.join(tmpdir(), "bursar-lock-"));
  try {
    await work(path.join(folder, "lock"));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

test("a lock is this process's until it is let go", () =>
  inFolder((file) => {
    const lock = lockFile(file);
    assert.ok("release" in lock);
    assert.match(readFileSync(file, "utf8"), new RegExp(`^${process.pid}\\b`));
    lock.release();
    assert.ok(!existsSync(file));
  }));

test("another process that lives keeps it, and once it was killed it is free", () =>
  inFolder(async (file) => {
    const program = `import { lockFile } from ${JSON.stringify(path.join(import.meta.dirname, "folder_lock.ts"))};
      lockFile(${JSON.stringify(file)});
      process.stdout.write("taken");
      setInterval(() => {}, 1_000);`;
    const other = spawn(process.execPath, ["--input-type=module", "-e", program]);
    await once(other.stdout, "data");
    assert.deepEqual(lockFile(file), { holder: other.pid });
    other.kill("SIGKILL");
    await once(other, "exit");
    assert.ok("release" in lockFile(file));
  }));

test("a file of a process that died, or whose id somebody else has now, or that says nothing, is taken over", () =>
  inFolder((file) => {
    for (const left of ["999999999\n", `${process.ppid} 1\n`, "nonsense", ""]) {
      writeFileSync(file, left);
      const isSeenThrough = left !== `${process.ppid} 1\n` || process.platform === "linux";
      assert.equal("release" in lockFile(file), isSeenThrough, JSON.stringify(left));
      rmSync(file, { force: true });
    }
  }));
