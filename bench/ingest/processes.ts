// The processes of a measurement: the target, and the generator that fires at it.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { Load, Shot } from "./generator.ts";
import type { TargetSettings, Usage } from "./settings.ts";

export interface Target {
  readonly url: string;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

const file = (name: string) => path.join(import.meta.dirname, name);

export async function startTarget(settings: TargetSettings): Promise<Target> {
  // `BENCH_PROFILE=folder` leaves a profile of each target there.
  const { BENCH_PROFILE: folder } = process.env;
  const execArgv = folder ? ["--cpu-prof", `--cpu-prof-dir=${folder}`] : [];
  const child = fork(file("target.ts"), [JSON.stringify(settings)], { stdio: "inherit", execArgv });
  const { url } = await hear<{ url: string }>(child);
  return {
    url,
    async usage() {
      child.send("usage");
      return hear<Usage>(child);
    },
    stop: () => stop(child),
  };
}

export async function fireAt(load: Load): Promise<Shot> {
  const child = fork(file("generator.ts"), { stdio: "inherit" });
  await hear(child);
  child.send(load);
  const shot = await hear<Shot>(child);
  await stop(child);
  return shot;
}

async function hear<T>(child: ChildProcess): Promise<T> {
  const heard = new AbortController();
  const ended = once(child, "exit", heard).then(([code]) => {
    throw new Error(`A process of the bench ended with ${code}`);
  });
  ended.catch(() => {}); // when nothing is waited for any more
  try {
    const [message] = (await Promise.race([once(child, "message", heard), ended])) as [T];
    return message;
  } finally {
    heard.abort();
  }
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.disconnect();
  await ended;
}
