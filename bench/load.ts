// Sends requests to a target process and asks it what they cost. Requests/s depends on this process too (it shares the
// machine); CPU per request is the target's own and is what is compared.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { Agent, request } from "node:http";
import path from "node:path";

export interface Target {
  readonly name: string;
  readonly url: URL;
  readonly process: ChildProcess;
  readonly agent: Agent;
}

export interface Shot {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: string;
}

export interface Cost {
  readonly perSecond: number;
  readonly cpuMicrosEach: number;
}

const connections = 8; // enough to keep the target busy while this process parses an answer

export async function startTarget(name: "bare" | "sandbox"): Promise<Target> {
  const child = fork(path.join(import.meta.dirname, "target.ts"), [name], { stdio: "inherit" });
  const [hello] = (await once(child, "message")) as [{ url: string }];
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return { name, url: new URL(hello.url), process: child, agent };
}

export async function stopTarget(target: Target): Promise<void> {
  target.agent.destroy();
  target.process.disconnect();
  await once(target.process, "exit");
}

export async function usage(target: Target): Promise<{ cpuMicros: number; rssBytes: number }> {
  target.process.send("usage");
  type Usage = { cpu: NodeJS.CpuUsage; rssBytes: number };
  const [{ cpu, rssBytes }] = (await once(target.process, "message")) as [Usage];
  return { cpuMicros: cpu.user + cpu.system, rssBytes };
}

/** Sends `count` shots over the kept connections; `shot(i)` makes the ith. */
export async function fire(target: Target, count: number, shot: (index: number) => Shot): Promise<Cost> {
  const before = await usage(target);
  const begun = performance.now();
  let sent = 0;
  const worker = async () => {
    while (sent < count) await send(target, shot(sent++));
  };
  await Promise.all(Array.from({ length: connections }, worker));
  const seconds = (performance.now() - begun) / 1_000;
  const after = await usage(target);
  return { perSecond: count / seconds, cpuMicrosEach: (after.cpuMicros - before.cpuMicros) / count };
}

/** The cheapest of some rounds: what disturbs a measurement only ever adds. */
export async function cheapest(rounds: number, round: () => Promise<Cost>): Promise<Cost> {
  let best: Cost | undefined;
  for (let i = 0; i < rounds; i++) {
    const cost = await round();
    best = cheaper(best, cost);
  }
  return best as Cost;
}

export function cheaper(best: Cost | undefined, cost: Cost): Cost {
  return best && best.cpuMicrosEach <= cost.cpuMicrosEach ? best : cost;
}

export function send(target: Target, { method, path: where, body }: Shot): Promise<string> {
  const headers: Record<string, string | number> = { authorization: "Bearer sk_test_bench" };
  if (body !== undefined) {
    headers["content-type"] = "application/x-www-form-urlencoded";
    headers["content-length"] = Buffer.byteLength(body);
  }
  return new Promise((resolve, reject) => {
    const { hostname, port } = target.url;
    const sending = request({ agent: target.agent, hostname, port, method, path: where, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`${method} ${where}: ${response.statusCode} ${text.slice(0, 300)}`));
      });
      response.on("error", reject);
    });
    sending.on("error", reject);
    sending.end(body);
  });
}
