// The load generator, a process of its own: signed requests over kept connections, each with one on its way at a time.
// It speaks HTTP by hand, because a client that parses would take the core that the target needs.
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";

export interface Load {
  readonly url: string;
  /** JSON: the bodies, as texts. */
  readonly file: string;
  readonly connections: number;
  readonly secret: string;
}

export interface Shot {
  readonly acknowledged: number;
  /** What was not answered with 2xx, by the answer's first line and the event's type. */
  readonly rejected: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const pathOf: string = "/webhooks/stripe";
const rejectedShown = 5;
/** What stands for an answer that did not come. */
const closed = "(the connection was closed)";

process.on("message", async (load: Load) => process.send?.(await fire(load)));
process.on("disconnect", () => process.exit());
process.send?.("ready");

async function fire(load: Load): Promise<Shot> {
  const bodies = JSON.parse(readFileSync(load.file, "utf8")) as string[];
  const { hostname, port } = new URL(load.url);
  const requests = bodies.map((body) => requestOf(body, { host: `${hostname}:${port}`, secret: load.secret }));
  const tookMs: number[] = [];
  const rejected: Record<string, number> = {};
  let next = 0;
  const begun = performance.now();
  const work = async () => {
    let line: Line | undefined;
    while (next < requests.length) {
      const nth = next++;
      line ??= await open(hostname, Number(port));
      const sent = performance.now();
      const answer = await line.exchange(requests[nth] as Buffer);
      tookMs.push(performance.now() - sent);
      if (!/^HTTP\/1\.1 2/.test(answer)) note(rejected, bodies[nth] as string, answer);
      // Whoever refuses may close the connection with it.
      if (answer === closed || /^connection: close/im.test(answer)) line = undefined;
    }
    line?.socket.destroy();
  };
  await Promise.all(Array.from({ length: load.connections }, work));
  const seconds = (performance.now() - begun) / 1_000;
  tookMs.sort((a, b) => a - b);
  const at = (share: number) => tookMs[Math.floor(tookMs.length * share)] ?? 0;
  const lost = Object.values(rejected).reduce((sum, count) => sum + count, 0);
  return { acknowledged: bodies.length - lost, rejected, seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
}

function note(rejected: Record<string, number>, body: string, answer: string): void {
  const { type } = JSON.parse(body) as { type: string };
  const [status = ""] = answer.split("\r\n", 1);
  const said = answer.slice(answer.indexOf("\r\n\r\n") + 4).slice(0, 120);
  const key = `${type}: ${status.slice(9, 12)} ${said}`;
  if (key in rejected || Object.keys(rejected).length < rejectedShown) rejected[key] = (rejected[key] ?? 0) + 1;
  else rejected.others = (rejected.others ?? 0) + 1;
}

function requestOf(body: string, { host, secret }: { host: string; secret: string }): Buffer {
  const bytes = Buffer.from(body, "utf8");
  const t = Math.floor(Date.now() / 1_000);
  const v1 = createHmac("sha256", secret).update(`${t}.`).update(bytes).digest("hex");
  const head =
    `POST ${pathOf} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json; charset=utf-8\r\n` +
    `User-Agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)\r\nStripe-Signature: t=${t},v1=${v1}\r\n` +
    `Content-Length: ${bytes.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), bytes]);
}

interface Line {
  readonly socket: Socket;
  exchange(request: Buffer): Promise<string>;
}

async function open(host: string, port: number): Promise<Line> {
  const socket = connect({ host, port, noDelay: true });
  await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  let heard = "";
  let answered: ((answer: string) => void) | undefined;
  socket.on("data", (chunk) => {
    heard += chunk.toString("latin1");
    if (!isWhole(heard)) return;
    const answer = heard;
    heard = "";
    answered?.(answer);
  });
  const lost = new Promise<string>((resolve) => {
    socket.on("error", () => resolve(closed));
    socket.on("close", () => resolve(closed));
  });
  const exchange = (request: Buffer) => {
    const answer = new Promise<string>((resolve) => {
      answered = resolve;
    });
    socket.write(request);
    return Promise.race([answer, lost]);
  };
  return { socket, exchange };
}

function isWhole(heard: string): boolean {
  const end = heard.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const [, length] = /content-length: (\d+)/i.exec(heard.slice(0, end)) ?? [];
  return length === undefined ? heard.endsWith("0\r\n\r\n") : heard.length >= end + 4 + Number(length);
}
