// A measured process: `bare`, `bursar` or the name of a sync engine. It tells its address, and what it has used and
// done when it is asked: only the process itself knows its CPU.
import { createHmac, timingSafeEqual } from "node:crypto";
import { openSync, writeSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { devNull } from "node:os";
import { createBilling } from "bursar";
import { nodeListener } from "bursar/node";
import { systemPorts } from "#kit/create_ports.ts";
import { createLog } from "#kit/log.ts";
import { openPeer } from "./peers.ts";
import type { TargetSettings, Usage } from "./settings.ts";

const settings = JSON.parse(process.argv[2] ?? "") as TargetSettings;

interface Opened {
  readonly listener: RequestListener;
  work?(): Promise<Pick<Usage, "handled" | "isIdle">>;
}

const opening: Readonly<Record<string, () => Promise<Opened>>> = { bare: openBare, bursar: openBursar };
const opened = await (opening[settings.name] ?? openEngine)();

/** What an engine's own page shows: the raw body, handed to it, and 200 when it has returned. */
async function openEngine(): Promise<Opened> {
  const peer = await openPeer(settings);
  const listener: RequestListener = (request, response) =>
    collect(request, response, (body) => peer.processWebhook(body, String(request.headers["stripe-signature"])));
  return { listener };
}

async function openBursar(): Promise<Opened> {
  const { database, stripeUrl, secret } = settings;
  const nowhere = openSync(devNull, "w"); // what a log costs is measured, what it says is not read
  const write = (line: string) => void writeSync(nowhere, line);
  const ports = systemPorts({ log: createLog({ clock: { now: () => Date.now() }, write }) });
  const stripe = { secretKey: "sk_test_bench", publishableKey: "pk_test_bench", webhookSecrets: [secret] };
  const options = { stripe: { ...stripe, apiBase: stripeUrl }, database, publicUrl: "http://127.0.0.1" };
  const billing = await createBilling(options, ports);
  let handled = 0;
  billing.on("order.paid", () => void handled++, { id: "bench" });
  await billing.start();
  const work = async () => {
    const open = await billing.inbox.list({ state: "open", limit: 1 });
    const leaving = await billing.deliveries.list({ state: "open", limit: 1 });
    return { handled, isIdle: open.data.length + leaving.data.length === 0 };
  };
  return { listener: nodeListener(billing), work };
}

/** Verifies the signature as Stripe describes it, and nothing else. */
async function openBare(): Promise<Opened> {
  const listener: RequestListener = (request, response) =>
    collect(request, response, async (body) => {
      const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})/.exec(String(request.headers["stripe-signature"])) ?? [];
      const expected = createHmac("sha256", settings.secret).update(`${t}.`).update(body).digest();
      if (!timingSafeEqual(expected, Buffer.from(v1 ?? "", "hex"))) throw new Error("A wrong signature");
    });
  return { listener };
}

function collect(
  request: Parameters<RequestListener>[0],
  response: Parameters<RequestListener>[1],
  take: (body: Buffer) => Promise<unknown>,
): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", async () => {
    const answer = (status: number, text: string) => {
      response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
      response.end(text);
    };
    try {
      await take(Buffer.concat(chunks));
      answer(200, '{"received":true}');
    } catch (error) {
      answer(400, JSON.stringify({ error: String(error).slice(0, 200) }));
    }
  });
}

async function usage(): Promise<Usage> {
  const { user, system } = process.cpuUsage();
  // A database that does not answer at this moment has not come to rest.
  const work = (await opened.work?.().catch(() => ({ handled: 0, isIdle: false }))) ?? { handled: 0, isIdle: true };
  return { cpuMicros: user + system, rssBytes: process.memoryUsage.rss(), ...work };
}

const server = createServer(opened.listener);
server.listen(0, "127.0.0.1", () => {
  process.on("message", async () => process.send?.(await usage()));
  process.on("disconnect", () => process.exit());
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
