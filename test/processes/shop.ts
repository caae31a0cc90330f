// A shop in a process of its own: started, asked, stopped for a while, killed, and started again.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { until } from "#kit/testing.ts";
import type { ShopSettings } from "./shop_process.ts";

/** A killed process leaves leases behind that must run out, and ten starts on a busy machine take a minute and more. */
export const patience = { pauseMs: 50, maxMs: 300_000 };

export type Shop = ReturnType<typeof createShop>;

/** A fact as the shop has written it down. */
export interface Told {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
}

export function createShop(settings: ShopSettings) {
  let child: ChildProcess | undefined;
  let killed = 0;
  const ended = new AbortController();
  let changing: Promise<void> = Promise.resolve();
  const start = async () => {
    const script = path.join(import.meta.dirname, "shop_process.ts");
    child = spawn(process.execPath, [script, JSON.stringify(settings)], { stdio: ["ignore", "pipe", "pipe"] });
    const said = text(child.stderr as NodeJS.ReadableStream);
    const died = once(child, "exit").then(async () => assert.fail(`the shop ended by itself: ${await said}`));
    await Promise.race([once(child.stdout as NodeJS.ReadableStream, "data"), died]);
    died.catch(() => {}); // from here on we end it
  };
  const kill = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  };
  return {
    start,
    kill,
    get killed() {
      return killed;
    },
    /** One kill after the other, each of a process that was up. */
    restart(): Promise<void> {
      changing = changing.then(async () => {
        await kill();
        killed++;
        await start();
      });
      return changing;
    },
    /** For good: whoever still asks hears of it. */
    async end() {
      ended.abort();
      await kill();
    },
    /** The process stands still, with whatever it holds, until it goes on. */
    stop: () => void child?.kill("SIGSTOP"),
    goOn: () => void child?.kill("SIGCONT"),
    told: () => toldIn(settings.told),
    /** `ask("POST order/o1")`: repeats until there is an answer, as a client does whose connection broke. */
    ask: (call: string) => askUntilAnswered(`http://127.0.0.1:${settings.port}`, call, ended.signal),
  };
}

function toldIn(file: string): readonly Told[] {
  const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  return lines.map((line) => {
    const [id = "", type = "", subject = ""] = line.split(" ");
    return { id, type, subject };
  });
}

async function askUntilAnswered(url: string, call: string, signal: AbortSignal): Promise<unknown> {
  const [method = "GET", what = ""] = call.split(" ");
  let body: string | undefined;
  const isAnswered = async () => {
    const answer = await fetch(`${url}/shop/${what}`, { method, signal }).catch(() => undefined);
    body = await answer?.text().catch(() => undefined);
    signal.throwIfAborted();
    return answer?.ok === true && Boolean(body);
  };
  await until(() => `${call}: ${body}`, isAnswered, patience);
  return JSON.parse(body ?? "");
}
