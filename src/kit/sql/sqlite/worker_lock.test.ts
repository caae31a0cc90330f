import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { isProblem } from "../../problems.ts";
import { createTestDatabase } from "../testing.ts";
import { lockWorkers } from "./worker_lock.ts";

const isSecondWorker = (error: unknown) => isProblem(error, "second_worker");

test("a second worker on one SQLite file is refused by name until the first lets go", async () => {
  const database = (await createTestDatabase("sqlite"))!; // SQLite is always there
  const first = lockWorkers(database.url);
  assert.throws(() => lockWorkers(database.url), isSecondWorker);
  first.release();
  first.release();
  lockWorkers(database.url).release();
  await database.drop();
});

test("whoever holds it is named: this process, also by a module that was loaded anew, or another", async () => {
  const database = (await createTestDatabase("sqlite"))!; // SQLite is always there
  const first = lockWorkers(database.url);
  const reloaded: typeof import("./worker_lock.ts") = await import(`./worker_lock.ts?reloaded=${process.pid}`);
  assert.throws(() => reloaded.lockWorkers(database.url), {
    message: /^This process has already started the workers of .*/,
    hint: /hot reload.*billing\.close\(\)/,
  });
  first.release();
  reloaded.lockWorkers(database.url).release();
  await database.drop();
});

test("the lock of a killed process is free at once", async () => {
  const database = (await createTestDatabase("sqlite"))!; // SQLite is always there
  const holder = spawn(process.execPath, [
    "--input-type=module",
    "--eval",
    `import { lockWorkers } from ${JSON.stringify(new URL("worker_lock.ts", import.meta.url).href)};
     globalThis.lock = lockWorkers(${JSON.stringify(database.url)});
     console.log("locked");
     setInterval(() => {}, 1000);`,
  ]);
  await once(holder.stdout, "data");
  assert.throws(() => lockWorkers(database.url), { code: "second_worker", message: /^Another process/ });
  holder.kill("SIGKILL");
  await once(holder, "exit");
  lockWorkers(database.url).release();
  await database.drop();
});

test("databases in memory and PostgreSQL need no lock", () => {
  for (const url of ["sqlite::memory:", "postgres://127.0.0.1/x"]) {
    const first = lockWorkers(url);
    lockWorkers(url).release();
    first.release();
  }
});
