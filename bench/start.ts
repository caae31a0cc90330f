// Starts `bursar sandbox` as its users do, and looks how long it takes until the first answer and what it then holds.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** `cold`: nothing has been compiled yet, as after a change of all files. `warm`: as the install leaves it. */
export interface Starts {
  readonly cold: Start;
  readonly warm: Start;
}

export interface Start {
  /** Until the command says its address. */
  readonly readyMs: number;
  /** Undefined where there is no /proc. */
  readonly idleBytes: number | undefined;
}

const startsMeasured = 3;
const idleAfterMs = 1_000; // what a start leaves to be done at once is done by then

const command = path.join(import.meta.dirname, "../bin/bursar.js");

/** The best of a few starts of each kind, over a cache of our own. */
export async function measureStarts(): Promise<Starts> {
  const cold: Start[] = [];
  const warm: Start[] = [];
  for (let i = 0; i < startsMeasured; i++) {
    const cache = mkdtempSync(path.join(tmpdir(), "bursar-bench-"));
    cold.push(await startOnce(cache));
    warm.push(await startOnce(cache));
    rmSync(cache, { recursive: true });
  }
  return { cold: best(cold), warm: best(warm) };
}

function best(starts: readonly Start[]): Start {
  return {
    readyMs: Math.min(...starts.map(({ readyMs }) => readyMs)),
    idleBytes: starts[0]?.idleBytes && Math.min(...starts.map(({ idleBytes }) => idleBytes ?? Infinity)),
  };
}

async function startOnce(cache: string): Promise<Start> {
  const begun = performance.now();
  const child = spawn(process.execPath, [command, "sandbox", "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_COMPILE_CACHE: cache },
  });
  const ended = once(child, "exit");
  try {
    await saidAddress(child);
    const readyMs = performance.now() - begun;
    await pause(idleAfterMs);
    return { readyMs, idleBytes: residentBytes(child.pid) };
  } finally {
    child.kill("SIGTERM");
    await ended;
  }
}

function saidAddress(child: ChildProcess): Promise<void> {
  let said = "";
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (/http:\/\/127\.0\.0\.1:\d+/.test(said)) resolve();
    });
    child.once("exit", () => reject(new Error(`bursar sandbox ended before it listened: ${said}`)));
  });
}

function residentBytes(pid: number | undefined): number | undefined {
  if (process.platform !== "linux") return undefined;
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}
